/**
 * What a command may touch: the configuration, the revision files, a clock, a reporter, and databases through env.ts.
 * Built once, by the command line or by a test.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataSource, QueryRunner } from "typeorm";
import { registryOf } from "../autogenerate/plugin";
import type { ResolvedConfig } from "../config/config";
import { LimbeckError } from "../errors";
import type { LoadedDataSource } from "../loader/data-source";
import { loadModule, withStdoutToStderr } from "../loader/load";
import type { Target } from "../metadata/read";
import type { Registry } from "../operations/registry";
import type { RevisionMap } from "../revisions/revision-map";
import { RevisionDirectory } from "./directory";
import { ownerOf } from "./queryable";
import { genericEnvironment } from "./environment-context";
import type { EnvironmentScript } from "./environment-context";
import type { RunBody, RunHost, RunRequest } from "./environment-run";
import type { OutputPlace } from "./context";
import { configuredReporter } from "./reporter";
import type { Reporter } from "./reporter";

/** What an environment is made of. */
export interface EnvironmentParts {
  readonly config: ResolvedConfig;
  readonly reporter: Reporter;
  /** Where SQL and data go. */
  readonly write: (text: string, place: OutputPlace) => void;
  readonly now: () => Date;
  readonly attributes?: Map<string, unknown>;
  readonly xArguments?: Readonly<Record<string, string>>;
  /** The connection to run on, instead of one that is opened and closed here. */
  readonly queryRunner?: QueryRunner;
  /** Ends a run between two statements, and the statement that is running where the database can. */
  readonly signal?: AbortSignal;
}

export class Environment implements RunHost {
  readonly reporter: Reporter;
  readonly write: (text: string, place: OutputPlace) => void;
  readonly now: () => Date;
  readonly attributes: Map<string, unknown>;
  readonly xArguments: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly queryRunner: QueryRunner | undefined;
  readonly registry: Registry;
  readonly directory: RevisionDirectory;
  readonly #config: ResolvedConfig;
  /** The one of several databases that a command is at. */
  #database: string | undefined;
  readonly #dataSources = new Map<string | undefined, Promise<LoadedDataSource>>();

  constructor(parts: EnvironmentParts) {
    this.#config = parts.config;
    this.reporter = configuredReporter(parts.config.logging, parts.reporter);
    this.write = parts.write;
    this.now = parts.now;
    this.attributes = parts.attributes ?? new Map<string, unknown>();
    this.xArguments = parts.xArguments ?? {};
    this.signal = parts.signal;
    this.queryRunner = parts.queryRunner;
    this.registry = registryOf(parts.config.plugins);
    const { loader, versionLocations, recursiveVersionLocations } = parts.config;
    this.directory = new RevisionDirectory(
      versionLocations,
      (file, text) => loadModule(file, { loader, once: true, ...(text === undefined ? {} : { text }) }),
      recursiveVersionLocations,
    );
  }

  /** The configuration: of the database that env.ts is at, where one line of revisions covers several. */
  get config(): ResolvedConfig {
    return this.#database === undefined ? this.#config : this.configOf(this.#database);
  }

  /** The databases that a command is for. */
  get databases(): readonly string[] {
    const { database, databases = {} } = this.#config;
    return database === undefined ? Object.keys(databases) : [database];
  }

  /** The configuration of one of the databases. Throws USAGE for a name that is none of them. */
  configOf(database: string): ResolvedConfig {
    const { databases = {} } = this.#config;
    const own = this.#config.database === database ? this.#config : databases[database];
    if (own) return own;
    throw new LimbeckError("USAGE", `the configuration has no database "${database}"`, {
      file: this.#config.file,
      hint: this.databases.length === 0 ? "it has no `databases`" : `it has ${this.databases.join(", ")}`,
    });
  }

  /** Says which of the databases the next steps are for. Throws USAGE where there are several and none is named. */
  use(database: string | undefined): void {
    const isOneOfSeveral = this.#config.databases !== undefined && this.#config.database === undefined;
    if (!isOneOfSeveral) return;
    if (database === undefined) throw this.#undecided();
    this.configOf(database);
    this.#database = database;
  }

