/**
 * The calls of revision files: what `op` takes, in the words of TypeORM's own decorators. A revision file is kept for
 * years, so a call never changes incompatibly within a major version.
 */
import type { CustomOperations } from "./custom-operations";
import type { EntityManager, QueryRunner } from "typeorm";
import type { TypeormMigration } from "./typeorm-migration";
import type { MigrationContext } from "./migration-context";
import type { RunOptions } from "./operation";
import type { BatchOperations, BatchOptions } from "./spec-batch";
import type {
  TableName,
  Literal,
  DefaultValue,
  ColumnSpec,
  PrimaryKeySpec,
  UniqueSpec,
  CheckSpec,
  ForeignKeySpec,
  ExclusionSpec,
  IndexPartSpec,
  IndexOptions,
  TableSpec,
  ViewOptions,
  SequenceOptions,
  ColumnChangeSpec,
  ColumnChangeOptions,
  TableChangeSpec,
  DropConstraintOptions,
} from "./spec-table";

export type * from "./spec-batch";
export type * from "./spec-table";

type Done = Promise<void>;
/** The databases, by the names that `dialect` takes. */
export type DialectName = "postgres" | "mysql" | "mariadb" | "sqlite" | "mssql";
/** SQL text for each dialect that a revision runs on. */
export type SqlForEach = Partial<Record<DialectName, string>>;

/** What a revision file can do. Every call is queued in order; awaiting it waits for it. */
export interface Operations {
  createTable(table: TableName, spec: TableSpec): Done;
  dropTable(table: TableName, options?: { ifExists?: boolean; cascade?: boolean }): Done;
  /** Another schema in the new name moves the table. */
  renameTable(table: TableName, newName: TableName): Done;
  alterTable(table: TableName, change: TableChangeSpec, options?: RunOptions): Done;
  createTableComment(table: TableName, comment: string, options?: RunOptions): Done;
  dropTableComment(table: TableName, options?: RunOptions): Done;

  addColumn(
    table: TableName,
    column: ColumnSpec,
    options?: RunOptions & { ifNotExists?: boolean; fill?: DefaultValue; after?: string; first?: boolean },
  ): Done;
  alterColumn(
    table: TableName,
    column: string,
    change: ColumnChangeSpec,
    options?: ColumnChangeOptions,
  ): Done;
  dropColumn(table: TableName, column: string, options?: RunOptions & { ifExists?: boolean }): Done;

  createIndex(
    name: string | null,
    table: TableName,
    parts: readonly IndexPartSpec[],
    options?: IndexOptions & RunOptions,
  ): Done;
  dropIndex(
    name: string,
    table: TableName,
    options?: RunOptions & { ifExists?: boolean; concurrently?: boolean; online?: boolean },
  ): Done;
  renameIndex(name: string, table: TableName, newName: string, options?: RunOptions): Done;

  createPrimaryKey(
    name: string | null,
    table: TableName,
    columns: readonly string[],
    options?: Omit<PrimaryKeySpec, "name" | "columns"> & RunOptions,
  ): Done;
  createUniqueConstraint(
    name: string | null,
    table: TableName,
    columns: readonly string[],
    options?: Omit<UniqueSpec, "name" | "columns"> & RunOptions,
  ): Done;
  createCheckConstraint(
    name: string | null,
    table: TableName,
    expression: string,
    options?: Omit<CheckSpec, "name" | "expression"> & RunOptions,
  ): Done;
  createForeignKey(
    name: string | null,
    table: TableName,
    columns: readonly string[],
    references: TableName,
    referencedColumns: readonly string[],
    options?: Omit<ForeignKeySpec, "name" | "columns" | "references" | "referencedColumns"> & RunOptions,
  ): Done;
  createExclusionConstraint(
    name: string | null,
    table: TableName,
    expression: string,
    options?: Omit<ExclusionSpec, "name" | "expression"> & RunOptions,
  ): Done;
  validateConstraint(name: string, table: TableName): Done;
  renameConstraint(name: string, table: TableName, newName: string, options?: RunOptions): Done;
  dropConstraint(name: string | null, table: TableName, options?: DropConstraintOptions): Done;

  createEnum(name: TableName, values: readonly string[], options?: { comment?: string }): Done;
  /** `values` is the whole new list, `mapping` says what rows that hold a removed value become. */
  alterEnum(
    name: TableName,
    change: {
      add?: readonly (string | { value: string; before?: string; after?: string })[];
      rename?: Readonly<Record<string, string>>;
      newName?: TableName;
      values?: readonly string[];
      mapping?: Readonly<Record<string, string>>;
    },
  ): Done;
  dropEnum(name: TableName, options?: { ifExists?: boolean }): Done;

