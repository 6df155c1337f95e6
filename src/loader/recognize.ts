/** Telling what a configuration or a module gives, without TypeORM at hand. */
import type { DataSource, DataSourceOptions } from "typeorm";

/** Symbols of TypeORM's own making tell its objects apart, also between two copies of it. */
export function isDataSource(value: unknown): value is DataSource {
  if (!isObject(value)) return false;
  const kind = value["@instanceof"];
  return kind === Symbol.for("DataSource") || kind === Symbol.for("Connection");
}

/** Whether a value is what TypeORM makes a data source of: plain options with the type of a database. */
export function isDataSourceOptions(value: unknown): value is DataSourceOptions {
  return isObject(value) && typeof value.type === "string" && !isDataSource(value);
}

/** Whether a value has properties to look at. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
