/**
 * Many kinds of catalogue rows in one statement. One statement sees one snapshot whatever transaction is open around
 * it, and costs one round trip; plain rows of text are what server and driver hand over fastest.
 */
import type { Queryable } from "../dialect";

/** One kind of rows: SQL for each column by its name, and where they come from. */
export interface Part<Column extends string> {
  readonly columns: Readonly<Record<Column, string>>;
  /** What stands after FROM. */
  readonly from: string;
}

/** A row of a part: everything is text, as the server prints it. */
export type RowOf<P> = P extends Part<infer Column> ? Readonly<Record<Column, string | null>> : never;

type RowsOf<Parts> = { readonly [Kind in keyof Parts]: readonly RowOf<Parts[Kind]>[] };

/** The rows of all parts, read by one statement. */
export async function readParts<const Parts extends Readonly<Record<string, Part<string>>>>(
  db: Queryable,
  parts: Parts,
): Promise<RowsOf<Parts>> {
  const entries = Object.entries(parts);
  const width = Math.max(...entries.map(([, { columns }]) => Object.keys(columns).length));
  const sql = entries.map(([kind, part]) => selectOf(kind, part, width)).join("\nUNION ALL\n");
  const columns = new Map(entries.map(([kind, part]) => [kind, Object.keys(part.columns)]));
  const rows = new Map<string, Record<string, string | null>[]>(entries.map(([kind]) => [kind, []]));
  for (const row of await db.query<Readonly<Record<string, string | null>>>(sql)) {
    const kind = row.kind ?? "";
    const read: Record<string, string | null> = {};
    columns.get(kind)?.forEach((name, place) => {
      read[name] = row[`c${place}`] ?? null;
    });
    rows.get(kind)?.push(read);
  }
  return Object.fromEntries(rows) as unknown as RowsOf<Parts>;
}

function selectOf(kind: string, { columns, from }: Part<string>, width: number): string {
  const expressions = Object.values(columns);
  const cells = Array.from({ length: width }, (_, place) => {
    const expression = expressions[place];
    return `${expression === undefined ? "NULL" : `(${expression})`}::text AS c${place}`;
  });
  return `SELECT '${kind}'::text AS kind, ${cells.join(", ")} FROM ${from}`;
}
