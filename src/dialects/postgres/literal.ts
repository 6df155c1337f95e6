/** Values as PostgreSQL writes them (manual, section 4.1.2), and as its driver takes them. */
import type { Default, ColumnType } from "../../model/schema";
import type { RowValue } from "../../operations/operation";
import type { Writer } from "../ansi/sql";
import { arrayText } from "./array-literal";
import { quote, quoteName, stringLiteral } from "./quote";

/**
 * A value as a literal without a type of its own, so that it takes that of its column. A list is an array (`{a,b}`); an
 * object is JSON; a list that is JSON must be handed over as text.
 */
export function literal(value: RowValue): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`;
  if (value instanceof Date) return stringLiteral(value.toISOString());
  if (isSql(value)) return value.sql;
  return stringLiteral(isList(value) ? arrayText(value) : JSON.stringify(value));
}

/**
 * A default as SQL: a list is an array where the column is one, and JSON elsewhere. Fractions stand between quotes,
 * because TypeORM compares them with quotes around (`PostgresDriver.normalizeDefault`).
 */
export function defaultText(value: Default, type: ColumnType): string {
  if ("sql" in value) return value.sql;
  if (typeof value.value === "number" && !Number.isInteger(value.value))
    return stringLiteral(String(value.value));
  if (Array.isArray(value.value) && !type.array) return stringLiteral(JSON.stringify(value.value));
  return literal(value.value);
}

/** pg binds lists as arrays and objects as JSON; it knows no bytes but its own. */
export function parameter(value: RowValue): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** A text without a type takes that of the column that it is compared with. */
export function literalOf(column: string): string {
  return `quote_literal(${quote(column)}::text)`;
}

export const writer: Writer = { quote, quoteName, literal };

function isSql(value: object): value is { readonly sql: string } {
  return "sql" in value && typeof value.sql === "string" && Object.keys(value).length === 1;
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}
