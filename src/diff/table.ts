import { compact, equal } from "../model/equal";
import { qualified } from "../model/names";
import type { Table, TableOptions } from "../model/schema";
import type { Operation, TableOptionsChange } from "../operations/operation";
import { diffColumns } from "./columns";
import { answerOf, asksAlways } from "./comparing";
import type { Comparing } from "./comparing";
import { diffConstraints } from "./constraints";
import { diffIndexes } from "./indexes";

/** The operations that lead from one state of a table to another. A column that differs is changed, never dropped. */
export function diffTable(
  from: Table,
  to: Table,
  options: { readonly names: "strategy" | "content"; readonly comparing?: Comparing },
): readonly Operation[] {
  const { comparing = {} } = options;
  // Most tables are the same as they were.
  if (equal(from, to) && !asksAlways(comparing)) return [];
  return [
    ...diffOptions(from, to),
    ...diffComment(from, to, comparing),
    ...diffColumns(from, to, comparing),
    ...diffConstraints(from, to, options),
    ...diffIndexes(from, to, options),
  ];
}

/**
 * Only options that the target speaks of are compared, because an entity says nothing of most. WITHOUT ROWID it can
 * say, so there silence is an answer.
 */
function diffOptions(from: Table, to: Table): readonly Operation[] {
  const wanted: TableOptionsChange = {
    ...(from.options?.withoutRowid ? { withoutRowid: null } : {}),
    ...to.options,
  };
  const keys = (Object.keys(wanted) as (keyof TableOptions)[]).filter(
    (key) => (from.options?.[key] ?? null) !== wanted[key],
  );
  if (keys.length === 0) return [];
  const change = Object.fromEntries(keys.map((key) => [key, wanted[key]]));
  const was = Object.fromEntries(keys.map((key) => [key, from.options?.[key] ?? null]));
  return [{ kind: "alterTable", table: qualified(to), change, was }];
}

function diffComment(from: Table, to: Table, { compareComment }: Comparing): readonly Operation[] {
  const compared = { table: qualified(to), live: from.comment, target: to.comment };
  const differs = answerOf(compareComment, compared) ?? from.comment !== to.comment;
  if (!differs) return [];
  return [
    compact<Extract<Operation, { kind: "commentTable" }>>({
      kind: "commentTable",
      table: qualified(to),
      comment: to.comment,
      was: compact<{ comment?: string }>({ comment: from.comment }),
    }),
  ];
}
