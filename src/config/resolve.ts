/** From the command line's options to a configuration with everything said. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { isDataSource } from "../loader/data-source";
import { loadModule } from "../loader/load";
import { canTranspile } from "../loader/transpile";
import { checkConfig } from "./check";
import type { Config, ResolvedConfig } from "./config";
import { findConfig, upwards } from "./find";

/** What chooses a configuration. */
export interface ResolveOptions {
  readonly cwd: string;
  /** `-c`. */
  readonly configFile?: string | undefined;
  /** `-d`: a file that exports a data source. */
  readonly dataSourceFile?: string | undefined;
  /** `--env`. */
  readonly environment?: string | undefined;
  /** `-n`. */
  readonly name?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Finds, loads and checks the configuration. Its data source is not touched: functions stay functions.
 *
 * Throws CONFIG_NOT_FOUND, CONFIG_FAILED (the file throws), CONFIG_INVALID, or USAGE for a name that is not in it.
 */
export async function resolveConfig(options: ResolveOptions): Promise<ResolvedConfig> {
  const file = findConfig({ ...options, readsTypeScript: canTranspile(options.cwd) });
  if (file === undefined) return withoutConfig(options);
  const config = await loadConfig(file);
  const environment = options.environment ?? options.env["LIMBECK_ENV"];
  const chosen = choose(config, file, { environment, name: options.name });
  const { dataSourceFile } = options;
  const merged =
    dataSourceFile === undefined
      ? chosen.config
      : { ...chosen.config, dataSource: dataSourceOf(options.cwd, dataSourceFile) };
  return withDefaults(merged, file, dirname(file), chosen.database);
}

/** A configuration that was handed over as an object; paths in it are relative to `home`. Throws CONFIG_INVALID. */
export function resolveConfigObject(config: Config, home: string): ResolvedConfig {
  const file = join(home, "ormconfig");
  checkConfig(config, file);
  const chosen = choose(config, file, {});
  return withDefaults(chosen.config, file, home, chosen.database);
}

async function loadConfig(file: string): Promise<Config> {
  let loaded: unknown;
  try {
    loaded = await loadModule(file);
  } catch (cause) {
    const message = cause instanceof LimbeckError ? cause.message : `${file} cannot be loaded`;
    throw new LimbeckError("CONFIG_FAILED", message, { file, cause });
  }
  const value = defaultExport(loaded);
  if (isDataSource(value) || isDataSourceOptions(value)) return { dataSource: value };
  checkConfig(value, file);
  return value;
}

/** The default of an ES module, of a CommonJS module seen from one, or the CommonJS module itself. */
function defaultExport(loaded: unknown): unknown {
  const outer = (loaded as { readonly default?: unknown }).default;
  const inner = (outer as { readonly default?: unknown } | undefined)?.default;
  return inner ?? outer ?? loaded;
}

function isDataSourceOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function withoutConfig({ cwd, dataSourceFile }: ResolveOptions): ResolvedConfig {
  if (dataSourceFile === undefined) {
    throw new LimbeckError("CONFIG_NOT_FOUND", `there is no ormconfig.ts in ${cwd} or above`, {
      hint: "make one with `limbeck init`, name one with -c, or name your data source with -d src/data-source.ts",
    });
  }
  const file = resolve(cwd, dataSourceFile);
  const home = upwards(cwd).find((folder) => existsSync(join(folder, "package.json"))) ?? cwd;
  return withDefaults({ dataSource: dataSourceOf(cwd, dataSourceFile) }, file, home, undefined);
}

function dataSourceOf(cwd: string, dataSourceFile: string): () => Promise<unknown> {
  const file = resolve(cwd, dataSourceFile);
  if (!existsSync(file)) {
    throw new LimbeckError("DATA_SOURCE_INVALID", `the data source file ${file} does not exist`, {
      file,
      hint: "check the path after -d",
    });
  }
  return async () => await loadModule(file);
}

function choose(
  config: Config,
  file: string,
  { environment, name }: { readonly environment?: string | undefined; readonly name?: string | undefined },
): { readonly config: Config; readonly database?: string } {
  const { environments = {}, ...base } = config;
  const overlay =
    environment === undefined ? {} : named(environments, environment, "environment", "--env", file);
  const { databases, ...rest } = { ...base, ...overlay };
  const names = Object.keys(databases ?? {});
  if (name !== undefined)
    return { config: { ...rest, ...named(databases ?? {}, name, "database", "-n", file) }, database: name };
  if (names.length === 0) return { config: rest };
  const [only] = names;
  if (only !== undefined && names.length === 1)
    return { config: { ...rest, ...databases?.[only] }, database: only };
  throw new LimbeckError("USAGE", `${file} has ${names.length} databases: ${names.join(", ")}`, {
    file,
    hint: `say which one, with -n ${names[0] ?? ""}`,
  });
}

function named<T>(
  all: Readonly<Record<string, T>>,
  name: string,
  what: string,
  option: string,
  file: string,
): T {
  const found = all[name];
  if (found !== undefined) return found;
  const known = Object.keys(all);
  throw new LimbeckError("USAGE", `${file} has no ${what} "${name}" (${option})`, {
    file,
    hint: known.length === 0 ? `it has no ${what}s at all` : `it has ${known.join(", ")}`,
  });
}

function withDefaults(
  config: Config,
  file: string,
  home: string,
  database: string | undefined,
): ResolvedConfig {
  const scriptLocation = resolve(home, config.scriptLocation ?? "revisions");
  const locations = config.versionLocations?.map((location) => resolve(home, location));
  return compact<ResolvedConfig>({
    file,
    dataSource: config.dataSource,
    dialect: config.dialect,
    scriptLocation,
    versionLocations: locations ?? [join(scriptLocation, "versions")],
    fileTemplate: config.fileTemplate ?? "{rev}_{slug}",
    slugLength: config.slugLength ?? 40,
    transaction: config.transaction ?? "all",
    versionTable: config.versionTable ?? "limbeck_version",
    versionTableSchema: config.versionTableSchema,
    historyTable: config.historyTable ?? "limbeck_history",
    names: config.names ?? "strategy",
    typeormMetadata: config.typeormMetadata ?? true,
    include: config.include ?? [],
    exclude: config.exclude ?? [],
    includeObject: config.includeObject,
    includeSchemas: config.includeSchemas ?? [],
    loader: config.loader ?? "auto",
    operations: config.operations ?? [],
    objects: config.objects ?? [],
    database,
  });
}
