/** Rows as INSERT statements. */
import type { BulkInsert, Row, RowValue } from "../../operations/operation";
import { columnList, rowsByShape } from "./sql";
import type { Writer } from "./sql";

/** How much goes into one INSERT, and how one without columns is written. */
export interface InsertStyle {
  readonly rows: number;
  /** Characters of all values together. */
  readonly characters: number;
  /** What follows the table for a row that names no column: `DEFAULT VALUES` unless said. */
  readonly empty?: string;
}

/** Rows that name the same columns, and what these are. */
export interface AlikeRows {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The rows, alike ones together in the order of the first of their kind. */
export function alikeRows(rows: readonly Row[]): readonly AlikeRows[] {
  return rowsByShape(rows).map((alike) => ({ columns: Object.keys(alike[0] ?? {}), rows: alike }));
}

/** INSERT INTO with its columns, up to where the values come. */
export function insertInto(writer: Writer, { table }: BulkInsert, columns: readonly string[]): string {
  return `INSERT INTO ${writer.quoteName(table)} ${columnList(writer, columns)}`;
}

/** Inserts with literals; rows that name other columns get statements of their own. */
export function insertRows(writer: Writer, operation: BulkInsert, style: InsertStyle): readonly string[] {
  return alikeRows(operation.rows).flatMap((alike) => insertAlike(writer, operation, alike, style));
}

/** Inserts with literals for rows that name the same columns. */
export function insertAlike(
  writer: Writer,
  operation: BulkInsert,
  { columns, rows }: AlikeRows,
  style: InsertStyle,
): readonly string[] {
  if (columns.length === 0) {
    const sql = `INSERT INTO ${writer.quoteName(operation.table)} ${style.empty ?? "DEFAULT VALUES"}`;
    return rows.map(() => sql);
  }
  const start = `${insertInto(writer, operation, columns)} VALUES `;
  const tuples = rows.map(
    (row) => `(${columns.map((column) => writer.literal(row[column] ?? null)).join(", ")})`,
  );
  return pieces(tuples, style).map((piece) => start + piece.join(", "));
}

/** Texts in pieces, each within the limits unless a single one is above them. */
function pieces(texts: readonly string[], style: InsertStyle): readonly (readonly string[])[] {
  const all: string[][] = [];
  let last: string[] = [];
  let size = 0;
  for (const text of texts) {
    if (last.length === 0 || last.length === style.rows || size + text.length > style.characters) {
      last = [];
      all.push(last);
      size = 0;
    }
    last.push(text);
    size += text.length;
  }
  return all;
}

/**
 * What the values of a column have in common: numbers (and booleans among them, where these are numbers), booleans, or
 * texts, which dates, bytes and JSON are for a driver. Undefined where they have nothing in common or one is SQL.
 */
export type ColumnKind = "number" | "boolean" | "text";

/** The kinds of the columns of alike rows; undefined where one has none, so that only literals serve. */
export function columnKinds({ columns, rows }: AlikeRows): readonly ColumnKind[] | undefined {
  const kinds = columns.map((column) => {
    let kind: ColumnKind | undefined;
    for (const row of rows) {
      const value = row[column] ?? null;
      if (value === null) continue;
      const own = kindOf(value);
      if (own === undefined || (kind !== undefined && kind !== own)) return undefined;
      kind = own;
    }
    return kind ?? "text";
  });
  return kinds.every((kind) => kind !== undefined) ? kinds : undefined;
}

function kindOf(value: NonNullable<RowValue>): ColumnKind | undefined {
  switch (typeof value) {
    case "number":
    case "bigint":
      return "number";
    case "boolean":
      return "boolean";
    case "string":
      return "text";
    default:
      return "sql" in value ? undefined : "text";
  }
}
