/** One database (or script) with everything that running revisions on it needs. */
import type { DataSource, QueryRunner } from "typeorm";
import { LimbeckError } from "../errors";
import type { CompileContext, Dialect, Frame, Queryable, Statement } from "../dialects/dialect";
import type { QualifiedName } from "../model/schema";
import { complete, needsSchema } from "../operations/complete";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import type { Executor } from "./executor";
import type { KnownSchema } from "./known-schema";
import type { VersionTables } from "./version-table";
import { ensureTables, readHistory, readVersions } from "./version-table";
import type { HistoryEntry } from "./version-table";

/** How transactions frame a run, in TypeORM's words: one for all revisions, one for each, none. */
export type TransactionMode = "all" | "each" | "none";

/** What a context is made of. */
export interface MigrationContextParts {
  readonly dialect: Dialect;
  readonly executor: Executor;
  readonly schema: KnownSchema;
  readonly tables: VersionTables;
  readonly transaction: TransactionMode;
  readonly typeormMetadata?: QualifiedName;
  readonly serverVersion?: string;
  readonly registry: Registry;
  /** Absent in a script. */
  readonly db?: Queryable;
  readonly queryRunner?: QueryRunner;
  readonly target?: DataSource;
  /** Name of the database among `databases` of the configuration. */
  readonly database?: string;
  /** Writes text into a script as it stands. */
  readonly writeRaw?: (text: string) => void;
  /** Whether the version table is known to be there; asked of the database where it is not said. */
  readonly hasTable?: (name: QualifiedName) => Promise<boolean>;
}

/** Runs operations on one database, or writes them into a script. */
export class MigrationContext {
  readonly parts: MigrationContextParts;

  constructor(parts: MigrationContextParts) {
    this.parts = parts;
  }

  get dialect(): Dialect {
    return this.parts.dialect;
  }

  get executor(): Executor {
    return this.parts.executor;
  }

  get isOffline(): boolean {
    return this.parts.db === undefined;
  }

  /** The connection; there is none in a script. */
  get db(): Queryable {
    if (this.parts.db) return this.parts.db;
    throw new LimbeckError("OFFLINE_UNAVAILABLE", "a script has no database to ask");
  }

  /** What the compiler needs to know. */
  get compileContext(): CompileContext {
    const { registry, typeormMetadata, serverVersion } = this.parts;
    return {
      registry,
      ...(typeormMetadata === undefined ? {} : { typeormMetadata }),
      ...(serverVersion === undefined ? {} : { serverVersion }),
    };
  }

  /** The same context with its statements going elsewhere. */
  through(executor: Executor): MigrationContext {
    return new MigrationContext({ ...this.parts, executor });
  }

  /** Carries out one operation: completed, rewritten where the database cannot do it in place, compiled and run. */
  async perform(operation: Operation): Promise<readonly Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    for (const statement of await this.prepare(operation)) rows.push(...(await this.executor.run(statement)));
    this.parts.schema.follow(operation);
    if (operation.kind === "execute" || operation.kind === "custom") {
      for (const { sql } of this.#compiled([operation])) this.parts.schema.forget(sql);
    }
    return rows;
  }

  /** The statements of an operation, given the schema as it is now. */
  async prepare(operation: Operation): Promise<readonly Statement[]> {
    if (!needsSchema(operation)) return this.#compiled([operation]);
    const { schema, registry, dialect } = this.parts;
    if ("table" in operation && !hasCopy(operation)) schema.demand(operation.table);
    const before = await schema.current();
    const completed = complete(operation, before, registry);
    return this.#compiled(dialect.rewrite?.([completed], before, registry) ?? [completed]);
  }

  #compiled(operations: readonly Operation[]): readonly Statement[] {
    return operations.flatMap((operation) => this.dialect.compile(operation, this.compileContext));
  }

  /** The rows of the version table, sorted; none where there is no table. Creates nothing. */
  async heads(): Promise<readonly string[]> {
    const { version } = this.parts.tables;
    return (await this.#exists(version)) ? await readVersions(this.dialect, this.db, version) : [];
  }

  /** What ran on this database, oldest first; nothing where there is no table. Creates nothing. */
  async history(): Promise<readonly HistoryEntry[]> {
    const { history } = this.parts.tables;
    return (await this.#exists(history)) ? await readHistory(this.dialect, this.db, history) : [];
  }

  /** Makes the version table and the history where they are absent. */
  async ensureTables(): Promise<void> {
    for (const statement of ensureTables(this.dialect, this.parts.tables, this.compileContext)) {
      await this.executor.run(statement);
    }
  }

  /** What must stand around a run. */
  async frame(): Promise<Frame> {
    return (await this.dialect.frame?.(this.parts.db)) ?? { before: [], after: [] };
  }

  async #exists(name: QualifiedName): Promise<boolean> {
    return (await this.parts.hasTable?.(name)) ?? true;
  }
}

function hasCopy(operation: Operation): boolean {
  return operation.kind === "batchAlterTable" && operation.copyFrom !== undefined;
}