  createView(view: TableName, sql: string, options?: ViewOptions): Done;
  replaceView(view: TableName, sql: string, options?: ViewOptions): Done;
  refreshView(view: TableName, options?: { concurrently?: boolean }): Done;
  dropView(view: TableName, options?: { materialized?: boolean; ifExists?: boolean }): Done;

  createSchema(name: string, options?: { ifNotExists?: boolean }): Done;
  dropSchema(name: string, options?: { ifExists?: boolean; cascade?: boolean }): Done;
  createSequence(name: TableName, options?: SequenceOptions): Done;
  alterSequence(
    name: TableName,
    options: { restart?: bigint | number; increment?: bigint | number; newName?: TableName },
  ): Done;
  dropSequence(name: TableName, options?: { ifExists?: boolean }): Done;
  createExtension(name: string, options?: { ifNotExists?: boolean; schema?: string }): Done;
  dropExtension(name: string, options?: { ifExists?: boolean }): Done;

  /** Rows go in batches; literals are rendered offline. `table` may be an ad-hoc table with types. */
  bulkInsert(table: TableName | AdHocTable, rows: readonly Readonly<Record<string, DefaultValue>>[]): Done;
  /**
   * Changes very many rows in batches along the key, each committed in a transaction of its own: what came before in the
   * revision is committed first, and a new transaction follows. The position is kept in the journal, so that a run that
   * was killed goes on where it was. In a script it is one UPDATE.
   */
  backfill(table: TableName, options: BackfillOptions): Done;
  /**
   * One statement; a `{ postgres, mysql, ... }` object picks by dialect. Rows come back online only; `onlineOnly` leaves
   * it out of scripts, with a comment; `reverse` is its inverse.
   */
  execute<Row = Record<string, unknown>>(
    sql: string | SqlForEach,
    parameters?: readonly Literal[],
    options?: { reverse?: string | SqlForEach; onlineOnly?: boolean },
  ): Promise<readonly Row[]>;
  /** Rows, online only: an error offline that names the revision. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly Literal[]): Promise<readonly Row[]>;
  /** Left out of scripts, with a comment that gives the reason. */
  onlineOnly(reason: string, body: () => void | Promise<void>): Done;
  /** An ad-hoc table, for rows: column names and their types. */
  table(name: TableName, columns: Readonly<Record<string, string>>): AdHocTable;

  /** Everything inside becomes one move-and-copy where the database cannot alter in place, plain ALTERs elsewhere. */
  batchAlterTable(table: TableName, body: (batch: BatchOperations) => void | Promise<void>): Done;
  batchAlterTable(
    table: TableName,
    options: BatchOptions,
    body: (batch: BatchOperations) => void | Promise<void>,
  ): Done;
  /** What came before is committed, what is inside commits statement by statement, a new transaction follows. */
  autocommitBlock(body: () => void | Promise<void>): Done;
  /**
   * Runs a migration class of TypeORM, by its own `up` or `down`. In a script what it asks `queryRunner.query` is written
   * down, and anything else it asks of its query runner is an error. `migrationsTable` keeps TypeORM's own table in step;
   * `metadataTable` is the one in which TypeORM remembers views, made before where it is absent.
   */
  typeormMigration(
    migration: TypeormMigration,
    direction: "up" | "down",
    options?: { migrationsTable?: TableName; metadataTable?: TableName },
  ): Done;
  /** A custom operation, which a plugin in the configuration brings. `CustomOperations` may say what its payload is. */
  invoke<Name extends string>(
    name: Name,
    payload: Name extends keyof CustomOperations ? CustomOperations[Name] : object,
  ): Done;

  readonly dialect: DialectName;
  readonly isOffline: boolean;
  /** TypeORM's own; queries join the queue; their use offline is an error that names the revision. */
  readonly queryRunner: QueryRunner;
  readonly manager: EntityManager;
  /** What is known of the database: its version rows, what ran on it, its schema. */
  readonly context: MigrationContext;
}

/** What a backfill does, and how fast. */
export interface BackfillOptions extends RunOptions {
  /** The new values by column: a value is a literal, a function gives SQL. */
  set: Readonly<Record<string, DefaultValue>>;
  /** SQL: which rows. All unless said. */
  where?: string;
  /** The column, or columns, along which batches go; none may be NULL. The primary key unless said. */
  key?: string | readonly string[];
  /** How many rows a batch changes. 10,000 unless said. */
  batchSize?: number;
  /** How long to rest between two batches, such as `"50ms"`. Not at all unless said. */
  pause?: string;
}

/** A table for rows only: a name and the types of its columns. */
export interface AdHocTable {
  readonly name: TableName;
  readonly columns: Readonly<Record<string, string>>;
}
