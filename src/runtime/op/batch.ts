/** `op.batchAlterTable`: the calls inside become one operation. */
import { LimbeckError } from "../../errors";
import { compact } from "../../model/equal";
import { displayName, parseName } from "../../model/names";
import { tableFromSpec } from "../../operations/from-spec";
import type { BatchAlterTable, ColumnMove, NamingConvention, Operation } from "../../operations/operation";
import type { BatchOperations, BatchOptions, ColumnPlace, TableName } from "../../operations/spec";
import { automaticNames } from "../names";
import type { Perform } from "./call";
import { columnOperations } from "./columns";
import { constraintOperations } from "./constraints";
import { indexOperations } from "./indexes";
import { tableOperations } from "./tables";

type BatchBody = (batch: BatchOperations) => void | Promise<void>;
/** What `batchAlterTable` takes behind the table. */
export type BatchArguments = readonly [body: BatchBody] | readonly [options: BatchOptions, body: BatchBody];

/** Runs the body and collects what it calls. Throws INVALID_OPERATION for options that mean nothing. */
export async function batchOf(table: TableName, rest: BatchArguments): Promise<Operation> {
  const [options, body] = rest.length === 1 ? [{} as BatchOptions, rest[0]] : rest;
  demandKnown(table, options);
  const operations: Operation[] = [];
  const moves: ColumnMove[] = [];
  const collect: Perform = (operation) => {
    operations.push(operation());
    return Promise.resolve();
  };
  await body(batchOperations(table, collect, moves));
  const { copyFrom, tableArgs, reorder, namingConvention, recreate } = options;
  return compact<BatchAlterTable>({
    kind: "batchAlterTable",
    table: parseName(table),
    operations: [...operations, ...(tableArgs ? extraOperations(table, tableArgs) : [])],
    recreate,
    copyFrom: copyFrom && tableFromSpec(table, copyFrom),
    moves: moves.length === 0 ? undefined : moves,
    reorder,
    wasOrder: undefined,
    namingConvention: namingConvention && conventionOf(namingConvention),
  });
}

const MODES: readonly unknown[] = ["auto", "always", "never", undefined];

function demandKnown(table: TableName, { recreate }: BatchOptions): void {
  if (MODES.includes(recreate)) return;
  throw new LimbeckError(
    "INVALID_OPERATION",
    `\`recreate\` of the batch on "${displayName(parseName(table))}" is ${JSON.stringify(recreate)}`,
    { hint: 'it can be "auto", "always" or "never"' },
  );
}

const CONVENTIONS: readonly string[] = ["unique", "check", "foreignKey"];

/** A primary key needs no name to be dropped: a table has one. */
function conventionOf(convention: Readonly<Record<string, string>>): NamingConvention {
  const unknown = Object.keys(convention).find((kind) => !CONVENTIONS.includes(kind));
  if (unknown === undefined) return convention;
  throw new LimbeckError("INVALID_OPERATION", `no constraints are of the kind "${unknown}"`, {
    hint: `a naming convention can say: ${CONVENTIONS.join(", ")}`,
  });
}

/** What `tableArgs` says, as the operations that bring it about. */
function extraOperations(
  table: TableName,
  args: NonNullable<BatchOptions["tableArgs"]>,
): readonly Operation[] {
  const name = parseName(table);
  const { columns, constraints, indexes, comment, options } = tableFromSpec(table, { columns: [], ...args });
  return [
    ...columns.map((column): Operation => ({ kind: "addColumn", table: name, column })),
    ...constraints.map((constraint): Operation => ({
      kind: "addConstraint",
      table: name,
      constraint: automaticNames.constraint(name, constraint),
    })),
    ...indexes.map((index): Operation => ({
      kind: "createIndex",
      table: name,
      index: automaticNames.index(name, index),
    })),
    ...(options === undefined ? [] : [{ kind: "alterTable", table: name, change: options } as const]),
    ...(comment === undefined ? [] : [{ kind: "commentTable", table: name, comment } as const]),
  ];
}

/** The calls of a batch: those of `op`, with the table said once, and nothing to wait for. */
function batchOperations(table: TableName, collect: Perform, moves: ColumnMove[]): BatchOperations {
  const columns = columnOperations(collect);
  const indexes = indexOperations(collect);
  const constraints = constraintOperations(collect);
  return {
    addColumn: (column, { before, ...options } = {}) => {
      void columns.addColumn(table, column, options);
      if (before !== undefined) moves.push({ column: column.name, before });
    },
    alterColumn: (column, change, { before, after, first, ...options } = {}) => {
      if (saysSomething(change)) void columns.alterColumn(table, column, change, options);
      moves.push(...moveOf(change.newName ?? column, { before, after, first }));
    },
    dropColumn: (column) => void columns.dropColumn(table, column),
    alterTable: (change) => void tableOperations(collect).alterTable(table, change, undefined),
    createIndex: (name, parts, options) => void indexes.createIndex(name, table, parts, options),
    dropIndex: (name, options) => void indexes.dropIndex(name, table, options),
    renameIndex: (name, newName) => void indexes.renameIndex(name, table, newName, undefined),
    renameConstraint: (name, newName) => void constraints.renameConstraint(name, table, newName, undefined),
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

function saysSomething(change: object): boolean {
  return Object.values(change).some((value) => value !== undefined);
}

function moveOf(
  column: string,
  { before, after, first }: { readonly [K in keyof ColumnPlace]: ColumnPlace[K] | undefined },
): readonly ColumnMove[] {
  if (before !== undefined) return [{ column, before }];
  if (first) return [{ column, after: null }];
  return after === undefined ? [] : [{ column, after }];
}
