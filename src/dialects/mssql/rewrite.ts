/**
 * What stands in the way of a change is taken down before it and put back after it, and what no ALTER TABLE can do
 * becomes a copy of the table (restrictions of ALTER COLUMN and DROP COLUMN in
 * https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql). The route changes, the destination does not.
 */
import { qualified } from "../../model/names";
import type { Column, Schema, Table } from "../../model/schema";
import { findColumn, findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, BatchAlterTable, DropTable, Operation } from "../../operations/operation";
import type { Registry } from "../../operations/registry";
import { addKey, dropConstraint, inboundKeys } from "../ansi/keys";
import { isReordered, recreate, refuseCopy, tableOf } from "../ansi/recreate";
import { rewriting } from "../ansi/rewriting";
import { beforeCopy } from "./before-copy";
import { blockersOf, dependentsOf, putBack, takeDown } from "./blockers";
import { writer } from "./quote";
import { isIdentity, typeAndCollation } from "./text";
import { onlyWidens } from "./types";

/** The same operations with everything around them that SQL Server needs to carry them out. */
export const rewrite = rewriting(rewriteOne);

function rewriteOne(operation: Operation, schema: Schema, registry: Registry): readonly Operation[] {
  switch (operation.kind) {
    case "batchAlterTable":
      return rewriteBatch(operation, schema, registry);
    case "alterColumn":
      return rewriteAlterColumn(operation, schema);
    case "dropColumn": {
      const table = findTable(schema, operation.table);
      if (!table || !findColumn(table, operation.column)) return [operation];
      return [...takeDown(table, dependentsOf(table, operation.column)), operation];
    }
    case "dropTable":
      return rewriteDropTable(operation, schema);
    default:
      return [operation];
  }
}

/** One copy for the whole batch where any part of it needs one, else the parts one after the other. */
function rewriteBatch(batch: BatchAlterTable, schema: Schema, registry: Registry): readonly Operation[] {
  const { table, known } = tableOf(batch, schema);
  const mode = batch.recreate ?? "auto";
  const needed = batch.operations.some(needsCopy) || isReordered(batch, known);
  if (needed && mode === "never") throw refuseCopy("SQL Server", table);
  return needed || mode === "always"
    ? copied(table, batch, known)
    : rewrite(batch.operations, known, registry);
}

/** IDENTITY cannot be given to a column or taken from it, nor can a computed column keep what it holds otherwise. */
function needsCopy(operation: Operation): boolean {
  if (operation.kind !== "alterColumn" || !operation.was) return false;
  const after = changedColumn(operation.was, operation.change);
  return isIdentity(operation.was) !== isIdentity(after) || (isComputed(operation.was) && !isComputed(after));
}

/** Keys that refer to the table go before the copy and come back after it, for as long as they still can. */
function copied(table: Table, batch: BatchAlterTable, schema: Schema): readonly Operation[] {
  const copy = recreate(writer, table, batch, schema);
  const inbound = inboundKeys(schema, table);
  const names = inbound.flatMap(({ key }) => key.name ?? []);
  return [
    { kind: "execute", sql: beforeCopy(table, names) },
    ...inbound.map(({ owner, key }) => dropConstraint(owner, key)),
    { ...copy, copy: converted(copy.from, copy.to, copy.copy) },
    ...inboundKeys(apply(schema, batch), copy.to).map(addKey),
  ];
}

type Copy = ReturnType<typeof recreate>["copy"];

/** A copy may convert where ALTER COLUMN may not. */
function converted(from: Table, to: Table, copy: Copy): Copy {
  return Object.fromEntries(
    Object.entries(copy).map(([name, source]) => {
      const [column, old] = [
        findColumn(to, name),
        "column" in source ? findColumn(from, source.column) : undefined,
      ];
      if (!column || !old || !("column" in source)) return [name, source];
      const type = typeAndCollation(to, { ...column, name }).at(0) ?? "";
      const same = typeAndCollation(from, old).at(0) === type || isComputed(old);
      return [name, same ? source : { sql: `CONVERT(${type}, ${writer.quote(source.column)})` }];
    }),
  );
}

function rewriteAlterColumn(operation: AlterColumn, schema: Schema): readonly Operation[] {
  const table = findTable(schema, operation.table);
  const { was } = operation;
  if (!table || !was) return [operation];
  if (needsCopy(operation)) {
    return copied(
      table,
      { kind: "batchAlterTable", table: operation.table, operations: [operation] },
      schema,
    );
  }
  const after = changedColumn(was, operation.change);
  if (isComputed(after) && operation.change.generated !== undefined) {
    return replaced(operation, table, was, after, schema);
  }
  const blockers = blockersOf(schema, table, was, changeOf(table, was, after));
  const then = apply(schema, operation);
  const changed = findTable(then, table) ?? table;
  return [...takeDown(table, blockers), operation, ...putBack(then, changed, blockers)];
}

/** What a change does to a column, which decides what stands in its way. */
function changeOf(table: Table, was: Column, after: Column) {
  const declared = (column: Column): string =>
    [...typeAndCollation(table, column), String(column.nullable)].join(" ");
  const retypes = !isComputed(was) && declared(was) !== declared(after);
  const sameElse = was.nullable === after.nullable && was.collation === after.collation;
  return {
    renames: was.name !== after.name,
    retypes,
    widens: retypes && sameElse && onlyWidens(was.type, after.type),
  };
}

/** A computed column with another expression is another column. What a stored one held before it, an author gives up. */
function replaced(
  operation: AlterColumn,
  table: Table,
  was: Column,
  after: Column,
  schema: Schema,
): readonly Operation[] {
  const dependents = dependentsOf(table, was.name);
  const then = apply(schema, operation);
  return [
    ...takeDown(table, dependents),
    { kind: "dropColumn", table: qualified(table), column: was.name, was },
    { kind: "addColumn", table: qualified(table), column: after },
    ...putBack(then, findTable(then, table) ?? table, dependents),
  ];
}

/** `cascade` takes the keys of other tables that refer to this one. */
function rewriteDropTable(operation: DropTable, schema: Schema): readonly Operation[] {
  const { cascade, ...plain } = operation;
  if (!cascade) return [operation];
  return [...inboundKeys(schema, operation.table).map(({ owner, key }) => dropConstraint(owner, key)), plain];
}

function isComputed({ generated }: Column): boolean {
  return generated?.kind === "computed";
}
