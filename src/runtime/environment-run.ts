/** One pass through env.ts: the connections and scripts that a command's body runs in. */
import type { DataSource, QueryRunner } from "typeorm";
import { steeredBy } from "../autogenerate/options";
import { registryOf } from "../autogenerate/plugin";
import type { ResolvedConfig } from "../config/config";
import { dialectOfDriver, loadDialect } from "../dialects/index";
import type { Dialect, Queryable } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { typeormMetadataOf } from "../metadata/name";
import { emptySchema } from "../model/schema";
import type { QualifiedName } from "../model/schema";
import type { Registry } from "../operations/registry";
import type { RevisionId } from "../revisions/revision";
import { headsOf } from "../revisions/plan";
import { resolve } from "../revisions/target";
import { appliedBy } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { withConnection } from "./connection";
import { MigrationContext } from "./context";
import type { OutputPlace } from "./context";
import type { RevisionDirectory } from "./directory";
import type { ConfigureOptions, EnvironmentContext } from "./environment-context";
import { scriptExecutor } from "./executor";
import { simulatedSchema } from "./known-schema";
import type { Simulated } from "./known-schema";
import { onlineContext, versionOf } from "./online-context";
import type { ContextShared } from "./online-context";
import { ownerOf, queryableOf } from "./queryable";
import type { Reporter } from "./reporter";
import { versionSchema } from "./version-place";
import { versionTables } from "./version-table";

/** How a command wants to run. */
export interface RunRequest {
  /** Writes a script instead of running on a database. */
  readonly offline?: boolean;
  /** Changes nothing; a missing SQLite file is then not created. */
  readonly readsOnly?: boolean;
  /** Runs on an empty database that is made for this run and removed after it, in place of the application's. */
  readonly scratch?: boolean;
  readonly revisionArgument?: string | undefined;
  /** `--tag`, for env.ts. */
  readonly tag?: string | undefined;
  /** Where a script starts, for simulating the schema there. */
  readonly startsAt?: (map: RevisionMap) => readonly RevisionId[];
}

/** The body of a command, called for each `runMigrations` of env.ts. */
export type RunBody = (context: MigrationContext, args: readonly unknown[]) => Promise<void>;

/** What a run needs of its environment. */
export interface RunHost {
  readonly config: ResolvedConfig;
  readonly reporter: Reporter;
  readonly write: (text: string, place: OutputPlace) => void;
  readonly databases: readonly string[];
  readonly attributes: Map<string, unknown>;
  readonly xArguments: Readonly<Record<string, string>>;
  readonly registry: Registry;
  readonly directory: RevisionDirectory;
  readonly queryRunner: QueryRunner | undefined;
  readonly signal: AbortSignal | undefined;
  revisions(): Promise<RevisionMap>;
  dataSource(database?: string): Promise<DataSource>;
  configOf(database: string): ResolvedConfig;
  use(database: string | undefined): void;
}

/** One pass through env.ts. */
export class EnvironmentRun {
  readonly context: EnvironmentContext;
  ran = false;
  readonly #environment: RunHost;
  readonly #request: RunRequest;
  readonly #written: { readonly text: string; readonly place: OutputPlace }[] = [];
  #args: readonly unknown[] = [];
  #migration: MigrationContext | undefined;
  #scratch: QueryRunner | undefined;

