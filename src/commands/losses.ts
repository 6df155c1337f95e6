/** What operations may lose, with the query that tells how many rows are concerned, and its answer where there is one. */
import type { Dialect, Queryable } from "../dialects/dialect";
import { messageOf } from "../errors";
import { columnBefore, nameBefore } from "../diff/rename-operations";
import type { Rename } from "../diff/renames";
import { mentions } from "../model/expression";
import { sameName } from "../model/names";
import type { QualifiedName, Schema } from "../model/schema";
import { findColumn, findTable } from "../model/schema";
import { flatten } from "../operations/describe";
import { risksOf } from "../operations/loss";
import type { EnumUses, RowCondition } from "../operations/loss";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";

/** Something that may be lost, or may fail. */
export interface Loss {
  /** In words, with the number of rows where it is known. */
  readonly sentence: string;
  /** SQL that counts the rows concerned. */
  readonly check?: string;
  /** How many rows were concerned when the database was asked. */
  readonly rows?: number;
}

/** The losses of single operations, those in batches too; operations without any are not in it. */
export type Losses = ReadonlyMap<Operation, readonly Loss[]>;

/** What losses are judged with. */
export interface Judging {
  readonly dialect: Dialect;
  /** Knows the custom operations. */
  readonly registry: Registry;
  readonly renames?: readonly Rename[];
}

/** How many counts one query takes at most; what is more stays uncounted. */
const MOST = 500;

/**
 * The losses of operations on a schema. The names in `check` are those that the schema has, before `renames` are done; a
 * table that is not in it is new, and has no rows to lose.
 */
export function lossesIn(
  operations: readonly Operation[],
  schema: Schema,
  { dialect, registry, renames = [] }: Judging,
): Losses {
  const usesOf: EnumUses = (name) =>
    schema.tables.flatMap((table) =>
      table.columns
        .filter(({ type }) => type.enumName && sameName(type.enumName, name))
        .map((column) => ({ table, column })),
    );
  const singles = flatten(operations);
  const added = new Set(singles.flatMap((one) => (one.kind === "addColumn" ? [one.column.name] : [])));
  const found = singles.map((operation) => {
    const losses = risksOf(operation, registry, usesOf).flatMap(({ sentence, rows }): readonly Loss[] => {
      if (rows === undefined) return [{ sentence }];
      const table = nameBefore(rows.table, renames);
      if (!findTable(schema, table)) return [];
      const condition = inOldNames(rows.condition, table, renames);
      if (condition.kind === "filled" && isComputed(table, condition.column, schema)) return [];
      const isKnown = known(condition, table, schema, added);
      return [{ sentence, ...(isKnown ? { check: countSql(dialect, table, condition) } : {}) }];
    });
    return [operation, losses] as const;
  });
  return new Map(found.filter(([, losses]) => losses.length > 0));
}

/** What is computed can be computed again. */
function isComputed(name: QualifiedName, column: string, schema: Schema): boolean {
  const table = findTable(schema, name);
  return table !== undefined && findColumn(table, column)?.generated?.kind === "computed";
}

/** The losses with the rows that are concerned now, counted in one query that changes nothing. */
export async function counted(
  losses: Losses,
  db: Queryable,
  warn: (sentence: string) => void,
): Promise<Losses> {
  const checks = [...losses.values()]
    .flatMap((ones) => ones.flatMap(({ check }) => check ?? []))
    .slice(0, MOST);
  if (checks.length === 0) return losses;
  try {
    const columns = checks.map((check, place) => `(${check}) AS c${place}`);
    const [row = {}] = await db.query(`SELECT ${columns.join(", ")}`);
    const rows = new Map(checks.map((check, place) => [check, Number(row[`c${place}`])]));
    return new Map(
      [...losses].map(([operation, ones]) => [operation, ones.map((one) => withRows(one, rows))]),
    );
  } catch (error) {
    warn(`the rows at risk were not counted: ${messageOf(error)}`);
    return losses;
  }
}

/** The lines above an operation in a file: what it may lose, and how to check. */
export function commentsOf(operation: Operation, losses: Losses): readonly string[] {
  return flatten([operation]).flatMap((single) =>
    (losses.get(single) ?? []).flatMap(({ sentence, check }) =>
      check === undefined ? [sentence] : [sentence, `check: ${check.replaceAll(/\s*[\r\n]\s*/g, " ")}`],
    ),
  );
}

