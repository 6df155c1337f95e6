/** From the command line's options to a configuration with everything said. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LimbeckError, messageOf } from "../errors";
import { compact } from "../model/equal";
import { isDataSource, isDataSourceOptions } from "../loader/recognize";
import { loadModule } from "../loader/load";
import { readsTypeScript } from "../loader/register";
import { checkConfig } from "./check";
import type { Config, ResolvedConfig } from "./config";
import { findConfig, findOldConfig, upwards } from "./find";

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
  const { cwd, dataSourceFile } = options;
  const file = findConfig({ ...options, readsTypeScript: () => readsTypeScript() || canTranspile(cwd) });
  if (file === undefined) return withoutConfig(options);
  const environment = options.environment ?? options.env.LIMBECK_ENV;
  const chosen = choose(await loadConfig(file), file, { environment, name: options.name });
  const { config } = chosen;
  const dataSource =
    dataSourceFile === undefined ? config.dataSource : dataSourceOf(cwd, dataSourceFile, config.loader);
  return resolved({ ...chosen, config: { ...config, dataSource } }, file, dirname(file));
}

function canTranspile(folder: string): boolean {
  return (require("../loader/transpile") as typeof import("../loader/transpile")).canTranspile(folder);
}

/**
 * A configuration handed over as an object, with one of its environments and databases chosen; paths in it are relative to
 * `home`. Throws CONFIG_INVALID or USAGE.
 */
export function resolveConfigObject(
  given: Config,
  home: string,
  choice: Pick<ResolveOptions, "environment" | "name"> = {},
): ResolvedConfig {
  const file = join(home, "ormconfig.ts");
  checkConfig(given, file);
  return resolved(choose(given, file, choice), file, home);
}

