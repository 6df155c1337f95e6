/** The calls of `op` on views. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import type { View } from "../../model/schema";
import { indexFromSpec } from "../../operations/from-spec";
import type { Operations, TableName, TableSpec } from "../../operations/spec";
import { automaticNames } from "../names";
import type { Perform } from "./call";

interface ViewOptions {
  materialized?: boolean;
  indexes?: TableSpec["indexes"];
}

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

function viewOf(view: TableName, sql: string, { materialized, indexes }: ViewOptions = {}): View {
  return compact<View>({
    ...parseName(view),
    sql,
    materialized,
    indexes: indexes?.map((index) => automaticNames.index(parseName(view), indexFromSpec(index))),
  });
}
