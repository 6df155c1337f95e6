/** The calls of `op` on views. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import type { View } from "../../model/schema";
import { attachmentsFromSpec, indexFromSpec } from "../../operations/from-spec";
import type { Operations, TableName, ViewOptions } from "../../operations/spec";
import { automaticNames } from "../names";
import type { Perform } from "./call";

export function viewOperations(perform: Perform) {
  return {
    createView: (view, sql, options) =>
      perform(() => ({ kind: "createView", view: viewOf(view, sql, options) })),
    replaceView: (view, sql, options) =>
      perform(() => ({ kind: "replaceView", view: viewOf(view, sql, options) })),
    refreshView: (view, options = {}) =>
      perform(() => ({ kind: "refreshView", view: parseName(view), ...options })),
    dropView: (view, options = {}) =>
      perform(() => ({ kind: "dropView", view: parseName(view), ...options })),
  } satisfies Partial<Operations>;
}

function viewOf(view: TableName, sql: string, options: ViewOptions = {}): View {
  const { materialized, indexes, statements } = options;
  return compact<View>({
    ...parseName(view),
    sql,
    materialized,
    attachments: attachmentsFromSpec(statements),
    indexes: indexes?.map((index) => automaticNames.index(parseName(view), indexFromSpec(index))),
  });
}
