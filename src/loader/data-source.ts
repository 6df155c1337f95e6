/** The application's own data source, found in whatever the configuration or a file gives for it. */
import { dirname } from "node:path";
import type { DataSource, DataSourceOptions } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { guardTypeOrm } from "./guard";
import { readTypeScript, runUserCode } from "./load";
import { formatOf, hasTsconfig, isTypeScript } from "./resolve";
import { isDataSource, isDataSourceOptions, isObject } from "./recognize";
import { typeormError } from "./typeorm-error";
import { requireTypeOrm } from "./users-typeorm";

/** A data source, and how to close what was opened for it. */
export interface LoadedDataSource {
  readonly dataSource: DataSource;
  readonly close?: () => unknown;
}

/** Where a data source came from, for messages and for finding the user's TypeORM. */
export interface DataSourceOrigin {
  readonly file: string;
  readonly loader?: "auto" | "none";
}

/**
 * Takes a data source, its options, a promise, a module that exports one, or a function that gives one of these (or
 * `{ dataSource, close }`). While user code runs, its TypeORM neither connects nor changes anything.
 *
 * Throws DATA_SOURCE_INVALID where there is none or more than one, DRIVER_MISSING where a driver is not installed.
 */
export async function loadDataSource(value: unknown, origin: DataSourceOrigin): Promise<LoadedDataSource> {
  // The application, and TypeORM behind its globs, may import anything.
  if (!namesNoFile(value)) readTypeScript(origin.loader ?? "auto", mayImportTypeScript(origin.file));
  try {
    return await runUserCode(async () => {
      guardTypeOrm(requireTypeOrm(origin.file));
      return await resolveDataSource(value, origin);
    });
  } catch (cause) {
    if (cause instanceof LimbeckError) throw cause;
    throw typeormError(cause, origin.file) ?? cannotBeMade(cause, origin);
  }
}

/** Options that are at hand already, with no glob among them. */
function namesNoFile(value: unknown): boolean {
  if (!isDataSourceOptions(value)) return false;
  return [value.entities, value.subscribers, value.migrations].every((list) =>
    Object.values(list ?? {}).every((item) => typeof item === "function"),
  );
}

/** A project in CommonJS JavaScript without a tsconfig has no TypeScript to import, and need not wait for the thread. */
function mayImportTypeScript(file: string): boolean {
  return isTypeScript(file) || formatOf(file) === "module" || hasTsconfig(dirname(file));
}

async function resolveDataSource(value: unknown, origin: DataSourceOrigin): Promise<LoadedDataSource> {
  const given = await called(value);
  const direct = fromValue(given, origin);
  if (direct) return direct;
  if (!isObject(given)) throw notOne(origin, []);
  const exported = await exportsOf(given);
  const named = new Map<DataSource, string>();
  for (const [name, item] of exported) {
    if (isDataSource(item) && !named.has(item)) named.set(item, name);
  }
  const [first, ...others] = named.keys();
  if (first && others.length === 0) return { dataSource: first };
  if (first) throw notOne(origin, [...named.values()]);
  const fallback = fromValue(await called(exported.get("default")), origin);
  if (fallback) return fallback;
  throw notOne(origin, []);
}

/** What a value is by itself: a data source, one with its `close`, or options. */
function fromValue(value: unknown, origin: DataSourceOrigin): LoadedDataSource | undefined {
  if (isDataSource(value)) return { dataSource: value };
  if (!isObject(value)) return undefined;
  const { dataSource, close } = value;
  if (isDataSource(dataSource) && typeof close === "function") {
    return { dataSource, close: () => close.call(value) as unknown };
  }
  return isDataSourceOptions(value) ? { dataSource: create(value, origin) } : undefined;
}

/** The exports of a module by name. Node gives those of CommonJS a second time, inside the default. */
async function exportsOf(module: Readonly<Record<string, unknown>>): Promise<ReadonlyMap<string, unknown>> {
  const inner = module.default;
  const nested = isObject(inner) && !isDataSource(inner) && !(inner instanceof Promise) ? inner : {};
  const entries = Object.entries({ ...module, ...nested });
  return new Map(await Promise.all(entries.map(async ([name, item]) => [name, await item] as const)));
}

/** A function is asked for what it gives; a class is not. */
async function called(value: unknown): Promise<unknown> {
  const isFunction = typeof value === "function" && !/^class\b/.test(Function.prototype.toString.call(value));
  return await (isFunction ? (value as () => unknown)() : value);
}

/** The parts of TypeORM's module that are used here. */
interface TypeOrm {
  readonly DataSource: new (options: DataSourceOptions) => DataSource;
}

function create(options: DataSourceOptions, { file }: DataSourceOrigin): DataSource {
  const typeorm = requireTypeOrm(file) as TypeOrm | undefined;
  if (typeorm) return new typeorm.DataSource(options);
  throw new LimbeckError("DATA_SOURCE_INVALID", `typeorm is not installed where ${file} would find it`, {
    file,
    hint: "npm install typeorm",
  });
}

function notOne({ file }: DataSourceOrigin, names: readonly string[]): LimbeckError {
  const [first] = names;
  if (first === undefined) {
    return new LimbeckError("DATA_SOURCE_INVALID", `${file} gives no DataSource`, {
      file,
      hint: "export one: `export const AppDataSource = new DataSource({...})`",
    });
  }
  return new LimbeckError(
    "DATA_SOURCE_INVALID",
    `${file} gives ${names.length} data sources: ${names.join(", ")}`,
    {
      file,
      hint: `say which one in the configuration: \`dataSource: () => import("...").then((module) => module.${first})\``,
    },
  );
}

function cannotBeMade(cause: unknown, { file }: DataSourceOrigin): LimbeckError {
  const message = `the data source of ${file} cannot be made: ${messageOf(cause)}`;
  return new LimbeckError("DATA_SOURCE_INVALID", message, { file, cause });
}
