/**
 * The texts of views and computed columns as TypeORM remembers them. Servers keep a spelling of their own, and TypeORM
 * compares texts: what comes back in the server's words is something that TypeORM would make again.
 */
import { keyOf } from "../../model/names";
import type { Column, QualifiedName, Table, View } from "../../model/schema";

/** One of TypeORM's rows; the schema is absent where it is the one that the connection looks into. */
export interface RememberedRow {
  readonly schema: string | null;
  /** The table of a computed column; none for a view. */
  readonly owner: string | null;
  readonly name: string;
  readonly sql: string | null;
}

/** The columns of TypeORM's table, whose name is for the user to choose. */
export const METADATA_COLUMNS = ["type", "database", "schema", "table", "name", "value"];

/** What TypeORM remembers, to be found by what it belongs to. */
export class Texts {
  readonly #texts: ReadonlyMap<string, string>;

  constructor(rows: readonly RememberedRow[]) {
    this.#texts = new Map(
      rows.flatMap(({ schema, owner, name, sql }) => {
        const place = schema === null ? {} : { schema };
        const key = owner === null ? keyOf({ ...place, name }) : columnKey({ ...place, name: owner }, name);
        return sql === null || sql === "" ? [] : [[key, sql] as const];
      }),
    );
  }

  ofView(view: View): string | undefined {
    return this.#texts.get(keyOf(view));
  }

  /** The table with the remembered text of each computed column that it accepts. */
  in(table: Table, accepts: (column: Column, text: string, known: string) => boolean): Table {
    if (!table.columns.some(isComputed)) return table;
    const columns = table.columns.map((column): Column => {
      const { generated } = column;
      const sql = this.#texts.get(columnKey(table, column.name));
      return sql !== undefined && generated?.kind === "computed" && accepts(column, sql, generated.sql)
        ? { ...column, generated: { ...generated, sql } }
        : column;
    });
    return { ...table, columns };
  }
}

/** Whether the database makes the values of a column from others. */
export function isComputed({ generated }: Column): boolean {
  return generated?.kind === "computed";
}

function columnKey(table: QualifiedName, column: string): string {
  return `${keyOf(table)} ${column}`;
}
