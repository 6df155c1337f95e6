/**
 * How SQL Server writes names and values (Transact-SQL reference: Database identifiers,
 * https://learn.microsoft.com/sql/relational-databases/databases/database-identifiers; Constants,
 * https://learn.microsoft.com/sql/t-sql/data-types/constants-transact-sql).
 */
import { LimbeckError } from "../../errors";
import type { ColumnType, QualifiedName } from "../../model/schema";
import type { RowValue } from "../../operations/operation";
import type { Writer } from "../ansi/sql";

/** Characters in one text literal, beyond which it is of the type nvarchar(max). */
const LITERAL_LIMIT = 4000;

/** A name in brackets, which need no setting of the session, unlike double quotes; a closing bracket is doubled. */
export function quote(name: string): string {
  return `[${name.replaceAll("]", "]]")}]`;
}

/** A name with its schema, where it is not the connection's own. */
export function quoteName(name: QualifiedName): string {
  return name.schema === undefined ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`;
}

/**
 * A value as a literal. Booleans are 1 and 0, bytes are 0x.., dates are ISO 8601 in UTC, which no language setting reads
 * in another way.
 *
 * Throws INVALID_OPERATION for a number that is none: `float` holds neither NaN nor infinity.
 */
export function literal(value: RowValue): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "string") return textLiteral(value);
  if (value instanceof Uint8Array) return `0x${hex(value)}`;
  if (value instanceof Date) return textLiteral(value.toISOString().replace("Z", ""));
  if ("sql" in value && typeof value.sql === "string") return value.sql;
  return textLiteral(JSON.stringify(value));
}

/**
 * The value of a default. Text of ASCII stands without the N of Unicode, because TypeORM writes it so and compares with
 * what the catalogue holds; any other text needs it, or the code page of the database would spoil it.
 */
export function defaultLiteral(value: RowValue): string {
  return typeof value === "string" && isAscii(value) ? `'${doubled(value)}'` : literal(value);
}

/** A text as a literal that always is one: for the arguments of procedures, where no expression may stand. */
export function argument(text: string): string {
  return `N'${doubled(text)}'`;
}

/** Whether the one-byte types of every code page hold a text. */
export function isAscii(text: string): boolean {
  return /^[\x20-\x7e\t\r\n]*$/.test(text);
}

/**
 * Three things inside quotes would not stay what they are: a backslash that ends a line joins it with the next
 * (https://learn.microsoft.com/sql/t-sql/language-elements/sql-server-utilities-statements-backslash), `$(` begins a
 * variable of sqlcmd, and a line that is GO ends the batch in every client. There the literal is cut in two.
 */
function textLiteral(text: string): string {
  const parts = text.split(
    /(?<=\\)(?=\r?\n)|(?<=\$)(?=\()|(?<=\n[ \t]*)(?=GO[ \t]*(?:\d+[ \t]*)?(?:\r?\n|$))/i,
  );
  if (parts.length === 1) return argument(text);
  const [first = "", ...rest] = parts.map(argument);
  const start = text.length > LITERAL_LIMIT ? `CAST(${first} AS nvarchar(max))` : first;
  return `(${[start, ...rest].join(" + ")})`;
}

function doubled(text: string): string {
  return text.replaceAll("'", "''");
}

function numberLiteral(value: number): string {
  if (Number.isFinite(value)) return String(value);
  throw new LimbeckError("INVALID_OPERATION", `SQL Server has no number ${value}`, {
    hint: "write null, or a number",
  });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Numbers and bytes as they are, dates in the style that no language setting reads in another way, all else as text. */
export function literalOf(column: string, type: ColumnType): string {
  const name = quote(column);
  if (/int|decimal|numeric|float|real|money|bit/i.test(type.name)) return `CONVERT(varchar(100), ${name})`;
  if (/binary|rowversion|timestamp/i.test(type.name)) return `CONVERT(varchar(max), ${name}, 1)`;
  const style = /date|time/i.test(type.name) ? ", 126" : "";
  return `CONCAT('N''', REPLACE(CONVERT(nvarchar(max), ${name}${style}), '''', ''''''), '''')`;
}

export const writer: Writer = { quote, quoteName, literal };
