/** One database (or script) with everything that running revisions on it needs. */
import type { DataSource, QueryRunner } from "typeorm";
import type { AutogenerateOptions } from "../autogenerate/options";
import { LimbeckError } from "../errors";
import { unfold } from "../dialects/ansi/unfold";
import type { CompileContext, Dialect, Frame, Queryable, Statement } from "../dialects/dialect";
import { compact } from "../model/equal";
import { keyOf } from "../model/names";
import { emptySchema } from "../model/schema";
import type { QualifiedName, Schema } from "../model/schema";
import { complete, needsSchema } from "../operations/complete";
import type { HistoryEntry, MigrationContext as AskedContext } from "../operations/migration-context";
import type { BulkInsert, Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";
import type { OnVersionApply, VersionApplied } from "./version-applied";
import { scriptExecutor } from "./executor";
import type { Executor } from "./executor";
import { JournalTable } from "./journal";
import type { HalfDone } from "./journal";
import { simulatedSchema } from "./known-schema";
import type { KnownSchema } from "./known-schema";
import { unseen, whyUnknown } from "./unseen";
import type { VersionTables } from "./version-table";
import { besideOwnTables } from "./version-place";
import { ensureTables, readHistory, readVersions, versionsUnreadable } from "./version-table";

/** How transactions frame a run, in TypeORM's words: one for all revisions, one for each, none. */
export type TransactionMode = "all" | "each" | "none";

/** From how many rows on an insert is worth a question to the database. */
const MANY_ROWS = 100;

/** Which database a text is for. */
export interface OutputPlace {
  readonly database?: string;
  readonly schema?: string;
}

/** What a context is made of. */
export interface MigrationContextParts {
  readonly dialect: Dialect;
  readonly executor: Executor;
  readonly schema: KnownSchema;
  readonly tables: VersionTables;
  readonly transaction: TransactionMode;
  readonly typeormMetadata?: QualifiedName;
  readonly serverVersion?: string;
  /** The connection's own database. */
  readonly ownDatabase?: string;
  readonly registry: Registry;
  /** How values are added to an enum type: where they are (unless said), or by a new type. */
  readonly enumStrategy?: "add" | "rebuild";
  /** The enum types that were made in the transaction that is open. */
  readonly freshTypes?: Set<string>;
  /** How autogenerate is steered here. */
  readonly autogenerate?: AutogenerateOptions;
  /** Absent in a script. */
  readonly db?: Queryable;
  readonly queryRunner?: QueryRunner;
  readonly target?: DataSource;
  /** What `runMigrations` was called with, for simulating revisions. */
  readonly args?: readonly unknown[];
  /** Where a script starts, instead of what was typed. */
  readonly startingRevision?: string;
  /** Called when version rows are written and before they are committed. */
  readonly onVersionApply?: readonly OnVersionApply[];
  /** Name of the database among `databases` of the configuration. */
  readonly database?: string;
  /** Writes text into a script as it stands. */
  readonly writeRaw?: (text: string) => void;
  /** The schemas to read beside the default one: those of the configuration, and what operations have named since. */
  readonly namespaces?: Set<string>;
  /** Reads the whole schema; absent in a script. */
  readonly inspect?: () => Promise<Schema>;
  /** Whether the connection came with a transaction, which is its caller's to end. */
  readonly isInTransaction?: boolean;
  /** Runs a body so that all of it is done or nothing; absent where the caller sees to that. */
  readonly atomically?: (body: () => Promise<void>) => Promise<void>;
  /** Hears of an operation that is left out because it cannot be written without a database; a script throws there. */
  readonly onUnknown?: (error: LimbeckError) => void;
  /** Throws for an operation that must not run here. */
  readonly refuse?: Frame["refuse"];
  /** On a scratch database: whether a schema lies in it, and not beside it where real rows are. */
  readonly contains?: (schema: string) => boolean;
  /** Runs a statement on another connection to the same database, for what must not wait for this one. */
  readonly beside?: (sql: string) => Promise<void>;
  /** Writes down what has run and is not written down yet, for whoever is about to look. */
  readonly settle?: () => Promise<void>;
  /** Whether the version table is known to be there; asked of the database where it is not said. */
  readonly hasTable?: (name: QualifiedName) => Promise<boolean>;
}

/** Runs operations on one database, or writes them into a script. */
export class MigrationContext implements AskedContext {
  readonly parts: MigrationContextParts;

  constructor(parts: MigrationContextParts) {
    this.parts = { freshTypes: new Set(), ...parts };
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

  /** How transactions frame a run here: where DDL commits by itself, they frame nothing. */
  get transactionMode(): TransactionMode {
    if (this.parts.isInTransaction) return "all";
    return this.dialect.traits.transactionalDdl ? this.parts.transaction : "none";
  }

  /** The connection; there is none in a script. */
  get db(): Queryable {
    if (this.parts.db) return this.parts.db;
    throw new LimbeckError("OFFLINE_UNAVAILABLE", "a script has no database to ask");
  }

  /** What the compiler needs to know. */
  get compileContext(): CompileContext {
    const { registry, typeormMetadata, serverVersion, ownDatabase } = this.parts;
    return {
      registry,
      ...(typeormMetadata === undefined ? {} : { typeormMetadata }),
      ...(serverVersion === undefined ? {} : { serverVersion }),
      ...(ownDatabase === undefined ? {} : { database: ownDatabase }),
    };
  }

  /** The same context with its statements going elsewhere. */
  through(executor: Executor): MigrationContext {
    return new MigrationContext({ ...this.parts, executor });
  }

  /** The same context with a way to do several statements together or not at all. */
  atomic(atomically: (body: () => Promise<void>) => Promise<void>): MigrationContext {
    return new MigrationContext({ ...this.parts, atomically });
  }

  /** The same context with something to write down before anybody looks. */
  settling(settle: () => Promise<void>): MigrationContext {
    return new MigrationContext({ ...this.parts, settle });
  }

  /** The same context for what env.ts hands to revisions. */
  withArgs(args: readonly unknown[]): MigrationContext {
    return new MigrationContext({ ...this.parts, args });
  }

  /** Names that stand in for `{database}` and `{schema}` in the name of a file. */
  get place(): OutputPlace {
    return compact<OutputPlace>({
      database: this.parts.database,
      schema: this.parts.tables.version.schema,
    });
  }

  /** Whether somebody wants to know of each step. */
  get isHeard(): boolean {
    return (this.parts.onVersionApply ?? []).length > 0;
  }

  /** Tells whoever wants to know that version rows were written. */
  async applied(what: Omit<VersionApplied, "database" | "isOffline">): Promise<void> {
    const { onVersionApply = [], database } = this.parts;
    for (const callback of onVersionApply) await callback({ ...what, database, isOffline: this.isOffline });
  }

  /** The same script, written to somewhere else. */
  writingTo(write: (text: string) => void): MigrationContext {
    return new MigrationContext({
      ...this.parts,
      executor: scriptExecutor(this.dialect, write),
      writeRaw: write,
    });
  }

  /** A script that starts from the live schema: what would run here, without running it. */
  imagined(): MigrationContext {
    const {
      db: _db,
      queryRunner: _queryRunner,
      hasTable: _hasTable,
      inspect: _inspect,
      ...parts
    } = this.parts;
    const write = this.parts.writeRaw ?? (() => undefined);
    return new MigrationContext({
      ...parts,
      executor: scriptExecutor(this.dialect, write),
      schema: simulatedSchema(() => this.inspect(), this.parts.registry),
    });
  }

  /** The same context under the rules of a frame. */
  guardedBy({ refuse }: Frame): MigrationContext {
    return refuse ? new MigrationContext({ ...this.parts, refuse }) : this;
  }

  /** Reads the whole schema from the database. */
  async inspect(): Promise<Schema> {
    if (this.parts.inspect) return await this.parts.inspect();
    throw new LimbeckError("OFFLINE_UNAVAILABLE", "a script has no database to read");
  }

  /** The same context with other knowledge of the schema. */
  knowing(schema: KnownSchema): MigrationContext {
    return new MigrationContext({ ...this.parts, schema });
  }

  /** Carries out one operation: completed, rewritten where the database cannot do it in place, compiled and run. */
  async perform(asked: Operation): Promise<readonly Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = [];
    const operation = await this.#understood(besideOwnTables(asked, this.parts.tables, this.dialect));
    const statements = await this.prepare(operation);
    const runAll = async (): Promise<void> => {
      for (const statement of statements) rows.push(...(await this.executor.run(statement)));
    };
    if (this.#belongTogether(operation, statements)) await this.parts.atomically?.(runAll);
    else await runAll();
    this.parts.schema.follow(operation);
    this.#followTypes(operation);
    if (this.#mayChangeAnything(operation)) {
      for (const { sql } of this.#compiled([operation])) this.parts.schema.forget(sql);
    }
    return rows;
  }

  /** A new value of a type that was made in the same transaction can be used in it, unless the type was renamed there. */
  #followTypes(operation: Operation): void {
    const { freshTypes } = this.parts;
    if (operation.kind === "createEnum") freshTypes?.add(keyOf(operation.enum));
    const isGone = operation.kind === "dropEnum" || (operation.kind === "alterEnum" && operation.change.name);
    if (isGone) freshTypes?.delete(keyOf(operation.name));
  }

  /** An operation with what depends on where it runs. */
  #here(operation: Operation): Operation {
    if (operation.kind !== "alterEnum") return operation;
    const { freshTypes, serverVersion } = this.parts;
    if (freshTypes?.has(keyOf(operation.name))) {
      return { ...operation, adding: this.dialect.usesFreshValues?.(serverVersion) ? "inside" : "rebuild" };
    }
    return this.parts.enumStrategy === "rebuild" ? { ...operation, adding: "rebuild" } : operation;
  }

  /** Whether only the text of its SQL tells what an operation does to the schema. */
  #mayChangeAnything(operation: Operation): boolean {
    if (operation.kind === "execute") return true;
    return (
      operation.kind === "custom" && this.parts.registry.operations.get(operation.name)?.apply === undefined
    );
  }

  /** A batch and a table that is copied are never half done, also where the run is in no transaction. */
  #belongTogether(operation: Operation, statements: readonly Statement[]): boolean {
    if (!this.parts.atomically || !this.dialect.traits.transactionalDdl) return false;
    if (statements.length < 2 || statements.some(({ outsideTransaction }) => outsideTransaction))
      return false;
    return (
      operation.kind === "batchAlterTable" ||
      statements.some((statement) => statement.operation?.kind === "recreateTable")
    );
  }

  /** The operation in the words of the database. */
  async #understood(operation: Operation): Promise<Operation> {
    const { dialect, schema } = this.parts;
    if (!dialect.understand) return operation;
    if (!needsSchema(operation)) return dialect.understand(operation, emptySchema);
    this.#lookInto(operation);
    return dialect.understand(operation, await schema.current());
  }

  /** The statements of an operation, given the schema as it is now. */
  async prepare(operation: Operation): Promise<readonly Statement[]> {
    // Rows may have a column "schema".
    this.#demandContained(operation.kind === "bulkInsert" ? { ...operation, rows: [] } : operation);
    if (operation.kind === "bulkInsert") return await this.#inserts(operation);
    if (!needsSchema(operation)) return this.#compiled([operation]);
    const { schema, registry, dialect } = this.parts;
    this.#lookInto(operation);
    const before = await this.#schemaBefore(operation);
    const unknown = whyUnknown(operation, schema);
    if (unknown) return this.#compiled(unseen(operation, unknown, this.parts));
    const completed = complete(this.#here(operation), before, registry);
    const rewritten = dialect.rewrite?.([completed], before, registry) ?? unfold(completed);
    for (const each of rewritten) this.parts.refuse?.(each, before);
    return this.#compiled(rewritten);
  }

  /** Many rows go to the driver beside the statement, the dialect's best way; few are part of it, as in a script. */
  async #inserts(operation: BulkInsert): Promise<readonly Statement[]> {
    const { db, dialect } = this.parts;
    if (!db || operation.rows.length < MANY_ROWS) return this.#compiled([operation]);
    const columnTypes = (await dialect.columnTypes?.(db, operation.table)) ?? {};
    return dialect.compile(operation, { ...this.compileContext, columnTypes });
  }

  /** A scratch database stands in for one database only. */
  #demandContained(operation: Operation): void {
    const { contains } = this.parts;
    const outside = contains && namespacesIn(operation).find((schema) => !contains(schema));
    if (outside === undefined) return;
    throw new LimbeckError(
      "UNSUPPORTED",
      `"${outside}" is another database, and a scratch database stands in for one only`,
      { hint: "nothing was done there; compare with the database itself instead" },
    );
  }

  async #schemaBefore(operation: Operation): Promise<Schema> {
    const { schema, dialect, db } = this.parts;
    const known = await schema.current();
    if (!db || schema.isPast?.()) return known;
    return (await dialect.reread?.(db, operation, known)) ?? known;
  }

  #compiled(operations: readonly Operation[]): readonly Statement[] {
    return operations.flatMap((operation) => this.dialect.compile(operation, this.compileContext));
  }

  /** What an operation names must be read, wherever it is. */
  #lookInto(operation: Operation): void {
    const { namespaces, schema } = this.parts;
    if (!namespaces) return;
    const unread = namespacesIn(operation).filter((name) => !namespaces.has(name));
    if (unread.length === 0) return;
    for (const name of unread) namespaces.add(name);
    schema.forget();
  }

  /** The rows of the version table, sorted; none where there is no table. Creates nothing. */
  async heads(): Promise<readonly string[]> {
    const { version } = this.parts.tables;
    await this.parts.settle?.();
    try {
      return (await this.#exists(version)) ? await readVersions(this.dialect, this.db, version) : [];
    } catch (cause) {
      throw versionsUnreadable(version, this.dialect, cause);
    }
  }

  /** What ran on this database, oldest first; nothing where there is no table. Creates nothing. */
  async history(): Promise<readonly HistoryEntry[]> {
    const { history } = this.parts.tables;
    await this.parts.settle?.();
    return (await this.#exists(history)) ? await readHistory(this.dialect, this.db, history) : [];
  }

  /** The revision that an earlier run left half done, if any. Creates nothing. */
  async halfDone(): Promise<HalfDone | undefined> {
    const { journal } = this.parts.tables;
    if (this.isOffline || !(await this.#exists(journal))) return undefined;
    return await new JournalTable(this.dialect, journal).read(this.db);
  }

  /** Empties the journal: whoever says so has looked after what was half done. */
  async forgetHalfDone(): Promise<void> {
    const { journal } = this.parts.tables;
    if (this.isOffline || !(await this.#exists(journal))) return;
    await this.executor.run(new JournalTable(this.dialect, journal).clear());
  }

  /** Whether the version table is there. */
  async hasVersionTable(): Promise<boolean> {
    return await this.#exists(this.parts.tables.version);
  }

  /** Makes the version table and the history where they are absent. */
  async ensureTables(): Promise<void> {
    for (const statement of ensureTables(this.dialect, this.parts.tables, this.compileContext)) {
      await this.executor.run(statement);
    }
  }

  /** What must stand around a run. */
  async frame(): Promise<Frame> {
    return (
      (await this.dialect.frame?.(this.parts.db, this.parts.isInTransaction ?? false)) ?? {
        before: [],
        after: [],
      }
    );
  }

  async #exists(name: QualifiedName): Promise<boolean> {
    return (await this.parts.hasTable?.(name)) ?? true;
  }
}

/** The schemas that stand anywhere in an operation. */
function namespacesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === "schema" && typeof inner === "string" ? [inner] : namespacesIn(inner),
  );
}
