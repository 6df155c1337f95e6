/**
 * What a command may touch: the configuration, the revision files, a clock, a reporter, and databases through env.ts.
 * Built once, by the command line or by a test.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataSource, QueryRunner } from "typeorm";
import type { ResolvedConfig } from "../config/config";
import { LimbeckError } from "../errors";
import type { LoadedDataSource } from "../loader/data-source";
import { loadModule, readTypeScript, withStdoutToStderr } from "../loader/load";
import type { Target } from "../metadata/read";
import { createRegistry } from "../operations/registry";
import type { Registry } from "../operations/registry";
import type { RevisionMap } from "../revisions/revision-map";
import { RevisionDirectory } from "./directory";
import { ownerOf } from "./queryable";
import { genericEnvironment } from "./environment-context";
import type { EnvironmentScript } from "./environment-context";
import type { RunBody, RunHost, RunRequest } from "./environment-run";
import type { Reporter } from "./reporter";

/** What an environment is made of. */
export interface EnvironmentParts {
  readonly config: ResolvedConfig;
  readonly reporter: Reporter;
  /** Where SQL and data go. */
  readonly write: (text: string) => void;
  readonly now: () => Date;
  readonly attributes?: Map<string, unknown>;
  readonly xArguments?: Readonly<Record<string, string>>;
  /** The connection to run on, instead of one that is opened and closed here. */
  readonly queryRunner?: QueryRunner;
  /** Ends a run between two statements, and the statement that is running where the database can. */
  readonly signal?: AbortSignal;
}

export class Environment implements RunHost {
  readonly config: ResolvedConfig;
  readonly reporter: Reporter;
  readonly write: (text: string) => void;
  readonly now: () => Date;
  readonly attributes: Map<string, unknown>;
  readonly xArguments: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly queryRunner: QueryRunner | undefined;
  readonly registry: Registry;
  readonly directory: RevisionDirectory;
  #dataSource: Promise<LoadedDataSource> | undefined;

  constructor(parts: EnvironmentParts) {
    this.config = parts.config;
    this.reporter = parts.reporter;
    this.write = parts.write;
    this.now = parts.now;
    this.attributes = parts.attributes ?? new Map<string, unknown>();
    this.xArguments = parts.xArguments ?? {};
    this.signal = parts.signal;
    this.queryRunner = parts.queryRunner;
    this.registry = createRegistry(parts.config.operations, parts.config.objects);
    const { loader, versionLocations, recursiveVersionLocations } = parts.config;
    this.directory = new RevisionDirectory(
      versionLocations,
      (file) => loadModule(file, { loader }),
      recursiveVersionLocations,
    );
  }

  /** The graph of the revision files. */
  revisions(): Promise<RevisionMap> {
    return this.directory.revisions();
  }

  /** The application's data source; it is loaded when it is first asked for, and its metadata is not built yet. */
  async dataSource(): Promise<DataSource> {
    if (this.config.dataSource === undefined && this.queryRunner) return ownerOf(this.queryRunner);
    this.#dataSource ??= this.#loadDataSource();
    return (await this.#dataSource).dataSource;
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
      const loaded = await this.#dataSource?.catch(() => undefined);
      await loaded?.close?.();
    }
    if (!run.ran) {
      throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts did not call `context.runMigrations()`", {
        file: join(this.config.scriptLocation, "env.ts"),
        hint: "see the env.ts that `limbeck init` makes",
      });
    }
    run.finish();
  }

  async #loadDataSource(): Promise<LoadedDataSource> {
    const { dataSource, file, loader } = this.config;
    if (dataSource === undefined) {
      throw new LimbeckError("CONFIG_INVALID", `${file} has no \`dataSource\``, {
        file,
        hint: 'write `dataSource: () => import("./src/data-source")`, or use -d',
      });
    }
    // The application, and TypeORM behind its globs, may import anything.
    readTypeScript(loader, true);
    const { loadDataSource } = require("../loader/data-source") as typeof import("../loader/data-source");
    const loaded = await loadDataSource(dataSource, { file });
    const { options } = loaded.dataSource;
    const { optionWarnings } =
      require("../loader/build-metadata") as typeof import("../loader/build-metadata");
    const { checkScriptLocation } =
      require("../config/check-location") as typeof import("../config/check-location");
    for (const warning of optionWarnings(options)) this.reporter.warn(warning);
    checkScriptLocation(this.config, options);
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
