/** The migration classes of a data source, each with the file that it comes from, so that a revision file can import it. */
import { resolve } from "node:path";
import { globSync } from "tinyglobby";
import type { DataSource } from "typeorm";
import { LimbeckError } from "../errors";
import { internals } from "./internals";
import { loadModule, runUserCode } from "./load";
import { isObject } from "./recognize";

/** A migration class of TypeORM. */
export interface MigrationClass {
  /** What TypeORM calls it, and keeps in its table. */
  readonly name: string;
  /** The thirteen digits at the end of the name: TypeORM's order. */
  readonly timestamp: number;
  readonly file: string;
  /** Under which name the file exports it. */
  readonly exportedAs: string;
  /** `false` where the class wants no transaction around it. */
  readonly transaction?: boolean;
}

type Constructor = new () => { readonly name?: string; readonly transaction?: boolean };

/**
 * The migrations of a data source in TypeORM's order; none where it names none. Their files are loaded, nothing is run.
 *
 * Throws DATA_SOURCE_INVALID for a class whose name has no timestamp, for two of one name, and for one whose file cannot
 * be found.
 */
export async function migrationClasses(
  { options }: DataSource,
  origin: { readonly file: string; readonly loader: "auto" | "none" },
): Promise<readonly MigrationClass[]> {
  const given = Object.values(options.migrations ?? {}) as readonly unknown[];
  const globs = given.filter((item) => typeof item === "string");
  const classes = given.filter((item) => isMigration(item));
  const found = [
    ...(await Promise.all(filesOf(globs).map((file) => exportedBy(file, origin)))).flat(),
    ...classes.map((item) => ({ item, ...placeOf(item, origin.file) })),
  ];
  const described = await runUserCode(() => Promise.resolve(found.map(describe)));
  for (const { name, timestamp, file } of described) {
    if (!Number.isNaN(timestamp)) continue;
    throw invalid(
      `the name of migration ${name} does not end with a timestamp`,
      file,
      "TypeORM would not run it either: name the class like CreateUser1700000000000",
    );
  }
  const sorted = described.toSorted((left, right) => left.timestamp - right.timestamp);
  const twice = sorted.find(({ name }, place) => sorted.findIndex((other) => other.name === name) !== place);
  if (twice)
    throw invalid(
      `two migrations are called ${twice.name}`,
      twice.file,
      "TypeORM would not run them either: rename one",
    );
  return sorted;
}

/** As TypeORM finds them: from the working directory. A compiled file beside its source would be the same class again. */
function filesOf(globs: readonly string[]): readonly string[] {
  const files = globs
    .flatMap((glob) => globSync(glob.replaceAll("\\", "/")))
    .map((file) => resolve(file))
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.d\.[cm]?ts$/.test(file));
  const all = new Set(files);
  return [...all].filter((file) => !/\.[cm]?js$/.test(file) || !all.has(file.replace(/js$/, "ts"))).sort();
}

interface Found {
  readonly item: Constructor;
  readonly file: string;
  readonly exportedAs: string;
}

async function exportedBy(
  file: string,
  { loader }: { readonly loader: "auto" | "none" },
): Promise<readonly Found[]> {
  return classesIn(await loadModule(file, { loader })).map((found) => ({ ...found, file }));
}

/** Each class once, by a name that is not `default` where it has one. */
function classesIn(module: unknown): readonly { readonly item: Constructor; readonly exportedAs: string }[] {
  if (!isObject(module)) return isMigration(module) ? [{ item: module, exportedAs: "default" }] : [];
  const inner = isObject(module.default) ? module.default : {};
  const names = new Map<Constructor, string>();
  for (const [name, item] of Object.entries({ ...inner, ...module })) {
    if (isMigration(item) && (names.get(item) ?? "default") === "default") names.set(item, name);
  }
  return [...names].map(([item, exportedAs]) => ({ item, exportedAs }));
}

/** A class that the data source imports by itself stands in a module that is loaded. */
function placeOf(item: Constructor, dataSourceFile: string): Omit<Found, "item"> {
  for (const [file, module] of Object.entries(internals._cache)) {
    const exported = classesIn(module?.exports).find((other) => other.item === item);
    if (exported) return { file, exportedAs: exported.exportedAs };
  }
  throw invalid(
    `migration ${item.name} is in no file that can be found`,
    dataSourceFile,
    'name the files in the data source instead, such as `migrations: ["src/migrations/*.ts"]`, or adopt the database as it is with --baseline',
  );
}

function isMigration(item: unknown): item is Constructor {
  if (typeof item !== "function") return false;
  const prototype = item.prototype as { readonly up?: unknown; readonly down?: unknown } | undefined;
  return typeof prototype?.up === "function" && typeof prototype.down === "function";
}

function describe({ item: Migration, file, exportedAs }: Found): MigrationClass {
  const migration = new Migration();
  const name = migration.name ?? Migration.name;
  return {
    name,
    timestamp: Number.parseInt(name.slice(-13), 10),
    file,
    exportedAs,
    ...(migration.transaction === undefined ? {} : { transaction: migration.transaction }),
  };
}

function invalid(message: string, file: string, hint: string): LimbeckError {
  return new LimbeckError("DATA_SOURCE_INVALID", message, { file, hint });
}
