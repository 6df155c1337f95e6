/** The calls of `op` on rows, and SQL text. */
import { parseDuration } from "../../config/duration";
import { LimbeckError } from "../../errors";
import { compact } from "../../model/equal";
import { displayName, parseName } from "../../model/names";
import type { Backfill, BulkInsert, Execute } from "../../operations/operation";
import { rowFromLiterals, rowsFromLiterals, rowValue, typedRow } from "../../operations/rows";
import type { AdHocTable, BackfillOptions, Literal, Operations, TableName } from "../../operations/spec";
import type { MigrationContext } from "../context";
import type { OperationQueues } from "../queue";
import { offline, running } from "./call";
import type { OperationsOptions, Perform } from "./call";

export function rowOperations(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
  perform: Perform,
) {
  return {
    bulkInsert: (table, rows) => perform(() => insertOf(table, rows)),
    backfill: (table, given) => {
      const operation = backfillOf(table, given);
      return queues.add(async () => {
        if (options.backfill) await options.backfill(operation);
        else await context.perform(operation);
      });
    },
    execute: executing(context, queues),
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

function executing(context: MigrationContext, queues: OperationQueues): Operations["execute"] {
  return <Row = Record<string, unknown>>(
    sql: string | Readonly<Record<string, string>>,
    parameters?: readonly Literal[],
    {
      reverse,
      onlineOnly = false,
    }: { reverse?: string | Readonly<Record<string, string>>; onlineOnly?: boolean } = {},
  ) =>
    queues.add(async () => {
      if (onlineOnly && context.isOffline) {
        context.executor.comment(
          `left out of the script, because it is for a live database only: ${JSON.stringify(sql)}`,
        );
        return [];
      }
      const operation = compact<Execute>({
        kind: "execute",
        sql,
        parameters: parameters?.map(rowValue),
        reverse,
      });
      return (await context.perform(operation)) as readonly Row[];
    });
}

/** Throws INVALID_OPERATION for a backfill that sets nothing, moves along what it sets, or has no sensible size or pause. */
function backfillOf(table: TableName, options: BackfillOptions): Backfill {
  const { set, where, key, batchSize, pause, ...run } = options;
  const name = parseName(table);
  const operation = compact<Backfill>({
    kind: "backfill",
    table: name,
    set: rowFromLiterals(set),
    where,
    key: typeof key === "string" ? [key] : key,
    batchSize,
    pause,
    ...running(run),
  });
  const refuse = (what: string, hint: string): never => {
    throw new LimbeckError("INVALID_OPERATION", `the backfill of "${displayName(name)}" ${what}`, { hint });
  };
  if (Object.keys(operation.set).length === 0) refuse("sets nothing", "say `set: { column: value }`");
  if (batchSize !== undefined && !(Number.isInteger(batchSize) && batchSize > 0))
    refuse(`has the batch size ${batchSize}`, "it is a whole number above 0");
  if (pause !== undefined && parseDuration(pause) === undefined)
    refuse(`has the pause "${pause}"`, 'write "50ms" or "1s"');
  return operation;
}

function insertOf(table: TableName | AdHocTable, rows: Parameters<Operations["bulkInsert"]>[1]): BulkInsert {
  const values = rowsFromLiterals(rows);
  if (!isAdHoc(table)) return { kind: "bulkInsert", table: parseName(table), rows: values };
  return {
    kind: "bulkInsert",
    table: parseName(table.name),
    rows: values.map((row) => typedRow(row, table)),
    types: table.columns,
  };
}

function isAdHoc(table: TableName | AdHocTable): table is AdHocTable {
  return typeof table === "object" && "columns" in table;
}
