/** Rows for every table, made from its columns alone: ordinary values, extremes, unicode and nulls. */
import { DataSource } from "typeorm";
import type { DataSourceOptions, EntityMetadata } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

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

/** Puts rows into every table, foreign keys unchecked so that order does not matter; every reference is to a row. */
export async function seed(dataSource: DataSource, required: ReadonlySet<string>): Promise<void> {
  await dataSource.query("PRAGMA foreign_keys = OFF");
  for (const metadata of tablesOf(dataSource)) {
    const columns = columnsOf(metadata);
    for (let number = 1; number <= ROWS; number++) {
      const values = columns.map((column) => valueOf(column, metadata, number, required));
      const names = columns.map((column) => quote(column.databaseName)).join(", ");
      const places = columns.map(() => "?").join(", ");
      await dataSource.query(
        `INSERT OR IGNORE INTO ${quote(metadata.tableName)} (${names}) VALUES (${places})`,
        values,
      );
    }
  }
  const [violation] = await dataSource.query<unknown[]>("PRAGMA foreign_key_check");
  if (violation !== undefined) throw new Error(`the seed refers to nothing: ${JSON.stringify(violation)}`);
}

/** All rows of all tables as the database gives them. */
export async function rowsOf(dataSource: DataSource): Promise<Readonly<Record<string, readonly Row[]>>> {
  const tables = await dataSource.query<{ name: string }[]>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'limbeck_%' AND name <> 'typeorm_metadata'",
  );
  const rows: Record<string, readonly Row[]> = {};
  for (const { name } of tables) {
    // Computed columns are what their expressions say: only what was stored must be kept.
    const columns = await dataSource.query<{ name: string }[]>(
      `SELECT name FROM pragma_table_xinfo('${name.replaceAll("'", "''")}') WHERE hidden = 0`,
    );
    const names = columns.map((column) => quote(column.name)).join(", ");
    rows[name] = await dataSource.query<Row[]>(`SELECT ${names} FROM ${quote(name)}`);
  }
  return rows;
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
  if (column.enum) return String(column.enum[number % column.enum.length]);
  const type = typeof column.type === "function" ? column.type.name.toLowerCase() : String(column.type);
  if (/int|number|rowid/.test(type)) return column.isPrimary ? number : 1 + (number % 4);
  if (/float|double|real|decimal|numeric/.test(type)) return number + 0.25;
  if (/bool/.test(type)) return number % 2;
  if (/blob|buffer/.test(type)) return Buffer.from([0, number, 255]);
  if (/json/.test(type)) return JSON.stringify({ number, text: TEXTS[number % TEXTS.length] });
  if (/date|time/.test(type)) return `2026-0${number}-28 23:59:59.999`;
  return `${TEXTS[number % TEXTS.length] ?? ""}@${number}`.slice(0, Number(column.length) || undefined);
}

function referencedColumn(column: ColumnMetadata, metadata: EntityMetadata): ColumnMetadata | undefined {
  for (const key of metadata.foreignKeys) {
    const place = key.columns.findIndex(({ databaseName }) => databaseName === column.databaseName);
    const found = key.referencedColumns[place];
    if (place >= 0 && found && found !== column) return found;
  }
  return undefined;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
