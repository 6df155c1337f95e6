/** One pass through env.ts: the connections and scripts that a command's body runs in. */
import type { DataSource, QueryRunner } from "typeorm";
import type { ResolvedConfig } from "../config/config";
import { dialectOfDriver, loadDialect } from "../dialects/index";
import type { Dialect } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { typeormMetadataOf } from "../metadata/name";
import { displayName } from "../model/names";
import { emptySchema } from "../model/schema";
import type { QualifiedName } from "../model/schema";
import type { Registry } from "../operations/registry";
import type { RevisionId } from "../revisions/revision";
import { appliedBy } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { withConnection } from "./connection";
import { MigrationContext } from "./context";
import type { RevisionDirectory } from "./directory";
import type { ConfigureOptions, EnvironmentContext } from "./environment-context";
import { onlineExecutor, scriptExecutor } from "./executor";
import type { Executor } from "./executor";
import { liveSchema, simulatedSchema } from "./known-schema";
import { ownerOf, queryableOf } from "./queryable";
import type { Reporter } from "./reporter";
import { versionTables } from "./version-table";

/** How a command wants to run. */
export interface RunRequest {
  /** Writes a script instead of running on a database. */
  readonly offline?: boolean;
  /** Changes nothing; a missing SQLite file is then not created. */
  readonly readsOnly?: boolean;
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
  readonly write: (text: string) => void;
  readonly attributes: Map<string, unknown>;
  readonly xArguments: Readonly<Record<string, string>>;
  readonly registry: Registry;
  readonly directory: RevisionDirectory;
  readonly queryRunner: QueryRunner | undefined;
  revisions(): Promise<RevisionMap>;
  dataSource(): Promise<DataSource>;
}

/** One pass through env.ts. */
export class EnvironmentRun {
  readonly context: EnvironmentContext;
  ran = false;
  readonly #environment: RunHost;
  readonly #request: RunRequest;
  readonly #written: string[] = [];
  #migration: MigrationContext | undefined;

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
      output: { write: (text) => this.#written.push(text) },
      dataSource: () => environment.dataSource(),
      connect: async (dataSource, inner) => {
        const options = { readsOnly, reporter, file: environment.config.file };
        if (environment.queryRunner) await inner(environment.queryRunner);
        else await withConnection(dataSource, options, inner);
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
    const dialect = separatedBy(config.batchSeparator, await this.#dialect(options));
    const schema = options.versionTableSchema ?? config.versionTableSchema;
    const named = (name: string): QualifiedName => (schema === undefined ? { name } : { schema, name });
    const { queryRunner, target } = options;
    const writeRaw = (text: string): void => void this.#written.push(text);
    const shared = {
      dialect,
      writeRaw,
      registry,
      transaction: options.transaction ?? config.transaction,
      tables: versionTables(
        named(options.versionTable ?? config.versionTable),
        named(options.historyTable ?? config.historyTable),
      ),
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
        executor,
        schema: simulatedSchema(() => this.#start(dialect), registry),
      });
    }
    const db = queryableOf(queryRunner);
    const executor: Executor = onlineExecutor(dialect, db, queryRunner);
    const namespaces = new Set(config.includeSchemas);
    const inspect = () => dialect.inspect(db, { schemas: [...namespaces] });
    return new MigrationContext({
      ...known,
      executor,
      db,
      queryRunner,
      ...(target === undefined ? {} : { target }),
      schema: liveSchema(inspect, registry),
      inspect,
      namespaces,
      isInTransaction: queryRunner.isTransactionActive,
      beside: async (sql) => await besides(ownerOf(queryRunner), sql),
      hasTable: (name) => queryRunner.hasTable(displayName(name)),
    });
  }

  async #dialect({ queryRunner, dialect }: ConfigureOptions): Promise<Dialect> {
    if (queryRunner) return loadDialect(dialectOfDriver(ownerOf(queryRunner).options.type));
    const { config } = this.#environment;
    const named = dialect ?? config.dialect;
    if (named !== undefined) return loadDialect(named);
    return loadDialect(dialectOfDriver((await this.#environment.dataSource()).options.type));
  }

  /** The schema where a script starts, replayed from the revisions before. */
  async #start(dialect: Dialect) {
    const map = await this.#environment.revisions();
    const rows = this.#request.startsAt?.(map) ?? [];
    if (rows.length === 0) return emptySchema;
    const applied = appliedBy(map, rows);
    const { registry, directory } = this.#environment;
    const load = (id: string) => directory.load(id);
    const { replay } = require("./replay") as typeof import("./replay");
    const revisions = map.sorted.filter(({ id }) => applied.has(id));
    return (await replay(revisions, { dialect, registry, load })).schema;
  }
}

/** Runs a statement on a connection of its own. */
async function besides(dataSource: DataSource, sql: string): Promise<void> {
  const other = dataSource.createQueryRunner();
  try {
    await other.query(sql);
  } finally {
    await other.release();
  }
}

/** What TypeORM learnt of the server when it connected; it asks some kinds only. */
function versionOf(queryRunner: QueryRunner): string | undefined {
  return (ownerOf(queryRunner).driver as { readonly version?: string }).version;
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
