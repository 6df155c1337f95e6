import { qualified } from "../model/names";
import type { Table } from "../model/schema";
import type { Operation } from "../operations/operation";
import { comparedChange } from "./comparing";
import type { Comparing } from "./comparing";
import { match } from "./match";

/** New, gone and changed columns of a table. Their order is not compared: it is never worth a rebuild. */
export function diffColumns(from: Table, to: Table, comparing: Comparing = {}): readonly Operation[] {
  const table = qualified(to);
  const { added, removed, kept } = match(from.columns, to.columns, ({ name }) => name);
  const changed = kept
    .map((pair) => ({ ...pair, change: comparedChange(table, pair, comparing) }))
    .filter(({ change }) => Object.keys(change).length > 0);
  return [
    ...removed.map((was): Operation => ({
      kind: "dropColumn",
      table,
      column: was.name,
      was,
      after: from.columns[from.columns.indexOf(was) - 1]?.name ?? null,
    })),
    ...changed.map(({ from: was, change }): Operation => ({
      kind: "alterColumn",
      table,
      column: was.name,
      change,
      was,
    })),
    ...added.map((column): Operation => ({ kind: "addColumn", table, column })),
  ];
}
