/** Rows as INSERT statements: bound to one text that is prepared once, or literals. */
import type { BulkInsert, Row, RowValue } from "../../operations/operation";
import { alikeRows, columnKinds, insertAlike, insertInto } from "../ansi/insert";
import type { AlikeRows, ColumnKind } from "../ansi/insert";
import { chunks } from "../ansi/sql";
import type { Statement } from "../dialect";
import { writer } from "./quote";

/** A statement has at most a million bytes (https://www.sqlite.org/limits.html), of which a character may take four. */
const LIMITS = { rows: 500, characters: 200_000 };
/** Parameters of one statement, in builds before 3.32 (https://www.sqlite.org/limits.html#max_variable_number). */
const PARAMETERS = 999;

/** The inserts of some rows; `isBound` hands the values to the driver, where there is one. */
export function bulkInsert(operation: BulkInsert, isBound: boolean): readonly (string | Statement)[] {
  return alikeRows(operation.rows).flatMap((alike): readonly (string | Statement)[] => {
    const kinds = isBound ? columnKinds(alike) : undefined;
    return kinds === undefined || alike.columns.length === 0 || alike.columns.length > PARAMETERS
      ? insertAlike(writer, operation, alike, LIMITS)
      : insertBound(operation, alike, kinds);
  });
}

/**
 * Numbers go as texts and are made numbers by the database: better-sqlite3 binds every number as a REAL, which a column
 * of text would keep as `5.0`, and sqlite3 knows no big ones.
 */
function insertBound(
  operation: BulkInsert,
  { columns, rows }: AlikeRows,
  kinds: readonly ColumnKind[],
): readonly Statement[] {
  const places = kinds.map((kind) => (kind === "text" ? "?" : "CAST(? AS NUMERIC)")).join(", ");
  const start = `${insertInto(writer, operation, columns)} VALUES `;
  const sqlFor = (count: number): string => start + Array<string>(count).fill(`(${places})`).join(", ");
  const most = Math.floor(PARAMETERS / columns.length);
  // One and the same text, which the driver has prepared already.
  const whole = sqlFor(most);
  return chunks(rows, most).map((chunk) => ({
    sql: chunk.length === most ? whole : sqlFor(chunk.length),
    parameters: parametersOf(chunk, columns),
  }));
}

function parametersOf(rows: readonly Row[], columns: readonly string[]): readonly RowValue[] {
  const parameters: RowValue[] = [];
  for (const row of rows) {
    for (const column of columns) parameters.push(bindable(row[column] ?? null));
  }
  return parameters;
}

function bindable(value: RowValue): RowValue {
  switch (typeof value) {
    case "number":
      if (Number.isNaN(value)) return null;
      return Number.isFinite(value) ? String(value) : value > 0 ? "9e999" : "-9e999";
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "1" : "0";
    default:
      return value;
  }
}
