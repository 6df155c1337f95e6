import { compact, equal } from "../model/equal";
import { qualified } from "../model/names";
import type { Table, TableOptions } from "../model/schema";
import type { Operation } from "../operations/operation";
import { diffColumns } from "./columns";
import { diffConstraints } from "./constraints";
import { diffIndexes } from "./indexes";

/** The operations that lead from one state of a table to another. A column that differs is changed, never dropped. */
export function diffTable(
  from: Table,
  to: Table,
  options: { readonly names: "strategy" | "content" },
): readonly Operation[] {
  return [
    ...diffOptions(from, to),
    ...diffComment(from, to),
    ...diffColumns(from, to),
    ...diffConstraints(from, to, options),
    ...diffIndexes(from, to, options),
  ];
}

/** Only options that the target speaks of are compared: an entity says nothing of most of them. */
function diffOptions(from: Table, to: Table): readonly Operation[] {
  const wanted = Object.entries(to.options ?? {}) as [keyof TableOptions, never][];
  const changed = wanted.filter(([key, value]) => from.options?.[key] !== value);
  if (changed.length === 0) return [];
  const was = Object.fromEntries(
    changed.map(([key]) => [key, from.options?.[key]]).filter(([, value]) => value !== undefined),
  ) as TableOptions;
  return [{ kind: "alterTable", table: qualified(to), change: Object.fromEntries(changed), was }];
}

function diffComment(from: Table, to: Table): readonly Operation[] {
  if (equal(from.comment, to.comment)) return [];
  return [
    compact<Extract<Operation, { kind: "commentTable" }>>({
      kind: "commentTable",
      table: qualified(to),
      comment: to.comment,
      was: compact<{ comment?: string }>({ comment: from.comment }),
    }),
  ];
}
