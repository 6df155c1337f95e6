/** The texts of views and computed columns as TypeORM remembers them. */
import type { QualifiedName, Schema, Table, View } from "../../model/schema";
import { isComputed, METADATA_COLUMNS, Texts } from "../ansi/remembered";
import type { RememberedRow } from "../ansi/remembered";
import type { Queryable } from "../dialect";
import { sameView } from "./judge-view";
import { quoteName } from "./quote";
import { sameTokens } from "./tokens";

/**
 * The same in TypeORM's words, wherever the server understands both texts of a view as the same query, and wherever the
 * two texts of a computed column have the same tokens.
 */
export async function remembered(
  db: Queryable,
  { tables, views }: Pick<Schema, "tables" | "views">,
  database: string | undefined,
): Promise<Pick<Schema, "tables" | "views">> {
  const table = tables.find(isMetadataTable);
  if (!table || (views.length === 0 && !tables.some(({ columns }) => columns.some(isComputed)))) {
    return { tables, views };
  }
  const texts = await textsIn(db, table, database);
  const result: View[] = [];
  for (const view of views) {
    const sql = texts.ofView(view);
    result.push(sql && (await sameView(db, sql, view.sql)) ? { ...view, sql } : view);
  }
  return {
    tables: tables.map((one) => texts.in(one, (_column, text, known) => sameTokens(text, known))),
    views: result,
  };
}

async function textsIn(db: Queryable, table: QualifiedName, database: string | undefined): Promise<Texts> {
  const rows = await db.query<RememberedRow>(
    `SELECT \`schema\`, \`table\` AS owner, \`name\`, \`value\` AS \`sql\` FROM ${quoteName(table)}
     WHERE \`type\` IN ('VIEW', 'GENERATED_COLUMN')`,
  );
  return new Texts(rows.map((row) => ({ ...row, schema: row.schema === database ? null : row.schema })));
}

function isMetadataTable({ schema, columns }: Table): boolean {
  return (
    schema === undefined &&
    columns.length === METADATA_COLUMNS.length &&
    columns.every(({ name }, place) => name === METADATA_COLUMNS[place])
  );
}
