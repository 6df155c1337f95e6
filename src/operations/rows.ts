/** The rows of `bulkInsert`, and the values of parameters, from the calls of revision files. */
import { LimbeckError } from "../errors";
import { displayName, parseName } from "../model/names";
import type { Row, RowValue } from "./operation";
import type { AdHocTable, DefaultValue, TableName } from "./spec";

/** The rows of a call. Throws INVALID_OPERATION for anything but a list of objects. */
export function rowsFromLiterals(
  rows: readonly Readonly<Record<string, DefaultValue | undefined>>[],
): readonly Row[] {
  // A revision file may be JavaScript, where nothing has checked the call.
  const given: unknown = rows;
  if (Array.isArray(given) && given.every((row) => typeof row === "object" && row !== null)) {
    return rows.map(rowFromLiterals);
  }
  throw new LimbeckError("INVALID_OPERATION", "bulkInsert takes its rows as a list of objects", {
    hint: 'write op.bulkInsert("account", [{ id: 1, name: "first" }])',
  });
}

/** The values of a row: functions give SQL, the rest is data; what is `undefined` is left to the database. */
export function rowFromLiterals(row: Readonly<Record<string, DefaultValue | undefined>>): Row {
  // Most rows hold nothing to translate, and there may be very many of them.
  if (Object.values(row).every(isPlain)) return { ...row } as Row;
  return Object.fromEntries(
    Object.entries(row).flatMap(([column, value]) =>
      value === undefined ? [] : [[column, rowValue(value)]],
    ),
  );
}

function isPlain(value: DefaultValue | undefined): boolean {
  return value === null || (value !== undefined && typeof value !== "function" && typeof value !== "object");
}

/**
 * A row for a table whose types were said: dates, lists and objects become the text that TypeORM stores for these types.
 * Throws INVALID_OPERATION for a column that the table was not said to have.
 */
export function typedRow(row: Row, { name, columns }: AdHocTable): Row {
  const entries = Object.entries(row).map(([column, value]) => {
    const type = Object.hasOwn(columns, column) ? columns[column] : undefined;
    if (type === undefined) throw unknownColumn(column, name, Object.keys(columns));
    return [column, typedValue(value, type)] as const;
  });
  return Object.fromEntries(entries);
}

function typedValue(value: RowValue, type: string): RowValue {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) {
    const text = value.toISOString();
    if (type === "date") return text.slice(0, 10);
    return /^time\b/.test(type) ? text.slice(11, -1) : value;
  }
  if ("sql" in value) return value;
  if (type === "simple-array" && Array.isArray(value)) return value.join(",");
  return ["json", "jsonb", "simple-json"].includes(type) ? JSON.stringify(value) : value;
}

function unknownColumn(column: string, table: TableName, known: readonly string[]): LimbeckError {
  return new LimbeckError(
    "INVALID_OPERATION",
    `op.table said no column "${column}" for "${displayName(parseName(table))}"`,
    { hint: `it said ${known.join(", ")}` },
  );
}

/** One value of a row or parameter. */
export function rowValue(value: DefaultValue): RowValue {
  if (typeof value === "function") return { sql: (value as () => string)() };
  // JSON that looks like the model's own SQL must not be run as SQL; every database takes JSON as text too.
  if (typeof value === "object" && value !== null && "sql" in value) return JSON.stringify(value);
  return value as RowValue;
}
