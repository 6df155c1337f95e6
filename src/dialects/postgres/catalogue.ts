/**
 * Many kinds of catalogue rows in one statement. One statement sees one snapshot whatever transaction is open around
 * it, and costs one round trip. The server writes the rows of each kind as one JSON text, because parsing that costs a
 * fraction of what a driver does for each cell of as many rows.
 */
import type { Queryable } from "../dialect";

/** One kind of rows: SQL for each column by its name, and where they come from. */
export interface Part<Column extends string> {
  readonly columns: Readonly<Record<Column, string>>;
  /** What stands after FROM. */
  readonly from: string;
  /** What the rows are sorted by, in SQL; in no order where it is not said. */
  readonly order?: string;
}

/** A row of a part: everything is text, as the server prints it. */
export type RowOf<P> = P extends Part<infer Column> ? Readonly<Record<Column, string | null>> : never;

type RowsOf<Parts> = { readonly [Kind in keyof Parts]: readonly RowOf<Parts[Kind]>[] };

/** The rows of all parts, read by one statement. */
export async function readParts<const Parts extends Readonly<Record<string, Part<string>>>>(
  db: Queryable,
  parts: Parts,
): Promise<RowsOf<Parts>> {
  const texts = await textsOf(db, parts);
  return Object.fromEntries(
    Object.entries(parts).map(([kind, { columns }]) => {
      const cells = JSON.parse(texts.get(kind) ?? "[]") as readonly Cells[];
      // A text may be of many megabytes, and is needed no more.
      texts.delete(kind);
      return [kind, cells.map(rowView(Object.keys(columns)))];
    }),
  ) as unknown as RowsOf<Parts>;
}

async function textsOf(
  db: Queryable,
  parts: Readonly<Record<string, Part<string>>>,
): Promise<Map<string, string | null>> {
  const answers = await db.query<Answer>(Object.entries(parts).map(selectOf).join("\nUNION ALL\n"));
  return new Map(answers.map(({ kind, rows }) => [kind, rows]));
}

/** The rows of one kind, as a JSON list of lists; null where there are none. */
interface Answer {
  readonly kind: string;
  readonly rows: string | null;
}

type Cells = readonly (string | null)[];

/** Cells under the names of their part: they are looked through and not copied, because there are very many of them. */
function rowView(names: readonly string[]): (cells: Cells) => object {
  class View {
    constructor(readonly cells: Cells) {}
  }
  names.forEach((name, place) => {
    Object.defineProperty(View.prototype, name, {
      get(this: View) {
        return this.cells[place];
      },
    });
  });
  return (cells) => new View(cells);
}

function selectOf([kind, { columns, from, order }]: readonly [string, Part<string>]): string {
  const sorted = order === undefined ? "" : ` ORDER BY ${order}`;
  const cells = Object.values(columns).map((expression) => `(${expression})::text`);
  return `SELECT '${kind}'::text AS kind, json_agg(json_build_array(${cells.join(", ")})${sorted})::text AS rows FROM ${from}`;
}
