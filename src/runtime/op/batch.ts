/** `op.batchAlterTable`: the calls inside become one operation. */
import { parseName } from "../../model/names";
import { tableFromSpec } from "../../operations/from-spec";
import type { Operation } from "../../operations/operation";
import type { BatchOperations, BatchOptions, TableName } from "../../operations/spec";
import type { Perform } from "./call";
import { columnOperations } from "./columns";
import { constraintOperations } from "./constraints";
import { indexOperations } from "./indexes";
import { tableOperations } from "./tables";

type BatchBody = (batch: BatchOperations) => void | Promise<void>;
/** What `batchAlterTable` takes behind the table. */
export type BatchArguments = readonly [body: BatchBody] | readonly [options: BatchOptions, body: BatchBody];

/** Runs the body and collects what it calls. */
export async function batchOf(table: TableName, rest: BatchArguments): Promise<Operation> {
  const [{ copyFrom, recreate }, body] = rest.length === 1 ? [{} as BatchOptions, rest[0]] : rest;
  const operations: Operation[] = [];
  const collect: Perform = (operation) => {
    operations.push(operation());
    return Promise.resolve();
  };
  await body(batchOperations(table, collect));
  return {
    kind: "batchAlterTable",
    table: parseName(table),
    operations,
    ...(recreate === undefined ? {} : { recreate }),
    ...(copyFrom === undefined ? {} : { copyFrom: tableFromSpec(table, copyFrom) }),
  };
}

/** The calls of a batch: those of `op`, with the table said once, and nothing to wait for. */
function batchOperations(table: TableName, collect: Perform): BatchOperations {
  const columns = columnOperations(collect);
  const indexes = indexOperations(collect);
  const constraints = constraintOperations(collect);
  return {
    addColumn: (column, options) => void columns.addColumn(table, column, options),
    alterColumn: (column, change, options) => void columns.alterColumn(table, column, change, options),
    dropColumn: (column) => void columns.dropColumn(table, column),
    alterTable: (change) => void tableOperations(collect).alterTable(table, change, undefined),
    createIndex: (name, parts, options) => void indexes.createIndex(name, table, parts, options),
    dropIndex: (name) => void indexes.dropIndex(name, table),
    renameIndex: (name, newName) => void indexes.renameIndex(name, table, newName),
    renameConstraint: (name, newName) => void constraints.renameConstraint(name, table, newName),
    createPrimaryKey: (name, keys) => void constraints.createPrimaryKey(name, table, keys, undefined),
    createUniqueConstraint: (name, keys, options) =>
      void constraints.createUniqueConstraint(name, table, keys, options),
    createCheckConstraint: (name, expression, options) =>
      void constraints.createCheckConstraint(name, table, expression, options),
    createForeignKey: (name, keys, references, referencedColumns, options) =>
      void constraints.createForeignKey(name, table, keys, references, referencedColumns, options),
    dropConstraint: (name, options) => void constraints.dropConstraint(name, table, options),
  };
}