  #undecided(): LimbeckError {
    const [first = ""] = this.databases;
    return new LimbeckError(
      "USAGE",
      `there are ${this.databases.length} databases: ${this.databases.join(", ")}`,
      {
        file: this.#config.file,
        hint: `say which one, with -n ${first}, or go through all of them in env.ts (template \`multidb\`)`,
      },
    );
  }

  /** The graph of the revision files. */
  revisions(): Promise<RevisionMap> {
    return this.directory.revisions();
  }

  /** The application's data source; it is loaded when it is first asked for, and its metadata is not built yet. */
  async dataSource(database = this.config.database): Promise<DataSource> {
    if (database === undefined && this.config.databases !== undefined) throw this.#undecided();
    const config = database === undefined ? this.config : this.configOf(database);
    if (config.dataSource === undefined && this.queryRunner) return ownerOf(this.queryRunner);
    const loading = this.#dataSources.get(database) ?? this.#loadDataSource(config);
    this.#dataSources.set(database, loading);
    return (await loading).dataSource;
  }

  /** What the entities of a data source want; its metadata is built where it is not there yet. */
  async readTarget(dataSource: DataSource): Promise<Target> {
    const { buildMetadata, entitiesBehindGlobs } =
      require("../loader/build-metadata") as typeof import("../loader/build-metadata");
    const { readMetadata } = require("../metadata/read") as typeof import("../metadata/read");
    await buildMetadata(dataSource, this.config.file, this.config.serverVersion);
    return readMetadata(dataSource, await entitiesBehindGlobs(dataSource, this.config.file));
  }

  /** Runs the body of a command through env.ts. */
  async run(request: RunRequest, body: RunBody): Promise<void> {
    const script = await this.#script();
    const { EnvironmentRun } = require("./environment-run") as typeof import("./environment-run");
    const run = new EnvironmentRun(this, request, body);
    try {
      await withStdoutToStderr(async () => {
        await script(run.context);
      });
    } finally {
      this.#database = undefined;
      for (const loading of this.#dataSources.values()) {
        const loaded = await loading.catch(() => undefined);
        await loaded?.close?.();
      }
    }
    if (!run.ran) {
      throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts did not call `context.runMigrations()`", {
        file: join(this.config.scriptLocation, "env.ts"),
        hint: "see the env.ts that `limbeck init` makes",
      });
    }
    run.finish();
  }

  async #loadDataSource(config: ResolvedConfig): Promise<LoadedDataSource> {
    const { dataSource, file, loader } = config;
    if (dataSource === undefined) {
      throw new LimbeckError("CONFIG_INVALID", `${file} has no \`dataSource\``, {
        file,
        hint: 'write `dataSource: () => import("./src/data-source")`, or use -d',
      });
    }
    const { loadDataSource } = require("../loader/data-source") as typeof import("../loader/data-source");
    const loaded = await loadDataSource(dataSource, { file, loader });
    const { options } = loaded.dataSource;
    const { optionWarnings } = require("../loader/quiet-options") as typeof import("../loader/quiet-options");
    const { checkScriptLocation } =
      require("../config/check-location") as typeof import("../config/check-location");
    for (const warning of optionWarnings(options)) this.reporter.warn(warning);
    checkScriptLocation(config, options);
    return loaded;
  }

  async #script(): Promise<EnvironmentScript> {
    const { scriptLocation, loader } = this.config;
    const names = ["env.ts", "env.mts", "env.cts", "env.js", "env.mjs", "env.cjs"];
    const file = names.map((name) => join(scriptLocation, name)).find((candidate) => existsSync(candidate));
    if (file === undefined) return genericEnvironment;
    const loaded = await loadModule(file, { loader });
    const outer = (loaded as { readonly default?: unknown }).default ?? loaded;
    const script = (outer as { readonly default?: unknown }).default ?? outer;
    if (typeof script === "function") return script as EnvironmentScript;
    throw new LimbeckError("ENVIRONMENT_INVALID", `${file} does not export a function as its default`, {
      file,
      hint: "write `export default async function env(context) {...}`",
    });
  }
}
