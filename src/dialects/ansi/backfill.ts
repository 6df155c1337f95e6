/** Rows that get new values, all at once or batch by batch along a key. */
import type { ColumnType } from "../../model/schema";
import type { Backfill } from "../../operations/operation";
import type { Dialect } from "../dialect";
import type { Writer } from "./sql";

/** A place among rows: the literals of the key's columns. */
export type Place = readonly string[];

/** The columns of the key with their types. */
export type Key = readonly { readonly name: string; readonly type: ColumnType }[];

/** One UPDATE of the rows that are meant, with more conditions where these are given. */
export function updateText(
  writer: Writer,
  { table, set, where }: Backfill,
  more: readonly string[] = [],
): string {
  const assignments = Object.entries(set).map(
    ([column, value]) => `${writer.quote(column)} = ${writer.literal(value)}`,
  );
  const conditions = [...more, ...(where === undefined ? [] : [more.length === 0 ? where : `(${where})`])];
  const rest = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `UPDATE ${writer.quoteName(table)} SET ${assignments.join(", ")}${rest}`;
}

/** The rows behind a place; all of them where there is none. */
export function behind(writer: Writer, key: Key, place: Place | undefined): readonly string[] {
  return place === undefined ? [] : [beyond(writer, key, place, ">", ">")];
}

/** The rows up to a place, that one included. */
export function upTo(writer: Writer, key: Key, place: Place): string {
  return beyond(writer, key, place, "<", "<=");
}

/** Written out, because not every database compares rows, or uses an index for it. */
function beyond(writer: Writer, key: Key, place: Place, inner: string, last: string): string {
  const [first, ...others] = key;
  const [value = "NULL", ...rest] = place;
  const column = writer.quote(first?.name ?? "");
  if (others.length === 0) return `${column} ${last} ${value}`;
  return (
    `${column} ${inner}= ${value} AND ` +
    `(${column} ${inner} ${value} OR ${beyond(writer, others, rest, inner, last)})`
  );
}

/** Reads the place of the last row of the next batch, as `k0`, `k1`; nothing where fewer rows than that are left. */
export function endOfBatch(
  dialect: Dialect,
  operation: Backfill,
  key: Key,
  place: Place | undefined,
  size: number,
): string {
  const values = key.map(({ name, type }, index) => `${dialect.literalOf(name, type)} AS k${index}`);
  const order = key.map(({ name }) => dialect.quote(name)).join(", ");
  const page =
    dialect.name === "mssql"
      ? `OFFSET ${size - 1} ROWS FETCH NEXT 1 ROWS ONLY`
      : `LIMIT 1 OFFSET ${size - 1}`;
  return `SELECT ${values.join(", ")} ${rowsBehind(dialect, operation, key, place)} ORDER BY ${order} ${page}`;
}

/** Counts the rows behind a place, as `n`. */
export function countBehind(
  dialect: Dialect,
  operation: Backfill,
  key: Key,
  place: Place | undefined,
): string {
  return `SELECT COUNT(*) AS n ${rowsBehind(dialect, operation, key, place)}`;
}

function rowsBehind(
  dialect: Dialect,
  { table, where }: Backfill,
  key: Key,
  place: Place | undefined,
): string {
  const conditions = [...behind(dialect, key, place), ...(where === undefined ? [] : [`(${where})`])];
  const rest = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `FROM ${dialect.quoteName(table)}${rest}`;
}
