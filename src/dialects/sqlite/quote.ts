/** How SQLite writes names and values (https://www.sqlite.org/lang_keywords.html, lang_expr.html#literal_values_constants_). */
import type { QualifiedName } from "../../model/schema";
import type { RowValue } from "../../operations/operation";
import type { Writer } from "../ansi/sql";

/** A name in double quotes; quotes inside are doubled. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name with the attached database that it lives in, where it is not the main one. */
export function quoteName(name: QualifiedName): string {
  return name.schema === undefined ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`;
}

/** A value as a literal. Booleans are 1 and 0, bytes are X'..', dates are the text that TypeORM stores. */
export function literal(value: RowValue): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "string") return stringLiteral(value);
  if (value instanceof Uint8Array) return `X'${hex(value)}'`;
  if (value instanceof Date) return stringLiteral(value.toISOString().replace("T", " ").replace("Z", ""));
  if ("sql" in value && typeof value.sql === "string") return value.sql;
  return stringLiteral(JSON.stringify(value));
}

// A zero byte would end the text of a statement, and 9e999 is how SQLite writes infinity.
function stringLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\0") ? `CAST(X'${hex(new TextEncoder().encode(text))}' AS TEXT)` : quoted;
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return "NULL";
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  return String(value);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What `quote` makes of a value is its literal, whatever it is (https://www.sqlite.org/lang_corefunc.html#quote). */
export function literalOf(column: string): string {
  return `quote(${quote(column)})`;
}

export const writer: Writer = { quote, quoteName, literal };