function withRows(loss: Loss, counts: ReadonlyMap<string, number>): Loss {
  const rows = loss.check === undefined ? undefined : counts.get(loss.check);
  if (rows === undefined || Number.isNaN(rows)) return loss;
  const number = `${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}`;
  return { ...loss, rows, sentence: `${loss.sentence} (${number} now)` };
}

function inOldNames(condition: RowCondition, table: QualifiedName, renames: readonly Rename[]): RowCondition {
  const old = (column: string): string => columnBefore(table, column, renames);
  if ("column" in condition) return { ...condition, column: old(condition.column) };
  if (condition.kind === "alike") return { ...condition, columns: condition.columns.map(old) };
  if (condition.kind !== "orphaned") return condition;
  const references = nameBefore(condition.references, renames);
  return {
    ...condition,
    columns: condition.columns.map(old),
    references,
    referencedColumns: condition.referencedColumns.map((column) => columnBefore(references, column, renames)),
  };
}

/** Whether the database has all that the condition names; of expressions only what is added is known not to be. */
function known(
  condition: RowCondition,
  table: QualifiedName,
  schema: Schema,
  added: ReadonlySet<string>,
): boolean {
  const has = (owner: QualifiedName, columns: readonly string[]): boolean => {
    const names = new Set(findTable(schema, owner)?.columns.map(({ name }) => name));
    return columns.every((column) => names.has(column));
  };
  const readable = (sql: string | undefined): boolean =>
    sql === undefined || [...added].every((column) => !mentions(sql, column));
  switch (condition.kind) {
    case "all":
      return true;
    case "breaking":
      return readable(condition.expression);
    case "alike":
      return has(table, condition.columns) && readable(condition.where);
    case "orphaned":
      return has(table, condition.columns) && has(condition.references, condition.referencedColumns);
    default:
      return has(table, [condition.column]);
  }
}

/** The query for the number of rows. */
function countSql(dialect: Dialect, table: QualifiedName, condition: RowCondition): string {
  const alias = condition.kind === "orphaned" ? " here" : "";
  const from = `SELECT count(*) FROM ${dialect.quoteName(table)}${alias}`;
  const where = whereSql(dialect, condition);
  if (condition.kind !== "alike") return where === undefined ? from : `${from} WHERE ${where}`;
  const columns = condition.columns.map((column) => dialect.quote(column));
  const filled = columns.map((column) => `${column} IS NOT NULL`);
  const filter = condition.where === undefined ? filled : [...filled, `(${condition.where})`];
  return (
    `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ${dialect.quoteName(table)}` +
    ` WHERE ${filter.join(" AND ")} GROUP BY ${columns.join(", ")} HAVING count(*) > 1) alike`
  );
}

function whereSql(dialect: Dialect, condition: RowCondition): string | undefined {
  switch (condition.kind) {
    case "all":
    case "alike":
      return undefined;
    case "null":
      return `${dialect.quote(condition.column)} IS NULL`;
    case "filled":
      return `${dialect.quote(condition.column)} IS NOT NULL`;
    case "longer":
      return `${LENGTH[dialect.name]}(${dialect.quote(condition.column)}) > ${condition.length}`;
    case "outside":
      return `${dialect.quote(condition.column)} NOT BETWEEN ${condition.bounds.join(" AND ")}`;
    case "among": {
      const values = condition.values.map((value) => dialect.literal(value)).join(", ");
      return `${dialect.quote(condition.column)} IN (${values})`;
    }
    case "breaking":
      return `NOT (${condition.expression})`;
    case "orphaned": {
      const here = condition.columns.map((column) => `here.${dialect.quote(column)}`);
      const there = condition.referencedColumns.map((column) => `there.${dialect.quote(column)}`);
      const filled = here.map((column) => `${column} IS NOT NULL`).join(" AND ");
      const same = here.map((column, place) => `${there[place] ?? ""} = ${column}`).join(" AND ");
      const referenced = dialect.quoteName(condition.references);
      return `${filled} AND NOT EXISTS (SELECT 1 FROM ${referenced} there WHERE ${same})`;
    }
  }
}

/** What counts the letters of a text. */
const LENGTH: Readonly<Record<Dialect["name"], string>> = {
  postgres: "char_length",
  mysql: "char_length",
  mariadb: "char_length",
  sqlite: "length",
  mssql: "len",
};
