/** The calls of `op` on indexes. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import { indexFromSpec } from "../../operations/from-spec";
import type { Operations } from "../../operations/spec";
import { automaticNames } from "../names";
import { named, running } from "./call";
import type { Perform } from "./call";

export function indexOperations(perform: Perform) {
  return {
    createIndex: (name, table, parts, options = {}) => {
      const { concurrently, online, resumable, ifNotExists } = options;
      return perform(() =>
        compact({
          kind: "createIndex",
          table: parseName(table),
          index: automaticNames.index(parseName(table), indexFromSpec({ ...options, ...named(name), parts })),
          concurrently,
          online,
          resumable,
          ifNotExists,
          ...running(options),
        }),
      );
    },
    dropIndex: (name, table, options = {}) => {
      const { ifExists, concurrently, online, ...run } = options;
      return perform(() =>
        compact({
          kind: "dropIndex",
          name,
          table: parseName(table),
          ifExists,
          concurrently,
          online,
          ...running(run),
        }),
      );
    },
    renameIndex: (from, table, to, options) =>
      perform(() => ({ kind: "renameIndex", table: parseName(table), from, to, ...running(options) })),
  } satisfies Partial<Operations>;
}
