/** Metadata without databases: TypeORM takes any object for a driver's package. */
import { DataSource, EntitySchema } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import { readMetadata } from "../../src/metadata/read";
import type { Target } from "../../src/metadata/read";
import type { Column, Table } from "../../src/model/schema";
import type { EntitySchemaColumnOptions } from "typeorm";

export type DatabaseType = "better-sqlite3" | "postgres" | "mysql" | "mariadb" | "mssql";
export const databaseTypes: readonly DatabaseType[] = [
  "better-sqlite3",
  "postgres",
  "mysql",
  "mariadb",
  "mssql",
];

type Options = Readonly<Record<string, unknown>>;

/** A data source whose metadata is built, and that never connects. */
export async function build(
  type: DatabaseType,
  entities: readonly unknown[],
  options: Options = {},
): Promise<DataSource> {
  const database = type === "better-sqlite3" ? ":memory:" : "main";
  const driver = type === "better-sqlite3" ? {} : { driver: { stub: true }, connectorPackage: "mysql2" };
  const dataSource = new DataSource({
    type,
    database,
    entities,
    ...driver,
    ...options,
  } as unknown as DataSourceOptions);
  await (dataSource as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  return dataSource;
}

export async function read(
  type: DatabaseType,
  entities: readonly unknown[],
  options: Options = {},
): Promise<Target> {
  return readMetadata(await build(type, entities, options));
}

/** The table of that name; fails the test where it is absent. */
export function tableOf({ schema }: Target, name: string): Table {
  const found = schema.tables.find((table) => table.name === name);
  if (found) return found;
  throw new Error(`no table ${name} among ${schema.tables.map((table) => table.name).join(", ")}`);
}

/** An entity `thing` with one column of interest, `value`. */
export function thing(value: EntitySchemaColumnOptions, rest: object = {}): EntitySchema {
  return new EntitySchema({
    name: "Thing",
    tableName: "thing",
    columns: { id: { type: Number, primary: true }, value },
    ...rest,
  });
}

/** How the column `value` of such an entity is read. */
export async function readValue(type: DatabaseType, value: EntitySchemaColumnOptions): Promise<Column> {
  const found = tableOf(await read(type, [thing(value)]), "thing").columns.find(
    ({ name }) => name === "value",
  );
  if (found) return found;
  throw new Error("the column is missing");
}
