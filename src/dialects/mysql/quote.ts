/** How MySQL and MariaDB write names and values (MySQL 8.4 manual, sections 11.2 and 11.1). */
import type { ColumnType, QualifiedName } from "../../model/schema";
import type { RowValue } from "../../operations/operation";
import type { Writer } from "../ansi/sql";

/** A name in backticks, which serve under every SQL mode; backticks inside are doubled. */
export function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A name with the database that it lives in, where it is not the connection's own. */
export function quoteName(name: QualifiedName): string {
  return name.schema === undefined ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`;
}

/** A value as a literal. Booleans are 1 and 0, bytes are X'..', dates are text in UTC. */
export function literal(value: RowValue): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "NULL";
  if (typeof value === "string") return stringLiteral(value);
  if (value instanceof Uint8Array) return `X'${hex(value)}'`;
  if (value instanceof Date) return stringLiteral(dateText(value));
  if ("sql" in value && typeof value.sql === "string") return value.sql;
  return stringLiteral(JSON.stringify(value));
}

/** A value as the driver takes it, meaning the same as its literal. */
export function parameter(value: RowValue): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (value instanceof Date) return dateText(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

const ESCAPES: Readonly<Record<string, string>> = { "\0": "\\0", "\x1a": "\\Z", "\\": "\\\\", "'": "''" };

/** Text between quotes, for servers that read backslashes as escapes, which is what they do unless told otherwise. */
function stringLiteral(text: string): string {
  return `'${text.replaceAll(/[\0\x1a\\']/g, (found) => ESCAPES[found] ?? found)}'`;
}

function dateText(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "");
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Numbers stand as they are: compared with texts they would be rounded (MySQL 8.4 manual, section 14.3). */
export function literalOf(column: string, type: ColumnType): string {
  const name = quote(column);
  if (/int|decimal|numeric|double|float|real|year/i.test(type.name)) return `CAST(${name} AS CHAR)`;
  return /binary|blob|bit/i.test(type.name) ? `CONCAT('0x', HEX(${name}))` : `QUOTE(CAST(${name} AS CHAR))`;
}

export const writer: Writer = { quote, quoteName, literal };
