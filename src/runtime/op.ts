/** The `op` object of revision files: every call becomes an operation, queued in order and carried out by the context. */
import type { EntityManager, QueryRunner } from "typeorm";
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { parseName } from "../model/names";
import type { Constraint } from "../model/schema";
import type { DropConstraint, Operation, RunOptions } from "../operations/operation";
import {
  changeFromSpec,
  checkFromSpec,
  columnFromSpec,
  constraintFromDrop,
  defaultFromSpec,
  existingFromSpec,
  foreignKeyFromSpec,
  indexFromSpec,
  rowFromLiterals,
  rowValue,
  tableFromSpec,
  uniqueFromSpec,
} from "../operations/from-spec";
import type {
  AdHocTable,
  BatchOperations,
  BatchOptions,
  DropConstraintOptions,
  Literal,
  Operations,
  TableName,
} from "../operations/spec";
import type { Revision } from "../revisions/revision";
import type { MigrationContext } from "./context";
import { automaticNames } from "./names";
import { OperationQueues } from "./queue";

/** What `op` needs beside the context. */
export interface OperationsOptions {
  /** The revision that runs, for messages; absent when `op` is used on its own. */
  readonly revision?: Revision;
  /** Runs a block outside the transaction. */
  readonly autocommit: (block: () => Promise<void>) => Promise<void>;
  /** Called before rows are read in a way that passes the executor by. */
  readonly onRead?: () => void;
}

/** An `op` and the way to run a function with it. */
export interface RunnableOperations {
  readonly op: Operations;
  /** Runs a function and drains what it called; the first failure is thrown. */
  run(body: (op: Operations) => void | Promise<void>): Promise<void>;
}

/** The `op` object over a context. */
export function createOperations(context: MigrationContext, options: OperationsOptions): RunnableOperations {
  const queues = new OperationQueues();
  const lent = lendConnection(context, options, queues);
  const perform = (operation: () => Operation): Promise<void> => {
    const built = operation();
    return queues.add(async () => {
      await context.perform(built);
    });
  };
  const op: Operations = {
    ...tableOperations(perform),
    ...namedOperations(perform),
    ...otherOperations(perform),
    ...rowOperations(context, options, queues, perform),
    batchAlterTable: (table: TableName, ...rest: BatchArguments) =>
      queues.add(async () => {
        await context.perform(await batchOf(table, rest));
      }),
    autocommitBlock: (body) => queues.add(() => options.autocommit(() => queues.block(body))),
    get dialect() {
      return context.dialect.name;
    },
    get isOffline() {
      return context.isOffline;
    },
    get queryRunner() {
      return lent.queryRunner();
    },
    get manager() {
      return lent.manager();
    },
    get context() {
      return context;
    },
  };
  return {
    op,
    run: async (body) => {
      try {
        await queues.run(() => body(op));
      } finally {
        lent.takeBack();
      }
    },
  };
}

type Perform = (operation: () => Operation) => Promise<void>;
type BatchBody = (batch: BatchOperations) => void | Promise<void>;
type BatchArguments = readonly [body: BatchBody] | readonly [options: BatchOptions, body: BatchBody];

function tableOperations(perform: Perform) {
  return {
    createTable: (table, spec) =>
      perform(() =>
        compact({
          kind: "createTable",
          table: automaticNames.table(tableFromSpec(table, spec)),
          ifNotExists: spec.ifNotExists,
        }),
      ),
    dropTable: (table, options = {}) =>
      perform(() => ({ kind: "dropTable", table: parseName(table), ...options })),
    renameTable: (table, newName) =>
      perform(() => ({ kind: "renameTable", from: parseName(table), to: renamed(table, newName) })),
    alterTable: (table, change, options) =>
      perform(() => ({ kind: "alterTable", table: parseName(table), change, ...running(options) })),
    createTableComment: (table, comment) =>
      perform(() => ({ kind: "commentTable", table: parseName(table), comment })),
    dropTableComment: (table) => perform(() => ({ kind: "commentTable", table: parseName(table) })),
    addColumn: (table, column, options = {}) => {
      const { fill, after, first, ifNotExists, ...run } = options;
      return perform(() =>
        compact({
          kind: "addColumn",
          table: parseName(table),
          column: columnFromSpec(column),
          ifNotExists,
          fill: fill === undefined ? undefined : defaultFromSpec(fill),
          after: first ? null : after,
          ...running(run),
        }),
      );
    },
    alterColumn: (table, column, change, options = {}) => {
      const { using, fill, existing, ...run } = options;
      return perform(() =>
        compact({
          kind: "alterColumn",
          table: parseName(table),
          column,
          change: changeFromSpec(change),
          using,
          fill: fill === undefined ? undefined : defaultFromSpec(fill),
          was: existing === undefined ? undefined : existingFromSpec(column, existing),
          ...running(run),
        }),
      );
    },
    dropColumn: (table, column, options = {}) => {
      const { ifExists, ...run } = options;
      return perform(() =>
        compact({ kind: "dropColumn", table: parseName(table), column, ifExists, ...running(run) }),
      );
    },
  } satisfies Partial<Operations>;
}

