/**
 * SQL Server decides whether two expressions are equal: both are given to a twin of the live table, read back as the
 * catalogue spells them, and rolled back. Tokens decide first, because they are cheap; a table whose tokens leave nothing
 * open costs no query. Views keep their text as it was written, so there tokens are all.
 */
import { keyOf, sameName } from "../../model/names";
import type { Check, Column, Default, Generated, Index, Schema, Table, View } from "../../model/schema";
import type { Queryable } from "../dialect";
import { defaultOf, defaultText } from "./text";
import { sameTokens } from "./tokens";
import { spellings } from "./twin";
import type { TwinExpression } from "./twin";

/** Answers whether two texts mean the same, for texts that were asked about before. */
type Judge = (kind: TwinExpression["kind"], target: string, live: string, column?: string) => boolean;

/**
 * The target with every expression spelt as the live schema spells it, wherever both mean the same. What has no partner
 * of its name is compared with all of its kind, so that `diff` can tell a new name. A text that the live database cannot
 * take names something that it lacks, and so counts as changed.
 */
export async function canonicalize(
  db: Queryable,
  target: Schema,
  live: Schema,
  warn: (sentence: string) => void = () => undefined,
): Promise<Schema> {
  const liveTables = new Map(live.tables.map((table) => [keyOf(table), table]));
  const collation = namesCollation(target) ? await databaseCollation(db) : undefined;
  const tables: Table[] = [];
  for (const table of target.tables) {
    const plain = withoutCollation(table, collation);
    const found = liveTables.get(keyOf(table));
    tables.push(found ? await respellTable(db, plain, found, warn) : plain);
  }
  const views = target.views.map((view): View => {
    const found = live.views.find((other) => sameName(other, view));
    return found && sameTokens(found.sql, view.sql) ? { ...view, sql: found.sql } : view;
  });
  return { ...target, tables, views };
}

function namesCollation({ tables }: Schema): boolean {
  return tables.some(({ columns }) => columns.some(({ collation }) => collation !== undefined));
}

async function databaseCollation(db: Queryable): Promise<string | undefined> {
  const [row] = await db.query<{ readonly collation: string }>(
    "SELECT CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')) AS [collation]",
  );
  return row?.collation;
}

/** The database's own collation is what a column has where none is said. */
function withoutCollation(table: Table, collation: string | undefined): Table {
  if (collation === undefined) return table;
  const columns = table.columns.map((column): Column => {
    if (column.collation?.toLowerCase() !== collation.toLowerCase()) return column;
    const { collation: usual, ...rest } = column;
    return rest;
  });
  return { ...table, columns };
}

/** Two passes over the same comparisons: the first collects what tokens leave open, the second knows all answers. */
async function respellTable(
  db: Queryable,
  target: Table,
  live: Table,
  warn: (sentence: string) => void,
): Promise<Table> {
  const open: TwinExpression[] = [];
  const collect: Judge = (kind, wanted, found, column) => {
    if (sameTokens(wanted, found)) return true;
    for (const text of [wanted, found])
      open.push({ kind, text, ...(column === undefined ? {} : { column }) });
    return false;
  };
  const first = respelled(target, live, collect);
  if (open.length === 0) return first;
  const spelt = await spellings(db, live, open, warn);
  return respelled(target, live, (kind, wanted, found, column) => {
    if (sameTokens(wanted, found)) return true;
    const answer = spelt(kind, wanted, column);
    return answer !== undefined && answer === spelt(kind, found, column);
  });
}

function respelled(target: Table, live: Table, judge: Judge): Table {
  const inTable = (text: string, candidates: readonly string[]): string =>
    candidates.find((candidate) => judge("check", text, candidate)) ?? text;
  const columns = target.columns.map((column) => {
    const found = live.columns.find(({ name }) => name === column.name);
    return found ? respellColumn(column, found, judge) : column;
  });
  const checks = live.constraints.filter((constraint) => constraint.kind === "check");
  return {
    ...target,
    columns,
    constraints: target.constraints.map((constraint) =>
      constraint.kind === "check" ? respellCheck(constraint, checks, inTable) : constraint,
    ),
    indexes: target.indexes.map((index) => respellIndex(index, live.indexes, inTable)),
  };
}

/** The one of the same name; where there is none, all. */
function partners<T extends { readonly name?: string }>(item: T, others: readonly T[]): readonly T[] {
  const named = others.filter(({ name }) => name === item.name);
  return named.length > 0 ? named : others;
}

function respellColumn(target: Column, live: Column, judge: Judge): Column {
  const { default: value, ...rest } = target;
  const spelling = respellDefault(target, live, judge);
  const column = { ...rest, ...(spelling && { default: spelling }) };
  return target.generated?.kind === "computed" && live.generated?.kind === "computed"
    ? respellComputed(column, live, target.generated, live.generated, judge)
    : column;
}

/** What a computed column holds, and without PERSISTED whether it may be null, follows from its expression. */
function respellComputed(
  target: Column,
  live: Column,
  wanted: Extract<Generated, { kind: "computed" }>,
  found: Extract<Generated, { kind: "computed" }>,
  judge: Judge,
): Column {
  const { collation, ...rest } = target;
  return {
    ...rest,
    ...(live.collation === undefined ? {} : { collation: live.collation }),
    type: live.type,
    nullable: wanted.stored && found.stored ? target.nullable : live.nullable,
    generated: { ...wanted, sql: judge("computed", wanted.sql, found.sql) ? found.sql : wanted.sql },
  };
}

function respellDefault(target: Column, live: Column, judge: Judge): Default | undefined {
  const [wanted, found] = [target.default, live.default];
  if (wanted === undefined || found === undefined || defaultOf(target) === defaultOf(live)) return wanted;
  return judge("default", defaultText(wanted), defaultText(found), live.name) ? found : wanted;
}

function respellCheck(
  check: Check,
  live: readonly Check[],
  inTable: (text: string, candidates: readonly string[]) => string,
): Check {
  const candidates = partners(check, live).map(({ expression }) => expression);
  return { ...check, expression: inTable(check.expression, candidates) };
}

function respellIndex(
  target: Index,
  live: readonly Index[],
  inTable: (text: string, candidates: readonly string[]) => string,
): Index {
  if (target.where === undefined) return target;
  const conditions = partners(target, live).flatMap(({ where }) => where ?? []);
  return { ...target, where: inTable(target.where, conditions) };
}