  constructor(environment: RunHost, request: RunRequest, body: RunBody) {
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
      tag: request.tag,
      output: { write: (text) => this.#write(text) },
      databases: environment.databases,
      configOf: (database) => environment.configOf(database),
      dataSource: (database) => environment.dataSource(database),
      connect: async (dataSource, inner) => {
        const options = { readsOnly, reporter, file: environment.config.file };
        if (request.scratch) await this.#onScratch(dataSource, inner);
        else if (environment.queryRunner) await inner(environment.queryRunner);
        else await withConnection(dataSource, options, inner);
      },
      configure: async (options) => {
        this.#migration = await this.#configure(options);
      },
      runMigrations: async (...args) => {
        this.ran = true;
        this.#args = args;
        await body(this.#configured().withArgs(args), args);
      },
      execute: async (sql, parameters = []) => {
        await this.#configured().executor.run({ sql, parameters });
      },
    };
  }

  /** What was written comes out only when all went well, so that a failed command leaves no half script. */
  finish(): void {
    for (const { text, place } of this.#written) this.#environment.write(text, place);
  }

  #write(text: string): void {
    const { database } = this.#environment.config;
    this.#written.push({
      text,
      place: this.#migration?.place ?? (database === undefined ? {} : { database }),
    });
  }

  #configured(): MigrationContext {
    if (this.#migration) return this.#migration;
    throw new LimbeckError(
      "ENVIRONMENT_INVALID",
      "env.ts called `runMigrations` or `execute` before `configure`",
    );
  }

  async #onScratch(dataSource: DataSource, inner: (queryRunner: QueryRunner) => Promise<void>) {
    const { config, reporter, signal } = this.#environment;
    const { withScratch } = require("./scratch") as typeof import("./scratch");
    const options = { reporter, file: config.file, ...(signal ? { signal } : {}) };
    await withScratch(dataSource, options, async (queryRunner) => {
      this.#scratch = queryRunner;
      await inner(queryRunner);
    });
  }

  /** What is meant for a scratch database never reaches another one. */
  #demandScratch({ queryRunner }: ConfigureOptions): void {
    if (!this.#request.scratch || (queryRunner && queryRunner === this.#scratch)) return;
    throw new LimbeckError(
      "ENVIRONMENT_INVALID",
      "env.ts uses a connection of its own, so that no scratch database can take its place",
      {
        hint: "connect by `context.connect(dataSource, async (queryRunner) => ...)`, as the env.ts of `limbeck init` does",
      },
    );
  }

  async #configure(options: ConfigureOptions): Promise<MigrationContext> {
    this.#demandScratch(options);
    this.#environment.use(options.database);
    demandOffline(options);
    const { config } = this.#environment;
    const autogenerate = steeredBy(config, options);
    const registry = options.plugins ? registryOf(autogenerate.plugins) : this.#environment.registry;
    const dialect = separatedBy(config.batchSeparator, await this.#dialect(options));
    const schema = await this.#versionSchema(dialect, options);
    const named = (name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });
    const { queryRunner, target } = options;
    const writeRaw = (text: string): void => this.#write(text);
    const shared = {
      dialect,
      writeRaw,
      registry,
      autogenerate,
      transaction: options.transaction ?? config.transaction,
      onVersionApply: [options.onVersionApply ?? []].flat(),
      ...(options.startingRevision === undefined ? {} : { startingRevision: options.startingRevision }),
      tables: versionTables(
        named(options.versionTable ?? config.versionTable),
        named(options.historyTable ?? config.historyTable),
      ),
      enumStrategy: config.enumStrategy,
      ...(config.typeormMetadata ? { typeormMetadata: metadataTable(target) } : {}),
      ...((options.database ?? config.database) === undefined
        ? {}
        : { database: options.database ?? config.database ?? "" }),
    };
    const serverVersion = (queryRunner && versionOf(queryRunner)) ?? config.serverVersion;
    const known = serverVersion === undefined ? shared : { ...shared, serverVersion };
    if (!queryRunner) {
      const executor = scriptExecutor(dialect, writeRaw);
      return new MigrationContext({
        ...known,
        ...(target === undefined ? {} : { target }),
        executor,
        schema: simulatedSchema(() => this.#start(dialect, registry, options.startingRevision), registry),
      });
    }
    return await this.#online(known, queryRunner, target);
  }

  /** The context of a connection, which knows the schema by reading it. */
  async #online(
    shared: ContextShared,
    queryRunner: QueryRunner,
    target: DataSource | undefined,
  ): Promise<MigrationContext> {
    const { dialect, registry } = shared;
    const { schema } = shared.tables.version;
    const db = queryableOf(queryRunner);
    const contains = this.#request.scratch ? containedIn(dialect) : undefined;
    if (contains && schema !== undefined) await makeSchema(dialect, schema, db, registry);
    return onlineContext(
      {
        ...shared,
        ...(contains ? { contains } : {}),
        ...(target === undefined ? {} : { target }),
      },
      queryRunner,
    );
  }

  /** Where Limbeck's own tables are. One beside a scratch database is not for its rows. */
  async #versionSchema(dialect: Dialect, options: ConfigureOptions): Promise<string | undefined> {
    const { versionTableSchema } = options;
    const schema =
      versionTableSchema ??
      this.#environment.config.versionTableSchema ??
      (await this.#schemaOfEntities(dialect, options));
    const isOutside = schema !== undefined && this.#request.scratch && !containedIn(dialect)(schema);
    return isOutside ? undefined : schema;
  }

  /** A script that is written without the data source does not know its schema. */
  async #schemaOfEntities(dialect: Dialect, options: ConfigureOptions): Promise<string | undefined> {
    if (dialect.name !== "postgres") return undefined;
    const { queryRunner, target } = options;
    const { config } = this.#environment;
    const isLoaded = (options.dialect ?? config.dialect) === undefined;
    const dataSource =
      target ??
      (queryRunner && ownerOf(queryRunner)) ??
      (isLoaded ? await this.#environment.dataSource() : undefined);
    if (!dataSource) return undefined;
    return await versionSchema(dataSource, {
      dialect,
      db: queryRunner && queryableOf(queryRunner),
      version: options.versionTable ?? config.versionTable,
      history: options.historyTable ?? config.historyTable,
      revisions: () => this.#environment.revisions(),
    });
  }

  async #dialect({ queryRunner, dialect }: ConfigureOptions): Promise<Dialect> {
    if (queryRunner) return loadDialect(dialectOfDriver(ownerOf(queryRunner).options.type));
    const { config } = this.#environment;
    const named = dialect ?? config.dialect;
    if (named !== undefined) return loadDialect(named);
    return loadDialect(dialectOfDriver((await this.#environment.dataSource()).options.type));
  }

  /** What is known where a script starts, replayed from the revisions before. */
  async #start(
    dialect: Dialect,
    registry: Registry,
    startingRevision: string | undefined,
  ): Promise<Simulated> {
    const map = await this.#environment.revisions();
    const rows =
      startingRevision === undefined
        ? (this.#request.startsAt?.(map) ?? [])
        : headsOf(map, resolve(map, startingRevision));
    if (rows.length === 0) return { schema: emptySchema };
    const applied = appliedBy(map, rows);
    const { directory } = this.#environment;
    const load = (id: string) => directory.load(id);
    const { replay } = require("./replay") as typeof import("./replay");
    const revisions = map.sorted.filter(({ id }) => applied.has(id));
    return await replay(revisions, { dialect, registry, load, args: this.#args });
  }
}

/** Online, the database itself says where it is. */
function demandOffline({ queryRunner, startingRevision }: ConfigureOptions): void {
  if (!queryRunner || startingRevision === undefined) return;
  throw new LimbeckError(
    "ENVIRONMENT_INVALID",
    `env.ts gives the starting revision "${startingRevision}" to a database, which knows itself where it is`,
    { hint: "give it where `context.isOffline` only" },
  );
}

/** Whether a schema is part of a database; an attached file of SQLite is not. */
function containedIn({ scratch }: Dialect): (schema: string) => boolean {
  return scratch?.contains ?? (() => false);
}

/** Where a version table has a schema of its own, somebody has made it before the first revision. */
async function makeSchema(dialect: Dialect, name: string, db: Queryable, registry: Registry): Promise<void> {
  for (const { sql } of dialect.compile({ kind: "createSchema", name, ifNotExists: true }, { registry })) {
    await db.query(sql);
  }
}

/** The dialect with another word between the batches of its scripts, where these are cut into batches. */
function separatedBy(separator: string, dialect: Dialect): Dialect {
  const { script } = dialect;
  return script.batches === undefined
    ? dialect
    : { ...dialect, script: { ...script, batches: { ...script.batches, separator } } };
}

function metadataTable(target: DataSource | undefined): QualifiedName {
  return target ? typeormMetadataOf(target) : { name: "typeorm_metadata" };
}