function namedOperations(perform: Perform) {
  const add = (table: TableName, constraint: () => Constraint, options?: RunOptions): Promise<void> =>
    perform(() => ({
      kind: "addConstraint",
      table: parseName(table),
      constraint: automaticNames.constraint(parseName(table), constraint()),
      ...running(options),
    }));
  return {
    createIndex: (name, table, parts, options = {}) => {
      const { concurrently, online, ifNotExists } = options;
      return perform(() =>
        compact({
          kind: "createIndex",
          table: parseName(table),
          index: automaticNames.index(parseName(table), indexFromSpec({ ...options, ...named(name), parts })),
          concurrently,
          online,
          ifNotExists,
          ...running(options),
        }),
      );
    },
    dropIndex: (name, table, options = {}) => {
      const { ifExists, concurrently, ...run } = options;
      return perform(() =>
        compact({
          kind: "dropIndex",
          name,
          table: parseName(table),
          ifExists,
          concurrently,
          ...running(run),
        }),
      );
    },
    renameIndex: (from, table, to) =>
      perform(() => ({ kind: "renameIndex", table: parseName(table), from, to })),
    createPrimaryKey: (name, table, columns, options) =>
      add(table, () => ({ kind: "primaryKey", ...named(name), columns }), options),
    createUniqueConstraint: (name, table, columns, options) =>
      add(table, () => uniqueFromSpec({ ...options, ...named(name), columns }), options),
    createCheckConstraint: (name, table, expression, options) =>
      add(table, () => checkFromSpec({ ...options, ...named(name), expression }), options),
    createForeignKey: (name, table, columns, references, referencedColumns, options) =>
      add(
        table,
        () => foreignKeyFromSpec({ ...options, ...named(name), columns, references, referencedColumns }),
        options,
      ),
    createExclusionConstraint: (name, table, expression, options) =>
      add(table, () =>
        compact<Extract<Constraint, { kind: "exclusion" }>>({
          kind: "exclusion",
          name: name ?? undefined,
          expression,
          deferrable: options?.deferrable,
        }),
      ),
    validateConstraint: (name, table) =>
      perform(() => ({ kind: "validateConstraint", table: parseName(table), name })),
    renameConstraint: (from, table, to) =>
      perform(() => ({ kind: "renameConstraint", table: parseName(table), from, to })),
    dropConstraint: (name, table, options = {}) => perform(() => dropConstraintOf(name, table, options)),
  } satisfies Partial<Operations>;
}

