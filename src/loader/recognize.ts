/** Telling what a configuration or a module gives, without TypeORM at hand. */
import { types } from "node:util";
import type { DataSource, DataSourceOptions } from "typeorm";

/** Symbols of TypeORM's own making tell its objects apart, also between two copies of it. */
export function isDataSource(value: unknown): value is DataSource {
  // Jest gives the namespace of a CommonJS module every property of what the module exports.
  if (!isObject(value) || types.isModuleNamespaceObject(value)) return false;
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
