/**
 * Reads the schema: one query for the session, and a fixed number for each database, however many tables it has. Every
 * predicate on a schema is a constant, because only then do servers not open every table of every database (MariaDB
 * knowledge base, "Information Schema: optimizations").
 *
 * Two things are in no catalogue. The parser of a full-text index: where the server has parsers to choose from, tables
 * with such an index cost one query more. And the text of a view as it was written: where TypeORM remembers some, the
 * server is asked about all of them at once, and not asked again when they are compared with the entities'.
 */
import { compact } from "../../model/equal";
import type { QualifiedName, Schema, View } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { capabilitiesOf } from "./capabilities";
import type { Capabilities } from "./capabilities";
import { readTable } from "./inspect-table";
import type { CheckRow, ColumnRow, IndexRow, KeyRow, ReferenceRow, TableRow } from "./inspect-table";
import { literal, quote, quoteName } from "./quote";
import { remembered } from "./remembered";
import { tokenize } from "./tokens";

/** What a connection says of itself. */
export interface Session {
  readonly database: string | undefined;
  readonly capabilities: Capabilities;
}

/** Asks the connection for its database and the server for its version. */
export async function sessionOf(db: Queryable, name: "mysql" | "mariadb"): Promise<Session> {
  const [row] = await db.query<{ db: string | null; version: string }>(
    "SELECT DATABASE() AS db, VERSION() AS version",
  );
  return { database: row?.db ?? undefined, capabilities: capabilitiesOf(row?.version, name) };
}

/** ER_NO_SUCH_TABLE and ER_BAD_DB_ERROR. */
const ABSENT: ReadonlySet<unknown> = new Set([1146, 1049]);

/** The information schema hides what a user may not touch; the table itself says so. */
export async function hasTable(db: Queryable, table: QualifiedName): Promise<boolean> {
  try {
    await db.query(`SELECT 1 FROM ${quoteName(table)} LIMIT 0`);
    return true;
  } catch (error) {
    if (ABSENT.has((error as { readonly errno?: unknown }).errno)) return false;
    throw error;
  }
}

/** Databases beside the connection's own and those of the server. */
export async function schemas(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ readonly name: string }>(
    "SELECT SCHEMA_NAME AS name " +
      "FROM information_schema.SCHEMATA " +
      "WHERE SCHEMA_NAME NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') " +
      "AND SCHEMA_NAME <> COALESCE(DATABASE(), '') " +
      "ORDER BY SCHEMA_NAME",
  );
  return rows.map(({ name }) => name);
}

/** Reads the connection's database, and the others that the scope names. */
export async function inspect(db: Queryable, scope: Scope, name: "mysql" | "mariadb"): Promise<Schema> {
  const session = await sessionOf(db, name);
  const others = await existing(
    db,
    scope.schemas.filter((schema) => schema !== session.database),
  );
  const databases = [undefined, ...others];
  const parts = [];
  for (const schema of databases) parts.push(await inspectDatabase(db, schema, session));
  const tables = parts.flatMap((part) => part.tables);
  const views = parts.flatMap((part) => part.views);
  return {
    namespaces: others,
    extensions: [],
    enums: [],
    sequences: [],
    ...(await remembered(db, { tables, views }, session.database)),
    objects: [],
  };
}

async function existing(db: Queryable, schemas: readonly string[]): Promise<readonly string[]> {
  if (schemas.length === 0) return [];
  const rows = await db.query<{ name: string }>(
    `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (${schemas.map(literal).join(", ")})`,
  );
  const found = new Set(rows.map(({ name }) => name));
  return schemas.filter((schema) => found.has(schema));
}

async function inspectDatabase(db: Queryable, schema: string | undefined, session: Session) {
  const { capabilities } = session;
  const database = schema ?? session.database ?? "";
  const rows = await catalogueOf(db, database, capabilities);
  const parsers = await parsersOf(db, schema, rows);
  const tables = rows.tables
    .filter(({ type }) => type === "BASE TABLE" || type === "SYSTEM VERSIONED")
    .map((row) =>
      readTable(row, {
        schema,
        own: session.database,
        capabilities,
        parsers,
        columns: rows.columns.get(row.name) ?? [],
        indexes: rows.indexes.get(row.name) ?? [],
        keys: rows.keys.get(row.name) ?? [],
        references: rows.references.get(row.name) ?? [],
        checks: rows.checks.get(row.name) ?? [],
      }),
    );
  const views = rows.views.map(({ name, sql }) =>
    compact<View>({ schema, name, sql: withoutDatabase(sql, session.database ?? "") }),
  );
  return { tables, views };
}

interface Catalogue {
  readonly tables: readonly TableRow[];
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>;
  readonly keys: ReadonlyMap<string, readonly KeyRow[]>;
  readonly references: ReadonlyMap<string, readonly ReferenceRow[]>;
  readonly checks: ReadonlyMap<string, readonly CheckRow[]>;
  readonly views: readonly { readonly name: string; readonly sql: string }[];
}

