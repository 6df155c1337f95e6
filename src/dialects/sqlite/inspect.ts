/**
 * Reads the schema of an SQLite database: four queries for each database file, however many tables it has. Virtual
 * tables and their shadows are left out: nothing about them can be altered.
 */
import { compact } from "../../model/equal";
import { qualified, sameName } from "../../model/names";
import type { Constraint, QualifiedName, Schema, Table, View } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { groupBy, readTable } from "./inspect-table";
import type { ColumnRow, ForeignKeyRow, IndexRow, ObjectRow } from "./inspect-table";
import { parseView } from "./parse";
import { literal, quote } from "./quote";
import { foldCase, sameIdentifier } from "./tokens";

/**
 * SQLite's own tables are not the user's, and virtual ones are not asked for columns: their module may be missing. The
 * catalogue writes the first three words of a virtual table itself.
 */
const ORDINARY =
  "s.name NOT LIKE 'sqlite~_%' ESCAPE '~' AND coalesce(s.sql, '') NOT LIKE 'CREATE VIRTUAL TABLE %'";

interface Found {
  readonly tables: readonly Table[];
  readonly views: readonly View[];
}

/** Attached database files. */
export async function schemas(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ readonly name: string }>(
    "SELECT name " + "FROM pragma_database_list " + "WHERE name NOT IN ('main', 'temp') " + "ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

/** Reads the main database and the attached ones that the scope names. */
export async function inspect(db: Queryable, scope: Scope): Promise<Schema> {
  const parts = [];
  for (const schema of [undefined, ...scope.schemas]) {
    parts.push(resolved(await inspectDatabase(db, schema, ORDINARY)));
  }
  return {
    namespaces: [],
    extensions: [],
    enums: [],
    sequences: [],
    tables: parts.flatMap(({ tables }) => tables),
    views: parts.flatMap(({ views }) => views),
    objects: [],
  };
}

/**
 * Reads one table again, with its texts: what other statements rewrote of them (SQLite carries the new name of a column
 * into checks and triggers by itself) cannot be simulated. `known` tells the keys of the tables that it refers to.
 */
export async function inspectTable(
  db: Queryable,
  name: QualifiedName,
  known: readonly Table[],
): Promise<Table | undefined> {
  const only = `${ORDINARY} AND s.tbl_name = ${literal(name.name)} COLLATE NOCASE`;
  const { tables, texts } = await inspectDatabase(db, name.schema, only);
  const [table] = tables;
  if (!table) return undefined;
  const others = known.filter((other) => other.schema === name.schema && !sameName(other, name));
  const { [table.name]: sql = "", ...indexes } = texts;
  return { ...withReferences(table, namesOf([...others, table])), source: { sql, indexes } };
}

function resolved({ tables, views }: Found): Found {
  const byName = namesOf(tables);
  return { tables: tables.map((table) => withReferences(table, byName)), views };
}

function namesOf(tables: readonly Table[]): ReadonlyMap<string, Table> {
  return new Map(tables.map((table) => [foldCase(table.name), table]));
}

async function inspectDatabase(
  db: Queryable,
  schema: string | undefined,
  ordinary: string,
): Promise<Found & { readonly texts: Readonly<Record<string, string>> }> {
  const file = schema ?? "main";
  const catalogue = `${quote(file)}.sqlite_schema`;
  const of = literal(file);
  const objects = await db.query<ObjectRow>(
    `SELECT s.type, s.name, s.tbl_name, s.sql FROM ${catalogue} AS s
     LEFT JOIN pragma_table_list AS l ON l."schema" = ${of} AND l.name = s.name AND s.type = 'table'
     WHERE ${ordinary} AND coalesce(l.type, '') <> 'shadow' ORDER BY s.name`,
  );
  const columns = await db.query<ColumnRow>(
    `SELECT s.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk
     FROM ${catalogue} AS s JOIN pragma_table_xinfo(s.name, ${of}) AS c
     WHERE s.type = 'table' AND ${ordinary} ORDER BY s.name, c.cid`,
  );
  const keys = await db.query<ForeignKeyRow>(
    `SELECT s.name AS "table", k.id, k.seq, k."table" AS parent, k."from", k."to", k.on_update, k.on_delete
     FROM ${catalogue} AS s JOIN pragma_foreign_key_list(s.name, ${of}) AS k
     WHERE s.type = 'table' AND ${ordinary} ORDER BY s.name, k.id, k.seq`,
  );
  const indexes = await db.query<IndexRow>(
    `SELECT s.name AS "table", i.name, i."unique", i.origin, x.name AS "column", x."desc", x.coll
     FROM ${catalogue} AS s JOIN pragma_index_list(s.name, ${of}) AS i JOIN pragma_index_xinfo(i.name, ${of}) AS x
     WHERE s.type = 'table' AND ${ordinary} AND x."key" = 1 ORDER BY s.name, i.seq DESC, x.seqno`,
  );
  const found = assemble(schema, objects, {
    columns: groupBy(columns, ({ table }) => table),
    keys: groupBy(keys, ({ table }) => table),
    indexes: groupBy(indexes, ({ table }) => table),
    triggers: groupBy(
      objects.filter(({ type }) => type === "trigger"),
      (row) => foldCase(row.tbl_name),
    ),
  });
  const texts = objects.filter(({ type, sql }) => (type === "table" || type === "index") && sql !== null);
  return { ...found, texts: Object.fromEntries(texts.map(({ name, sql }) => [name, sql ?? ""])) };
}

interface Rows {
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly keys: ReadonlyMap<string, readonly ForeignKeyRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
  readonly triggers: ReadonlyMap<string, readonly ObjectRow[]>;
}

function assemble(schema: string | undefined, objects: readonly ObjectRow[], rows: Rows): Found {
  const indexSql = new Map(
    objects.filter(({ type }) => type === "index").map(({ name, sql }) => [name, sql ?? ""]),
  );
  const tables = objects
    .filter(({ type }) => type === "table")
    .map((row) =>
      readTable(schema, row, {
        columns: rows.columns.get(row.name) ?? [],
        keys: rows.keys.get(row.name) ?? [],
        indexes: rows.indexes.get(row.name) ?? [],
        triggers: rows.triggers.get(foldCase(row.name)) ?? [],
        indexSql,
      }),
    );
  const views = objects
    .filter(({ type }) => type === "view")
    .map(({ name, sql }) =>
      compact<View>({
        schema,
        name,
        sql: parseView(sql ?? ""),
        attachments: rows.triggers
          .get(foldCase(name))
          ?.map((trigger) => ({ kind: "trigger", name: trigger.name, sql: trigger.sql ?? "" })),
      }),
    );
  return { tables, views };
}

/**
 * Foreign keys name tables and columns in any case, and `REFERENCES parent` without columns means the parent's primary
 * key (https://www.sqlite.org/foreignkeys.html#fk_basics).
 */
function withReferences(table: Table, tables: ReadonlyMap<string, Table>): Table {
  const constraints = table.constraints.map((constraint): Constraint => {
    if (constraint.kind !== "foreignKey") return constraint;
    const parent = tables.get(foldCase(constraint.references.name));
    if (!parent) return constraint;
    const named = constraint.referencedColumns.map(
      (column) => parent.columns.find(({ name }) => sameIdentifier(name, column))?.name ?? column,
    );
    const referencedColumns = named.length > 0 ? named : (primaryKeyOf(parent)?.columns ?? []);
    return { ...constraint, references: qualified(parent), referencedColumns };
  });
  return { ...table, constraints };
}
