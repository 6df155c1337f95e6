/**
 * PostgreSQL decides whether two texts mean the same. Tokens decide first, because they are cheap; everything that they
 * leave open is asked in one go, target text and live text alike, because the text that is stored depends on how it
 * came there (a restored dump, a changed type).
 */
import { equal, mapped, replaced } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import { findColumn } from "../../model/schema";
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
  return replaced(target, {
    columns: mapped(target.columns, (column) => {
      if (column.default === undefined && column.generated === undefined) return column;
      const found = findColumn(live, column.name);
      return found ? respellColumn(column, found, live, same) : column;
    }),
    constraints: mapped(target.constraints, (constraint) =>
      constraint.kind === "check" || constraint.kind === "exclusion"
        ? respellRule(constraint, live, same)
        : constraint,
    ),
    indexes: mapped(target.indexes, (index) => respellIndex(index, live, same)),
  });
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
  const expression = respelt(subject, rule.expression, candidates, same);
  return expression === rule.expression ? rule : { ...rule, expression };
}

function respellIndex(target: Index, live: Table, same: Same): Index {
  if (target.where === undefined && target.parts.every(({ expression }) => expression === undefined))
    return target;
  const spelling = (
    kind: "index" | "where",
    text: string | undefined,
    textOf: (index: Index) => string | undefined,
  ): string | undefined => {
    if (text === undefined) return undefined;
    const candidates = partners(target, live.indexes).flatMap((index) => textOf(index) ?? []);
    return respelt({ kind, table: live }, text, candidates, same);
  };
  return replaced(target, {
    parts: mapped(target.parts, (part, place) =>
      replaced(part, {
        expression: spelling("index", part.expression, ({ parts }) => parts[place]?.expression),
      }),
    ),
    where: spelling("where", target.where, ({ where }) => where),
  });
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