function otherOperations(perform: Perform) {
  const text = (value: bigint | number | undefined): string | undefined => value?.toString();
  return {
    createEnum: (name, values) =>
      perform(() => ({ kind: "createEnum", enum: { ...parseName(name), values } })),
    alterEnum: (name, { add, newName, ...change }) =>
      perform(() => ({
        kind: "alterEnum",
        name: parseName(name),
        change: {
          ...change,
          ...(newName === undefined ? {} : { name: renamed(name, newName) }),
          ...(add === undefined
            ? {}
            : { add: add.map((value) => (typeof value === "string" ? { value } : value)) }),
        },
      })),
    dropEnum: (name, options = {}) =>
      perform(() => ({ kind: "dropEnum", name: parseName(name), ...options })),
    createView: (view, sql, options = {}) =>
      perform(() => ({
        kind: "createView",
        view: compact({
          ...parseName(view),
          sql,
          materialized: options.materialized,
          indexes: options.indexes?.map((index) =>
            automaticNames.index(parseName(view), indexFromSpec(index)),
          ),
        }),
      })),
    replaceView: (view, sql, options = {}) =>
      perform(() => ({ kind: "replaceView", view: { ...parseName(view), sql, ...options } })),
    refreshView: (view, options = {}) =>
      perform(() => ({ kind: "refreshView", view: parseName(view), ...options })),
    dropView: (view, options = {}) =>
      perform(() => ({ kind: "dropView", view: parseName(view), ...options })),
    createSchema: (name, options = {}) => perform(() => ({ kind: "createSchema", name, ...options })),
    dropSchema: (name, options = {}) => perform(() => ({ kind: "dropSchema", name, ...options })),
    createSequence: (name, options = {}) =>
      perform(() => ({
        kind: "createSequence",
        sequence: compact({
          ...parseName(name),
          type: options.type,
          start: text(options.start),
          increment: text(options.increment),
        }),
      })),
    alterSequence: (name, options) =>
      perform(() => ({
        kind: "alterSequence",
        name: parseName(name),
        change: compact<Extract<Operation, { kind: "alterSequence" }>["change"]>({
          name: options.newName === undefined ? undefined : renamed(name, options.newName),
          restart: text(options.restart),
          increment: text(options.increment),
        }),
      })),
    dropSequence: (name, options = {}) =>
      perform(() => ({ kind: "dropSequence", name: parseName(name), ...options })),
    createExtension: (name, { ifNotExists, schema } = {}) =>
      perform(() =>
        compact({
          kind: "createExtension",
          extension: schema === undefined ? { name } : { name, schema },
          ifNotExists,
        }),
      ),
    dropExtension: (name, options = {}) => perform(() => ({ kind: "dropExtension", name, ...options })),
    invoke: (name, payload) =>
      perform(() => ({
        kind: "custom",
        name,
        payload: payload as Extract<Operation, { kind: "custom" }>["payload"],
      })),
  } satisfies Partial<Operations>;
}

function rowOperations(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
  perform: Perform,
) {
  const execute: Operations["execute"] = <Row = Record<string, unknown>>(
    sql: string | Readonly<Record<string, string>>,
    parameters?: readonly Literal[],
    { reverse, onlineOnly = false }: { reverse?: string; onlineOnly?: boolean } = {},
  ) =>
    queues.add(async () => {
      if (onlineOnly && context.isOffline) {
        context.executor.comment(
          `left out of the script, because it is for a live database only: ${JSON.stringify(sql)}`,
        );
        return [];
      }
      const operation = {
        kind: "execute",
        sql,
        parameters: parameters === undefined ? undefined : parameters.map(rowValue),
        reverse,
      } as const;
      return (await context.perform(
        compact<Extract<Operation, { kind: "execute" }>>(operation),
      )) as readonly Row[];
    });
  return {
    bulkInsert: (table, rows) =>
      perform(() => ({
        kind: "bulkInsert",
        table: parseName(isAdHoc(table) ? table.name : table),
        rows: rows.map(rowFromLiterals),
        ...(isAdHoc(table) ? { types: table.columns } : {}),
      })),
    execute,
    query: <Row = Record<string, unknown>>(sql: string, parameters: readonly Literal[] = []) => {
      if (context.isOffline) throw offline("op.query reads rows", options);
      return queues.add(async () => {
        const values = parameters.map(rowValue);
        return await context.executor.run<Row>({ sql, parameters: values });
      });
    },
    onlineOnly: (reason, body) =>
      queues.add(async () => {
        if (context.isOffline) context.executor.comment(`left out of the script: ${reason}`);
        else await queues.block(body);
      }),
    table: (name, columns) => ({ name, columns }),
  } satisfies Partial<Operations>;
}

