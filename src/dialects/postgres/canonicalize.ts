/**
 * PostgreSQL decides whether two texts mean the same. Tokens decide first, because they are cheap; everything that they
 * leave open is asked in one go, target text and live text alike, because the text that is stored depends on how it
 * came there (a restored dump, a changed type).
 */
import { equal } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import type { Check, Column, Default, Exclusion, Index, Schema, Table, View } from "../../model/schema";
import type { Queryable } from "../dialect";
import { isConstantOfItsDay, judgeTexts } from "./judge";
import { valueText } from "./judge-questions";
import type { Same, Subject } from "./judge-questions";
import { judgeViews } from "./judge-views";
import { sameTokens } from "./tokens";

/**
 * The target with every expression spelt as the live schema spells it, wherever both mean the same. Objects are paired
 * by name; what has no partner of its name is compared with all of its kind, so that `diff` can tell a new name. A text
 * that the live database does not take names something that it lacks, and so counts as changed. `warn` hears of what
 * could not be asked.
 */
export async function canonicalize(
  db: Queryable,
  target: Schema,
  live: Schema,
  warn: (sentence: string) => void = () => undefined,
): Promise<Schema> {
  const same = await judgeTexts(db, (ask) => respell(target, live, ask), warn);
  const sameView = await judgeViews(db, target, live, warn);
  return respell(target, live, same, sameView);
}

/** The whole target, by what two answer: `same` for expressions, `sameView` for the text of a view. */
function respell(
  target: Schema,
  live: Schema,
  same: Same,
  sameView: (view: View) => boolean = () => false,
): Schema {
  const tables = new Map(live.tables.map((table) => [keyOf(table), table]));
  const views = new Map(live.views.map((view) => [keyOf(view), view]));
  return {
    ...target,
    tables: target.tables.map((table) => {
      const found = tables.get(keyOf(table));
      return found ? respellTable(table, found, same) : table;
    }),
    views: target.views.map((view) => respellView(view, views.get(keyOf(view)), same, sameView)),
  };
}

function respellTable(target: Table, live: Table, same: Same): Table {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  return {
    ...target,
    columns: target.columns.map((column) => {
      const found = columns.get(column.name);
      return found ? respellColumn(column, found, live, same) : column;
    }),
    constraints: target.constraints.map((constraint) =>
      constraint.kind === "check" || constraint.kind === "exclusion"
        ? respellRule(constraint, live, same)
        : constraint,
    ),
    indexes: target.indexes.map((index) => respellIndex(index, live, same)),
  };
}

/** The one of the same name; where there is none, all. */
function partners<T extends { readonly name?: string }>(item: T, others: readonly T[]): readonly T[] {
  const named = others.filter(({ name }) => name === item.name);
  return named.length > 0 ? named : others;
}

function respelt(subject: Subject, text: string, candidates: readonly string[], same: Same): string {
  return candidates.find((candidate) => same(subject, text, candidate)) ?? text;
}

function respellColumn(target: Column, live: Column, table: Table, same: Same): Column {
  if (equal(target.default, live.default) && equal(target.generated, live.generated)) return target;
  const { default: value, generated, ...rest } = target;
  const spelling = respellDefault(target, live, table, same);
  const computed =
    generated?.kind === "computed" && live.generated?.kind === "computed"
      ? {
          ...generated,
          sql: respelt({ kind: "computed", table, column: live }, generated.sql, [live.generated.sql], same),
        }
      : generated;
  return { ...rest, ...(computed && { generated: computed }), ...(spelling && { default: spelling }) };
}

/** A default is judged on the column's type, so that a type that changes leaves it open. */
function respellDefault(target: Column, live: Column, table: Table, same: Same): Default | undefined {
  const [wanted, found] = [target.default, live.default];
  if (wanted === undefined || found === undefined || equal(wanted, found)) return wanted;
  if (!equal(target.type, live.type)) return wanted;
  if (isConstantOfItsDay(wanted, found, live)) return found;
  const subject: Subject = { kind: "default", table, column: live };
  return same(subject, textOfDefault(wanted), textOfDefault(found)) ? found : wanted;
}

function textOfDefault(value: Default): string {
  return "sql" in value ? value.sql : valueText(value.value);
}

function respellRule<Rule extends Check | Exclusion>(rule: Rule, live: Table, same: Same): Rule {
  const rules = live.constraints.filter((other): other is Rule => other.kind === rule.kind);
  const candidates = partners<Check | Exclusion>(rule, rules).map(({ expression }) => expression);
  const subject: Subject = { kind: rule.kind, table: live };
  return { ...rule, expression: respelt(subject, rule.expression, candidates, same) };
}

function respellIndex(target: Index, live: Table, same: Same): Index {
  const found = partners(target, live.indexes);
  const parts = target.parts.map((part, place) => {
    if (part.expression === undefined) return part;
    const candidates = found.flatMap((index) => index.parts[place]?.expression ?? []);
    return {
      ...part,
      expression: respelt({ kind: "index", table: live }, part.expression, candidates, same),
    };
  });
  if (target.where === undefined) return { ...target, parts };
  const conditions = found.flatMap(({ where }) => where ?? []);
  return { ...target, parts, where: respelt({ kind: "where", table: live }, target.where, conditions, same) };
}

function respellView(
  target: View,
  live: View | undefined,
  same: Same,
  sameView: (view: View) => boolean,
): View {
  // A view of another kind is made anew, in the words of the entities.
  if (!live || live.materialized !== target.materialized) return target;
  const sql = sameTokens(target.sql, live.sql) || sameView(target) ? live.sql : target.sql;
  if (target.indexes === undefined || live.indexes === undefined) return { ...target, sql };
  const table = { ...qualified(live), columns: [], constraints: [], indexes: live.indexes };
  return { ...target, sql, indexes: target.indexes.map((index) => respellIndex(index, table, same)) };
}
