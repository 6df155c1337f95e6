/**
 * The texts of views as TypeORM remembers them. Servers keep a spelling of their own, and TypeORM compares texts: a view
 * that comes back in the server's words is one that TypeORM would make again.
 */
import { keyOf } from "../../model/names";
import type { Schema, Table, View } from "../../model/schema";
import type { Queryable } from "../dialect";
import { sameView } from "./judge-view";
import { quoteName } from "./quote";

/** The columns of TypeORM's table, whose name is for the user to choose. */
const COLUMNS = ["type", "database", "schema", "table", "name", "value"];

/** The views in TypeORM's words, wherever the server understands both texts as the same query. */
export async function remembered(
  db: Queryable,
  { tables, views }: Pick<Schema, "tables" | "views">,
  database: string | undefined,
): Promise<readonly View[]> {
  const table = views.length === 0 ? undefined : tables.find(isMetadataTable);
  if (!table) return views;
  const rows = await db.query<{ db: string | null; name: string; sql: string | null }>(
    `SELECT \`schema\` AS db, \`name\` AS name, \`value\` AS \`sql\` FROM ${quoteName(table)} WHERE \`type\` = 'VIEW'`,
  );
  const texts = new Map(
    rows.map(({ db: schema, name, sql }) => [
      keyOf(schema === null || schema === database ? { name } : { schema, name }),
      sql,
    ]),
  );
  const result: View[] = [];
  for (const view of views) {
    const sql = texts.get(keyOf(view));
    result.push(sql && (await sameView(db, sql, view.sql)) ? { ...view, sql } : view);
  }
  return result;
}

function isMetadataTable({ schema, columns }: Table): boolean {
  return (
    schema === undefined &&
    columns.length === COLUMNS.length &&
    columns.every(({ name }, place) => name === COLUMNS[place])
  );
}
