/**
 * Reads the schema of an SQLite database: four queries for each database file, however many tables it has. Virtual
 * tables and their shadows are left out: nothing about them can be altered.
 */
import { compact } from "../../model/equal";
import { keyOf } from "../../model/names";
import type { Schema, Table, View } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { readTable } from "./inspect-table";
import type { ColumnRow, ForeignKeyRow, IndexRow, ObjectRow } from "./inspect-table";
import { parseView } from "./parse";
import { literal, quote } from "./quote";

/** Reads the main database and the attached ones that the scope names. */
export async function inspect(db: Queryable, scope: Scope): Promise<Schema> {
  const parts = [];
  for (const schema of [undefined, ...scope.schemas]) parts.push(await inspectDatabase(db, schema));
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

async function inspectDatabase(
  db: Queryable,
  schema: string | undefined,
): Promise<{ readonly tables: readonly Table[]; readonly views: readonly View[] }> {
  const file = schema ?? "main";
  const catalogue = `${quote(file)}.sqlite_schema`;
  const of = literal(file);
  const objects = await db.query<ObjectRow>(
    `SELECT type, name, tbl_name, sql FROM ${catalogue} ORDER BY name`,
  );
  const columns = await db.query<ColumnRow>(
    `SELECT t.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
     FROM ${catalogue} AS t JOIN pragma_table_xinfo(t.name, ${of}) AS c WHERE t.type = 'table' ORDER BY t.name, c.cid`,
  );
  const keys = await db.query<ForeignKeyRow>(
    `SELECT t.name AS "table", k.id, k.seq, k."table" AS parent, k."from", k."to", k.on_update, k.on_delete
     FROM ${catalogue} AS t JOIN pragma_foreign_key_list(t.name, ${of}) AS k WHERE t.type = 'table'
     ORDER BY t.name, k.id, k.seq`,
  );
  const indexes = await db.query<IndexRow>(
    `SELECT t.name AS "table", i.name, i."unique", i.origin, x.cid, x.name AS "column", x."desc", x.coll
     FROM ${catalogue} AS t JOIN pragma_index_list(t.name, ${of}) AS i JOIN pragma_index_xinfo(i.name, ${of}) AS x
     WHERE t.type = 'table' AND x."key" = 1 ORDER BY t.name, i.seq, x.seqno`,
  );
  return assemble(schema, objects, {
    columns: groupBy(columns, ({ table }) => table),
    keys: groupBy(keys, ({ table }) => table),
    indexes: groupBy(indexes, ({ table }) => table),
    triggers: groupBy(
      objects.filter(({ type }) => type === "trigger"),
      (row) => row.tbl_name,
    ),
  });
}

interface Rows {
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly keys: ReadonlyMap<string, readonly ForeignKeyRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
  readonly triggers: ReadonlyMap<string, readonly ObjectRow[]>;
}

function assemble(schema: string | undefined, objects: readonly ObjectRow[], rows: Rows) {
  const virtual = objects.filter(
    ({ type, sql }) => type === "table" && /^\s*create\s+virtual\s/i.test(sql ?? ""),
  );
  const isOrdinary = ({ type, name, sql }: ObjectRow): boolean =>
    type === "table" &&
    sql !== null &&
    !name.startsWith("sqlite_") &&
    !virtual.some((other) => other.name === name || name.startsWith(`${other.name}_`));
  const indexSql = new Map(
    objects.filter(({ type }) => type === "index").map(({ name, sql }) => [name, sql ?? ""]),
  );
  const tables = objects.filter(isOrdinary).map((row) =>
    readTable(schema, row, {
      columns: rows.columns.get(row.name) ?? [],
      keys: rows.keys.get(row.name) ?? [],
      indexes: rows.indexes.get(row.name) ?? [],
      triggers: rows.triggers.get(row.name) ?? [],
      indexSql,
    }),
  );
  const views = objects
    .filter(({ type }) => type === "view")
    .map(({ name, sql }) => compact<View>({ schema, name, sql: parseView(sql ?? "") } as View));
  return { tables: withImplicitReferences(tables), views };
}

/** `REFERENCES parent` without columns means the parent's primary key. */
function withImplicitReferences(tables: readonly Table[]): readonly Table[] {
  const byName = new Map(tables.map((table) => [keyOf(table), table]));
  return tables.map((table) => ({
    ...table,
    constraints: table.constraints.map((constraint) => {
      if (constraint.kind !== "foreignKey" || constraint.referencedColumns.length > 0) return constraint;
      const parent = byName.get(keyOf(constraint.references));
      const key = parent?.constraints.find(({ kind }) => kind === "primaryKey");
      return key?.kind === "primaryKey" ? { ...constraint, referencedColumns: key.columns } : constraint;
    }),
  }));
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
