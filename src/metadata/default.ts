/** The default of a column. */
import type { DataSource } from "typeorm";
import type { Default } from "../model/schema";
import { familyOf } from "./typeorm";
import type { ColumnMetadata } from "./typeorm";

const QUOTED = /^'([\s\S]*)'$/;
const CURRENT_TIME =
  /^(CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|LOCALTIMESTAMP|LOCALTIME|NOW)(\(\d*\))?$/i;
/** Escapes in string literals of MySQL 8.4 (manual, section 11.1.1); any other character stands for itself. */
const MYSQL_ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
  "%": "\\%",
  _: "\\_",
};

/**
 * The default as a value or as SQL, meaning what TypeORM's `normalizeDefault` makes of it. TypeORM puts strings between
 * quotes as they are, so that what entities hold is escaped already: here `it''s` becomes `it's`.
 */
export function readDefault(column: ColumnMetadata, dataSource: DataSource): Default | undefined {
  const value: unknown = column.default;
  if (value === undefined || value === null) return undefined;
  const text = dataSource.driver.normalizeDefault(column);
  if (typeof value === "function") {
    return { sql: functionText(String((value as () => unknown)()).trim(), text?.trim()) };
  }
  if (typeof value === "string") return { value: unescape(value, dataSource) };
  if (typeof value === "boolean") return { value };
  if (typeof value === "number") return { value: column.enum && isQuoted(text) ? String(value) : value };
  if (typeof value === "object") return objectDefault(value, text, column, dataSource);
  return text === undefined ? undefined : { sql: text };
}

/**
 * Drivers write a bare CURRENT_TIMESTAMP in the words of their database, and TypeORM compares with these. Longer text
 * stays the author's: TypeORM 0.3 replaces such words in the midst of it, and quotes the function of an enum column.
 */
function functionText(written: string, normalized: string | undefined): string {
  return CURRENT_TIME.test(written) ? (normalized ?? written) : written;
}

/** Arrays, dates and JSON: as the driver writes them, and by their meaning where it writes `[object Object]` or the like. */
function objectDefault(
  value: object,
  text: string | undefined,
  column: ColumnMetadata,
  dataSource: DataSource,
): Default {
  const inner = text === undefined ? undefined : QUOTED.exec(text)?.[1];
  if (inner !== undefined && inner !== "[object Object]") return { value: unescape(inner, dataSource) };
  // SQLite's jsonb is a format of its own, made by a function.
  if (column.type === "jsonb" && text?.startsWith("jsonb(")) return { sql: text };
  if (value instanceof Date) return { value: value.toISOString().replace("T", " ").replace("Z", "") };
  const isList = Array.isArray(value) && !["json", "jsonb", "simple-json"].includes(String(column.type));
  return { value: isList ? value.join(",") : JSON.stringify(value) };
}

function isQuoted(text: string | undefined): boolean {
  return text !== undefined && QUOTED.test(text);
}

/** The text that a string literal of the database stands for. */
function unescape(inner: string, dataSource: DataSource): string {
  if (familyOf(dataSource) !== "mysql") return inner.replaceAll("''", "'");
  return inner.replaceAll(/''|\\([\s\S])/g, (found, escaped: string | undefined) =>
    escaped === undefined ? found.slice(1) : (MYSQL_ESCAPES[escaped] ?? escaped),
  );
}
