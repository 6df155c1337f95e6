/**
 * What a command may touch: the configuration, the revision files, a clock, a reporter, and databases through env.ts.
 * Built once, by the command line or by a test.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataSource, QueryRunner } from "typeorm";
import type { ResolvedConfig } from "../config/config";
import { dialectOfDriver, loadDialect } from "../dialects/index";
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { loadDataSource } from "../loader/data-source";
import type { LoadedDataSource } from "../loader/data-source";
import { loadModule, readTypeScript, withStdoutToStderr } from "../loader/load";
import { emptySchema } from "../model/schema";
import type { QualifiedName } from "../model/schema";
import { displayName } from "../model/names";
import { createRegistry } from "../operations/registry";
import type { Registry } from "../operations/registry";
import type { RevisionId } from "../revisions/revision";
import { appliedBy } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { MigrationContext } from "./context";
import { RevisionDirectory } from "./directory";
import { genericEnvironment } from "./environment-context";
import type { ConfigureOptions, EnvironmentContext, EnvironmentScript } from "./environment-context";
import { onlineExecutor, scriptExecutor } from "./executor";
import type { Executor } from "./executor";
import { liveSchema, simulatedSchema } from "./known-schema";
import { queryableOf } from "./queryable";
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
}

/** How a command wants to run. */
export interface RunRequest {
  /** Writes a script instead of running on a database. */
  readonly offline?: boolean;
  /** Changes nothing; a missing SQLite file is then not created. */
  readonly readsOnly?: boolean;
  readonly revisionArgument?: string | undefined;
  /** Where a script starts, for simulating the schema there. */
  readonly startsAt?: (map: RevisionMap) => readonly RevisionId[];
}

/** The body of a command, called for each `runMigrations` of env.ts. */
export type RunBody = (context: MigrationContext, args: readonly unknown[]) => Promise<void>;

