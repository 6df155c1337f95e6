/** The calls of `op` on columns. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import {
  changeFromSpec,
  columnFromSpec,
  defaultFromSpec,
  existingFromSpec,
} from "../../operations/from-spec";
import type { Operations } from "../../operations/spec";
import { running } from "./call";
import type { Perform } from "./call";

export function columnOperations(perform: Perform) {
  return {
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