async function catalogueOf(db: Queryable, database: string, capabilities: Capabilities): Promise<Catalogue> {
  const of = literal(database);
  const tables = await db.query<TableRow>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, TABLE_COLLATION AS collation, TABLE_COMMENT AS comment
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${of} ORDER BY TABLE_NAME`,
  );
  const columns = await db.query<ColumnRow>(
    `SELECT TABLE_NAME AS tbl, COLUMN_NAME AS name, COLUMN_DEFAULT AS preset, IS_NULLABLE AS nullable,
       COLUMN_TYPE AS type, COLLATION_NAME AS collation, EXTRA AS extra, COLUMN_COMMENT AS comment,
       GENERATION_EXPRESSION AS expression, ${capabilities.spatialReferenceSystems ? "SRS_ID" : "NULL"} AS srid
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ${of} ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const indexes = await db.query<IndexRow>(
    `SELECT TABLE_NAME AS tbl, INDEX_NAME AS name, NON_UNIQUE AS plain, COLUMN_NAME AS col, SUB_PART AS part,
       COLLATION AS direction, INDEX_TYPE AS type, ${capabilities.functionalIndexes ? "EXPRESSION" : "NULL"} AS expression,
       ${capabilities.indexVisibility ?? "TRUE"} AS visible
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ${of} ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
  );
  const keys = await db.query<KeyRow>(
    `SELECT TABLE_NAME AS tbl, CONSTRAINT_NAME AS name, COLUMN_NAME AS col, REFERENCED_TABLE_SCHEMA AS parentSchema,
       REFERENCED_TABLE_NAME AS parent, REFERENCED_COLUMN_NAME AS parentColumn
     FROM information_schema.KEY_COLUMN_USAGE
     WHERE TABLE_SCHEMA = ${of} AND REFERENCED_TABLE_NAME IS NOT NULL
     ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
  );
  const references = await db.query<ReferenceRow>(
    `SELECT TABLE_NAME AS tbl, CONSTRAINT_NAME AS name, UPDATE_RULE AS onUpdate, DELETE_RULE AS onDelete
     FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ${of}`,
  );
  const views = await db.query<{ name: string; sql: string }>(
    `SELECT TABLE_NAME AS name, VIEW_DEFINITION AS \`sql\` FROM information_schema.VIEWS
     WHERE TABLE_SCHEMA = ${of} ORDER BY TABLE_NAME`,
  );
  return {
    tables,
    views,
    columns: grouped(columns),
    indexes: grouped(indexes),
    keys: grouped(keys),
    references: grouped(references),
    checks: grouped(await checksOf(db, of, capabilities)),
  };
}

async function checksOf(
  db: Queryable,
  of: string,
  { checks, checkLevel }: Capabilities,
): Promise<readonly CheckRow[]> {
  switch (checks) {
    case "none":
      return [];
    case "withTable":
      return await db.query<CheckRow>(
        `SELECT TABLE_NAME AS tbl, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS expression,
           ${checkLevel ? "LEVEL" : "NULL"} AS level
         FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ${of}`,
      );
    case "withoutTable":
      return await db.query<CheckRow>(
        `SELECT t.TABLE_NAME AS tbl, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS expression, NULL AS level
         FROM information_schema.CHECK_CONSTRAINTS AS c JOIN information_schema.TABLE_CONSTRAINTS AS t
           ON t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
         WHERE c.CONSTRAINT_SCHEMA = ${of} AND t.CONSTRAINT_SCHEMA = ${of}`,
      );
  }
}

/** The parsers of full-text indexes, by table and index. Nothing is asked where all have the built-in one. */
async function parsersOf(
  db: Queryable,
  schema: string | undefined,
  { indexes }: Catalogue,
): Promise<ReadonlyMap<string, string>> {
  const parsers = new Map<string, string>();
  const tables = [...indexes].filter(([, rows]) => rows.some(({ type }) => type === "FULLTEXT"));
  if (tables.length === 0) return parsers;
  const available = await db.query(
    "SELECT 1 AS one FROM information_schema.PLUGINS WHERE PLUGIN_TYPE = 'FTPARSER' AND PLUGIN_STATUS = 'ACTIVE' LIMIT 1",
  );
  if (available.length === 0) return parsers;
  for (const [table] of tables) {
    const name = schema === undefined ? { name: table } : { schema, name: table };
    const [row] = await db.query<{ "Create Table": string }>(`SHOW CREATE TABLE ${quoteName(name)}`);
    for (const match of (row?.["Create Table"] ?? "").matchAll(
      /FULLTEXT KEY [`"](.+?)[`"] .*WITH PARSER [`"]?(\w+)/g,
    )) {
      parsers.set(`${table} ${match[1] ?? ""}`, match[2] ?? "");
    }
  }
  return parsers;
}

/** Servers write the database before every name; it is left out where it is the connection's own. */
function withoutDatabase(sql: string, database: string): string {
  const tokens = tokenize(sql);
  let result = "";
  let position = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "name" || token.text !== database || tokens[index + 1]?.text !== ".") continue;
    // The second part of a name is no database.
    if (tokens[index - 1]?.text === "." || sql.slice(token.start, token.end) !== quote(database)) continue;
    result += sql.slice(position, token.start);
    position = tokens[index + 1]?.end ?? token.end;
  }
  return result + sql.slice(position);
}

function grouped<T extends { readonly tbl: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.tbl);
    if (group) group.push(row);
    else groups.set(row.tbl, [row]);
  }
  return groups;
}
