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
  const rows = new Map(
    entries.map(([kind, { columns }]) => [kind, { view: rowView(Object.keys(columns)), read: [] as Row[] }]),
  );
  for (const row of await db.query<Row>(sql)) {
    const part = rows.get(row.kind ?? "");
    part?.read.push(part.view(row));
  }
  return Object.fromEntries([...rows].map(([kind, { read }]) => [kind, read])) as unknown as RowsOf<Parts>;
}

type Row = Readonly<Record<string, string | null>>;

/** A row under the names of its part: it is looked through and not copied, because there are very many of them. */
function rowView(names: readonly string[]): (row: Row) => Row {
  class View {
    constructor(readonly row: Row) {}
  }
  names.forEach((name, place) => {
    const cell = cellName(place);
    Object.defineProperty(View.prototype, name, {
      get(this: View) {
        return this.row[cell];
      },
    });
  });
  return (row) => new View(row) as unknown as Row;
}

function cellName(place: number): string {
  return `c${place}`;
}

function selectOf(kind: string, { columns, from }: Part<string>, width: number): string {
  const expressions = Object.values(columns);
  const cells = Array.from({ length: width }, (_, place) => {
    const expression = expressions[place];
    return `${expression === undefined ? "NULL" : `(${expression})`}::text AS ${cellName(place)}`;
  });
  return `SELECT '${kind}'::text AS kind, ${cells.join(", ")} FROM ${from}`;
}
