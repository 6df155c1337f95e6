/**
 * SQLite decides whether two expressions are equal: it compiles both, against the same live table in the same session,
 * and the same bytecode means the same thing (https://www.sqlite.org/lang_explain.html). Nothing is created for it and
 * nothing is run. Tokens decide first, because they are cheap.
 */
import { equal } from "../../model/equal";
import { keyOf, sameName } from "../../model/names";
import type { Check, Column, Default, Index, IndexPart, Schema, Table, View } from "../../model/schema";
import { defaultText } from "../ansi/sql";
import type { Queryable } from "../dialect";
import { quoteName, writer } from "./quote";
import { isSymbol, sameTokens, textOf, tokenize } from "./tokens";

/** Answers whether two texts mean the same; `around` puts a text into a statement that SQLite can compile. */
type Judge = (target: string, live: string, around: (text: string) => string) => Promise<boolean>;
/** The first candidate that means the same as the text; the text itself where there is none. */
type Respell = (text: string, candidates: readonly string[]) => Promise<string>;

/**
 * The target with every expression spelt as the live schema spells it, wherever both mean the same. Objects are paired
 * by name; what has no partner of its name is compared with all of its kind, so that `diff` can tell a new name. A text
 * that the live database cannot compile names something that it lacks, and so counts as changed.
 */
export async function canonicalize(db: Queryable, target: Schema, live: Schema): Promise<Schema> {
  const judge = judgeOf(db);
  const liveTables = new Map(live.tables.map((table) => [keyOf(table), table]));
  const tables: Table[] = [];
  for (const table of target.tables) {
    const found = liveTables.get(keyOf(table));
    tables.push(found ? await respellTable(table, found, judge) : table);
  }
  const views: View[] = [];
  for (const view of target.views) {
    const found = live.views.find((other) => sameName(other, view));
    views.push(found && (await sameView(db, view, found, judge)) ? { ...view, sql: found.sql } : view);
  }
  return { ...target, tables, views };
}

async function respellTable(target: Table, live: Table, judge: Judge): Promise<Table> {
  // An index on the very expression would answer in its place, for one spelling only.
  const from = `FROM ${quoteName(live)} NOT INDEXED`;
  // The line break ends a comment that the text may end with.
  const inTable = respelling(judge, (text) => `SELECT (${text}\n) ${from}`);
  // A default sees no columns: what looks like one is a string.
  const alone = respelling(judge, (text) => `SELECT (${text}\n)`);
  const columns: Column[] = [];
  for (const column of target.columns) {
    const found = live.columns.find(({ name }) => name === column.name);
    columns.push(found ? await respellColumn(column, found, inTable, alone) : column);
  }
  const constraints = [];
  for (const constraint of target.constraints) {
    const isCheck = constraint.kind === "check";
    constraints.push(isCheck ? await respellCheck(constraint, live, inTable) : constraint);
  }
  const indexes: Index[] = [];
  for (const index of target.indexes) {
    indexes.push(await respellIndex(index, partners(index, live.indexes), inTable));
  }
  return { ...target, columns, constraints, indexes };
}

function respelling(judge: Judge, around: (text: string) => string): Respell {
  return async (text, candidates) => {
    for (const candidate of candidates) if (await judge(text, candidate, around)) return candidate;
    return text;
  };
}

/** The one of the same name; where there is none, all. */
function partners<T extends { readonly name?: string }>(item: T, others: readonly T[]): readonly T[] {
  const named = others.filter(({ name }) => name === item.name);
  return named.length > 0 ? named : others;
}

async function respellColumn(
  target: Column,
  live: Column,
  inTable: Respell,
  alone: Respell,
): Promise<Column> {
  const { default: value, generated, ...rest } = target;
  const spelling = await respellDefault(value, live.default, alone);
  const computed = generated?.kind === "computed" && live.generated?.kind === "computed";
  return {
    ...rest,
    ...(generated && {
      generated: computed
        ? { ...generated, sql: await inTable(generated.sql, [live.generated.sql]) }
        : generated,
    }),
    ...(spelling && { default: spelling }),
  };
}

/** No default and `NULL` are the same; a value and an expression may be. */
async function respellDefault(
  target: Default | undefined,
  live: Default | undefined,
  alone: Respell,
): Promise<Default | undefined> {
  if (equal(target, live)) return live;
  const text = (value: Default | undefined): string =>
    value === undefined ? "NULL" : defaultText(writer, value);
  return (await alone(text(target), [text(live)])) === text(live) ? live : target;
}

async function respellCheck(check: Check, live: Table, inTable: Respell): Promise<Check> {
  const checks = live.constraints.filter((constraint) => constraint.kind === "check");
  const candidates = partners(check, checks).map(({ expression }) => expression);
  return { ...check, expression: await inTable(check.expression, candidates) };
}

async function respellIndex(target: Index, live: readonly Index[], inTable: Respell): Promise<Index> {
  const parts: IndexPart[] = [];
  for (const [place, part] of target.parts.entries()) {
    const candidates = live.flatMap((index) => index.parts[place]?.expression ?? []);
    parts.push(
      part.expression === undefined
        ? part
        : { ...part, expression: await inTable(part.expression, candidates) },
    );
  }
  if (target.where === undefined) return { ...target, parts };
  const conditions = live.flatMap(({ where }) => where ?? []);
  return { ...target, parts, where: await inTable(target.where, conditions) };
}

/** The bytecode does not hold the names of a view's columns, so they are compared as well. */
async function sameView(db: Queryable, target: View, live: View, judge: Judge): Promise<boolean> {
  if (sameTokens(target.sql, live.sql)) return true;
  const [wanted, found] = [selectOf(target.sql), selectOf(live.sql)];
  if (!(await judge(wanted, found, (text) => text))) return false;
  return (await columnNames(db, wanted)) === (await columnNames(db, found));
}

/** The text without comments and semicolon at its end. */
function selectOf(sql: string): string {
  return textOf(
    tokenize(sql).filter((token) => !isSymbol(token, ";")),
    sql,
  );
}

/** An outer join gives one row of nulls, and so shows the names; with LIMIT 0 the view itself is not run. */
async function columnNames(db: Queryable, select: string): Promise<string> {
  const [row] = await db.query(
    `SELECT v.* FROM (SELECT 1) LEFT JOIN (SELECT * FROM (${select}) LIMIT 0) AS v ON 1`,
  );
  return JSON.stringify(Object.keys(row ?? {}));
}

function judgeOf(db: Queryable): Judge {
  return async (target, live, around) => {
    if (sameTokens(target, live)) return true;
    if (blobsIn(target) !== blobsIn(live)) return false;
    try {
      return (await bytecode(db, around(target))) === (await bytecode(db, around(live)));
    } catch {
      return false;
    }
  };
}

/** EXPLAIN shows a blob up to its first zero byte only. */
function blobsIn(sql: string): string {
  return JSON.stringify(tokenize(sql).flatMap(({ kind, text }) => (kind === "blob" ? text : [])));
}

interface Instruction {
  readonly opcode: string;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly p4: string | null;
  readonly p5: number;
}

/** The instructions as text. `Explain` does nothing but name tables as the text does. */
async function bytecode(db: Queryable, sql: string): Promise<string> {
  const rows = await db.query<Instruction>(`EXPLAIN ${sql}`);
  const instructions = rows.filter(({ opcode }) => opcode !== "Explain");
  return JSON.stringify(instructions.map(({ opcode, p1, p2, p3, p4, p5 }) => [opcode, p1, p2, p3, p4, p5]));
}
