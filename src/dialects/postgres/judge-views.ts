/** Puts the texts of views to the server: a temporary view of each, and what the catalogue makes of it. */
import { equal } from "../../model/equal";
import { mentions } from "../../model/expression";
import { displayName, keyOf } from "../../model/names";
import type { Schema, Table, View } from "../../model/schema";
import { inCreationOrder } from "../ansi/view-order";
import type { Queryable } from "../dialect";
import type { Answer } from "./ask";
import { askOrRefused, isRefusal } from "./judge";
import { planQuestion, tableQuestion, viewQuestion } from "./judge-questions";
import { sameTokens } from "./tokens";

interface Pair {
  readonly target: View;
  readonly live: View;
}

/**
 * Answers for each view of the target whether it is the live one of its name. Live texts are judged on the live tables;
 * target texts on twins of those tables that the target changes, and on each other.
 */
export async function judgeViews(
  db: Queryable,
  target: Schema,
  live: Schema,
  warn: (sentence: string) => void,
): Promise<(view: View) => boolean> {
  const liveViews = new Map(live.views.map((view) => [keyOf(view), view]));
  const pairs = inCreationOrder(target.views).flatMap((view): readonly Pair[] => {
    const found = liveViews.get(keyOf(view));
    return found && !sameTokens(view.sql, found.sql) ? [{ target: view, live: found }] : [];
  });
  if (pairs.length === 0) return () => false;
  const tables = changedTables(target, live).filter((table) =>
    pairs.some((pair) => mentions(pair.target.sql, table.name)),
  );
  const answers = await askOrRefused(
    db,
    [
      ...pairs.map((pair) => viewQuestion(pair.live, { keep: false })),
      ...tables.map(tableQuestion),
      ...pairs.map((pair) => viewQuestion(pair.target, { keep: true })),
    ],
    { readOnly: false },
  );
  const verdicts = pairs.map((_, place) =>
    verdictOf(answers[pairs.length + tables.length + place], answers[place]),
  );
  const open = pairs.filter((_, place) => verdicts[place] === undefined);
  const plans = await plannedAlike(db, open);
  if (open.length > 0) warn(unknownSentence(open));
  const same = new Set(
    [
      ...pairs.filter((_, place) => verdicts[place] === true),
      ...open.filter((_, place) => plans[place] === true),
    ].map((pair) => keyOf(pair.target)),
  );
  return (view) => same.has(keyOf(view));
}

/** Nothing where the server would not judge; a text that it does not take has changed. */
function verdictOf(wanted: Answer | undefined, found: Answer | undefined): boolean | undefined {
  if (wanted === undefined || found === undefined) return undefined;
  if ("text" in wanted && "text" in found) return sameTokens(wanted.text, found.text);
  const codes = [wanted, found].flatMap((answer) => ("code" in answer ? answer.code : []));
  return codes.some(isRefusal) ? undefined : false;
}

/** The next best judge: whether both queries have the same plan, which takes the right to read their tables. */
async function plannedAlike(db: Queryable, pairs: readonly Pair[]): Promise<readonly boolean[]> {
  const answers = await askOrRefused(
    db,
    pairs.flatMap((pair) => [planQuestion(pair.target), planQuestion(pair.live)]),
    { readOnly: true },
  );
  return pairs.map((_, place) => {
    const [wanted, found] = [answers[place * 2], answers[place * 2 + 1]];
    return wanted !== undefined && "text" in wanted && equal(wanted, found);
  });
}

/** Tables whose columns the target changes, so that a view over them may come to mean something else. */
function changedTables(target: Schema, live: Schema): readonly Table[] {
  const liveTables = new Map(live.tables.map((table) => [keyOf(table), table]));
  return target.tables.filter((table) => {
    const found = liveTables.get(keyOf(table));
    return found !== undefined && !equal(shapeOf(table), shapeOf(found));
  });
}

/** Names and types; the order of columns shows in no view that names them. */
function shapeOf({ columns }: Table): unknown {
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

function unknownSentence(pairs: readonly Pair[]): string {
  const names = pairs.map((pair) => displayName(pair.target));
  return (
    `the database could not judge whether these views have changed, because this role may not make temporary views in ` +
    `it or it may only be read; they are compared by their plans and by their text: ${names.join(", ")}`
  );
}
