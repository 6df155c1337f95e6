/** Rows for every table, made from its columns alone: ordinary values, extremes, unicode and nulls. */
import type { DataSource, EntityMetadata } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";

type Row = Readonly<Record<string, unknown>>;

const TEXTS = ["plain", 'it\'s "quoted"', "größe 日本語 🦉", "back\\slash\nline", "", " spaces "];
const ROWS = 6;

/** Puts rows into every table, foreign keys unchecked so that order does not matter; every reference is to a row. */
export async function seed(dataSource: DataSource): Promise<void> {
  await dataSource.query("PRAGMA foreign_keys = OFF");
  for (const metadata of tablesOf(dataSource)) {
    const columns = columnsOf(metadata);
    for (let number = 1; number <= ROWS; number++) {
      const values = columns.map((column) => valueOf(column, metadata, number));
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

/** All rows of all tables as the database gives them, in the order of their keys. */
export async function rowsOf(dataSource: DataSource): Promise<Readonly<Record<string, readonly Row[]>>> {
  const tables = await dataSource.query<{ name: string }[]>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'limbeck_%' AND name <> 'typeorm_metadata'",
  );
  const rows: Record<string, readonly Row[]> = {};
  for (const { name } of tables) {
    rows[name] = await dataSource.query<Row[]>(`SELECT * FROM ${quote(name)} ORDER BY 1, 2`);
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

function valueOf(column: ColumnMetadata, metadata: EntityMetadata, number: number): unknown {
  const referenced = referencedColumn(column, metadata);
  if (column.isNullable && !column.isPrimary && number % 3 === 0) return null;
  if (referenced) return valueOf(referenced, referenced.entityMetadata, number);
  if (column.enum) return String(column.enum[number % column.enum.length]);
  const type = typeof column.type === "function" ? column.type.name.toLowerCase() : String(column.type);
  if (/int|number|rowid/.test(type)) return number;
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
