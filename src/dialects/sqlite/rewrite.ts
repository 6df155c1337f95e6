/**
 * What SQLite cannot alter in place becomes a move-and-copy of the whole table: one for each batch, however many
 * changes it holds. The route changes, the destination does not.
 */
import { LimbeckError } from "../../errors";
import { mentions } from "../../model/expression";
import { displayName, qualified } from "../../model/names";
import type { Column, QualifiedName, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { constraintUses, indexUses } from "../../operations/apply-table";
import { changedColumn } from "../../operations/change-column";
import type { BatchAlterTable, Operation, RecreateTable } from "../../operations/operation";
import { emptyRegistry } from "../../operations/registry";
import type { Registry } from "../../operations/registry";
import { quote, writer } from "./quote";
import { defaultText } from "../ansi/sql";

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
  return [recreate(table, [operation], schema)];
}

function rewriteBatch(batch: BatchAlterTable, schema: Schema): readonly Operation[] {
  const start = findTable(schema, batch.table) ?? batch.copyFrom;
  if (!start) throw new LimbeckError("UNKNOWN_OBJECT", `there is no table "${displayName(batch.table)}"`);
  const recreateMode = batch.recreate ?? "auto";
  if (recreateMode === "never" || (recreateMode === "auto" && allInPlace(batch.operations, start, schema))) {
    return batch.operations;
  }
  return [recreate(start, batch.operations, schema)];
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

function recreate(table: Table, operations: readonly Operation[], schema: Schema): RecreateTable {
  const after = operations.reduce((current, operation) => apply(current, operation), schema);
  const to = findTable(after, finalName(table, operations));
  if (!to)
    throw new LimbeckError("INVALID_OPERATION", `a batch cannot drop its table "${displayName(table)}"`);
  return { kind: "recreateTable", from: table, to, copy: copyOf(table, to, operations) };
}

function finalName(table: Table, operations: readonly Operation[]): QualifiedName {
  return operations.reduce<QualifiedName>(
    (name, operation) => (operation.kind === "renameTable" ? operation.to : name),
    qualified(table),
  );
}

/** Which column of the old table, or which SQL, fills each column of the new one. */
function copyOf(from: Table, to: Table, operations: readonly Operation[]): RecreateTable["copy"] {
  const sources = new Map<string, { readonly column: string } | { readonly sql: string }>();
  for (const { name } of from.columns) sources.set(name, { column: name });
  for (const operation of operations) follow(sources, operation);
  const stored = to.columns.filter(({ generated }) => generated?.kind !== "computed");
  return Object.fromEntries(
    stored.flatMap(({ name }) => {
      const source = sources.get(name);
      return source === undefined ? [] : [[name, source]];
    }),
  );
}

function follow(
  sources: Map<string, { readonly column: string } | { readonly sql: string }>,
  operation: Operation,
): void {
  if (operation.kind === "dropColumn") sources.delete(operation.column);
  if (operation.kind === "addColumn" && operation.fill) {
    sources.set(operation.column.name, { sql: defaultText(writer, operation.fill) });
  }
  if (operation.kind !== "alterColumn") return;
  const source = sources.get(operation.column);
  if (source === undefined) return;
  sources.delete(operation.column);
  const after = operation.was && changedColumn(operation.was, operation.change);
  const name = after?.name ?? operation.change.name ?? operation.column;
  const value = "column" in source ? quote(source.column) : source.sql;
  sources.set(
    name,
    operation.fill === undefined
      ? source
      : { sql: `COALESCE(${value}, ${defaultText(writer, operation.fill)})` },
  );
}