async function loadConfig(file: string): Promise<Config> {
  let loaded: unknown;
  try {
    loaded = await loadModule(file, { loader: loaderOf(file) });
  } catch (cause) {
    if (cause instanceof LimbeckError && cause.code !== "MODULE_FAILED") throw cause;
    const { hint } = cause as LimbeckError;
    throw new LimbeckError("CONFIG_FAILED", messageOf(cause), {
      file,
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const value = defaultExport(loaded);
  if (isDataSource(value) || isDataSourceOptions(value)) return { dataSource: value };
  checkConfig(value, file);
  return value;
}

/** `loader: "none"` must be known before the file that says so is loaded, so it is looked for in the text. */
function loaderOf(file: string): "auto" | "none" {
  return /\bloader\b["']?\s*:\s*["'`]none["'`]/.test(readFileSync(file, "utf8")) ? "none" : "auto";
}

/** The default of an ES module, of a CommonJS module seen from one, or the CommonJS module itself. */
function defaultExport(loaded: unknown): unknown {
  const outer = (loaded as { readonly default?: unknown }).default;
  const inner = (outer as { readonly default?: unknown } | undefined)?.default;
  return inner ?? outer ?? loaded;
}

function withoutConfig({ cwd, dataSourceFile, environment, name }: ResolveOptions): ResolvedConfig {
  if (dataSourceFile === undefined) throw notFound(cwd);
  const option = name !== undefined ? "-n" : environment !== undefined ? "--env" : undefined;
  if (option !== undefined) {
    throw new LimbeckError("USAGE", `${option} chooses from a configuration, and there is none`, {
      hint: "make one with `limbeck init`, or leave the option out",
    });
  }
  const file = resolve(cwd, dataSourceFile);
  const home = upwards(cwd).find((folder) => existsSync(join(folder, "package.json"))) ?? cwd;
  return withDefaults({ dataSource: dataSourceOf(cwd, dataSourceFile) }, file, home, undefined);
}

function notFound(cwd: string): LimbeckError {
  const old = findOldConfig(cwd);
  const message = `there is no ormconfig.ts in ${cwd} or above`;
  return new LimbeckError(
    "CONFIG_NOT_FOUND",
    old === undefined ? message : `${message}; ${old} is for TypeORM before 0.3 and is not read`,
    {
      hint: "make one with `limbeck init`, name one with -c, or name your data source with -d src/data-source.ts",
    },
  );
}

function dataSourceOf(
  cwd: string,
  dataSourceFile: string,
  loader: "auto" | "none" = "auto",
): () => Promise<unknown> {
  const file = resolve(cwd, dataSourceFile);
  if (!existsSync(file)) {
    throw new LimbeckError("DATA_SOURCE_INVALID", `the data source file ${file} does not exist`, {
      file,
      hint: "check the path after -d",
    });
  }
  return async () => await loadModule(file, { loader });
}

/** The configuration of one environment and one database: what stands deeper wins. */
function choose(
  { environments = {}, ...base }: Config,
  file: string,
  { environment, name }: Pick<ResolveOptions, "environment" | "name">,
): Chosen {
  const overlay =
    environment === undefined ? {} : named(environments, environment, "environment", "--env", file);
  const databases = mergeDatabases(base.databases ?? {}, overlay.databases ?? {});
  const { databases: _chosen, ...shared } = { ...base, ...overlay };
  const names = Object.keys(databases);
  const database = name ?? (names.length === 1 ? names[0] : undefined);
  const together = oneLine(databases) ? { shared, databases } : {};
  if (database !== undefined) {
    const own = named(databases, database, "database", "-n", file);
    return { config: { ...shared, ...own }, database, ...together };
  }
  if (names.length === 0 || oneLine(databases)) return { config: shared, ...together };
  throw new LimbeckError("USAGE", `${file} has ${names.length} databases: ${names.join(", ")}`, {
    file,
    hint: `say which one, with -n ${names[0] ?? ""}`,
  });
}

/** A configuration with its place in the file. */
interface Chosen {
  readonly config: Config;
  readonly database?: string;
  /** What the databases have in common, where they share their revisions. */
  readonly shared?: Config;
  readonly databases?: Databases;
}

/** Several databases that say nothing of revisions share them. */
function oneLine(databases: Databases): boolean {
  const all = Object.values(databases);
  const hasOwn = ({ scriptLocation, versionLocations }: Config): boolean =>
    scriptLocation !== undefined || versionLocations !== undefined;
  return all.length > 1 && !all.some(hasOwn);
}

function resolved(
  { config, database, shared, databases }: Chosen,
  file: string,
  home: string,
): ResolvedConfig {
  const all = Object.entries(databases ?? {}).map(
    ([name, own]) => [name, withDefaults({ ...shared, ...own }, file, home, name)] as const,
  );
  const own = withDefaults(config, file, home, database);
  return all.length === 0 ? own : { ...own, databases: Object.fromEntries(all) };
}

type Databases = NonNullable<Config["databases"]>;

function mergeDatabases(base: Databases, overlay: Databases): Databases {
  const names = [...new Set([...Object.keys(base), ...Object.keys(overlay)])];
  return Object.fromEntries(names.map((name) => [name, { ...base[name], ...overlay[name] }]));
}

function named<T>(
  all: Readonly<Record<string, T>>,
  name: string,
  what: string,
  option: string,
  file: string,
): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(all);
  throw new LimbeckError("USAGE", `${file} has no ${what} "${name}" (${option})`, {
    file,
    hint: known.length === 0 ? `it has no ${what}s at all` : `it has ${known.join(", ")}`,
  });
}

const DEFAULTS = {
  recursiveVersionLocations: false,
  fileTemplate: "{rev}_{slug}",
  timeZone: "UTC",
  revisionEnvironment: false,
  postWriteHooks: [],
  slugLength: 40,
  transaction: "all",
  lock: "session",
  lockWait: "60s",
  batchSeparator: "GO",
  versionTable: "limbeck_version",
  historyTable: "limbeck_history",
  names: "strategy",
  typeormMetadata: true,
  enumStrategy: "add",
  renderAsBatch: "auto",
  loader: "auto",
  plugins: [],
  logging: {},
} as const satisfies Partial<ResolvedConfig>;

function withDefaults(
  { databases: _databases, environments: _environments, ...config }: Config,
  file: string,
  home: string,
  database: string | undefined,
): ResolvedConfig {
  const scriptLocation = resolve(home, config.scriptLocation ?? "revisions");
  const locations = config.versionLocations ?? [join(scriptLocation, "versions")];
  return {
    ...DEFAULTS,
    ...compact<Omit<Config, "databases" | "environments">>(config),
    file,
    scriptLocation,
    versionLocations: locations.map((location) => resolve(home, location)),
    ...(config.renames === undefined ? {} : { renames: resolve(home, config.renames) }),
    ...(database === undefined ? {} : { database }),
  };
}
