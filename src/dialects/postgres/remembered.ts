/** The texts of views and computed columns as TypeORM remembers them, for what a generated revision changes or drops. */
import { equal } from "../../model/equal";
import { keyOf } from "../../model/names";
import type { Column, QualifiedName, Schema, Table, View } from "../../model/schema";
import { findColumn, findTable } from "../../model/schema";
import { isComputed, METADATA_COLUMNS, Texts } from "../ansi/remembered";
import type { RememberedRow } from "../ansi/remembered";
import type { Queryable } from "../dialect";
import { judgeTexts } from "./judge";
import type { Same } from "./judge-questions";
import { judgeViews } from "./judge-views";
import { quoteName } from "./quote";
import { sameTokens } from "./tokens";

/**
 * The live schema with TypeORM's own words for each view and computed column that the target has otherwise or not at all,
 * wherever the server says that both texts mean the same: so that a downgrade brings back what TypeORM knows. All are
 * judged in one go; where nothing of the kind changes, nothing is asked.
 */
export async function remembered(
  db: Queryable,
  live: Schema,
  target: Schema,
  table: QualifiedName,
): Promise<Schema> {
  const wantedViews = new Map(target.views.map((view) => [keyOf(view), view]));
  const views = live.views.filter((view) => !isSameView(view, wantedViews.get(keyOf(view))));
  const computing = live.tables.filter(({ columns }) => columns.some(isComputed));
  const tables = computing.filter((each) => changesComputed(each, findTable(target, each)));
  if (views.length + tables.length === 0) return live;
  const texts = await textsIn(db, table);
  if (!texts) return live;
  const known = views.flatMap((view): readonly View[] => {
    const sql = texts.ofView(view);
    return sql === undefined ? [] : [{ ...view, sql }];
  });
  const isSame = await judgeViews(db, { ...live, views: known }, live, () => undefined);
  const inWords = new Map(known.map((view) => [keyOf(view), view]));
  const respellView = (view: View): View => {
    const other = inWords.get(keyOf(view));
    return other && (sameTokens(other.sql, view.sql) || isSame(other)) ? other : view;
  };
  const respell = (same: Same) => (each: Table) =>
    tables.includes(each)
      ? texts.in(each, (column, text, now) => same({ kind: "computed", table: each, column }, text, now))
      : each;
  const same = await judgeTexts(
    db,
    (ask) => void live.tables.map(respell(ask)),
    () => undefined,
  );
  return {
    ...live,
    tables: live.tables.map(respell(same)),
    views: live.views.map(respellView),
  };
}

function isSameView(view: View, other: View | undefined): boolean {
  return view.sql === other?.sql && view.materialized === other.materialized;
}

function changesComputed({ columns }: Table, target: Table | undefined): boolean {
  const isChanged = ({ name, generated }: Column): boolean =>
    !equal(generated, target && findColumn(target, name)?.generated);
  return columns.some((column) => isComputed(column) && isChanged(column));
}

/** What TypeORM's table holds; nothing where it is absent, or another than TypeORM's, or not for this role to read. */
async function textsIn(db: Queryable, table: QualifiedName): Promise<Texts | undefined> {
  const [found] = await db.query<{ readonly columns: number }>(
    `SELECT count(*)::int AS columns FROM pg_catalog.pg_attribute
     WHERE attrelid = to_regclass($1) AND attname = ANY ($2) AND has_table_privilege(attrelid, 'SELECT')`,
    [quoteName(table), METADATA_COLUMNS],
  );
  if (found?.columns !== METADATA_COLUMNS.length) return undefined;
  return new Texts(
    await db.query<RememberedRow>(
      `SELECT nullif("schema", current_schema()) AS schema, "table" AS owner, "name", "value" AS sql
       FROM ${quoteName(table)}
       WHERE "type" IN ('VIEW', 'MATERIALIZED_VIEW', 'GENERATED_COLUMN')
         AND coalesce("database", current_database()) = current_database()`,
    ),
  );
}
