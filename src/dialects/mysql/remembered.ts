/** The texts of views and computed columns as TypeORM remembers them. */
import type { QualifiedName, Schema, Table, View } from "../../model/schema";
import { isComputed, METADATA_COLUMNS, Texts } from "../ansi/remembered";
import type { RememberedRow } from "../ansi/remembered";
import type { Queryable } from "../dialect";
import { sameViews } from "./judge-view";
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
  return {
    tables: tables.map((one) => texts.in(one, (_column, text, known) => sameTokens(text, known))),
    views: await withViewTexts(db, views, texts),
  };
}

async function textsIn(db: Queryable, table: QualifiedName, database: string | undefined): Promise<Texts> {
  const rows = await db.query<RememberedRow>(
    `SELECT \`schema\`, \`table\` AS owner, \`name\`, \`value\` AS \`sql\` FROM ${quoteName(table)}
     WHERE \`type\` IN ('VIEW', 'GENERATED_COLUMN')`,
  );
  return new Texts(rows.map((row) => ({ ...row, schema: row.schema === database ? null : row.schema })));
}

async function withViewTexts(db: Queryable, views: readonly View[], texts: Texts): Promise<readonly View[]> {
  const known = views.flatMap((view) => {
    const text = texts.ofView(view);
    return text === undefined ? [] : [{ view, text }];
  });
  const same = await sameViews(
    db,
    known.map(({ view, text }) => [text, view.sql] as const),
  );
  const respelt = new Map(known.map(({ view, text }, place) => [view, same[place] ? text : undefined]));
  return views.map((view) => ({ ...view, sql: respelt.get(view) ?? view.sql }));
}

function isMetadataTable({ schema, columns }: Table): boolean {
  return (
    schema === undefined &&
    columns.length === METADATA_COLUMNS.length &&
    columns.every(({ name }, place) => name === METADATA_COLUMNS[place])
  );
}
