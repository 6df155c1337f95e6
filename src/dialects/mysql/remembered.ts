/**
 * The texts of views and computed columns as TypeORM remembers them. Servers keep a spelling of their own, and TypeORM
 * compares texts: what comes back in the server's words is something that TypeORM would make again.
 */
import { keyOf } from "../../model/names";
import type { Column, QualifiedName, Schema, Table, View } from "../../model/schema";
import type { Queryable } from "../dialect";
import { sameViews } from "./judge-view";
import { quoteName } from "./quote";
import { sameTokens } from "./tokens";

/** The columns of TypeORM's table, whose name is for the user to choose. */
const COLUMNS = ["type", "database", "schema", "table", "name", "value"];

type Texts = ReadonlyMap<string, string>;

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
  return { tables: tables.map((one) => withTexts(one, texts)), views: await withViewTexts(db, views, texts) };
}

async function textsIn(db: Queryable, table: QualifiedName, database: string | undefined): Promise<Texts> {
  const rows = await db.query<{ db: string | null; tbl: string | null; name: string; sql: string | null }>(
    `SELECT \`schema\` AS db, \`table\` AS tbl, \`name\` AS name, \`value\` AS \`sql\` FROM ${quoteName(table)}
     WHERE \`type\` IN ('VIEW', 'GENERATED_COLUMN')`,
  );
  return new Map(
    rows.map(({ db: schema, tbl, name, sql }) => {
      const owner = schema === null || schema === database ? {} : { schema };
      const key = tbl === null ? keyOf({ ...owner, name }) : columnKey({ ...owner, name: tbl }, name);
      return [key, sql ?? ""];
    }),
  );
}

async function withViewTexts(db: Queryable, views: readonly View[], texts: Texts): Promise<readonly View[]> {
  const known = views.filter((view) => texts.get(keyOf(view)));
  const pairs = known.map((view) => [texts.get(keyOf(view)) ?? "", view.sql] as const);
  const same = await sameViews(db, pairs);
  const respelt = new Map(known.map((view, place) => [view, same[place] ? pairs[place]?.[0] : undefined]));
  return views.map((view) => ({ ...view, sql: respelt.get(view) ?? view.sql }));
}

function withTexts(table: Table, texts: Texts): Table {
  if (!table.columns.some(isComputed)) return table;
  const columns = table.columns.map((column): Column => {
    const { generated } = column;
    const sql = texts.get(columnKey(table, column.name));
    return sql && generated?.kind === "computed" && sameTokens(sql, generated.sql)
      ? { ...column, generated: { ...generated, sql } }
      : column;
  });
  return { ...table, columns };
}

function isComputed({ generated }: Column): boolean {
  return generated?.kind === "computed";
}

function columnKey(table: QualifiedName, column: string): string {
  return `${keyOf(table)} ${column}`;
}

function isMetadataTable({ schema, columns }: Table): boolean {
  return (
    schema === undefined &&
    columns.length === COLUMNS.length &&
    columns.every(({ name }, place) => name === COLUMNS[place])
  );
}
