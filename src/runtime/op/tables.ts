/** The calls of `op` on whole tables. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import { tableFromSpec } from "../../operations/from-spec";
import type { Operations } from "../../operations/spec";
import { automaticNames } from "../names";
import { renamed, running } from "./call";
import type { Perform } from "./call";

export function tableOperations(perform: Perform) {
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
    createTableComment: (table, comment, options) =>
      perform(() => ({ kind: "commentTable", table: parseName(table), comment, ...running(options) })),
    dropTableComment: (table, options) =>
      perform(() => ({ kind: "commentTable", table: parseName(table), ...running(options) })),
  } satisfies Partial<Operations>;
}
