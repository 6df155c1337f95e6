/**
 * What SQLite cannot alter in place becomes a move-and-copy of the whole table: one for each batch, however many
 * changes it holds. The route changes, the destination does not.
 */
import { LimbeckError } from "../../errors";
import { mentions } from "../../model/expression";
import { displayName } from "../../model/names";
import type { Column, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { constraintUses, indexUses } from "../../operations/apply-table";
import type { BatchAlterTable, Operation } from "../../operations/operation";
import { emptyRegistry } from "../../operations/registry";
import type { Registry } from "../../operations/registry";
import { recreate } from "../ansi/recreate";
import { writer } from "./quote";

/** The same operations with everything folded into `recreateTable` that SQLite cannot do by ALTER TABLE. */
export function rewrite(
  operations: readonly Operation[],
  schema: Schema,
  registry: Registry = emptyRegistry,
): readonly Operation[] {
  const result: Operation[] = [];
  let current = schema;
  for (const operation of operations) {
    const steps = rewriteOne(operation, current);
    result.push(...steps);
    current = apply(current, operation, registry);
  }
  return result;
}

function rewriteOne(operation: Operation, schema: Schema): readonly Operation[] {
  if (operation.kind === "batchAlterTable") return rewriteBatch(operation, schema);
  const table = changedTable(operation, schema);
  if (!table || inPlace(operation, table)) return [operation];
  return [recreate(writer, table, [operation], schema)];
}

function rewriteBatch(batch: BatchAlterTable, schema: Schema): readonly Operation[] {
  const start = findTable(schema, batch.table) ?? batch.copyFrom;
  if (!start) throw new LimbeckError("UNKNOWN_OBJECT", `there is no table "${displayName(batch.table)}"`);
  const recreateMode = batch.recreate ?? "auto";
  if (recreateMode === "never" || (recreateMode === "auto" && allInPlace(batch.operations, start, schema))) {
    return batch.operations;
  }
  return [recreate(writer, start, batch.operations, schema)];
}

function allInPlace(operations: readonly Operation[], table: Table, schema: Schema): boolean {
  let current = schema;
  return operations.every((operation) => {
    const now = findTable(current, table);
    current = apply(current, operation);
    return now !== undefined && inPlace(operation, now);
  });
}

/** The existing table that an operation changes from within. */
function changedTable(operation: Operation, schema: Schema): Table | undefined {
  switch (operation.kind) {
    case "addColumn":
    case "dropColumn":
    case "alterColumn":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "alterTable":
      return findTable(schema, operation.table);
    default:
      return undefined;
  }
}

/** Whether ALTER TABLE can do it (https://www.sqlite.org/lang_altertable.html). */
function inPlace(operation: Operation, table: Table): boolean {
  switch (operation.kind) {
    case "addColumn":
      return operation.after === undefined && operation.fill === undefined && canAdd(operation.column);
    case "dropColumn":
      return canDrop(table, operation.column);
    case "alterColumn":
      return Object.keys(operation.change).every((key) => key === "name");
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "alterTable":
      return false;
    default:
      return true;
  }
}

/** A new column must have a constant default, and one that is not null where it refuses nulls. */
function canAdd(column: Column): boolean {
  if (column.generated) return column.generated.kind === "computed" && !column.generated.stored;
  if (column.default === undefined) return column.nullable;
  const constant =
    "value" in column.default || /^[+-]?\d+(\.\d+)?$|^'(?:[^']|'')*'$/.test(column.default.sql);
  return constant && (column.nullable || !("value" in column.default && column.default.value === null));
}

/** A column goes in place when nothing else in the table leans on it, and another one is left. */
function canDrop(table: Table, name: string): boolean {
  return (
    table.columns.length > 1 &&
    !table.constraints.some((constraint) => constraintUses(constraint, name)) &&
    !table.indexes.some((index) => indexUses(index, name)) &&
    !table.columns.some(
      (column) =>
        column.generated?.kind === "computed" && column.name !== name && mentions(column.generated.sql, name),
    ) &&
    !(table.triggers ?? []).some(({ sql }) => mentions(sql, name))
  );
}
