/** The calls of `op` on rows, and SQL text. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import { rowFromLiterals, rowValue } from "../../operations/from-spec";
import type { Execute } from "../../operations/operation";
import type { AdHocTable, Literal, Operations, TableName } from "../../operations/spec";
import type { MigrationContext } from "../context";
import type { OperationQueues } from "../queue";
import { offline } from "./call";
import type { OperationsOptions, Perform } from "./call";

export function rowOperations(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
  perform: Perform,
) {
  return {
    bulkInsert: (table, rows) =>
      perform(() => ({
        kind: "bulkInsert",
        table: parseName(isAdHoc(table) ? table.name : table),
        rows: rows.map(rowFromLiterals),
        ...(isAdHoc(table) ? { types: table.columns } : {}),
      })),
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

function isAdHoc(table: TableName | AdHocTable): table is AdHocTable {
  return typeof table === "object" && "columns" in table;
}
