/** Rows as INSERT statements: columns as arrays, which the server reads twice as fast as literals, or literals. */
import type { QualifiedName } from "../../model/schema";
import type { BulkInsert, RowValue } from "../../operations/operation";
import { alikeRows, columnKinds, insertAlike, insertInto } from "../ansi/insert";
import type { AlikeRows, ColumnKind } from "../ansi/insert";
import { chunks } from "../ansi/sql";
import type { CompileContext, Queryable, Statement } from "../dialect";
import { arrayText } from "./array-literal";
import { writer } from "./literal";
import { quoteName } from "./quote";

/** Rows in one INSERT of literals: more bring nothing, and the text stays readable. */
const LIMITS = { rows: 1000, characters: 4_000_000 };
/** Rows in one INSERT of arrays. */
const ARRAY_ROWS = 5000;

/** The inserts of some rows; where the types of their columns are known (`columnTypes`), values go to the driver as arrays. */
export function bulkInsert(
  operation: BulkInsert,
  columnTypes: CompileContext["columnTypes"] = {},
): readonly (string | Statement)[] {
  return alikeRows(operation.rows).flatMap((alike): readonly (string | Statement)[] => {
    const { columns } = alike;
    const types = columns.map((column) => columnTypes[column]);
    const kinds = types.every((type) => type !== undefined) ? columnKinds(alike) : undefined;
    return kinds === undefined || columns.length === 0
      ? insertAlike(writer, operation, alike, LIMITS)
      : insertArrays(operation, alike, kinds, types as readonly string[]);
  });
}

/**
 * Texts become what they mean by a cast to the column's own type, without its length, so that what is too long is an
 * error as ever; numbers and booleans are assigned as literals of them are.
 */
function insertArrays(
  operation: BulkInsert,
  { columns, rows }: AlikeRows,
  kinds: readonly ColumnKind[],
  types: readonly string[],
): readonly Statement[] {
  const names = columns.map((_, index) => `c${index}`);
  const arrays = kinds.map((kind, index) => `$${index + 1}::${kind === "number" ? "numeric" : kind}[]`);
  const values = names.map((name, index) => (kinds[index] === "text" ? `${name}::${types[index]}` : name));
  const sql =
    `${insertInto(writer, operation, columns)} SELECT ${values.join(", ")}` +
    ` FROM unnest(${arrays.join(", ")}) AS given(${names.join(", ")})`;
  return chunks(rows, ARRAY_ROWS).map((chunk) => ({
    sql,
    parameters: columns.map((column) => chunk.map((row) => textOf(row[column] ?? null))),
  }));
}

/** What stands between the quotes of a literal. */
function textOf(value: RowValue): string | null {
  if (value === null) return null;
  if (typeof value !== "object") return String(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? arrayText(value) : JSON.stringify(value);
}

/** The types of a table's columns, as a cast takes them; none where there is no such table. */
export async function columnTypes(
  db: Queryable,
  table: QualifiedName,
): Promise<Readonly<Record<string, string>>> {
  // With -1, format_type says `bpchar`, where `character` would mean one character.
  const rows = await db.query<{ readonly name: string; readonly type: string }>(
    `SELECT attname AS name, pg_catalog.format_type(atttypid, -1) AS type FROM pg_catalog.pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [quoteName(table)],
  );
  return Object.fromEntries(rows.map(({ name, type }) => [name, type]));
}
