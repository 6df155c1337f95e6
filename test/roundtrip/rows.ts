/** Rows for every table, made from its columns alone: ordinary values, extremes, unicode and nulls. */
import { DataSource } from "typeorm";
import type { DataSourceOptions, EntityMetadata } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";
import { mssqlLacks } from "../support/servers";

type Row = Readonly<Record<string, unknown>>;

const TEXTS = ["plain", 'it\'s "quoted"', "größe 日本語 🦉", "back\\slash\nline", "", " spaces "];
const ROWS = 6;

/** The columns that take no null, as `table.column`: where the edited entities take none, the seed puts none. */
export async function requiredColumns(options: DataSourceOptions): Promise<ReadonlySet<string>> {
  const dataSource = new DataSource(options);
  await (dataSource as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  return new Set(
    tablesOf(dataSource).flatMap((metadata) =>
      columnsOf(metadata)
        .filter(({ isNullable }) => !isNullable)
        .map(({ databaseName }) => `${metadata.tableName}.${databaseName}`),
    ),
  );
}

/** How rows are put in and taken out of each kind of database, foreign keys unchecked so that order does not matter. */
interface Speech {
  readonly unchecked: string;
  /** Checks again what was left unchecked, where the session does not do so by itself. */
  readonly checked?: string;
  insert(table: string, columns: string, count: number): string;
  /** Every stored column, as `schema` (absent where it is the default one), `table_name` and `column_name`. */
  readonly storedColumns: string;
}

const questionMarks = (count: number): string => Array.from({ length: count }, () => "?").join(", ");

const SQLITE: Speech = {
  unchecked: "PRAGMA foreign_keys = OFF",
  insert: (table, columns, count) =>
    `INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${questionMarks(count)})`,
  // Computed columns are what their expressions say: only what was stored must be kept.
  storedColumns: `SELECT m.name AS table_name, c.name AS column_name
    FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) c ON c.hidden = 0
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.name, c.cid`,
};
const MYSQL: Speech = {
  unchecked: "SET FOREIGN_KEY_CHECKS = 0",
  insert: (table, columns, count) =>
    `INSERT IGNORE INTO ${table} (${columns}) VALUES (${questionMarks(count)})`,
  storedColumns: `SELECT c.TABLE_NAME AS table_name, c.COLUMN_NAME AS column_name
    FROM information_schema.COLUMNS c
    JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
    WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' AND c.EXTRA NOT LIKE '% GENERATED%'
    ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`,
};
const everyTable = (change: string): string =>
  "DECLARE @sql nvarchar(max) = N''; SELECT @sql += N'ALTER TABLE ' + QUOTENAME(SCHEMA_NAME(schema_id)) + N'.'" +
  ` + QUOTENAME(name) + N' ${change};' FROM sys.tables; EXEC(@sql)`;
const MSSQL: Speech = {
  // Where nothing can be left unchecked, the order of the tables matters after all.
  ...("nocheck" in mssqlLacks()
    ? { unchecked: "SELECT 1" }
    : {
        unchecked: everyTable("NOCHECK CONSTRAINT ALL"),
        checked: everyTable("WITH CHECK CHECK CONSTRAINT ALL"),
      }),
  insert: (table, columns, count) => {
    const id = `OBJECT_ID('${table.replaceAll("'", "''")}')`;
    const numbered = `IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = ${id}) SET IDENTITY_INSERT ${table}`;
    const values = Array.from({ length: count }, (_, place) => `@${place}`).join(", ");
    return `${numbered} ON; INSERT INTO ${table} (${columns}) VALUES (${values}); ${numbered} OFF`;
  },
  storedColumns: `SELECT CASE WHEN s.name <> SCHEMA_NAME() THEN s.name END AS [schema],
    t.name AS table_name, c.name AS column_name
    FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id
    JOIN sys.columns c ON c.object_id = t.object_id
    WHERE c.is_computed = 0 AND t.is_ms_shipped = 0 ORDER BY s.name, t.name, c.column_id`,
};
const SPEECHES: Readonly<Record<string, Speech>> = {
  "better-sqlite3": SQLITE,
  sqlite: SQLITE,
  mysql: MYSQL,
  mariadb: MYSQL,
  mssql: MSSQL,
  postgres: {
    unchecked: "SET session_replication_role = replica",
    insert: (table, columns, count) =>
      `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE VALUES (${Array.from({ length: count }, (_, place) => `$${place + 1}`).join(", ")})`,
    storedColumns: `SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname END AS schema,
      c.relname AS table_name, a.attname AS column_name
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY n.nspname, c.relname, a.attnum`,
  },
};

function speechOf(dataSource: DataSource): Speech {
  const speech = SPEECHES[dataSource.options.type];
  if (speech) return speech;
  throw new Error(`nobody has said how rows are put into ${dataSource.options.type}`);
}

/** Puts rows into every table, foreign keys unchecked so that order does not matter; every reference is to a row. */
export async function seed(dataSource: DataSource, required: ReadonlySet<string>): Promise<void> {
  const speech = speechOf(dataSource);
  const queryRunner = dataSource.createQueryRunner();
  try {
    await queryRunner.query(speech.unchecked);
    for (const metadata of tablesOf(dataSource)) {
      const columns = columnsOf(metadata);
      const names = columns.map((column) => dataSource.driver.escape(column.databaseName)).join(", ");
      const table = pathOf(dataSource, metadata.schema, metadata.tableName);
      for (let number = 1; number <= ROWS; number++) {
        const values = columns.map((column) => valueOf(column, metadata, number, required));
        try {
          await queryRunner.query(speech.insert(table, names, columns.length), values);
        } catch (error) {
          if (!isRefusedTwin(error)) throw error;
        }
      }
    }
    if (speech.checked !== undefined) await queryRunner.query(speech.checked);
    if (speech !== SQLITE) return;
    const [violation] = (await queryRunner.query("PRAGMA foreign_key_check")) as unknown[];
    if (violation !== undefined) throw new Error(`the seed refers to nothing: ${JSON.stringify(violation)}`);
  } finally {
    await queryRunner.release();
  }
}

/**
 * Whether a row was refused because there is one like it: unique_violation and exclusion_violation, because PostgreSQL
 * cannot leave out rows that deferrable constraints refuse; 2601 and 2627, because SQL Server leaves out none.
 */
function isRefusedTwin(error: unknown): boolean {
  const { code = "", number } = error as { readonly code?: string; readonly number?: number };
  return ["23505", "23P01"].includes(code) || number === 2601 || number === 2627;
}

/** All rows of all tables as the database gives them, but for those that Limbeck and TypeORM keep for themselves. */
export async function rowsOf(dataSource: DataSource): Promise<Readonly<Record<string, readonly Row[]>>> {
  const columns = await dataSource.query<
    { schema?: string | null; table_name: string; column_name: string }[]
  >(speechOf(dataSource).storedColumns);
  const rows: Record<string, readonly Row[]> = {};
  const paths = new Set(columns.map(({ schema, table_name }) => pathOf(dataSource, schema, table_name)));
  for (const path of paths) {
    const ofTable = columns.filter(
      ({ schema, table_name }) => pathOf(dataSource, schema, table_name) === path,
    );
    const name = ofTable[0]?.table_name ?? "";
    if (name.startsWith("limbeck_") || name === "typeorm_metadata") continue;
    const names = ofTable.map(({ column_name }) => dataSource.driver.escape(column_name)).join(", ");
    rows[name] = await dataSource.query<Row[]>(`SELECT ${names} FROM ${path}`);
  }
  return rows;
}

function pathOf(dataSource: DataSource, schema: string | null | undefined, table: string): string {
  return [schema, table]
    .filter((part) => part !== undefined && part !== null)
    .map((part) => dataSource.driver.escape(part))
    .join(".");
}

function tablesOf(dataSource: DataSource): readonly EntityMetadata[] {
  return dataSource.entityMetadatas.filter(
    ({ tableType, synchronize }) => tableType !== "view" && tableType !== "entity-child" && synchronize,
  );
}

function columnsOf(metadata: EntityMetadata): readonly ColumnMetadata[] {
  const byName = new Map(metadata.columns.map((column) => [column.databaseName, column]));
  return [...byName.values()].filter(
    ({ isVirtualProperty, asExpression }) => !isVirtualProperty && asExpression === undefined,
  );
}

function valueOf(
  column: ColumnMetadata,
  metadata: EntityMetadata,
  number: number,
  required: ReadonlySet<string>,
): unknown {
  const referenced = referencedColumn(column, metadata);
  const takesNull = column.isNullable && !required.has(`${metadata.tableName}.${column.databaseName}`);
  if (takesNull && !column.isPrimary && number % 3 === 0) return null;
  if (referenced) return valueOf(referenced, referenced.entityMetadata, number, required);
  if (column.isArray && ownerOf(column).options.type === "postgres") {
    return column.enum ? `{${String(column.enum[0])}}` : `{${number},${number + 1}}`;
  }
  if (column.enum) return String(column.enum[number % column.enum.length]);
  const type = typeof column.type === "function" ? column.type.name.toLowerCase() : String(column.type);
  if (isMysql(column) && /^(?:point|geometry)$/.test(type)) return geometry(number);
  const special = ownerOf(column).options.type === "mssql" ? undefined : SPECIAL[type];
  if (special !== undefined) return special.replaceAll("#", String(number));
  if (type === "uuid" || type === "uniqueidentifier") return `00000000-0000-4000-8000-00000000000${number}`;
  if (/int|number|rowid/.test(type)) return column.isPrimary ? number : 1 + (number % 4);
  if (/float|double|real|decimal|numeric|money/.test(type)) return number + 0.25;
  if (/bool|^bit$/.test(type)) return number % 2;
  if (/blob|buffer|binary/.test(type)) return Buffer.from([0, number, 255]);
  if (/json/.test(type)) return JSON.stringify({ number, text: TEXTS[number % TEXTS.length] });
  if (/date|time/.test(type)) return `2026-0${number}-28 23:59:59.999`;
  return `${TEXTS[number % TEXTS.length] ?? ""}@${number}`.slice(0, Number(column.length) || undefined);
}

/** TypeORM 0.3 calls it the connection. */
function ownerOf({ entityMetadata }: ColumnMetadata): DataSource {
  const { dataSource, connection } = entityMetadata as { dataSource?: DataSource; connection?: DataSource };
  const owner = dataSource ?? connection;
  if (owner) return owner;
  throw new Error("an entity's metadata knows no data source");
}

function isMysql(column: ColumnMetadata): boolean {
  const { type } = ownerOf(column).options;
  return type === "mysql" || type === "mariadb";
}

/** The driver writes what has this method as it is. */
function geometry(number: number): { readonly toSqlString: () => string } {
  return { toSqlString: () => `ST_GeomFromText('POINT(${number} 2)')` };
}

/** Texts for types that take no others. */
const SPECIAL: Readonly<Record<string, string>> = {
  money: "#.50",
  interval: "# days",
  tstzrange: "[2026-01-0#,2026-02-0#)",
  point: "(#,2)",
  box: "(#,2),(0,1)",
  inet: "10.0.0.#",
  bit: "0101",
  tsvector: "'word' 'other#'",
  time: "23:59:0#.123",
};

function referencedColumn(column: ColumnMetadata, metadata: EntityMetadata): ColumnMetadata | undefined {
  for (const key of metadata.foreignKeys) {
    const place = key.columns.findIndex(({ databaseName }) => databaseName === column.databaseName);
    const found = key.referencedColumns[place];
    if (place >= 0 && found && found !== column) return found;
  }
  return undefined;
}
