/** The application's own data source, found in whatever the configuration or a file gives for it. */
import { createRequire } from "node:module";
import type { DataSource, DataSourceOptions } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { withStdoutToStderr } from "./load";

/** A data source, and how to close what was opened for it. */
export interface LoadedDataSource {
  readonly dataSource: DataSource;
  readonly close?: () => unknown;
}

/** Where a data source came from, for messages and for finding the user's TypeORM. */
export interface DataSourceOrigin {
  readonly file: string;
}

/**
 * Takes a data source, its options, a promise, a module that exports one, or a function that gives one of these. While
 * user code runs, its TypeORM neither connects nor changes anything.
 *
 * Throws DATA_SOURCE_INVALID where there is none or more than one, DRIVER_MISSING where a driver is not installed.
 */
export async function loadDataSource(value: unknown, origin: DataSourceOrigin): Promise<LoadedDataSource> {
  const typeorm = usersTypeOrm(origin.file);
  try {
    return await withStdoutToStderr(
      async () => await guarded(typeorm, async () => await resolveDataSource(value, origin, typeorm)),
    );
  } catch (cause) {
    throw dataSourceError(cause, origin);
  }
}

/** The parts of TypeORM's module that are used here. */
interface TypeOrm {
  readonly DataSource: new (options: DataSourceOptions) => DataSource;
}

/** The user's own copy of TypeORM, as the file would get it. */
function usersTypeOrm(file: string): TypeOrm {
  for (const from of [file, `${process.cwd()}/package.json`]) {
    try {
      return createRequire(from)("typeorm") as TypeOrm;
    } catch {
      continue;
    }
  }
  throw new LimbeckError("DATA_SOURCE_INVALID", `typeorm is not installed where ${file} would find it`, {
    file,
    hint: "npm install typeorm",
  });
}

const CHANGING = ["synchronize", "dropDatabase", "runMigrations", "undoLastMigration"] as const;

/** An application's data source file may call `initialize()` on import: it gets its data source, and nothing happens. */
async function guarded<T>(typeorm: TypeOrm, body: () => Promise<T>): Promise<T> {
  const prototype = typeorm.DataSource.prototype as unknown as Record<string, unknown>;
  const names = ["initialize", "connect", ...CHANGING].filter((name) => name in prototype);
  const originals = names.map((name) => [name, prototype[name]] as const);
  for (const name of names) {
    prototype[name] = function (this: DataSource) {
      return Promise.resolve((CHANGING as readonly string[]).includes(name) ? [] : this);
    };
  }
  try {
    return await body();
  } finally {
    for (const [name, original] of originals) prototype[name] = original;
  }
}

async function resolveDataSource(
  value: unknown,
  origin: DataSourceOrigin,
  typeorm: TypeOrm,
): Promise<LoadedDataSource> {
  const found = await settled(value);
  if (isDataSource(found)) return { dataSource: found };
  if (typeof found !== "object" || found === null) throw notOne(origin, []);
  const { dataSource, close } = found as { readonly dataSource?: unknown; readonly close?: unknown };
  if (isDataSource(dataSource) && typeof close === "function")
    return { dataSource, close: close as () => unknown };
  if (isOptions(found)) return { dataSource: new typeorm.DataSource(found) };
  return { dataSource: await fromExports(found, origin, typeorm) };
}

/** Exactly one data source among the exports of a module, or one set of options as its default. */
async function fromExports(module: object, origin: DataSourceOrigin, typeorm: TypeOrm): Promise<DataSource> {
  const named = new Map<DataSource, string>();
  const inner = (module as { readonly default?: unknown }).default;
  const exported = { ...(isPlainObject(inner) && !isOptions(inner) ? inner : {}), ...module };
  for (const [name, value] of Object.entries(exported)) {
    const candidate = value instanceof Promise ? await (value as Promise<unknown>) : (value as unknown);
    if (isDataSource(candidate) && !named.has(candidate)) named.set(candidate, name);
  }
  const [first] = named.keys();
  if (first && named.size === 1) return first;
  const fallback = await settled(inner);
  if (named.size === 0 && isOptions(fallback)) return new typeorm.DataSource(fallback);
  if (named.size === 0 && isDataSource(fallback)) return fallback;
  throw notOne(origin, [...named.values()]);
}

async function settled(value: unknown): Promise<unknown> {
  const result: unknown = typeof value === "function" ? (value as () => unknown)() : value;
  return await result;
}

function notOne({ file }: DataSourceOrigin, names: readonly string[]): LimbeckError {
  const message =
    names.length === 0
      ? `${file} exports no DataSource`
      : `${file} exports ${names.length} data sources: ${names.join(", ")}`;
  return new LimbeckError("DATA_SOURCE_INVALID", message, {
    file,
    hint:
      names.length === 0
        ? "export one: `export const dataSource = new DataSource({...})`"
        : "say which one in the configuration: `dataSource: () => import(...).then((module) => module.name)`",
  });
}

/** Symbols of TypeORM's own making tell its objects apart, also between two copies of it. */
export function isDataSource(value: unknown): value is DataSource {
  if (typeof value !== "object" || value === null) return false;
  const kind = (value as Record<string, unknown>)["@instanceof"];
  return kind === Symbol.for("DataSource") || kind === Symbol.for("Connection");
}

function isOptions(value: unknown): value is DataSourceOptions {
  return isPlainObject(value) && typeof value["type"] === "string";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function dataSourceError(cause: unknown, { file }: DataSourceOrigin): LimbeckError {
  if (cause instanceof LimbeckError) return cause;
  const missing = missingDriver(cause);
  if (missing !== undefined) {
    return new LimbeckError("DRIVER_MISSING", `the driver package ${missing} is not installed`, {
      file,
      cause,
      hint: `npm install ${missing}`,
    });
  }
  return new LimbeckError(
    "DATA_SOURCE_INVALID",
    `the data source of ${file} cannot be made: ${messageOf(cause)}`,
    {
      file,
      cause,
    },
  );
}

/** The package that TypeORM misses: it says `npm install NAME`. */
function missingDriver(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || cause.name !== "DriverPackageNotInstalledError") return undefined;
  return /npm install ([\w@/-]+)/.exec(cause.message)?.[1] ?? "of the database";
}