async function batchOf(table: TableName, rest: BatchArguments): Promise<Operation> {
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
  const inTable = tableOperations(collect);
  const onTable = namedOperations(collect);
  return {
    addColumn: (column, options) => void inTable.addColumn(table, column, options),
    alterColumn: (column, change, options) => void inTable.alterColumn(table, column, change, options),
    dropColumn: (column) => void inTable.dropColumn(table, column),
    alterTable: (change) => void inTable.alterTable(table, change, undefined),
    createIndex: (name, parts, options) => void onTable.createIndex(name, table, parts, options),
    dropIndex: (name) => void onTable.dropIndex(name, table),
    renameIndex: (name, newName) => void onTable.renameIndex(name, table, newName),
    renameConstraint: (name, newName) => void onTable.renameConstraint(name, table, newName),
    createPrimaryKey: (name, columns) => void onTable.createPrimaryKey(name, table, columns, undefined),
    createUniqueConstraint: (name, columns, options) =>
      void onTable.createUniqueConstraint(name, table, columns, options),
    createCheckConstraint: (name, expression) =>
      void onTable.createCheckConstraint(name, table, expression, undefined),
    createForeignKey: (name, columns, references, referencedColumns, options) =>
      void onTable.createForeignKey(name, table, columns, references, referencedColumns, options),
    dropConstraint: (name, options) => void onTable.dropConstraint(name, table, options),
  };
}

/** Lends TypeORM's own objects to a revision: what they ask the database joins the queue. */
function lendConnection(context: MigrationContext, options: OperationsOptions, queues: OperationQueues) {
  let own: QueryRunner["query"] | undefined;
  const lend = (what: string): QueryRunner => {
    const { queryRunner } = context.parts;
    if (!queryRunner) throw offline(what, options);
    if (!own) {
      const original: QueryRunner["query"] = queryRunner.query.bind(queryRunner);
      own = original;
      options.onRead?.();
      const queued = (...args: Parameters<QueryRunner["query"]>): Promise<unknown> =>
        queues.add(async () => {
          context.parts.schema.forget();
          const answer: unknown = await original(...args);
          return answer;
        });
      queryRunner.query = queued as QueryRunner["query"];
    }
    return queryRunner;
  };
  return {
    queryRunner: (): QueryRunner => lend("op.queryRunner is a connection"),
    manager: (): EntityManager => lend("op.manager needs a connection").manager,
    takeBack: (): void => {
      if (own && context.parts.queryRunner) Reflect.deleteProperty(context.parts.queryRunner, "query");
      own = undefined;
    },
  };
}

function offline(what: string, { revision }: OperationsOptions): LimbeckError {
  const where = revision === undefined ? "" : ` in revision ${revision.id}`;
  return new LimbeckError("OFFLINE_UNAVAILABLE", `${what}, which a script does not have${where}`, {
    hint: "put it into `op.onlineOnly(reason, ...)`, or say the same in SQL with `op.execute`",
    ...(revision?.file === undefined ? {} : { file: revision.file }),
  });
}

function dropConstraintOf(name: string | null, table: TableName, options: DropConstraintOptions): Operation {
  const { type, ifExists } = options;
  return compact<DropConstraint>({
    kind: "dropConstraint",
    table: parseName(table),
    name: name ?? undefined,
    type: type === "primary" ? "primaryKey" : type,
    was: name === null ? constraintFromDrop(options) : undefined,
    ifExists,
    run: running(options).run,
  });
}

function named(name: string | null): { readonly name?: string } {
  return name === null ? {} : { name };
}

/** A new name stays in the schema of the old one unless it says another; an object means exactly what it says. */
function renamed(from: TableName, to: TableName) {
  if (typeof to !== "string") return parseName(to);
  const old = parseName(from);
  const fresh = parseName(to);
  return fresh.schema === undefined && old.schema !== undefined
    ? { schema: old.schema, name: fresh.name }
    : fresh;
}

function running(options: RunOptions | undefined): { readonly run?: RunOptions } {
  const { lockTimeout, statementTimeout, algorithm, lock } = options ?? {};
  const run = compact<RunOptions>({ lockTimeout, statementTimeout, algorithm, lock });
  return Object.keys(run).length === 0 ? {} : { run };
}

function isAdHoc(table: TableName | AdHocTable): table is AdHocTable {
  return typeof table === "object" && "columns" in table;
}