export class Environment {
  readonly config: ResolvedConfig;
  readonly reporter: Reporter;
  readonly write: (text: string) => void;
  readonly now: () => Date;
  readonly attributes: Map<string, unknown>;
  readonly xArguments: Readonly<Record<string, string>>;
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
    this.registry = createRegistry(parts.config.operations, parts.config.objects);
    const { loader } = parts.config;
    this.directory = new RevisionDirectory(parts.config.versionLocations, (file) =>
      loadModule(file, { loader }),
    );
  }

  /** The graph of the revision files. */
  revisions(): Promise<RevisionMap> {
    return this.directory.revisions();
  }

  /** The application's data source; it is loaded when it is first asked for, and its metadata is not built yet. */
  async dataSource(): Promise<DataSource> {
    this.#dataSource ??= this.#loadDataSource();
    return (await this.#dataSource).dataSource;
  }

  /** Builds the metadata of a data source that is the target. */
  async buildMetadata(dataSource: DataSource): Promise<void> {
    const { buildMetadata } = await import("../loader/build-metadata.js");
    await buildMetadata(dataSource, this.config.file);
  }

  /** Runs the body of a command through env.ts. */
  async run(request: RunRequest, body: RunBody): Promise<void> {
    const script = await this.#script();
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
    const loaded = await loadDataSource(dataSource, { file });
    const { options } = loaded.dataSource;
    const { optionWarnings } = await import("../loader/build-metadata.js");
    const { checkScriptLocation } = await import("../config/check-location.js");
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

/** One pass through env.ts. */
class EnvironmentRun {
  readonly context: EnvironmentContext;
  ran = false;
  readonly #environment: Environment;
  readonly #request: RunRequest;
  readonly #written: string[] = [];
  #migration: MigrationContext | undefined;

  constructor(environment: Environment, request: RunRequest, body: RunBody) {
    this.#environment = environment;
    this.#request = request;
    const { reporter } = environment;
    const readsOnly = request.readsOnly ?? false;
    this.context = {
      config: environment.config,
      isOffline: request.offline ?? false,
      attributes: environment.attributes,
      xArguments: environment.xArguments,
      revisionArgument: request.revisionArgument,
      output: { write: (text) => this.#written.push(text) },
      dataSource: () => environment.dataSource(),
      connect: async (dataSource, inner) => {
        const { withConnection } = await import("./connection.js");
        await withConnection(dataSource, { readsOnly, reporter }, inner);
      },
      configure: async (options) => {
        this.#migration = await this.#configure(options);
      },
      runMigrations: async (...args) => {
        this.ran = true;
        await body(this.#configured(), args);
      },
      execute: async (sql, parameters = []) => {
        await this.#configured().executor.run({ sql, parameters });
      },
    };
  }

  /** What was written comes out only when all went well, so that a failed command leaves no half script. */
  finish(): void {
    for (const text of this.#written) this.#environment.write(text);
  }

  #configured(): MigrationContext {
    if (this.#migration) return this.#migration;
    throw new LimbeckError(
      "ENVIRONMENT_INVALID",
      "env.ts called `runMigrations` or `execute` before `configure`",
    );
  }

  async #configure(options: ConfigureOptions): Promise<MigrationContext> {
    const { config, registry } = this.#environment;
    const dialect = await this.#dialect(options);
    const schema = options.versionTableSchema ?? config.versionTableSchema;
    const named = (name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });
    const { queryRunner, target } = options;
    const shared = {
      dialect,
      registry,
      transaction: options.transaction ?? config.transaction,
      tables: {
        version: named(options.versionTable ?? config.versionTable),
        history: named(options.historyTable ?? config.historyTable),
      },
      ...(config.typeormMetadata ? { typeormMetadata: metadataTable(target) } : {}),
      ...((options.database ?? config.database) === undefined
        ? {}
        : { database: options.database ?? config.database ?? "" }),
    };
    if (!queryRunner) {
      const writeRaw = (text: string): void => void this.#written.push(text);
      const executor = scriptExecutor(dialect, writeRaw);
      return new MigrationContext({
        ...shared,
        executor,
        writeRaw,
        schema: simulatedSchema(() => this.#start(dialect), registry),
      });
    }
    const db = queryableOf(queryRunner);
    const executor: Executor = onlineExecutor(dialect, db, queryRunner);
    const inspect = () => dialect.inspect(db, { schemas: config.includeSchemas });
    return new MigrationContext({
      ...shared,
      executor,
      db,
      queryRunner,
      ...(target === undefined ? {} : { target }),
      schema: liveSchema(inspect, registry),
      hasTable: (name) => queryRunner.hasTable(displayName(name)),
    });
  }

  async #dialect({ queryRunner, dialect }: ConfigureOptions): Promise<Dialect> {
    if (queryRunner) return await loadDialect(dialectOfDriver(ownerOf(queryRunner).options.type));
    const { config } = this.#environment;
    const named = dialect ?? config.dialect;
    if (named !== undefined) return await loadDialect(named);
    return await loadDialect(dialectOfDriver((await this.#environment.dataSource()).options.type));
  }

  /** The schema where a script starts, replayed from the revisions before. */
  async #start(dialect: Dialect) {
    const map = await this.#environment.revisions();
    const rows = this.#request.startsAt?.(map) ?? [];
    if (rows.length === 0) return emptySchema;
    const applied = appliedBy(map, rows);
    const { registry, directory } = this.#environment;
    const load = (id: string) => directory.load(id);
    const { replay } = await import("./replay.js");
    const revisions = map.sorted.filter(({ id }) => applied.has(id));
    return (await replay(revisions, { dialect, registry, load })).schema;
  }
}

/** The owner of a query runner has another name in each line of TypeORM. */
function ownerOf(queryRunner: QueryRunner): DataSource {
  const owner = queryRunner as unknown as {
    readonly dataSource?: DataSource;
    readonly connection: DataSource;
  };
  return owner.dataSource ?? owner.connection;
}

function metadataTable(target: DataSource | undefined): QualifiedName {
  return { name: target?.options.metadataTableName ?? "typeorm_metadata" };
}
