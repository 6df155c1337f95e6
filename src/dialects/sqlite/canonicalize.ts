/**
 * SQLite decides whether two expressions are equal: it compiles both, against the same live table in the same session,
 * and the same bytecode means the same thing. Nothing is created for it. Tokens decide first, because they are cheap.
 */
import { equal } from "../../model/equal";
import { keyOf, sameName } from "../../model/names";
import type { Column, Constraint, Default, Index, Schema, Table, View } from "../../model/schema";
import type { Queryable } from "../dialect";
import { defaultText } from "../ansi/sql";
import { quoteName, writer } from "./quote";
import { sameTokens } from "./tokens";

/** Answers whether two texts mean the same; `around` puts a text into a statement that SQLite can compile. */
type Judge = (target: string, live: string, around: (text: string) => string) => Promise<boolean>;

/** The target with every expression spelt as the live schema spells it, wherever both mean the same. */
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
  const inTable = (text: string): string => `SELECT (${text}) FROM ${quoteName(live)}`;
  const respell = async (text: string, candidates: readonly string[]): Promise<string> => {
    for (const candidate of candidates) {
      if (text === candidate || (await judge(text, candidate, inTable))) return candidate;
    }
    return text;
  };
  const columns: Column[] = [];
  for (const column of target.columns) {
    const found = live.columns.find(({ name }) => name === column.name);
    columns.push(found ? await respellColumn(column, found, respell) : column);
  }
  const constraints: Constraint[] = [];
  for (const constraint of target.constraints) {
    if (constraint.kind !== "check") constraints.push(constraint);
    else
      constraints.push({
        ...constraint,
        expression: await respell(constraint.expression, checksLike(constraint, live)),
      });
  }
  const indexes: Index[] = [];
  for (const index of target.indexes) {
    const found = live.indexes.find(({ name }) => name === index.name);
    indexes.push(found ? await respellIndex(index, found, respell) : index);
  }
  return { ...target, columns, constraints, indexes };
}

type Respell = (text: string, candidates: readonly string[]) => Promise<string>;

async function respellColumn(target: Column, live: Column, respell: Respell): Promise<Column> {
  const { default: _, ...rest } = target;
  let column: Column = rest;
  if (target.generated?.kind === "computed" && live.generated?.kind === "computed") {
    column = {
      ...column,
      generated: { ...target.generated, sql: await respell(target.generated.sql, [live.generated.sql]) },
    };
  }
  return { ...column, ...(await respellDefault(target.default, live.default, respell)) };
}

/** No default and `NULL` are the same; a value and an expression may be. */
async function respellDefault(
  target: Default | undefined,
  live: Default | undefined,
  respell: Respell,
): Promise<{ readonly default?: Default }> {
  const text = (value: Default | undefined): string =>
    value === undefined ? "NULL" : defaultText(writer, value);
  const same = equal(target, live) || (await respell(text(target), [text(live)])) === text(live);
  const spelling = same ? live : target;
  return spelling === undefined ? {} : { default: spelling };
}

/** A check is compared with the one of its name; one without a counterpart by name, with all that are left. */
function checksLike(check: Extract<Constraint, { kind: "check" }>, live: Table): readonly string[] {
  const checks = live.constraints.filter((constraint) => constraint.kind === "check");
  const named = checks.filter(({ name }) => name === check.name);
  return (named.length > 0 ? named : checks).map(({ expression }) => expression);
}

async function respellIndex(target: Index, live: Index, respell: Respell): Promise<Index> {
  const parts = [];
  for (const [place, part] of target.parts.entries()) {
    const other = live.parts[place]?.expression;
    const both = part.expression !== undefined && other !== undefined;
    parts.push(both ? { ...part, expression: await respell(part.expression, [other]) } : part);
  }
  if (target.where === undefined || live.where === undefined) return { ...target, parts };
  return { ...target, parts, where: await respell(target.where, [live.where]) };
}

/** The bytecode does not hold the names of a view's columns, so they are compared as well. */
async function sameView(db: Queryable, target: View, live: View, judge: Judge): Promise<boolean> {
  if (sameTokens(target.sql, live.sql)) return true;
  if (!(await judge(target.sql, live.sql, (text) => text))) return false;
  return (await columnNames(db, target.sql)) === (await columnNames(db, live.sql));
}

async function columnNames(db: Queryable, select: string): Promise<string> {
  // An outer join gives one row of nulls where the view has none, and so shows its columns in any case.
  const [row] = await db.query(
    `SELECT v.* FROM (SELECT 1) LEFT JOIN (SELECT * FROM (${select}) LIMIT 1) AS v ON 1`,
  );
  return JSON.stringify(Object.keys(row ?? {}));
}

function judgeOf(db: Queryable): Judge {
  return async (target, live, around) => {
    if (sameTokens(target, live)) return true;
    try {
      return (await bytecode(db, around(target))) === (await bytecode(db, around(live)));
    } catch {
      // What the live database cannot compile names something that it lacks: changed.
      return false;
    }
  };
}

async function bytecode(db: Queryable, sql: string): Promise<string> {
  const rows = await db.query<Record<"opcode" | "p1" | "p2" | "p3" | "p4" | "p5", unknown>>(`EXPLAIN ${sql}`);
  return JSON.stringify(rows.map(({ opcode, p1, p2, p3, p4, p5 }) => [opcode, p1, p2, p3, p4, p5]));
}
