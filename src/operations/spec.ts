/**
 * The calls of revision files: what `op` takes, in the words of TypeORM's own decorators. A revision file is kept for
 * years, so a call never changes incompatibly within a major version.
 */
import type { CustomOperations } from "./custom-operations";
import type { EntityManager, QueryRunner } from "typeorm";
import type { TypeormMigration } from "./typeorm-migration";
import type { Deferrable, ReferentialAction } from "../model/schema";
import type { RunOptions } from "./operation";

/** `"name"`, `"schema.name"`, or an object where a dot is part of the name. */
export type TableName = string | { schema?: string; name: string };
/** A value of a row or parameter. Objects and arrays are JSON, dates are UTC. */
export type Literal = string | number | bigint | boolean | null | Date | Uint8Array | object;
/** A value is a literal; a function returns SQL, as in TypeORM's own `default`. */
export type DefaultValue = Literal | (() => string);

/** The words of TypeORM's ColumnOptions. `nullable` is false unless said. */
export interface ColumnSpec {
  name: string;
  type: string;
  /** As TypeORM has it, so `"max"` is possible. */
  length?: number | string;
  precision?: number;
  scale?: number;
  width?: number;
  nullable?: boolean;
  default?: DefaultValue;
  generated?: "increment" | "identity" | "uuid";
  generatedIdentity?: "ALWAYS" | "BY DEFAULT";
  asExpression?: string;
  generatedType?: "STORED" | "VIRTUAL";
  /** The values, where the enum is part of the column and not a type of its own. */
  enum?: readonly string[];
  /** The named enum type (PostgreSQL). */
  enumName?: TableName;
  array?: boolean;
  unsigned?: boolean;
  zerofill?: boolean;
  charset?: string;
  collation?: string;
  /** SQL of `ON UPDATE` (MySQL). */
  onUpdate?: string;
  spatialFeatureType?: string;
  srid?: number;
  comment?: string;
  /** SQL of a check that is part of the column (MariaDB). */
  check?: string;
  /** Left out of `SELECT *` (MySQL, MariaDB). */
  invisible?: boolean;
}

/** A primary key. Without a name it gets the one that TypeORM would give. */
export interface KeySpec {
  name?: string;
  columns: readonly string[];
}
/** The primary key of a table. `include` are columns that its index holds beside the key (PostgreSQL). */
export interface PrimaryKeySpec extends KeySpec {
  deferrable?: Deferrable;
  include?: readonly string[];
}
/** A unique constraint. `include` are columns that its index holds beside the key (PostgreSQL). */
export interface UniqueSpec extends KeySpec {
  deferrable?: Deferrable;
  nullsNotDistinct?: boolean;
  include?: readonly string[];
}
/** A check; the expression is SQL, written as it is. */
export interface CheckSpec {
  name?: string;
  expression: string;
  notValid?: boolean;
  /** Binds no table that inherits from this one (PostgreSQL). */
  noInherit?: boolean;
}
/** A foreign key. What happens to its rows is `NO ACTION` unless said. */
export interface ForeignKeySpec extends KeySpec {
  references: TableName;
  referencedColumns: readonly string[];
  onDelete?: ReferentialAction;
  onUpdate?: ReferentialAction;
  deferrable?: Deferrable;
  notValid?: boolean;
  match?: "FULL";
  /** The columns that ON DELETE SET NULL or SET DEFAULT sets, where they are not all (PostgreSQL 15). */
  onDeleteColumns?: readonly string[];
}
/** An exclusion constraint (PostgreSQL); the expression is all that follows EXCLUDE. */
export interface ExclusionSpec {
  name?: string;
  expression: string;
  deferrable?: Deferrable;
}

/** A part of an index: a column name, or a column or expression with its options. */
export type IndexPartSpec =
  | string
  | {
      column?: string;
      expression?: string;
      order?: "ASC" | "DESC";
      nulls?: "FIRST" | "LAST";
      length?: number;
      opclass?: string;
      collation?: string;
    };
/** What is said of an index besides its name and parts. `type` is the access method: gin, gist, hash, ... */
export interface IndexOptions {
  unique?: boolean;
  where?: string;
  type?: string;
  fulltext?: boolean;
  spatial?: boolean;
  parser?: string;
  include?: readonly string[];
  nullsNotDistinct?: boolean;
  /** Used by no query until it is made visible (MySQL, MariaDB). */
  invisible?: boolean;
  /** Storage parameters (PostgreSQL), such as `{ fillfactor: "70" }`. */
  storage?: Readonly<Record<string, string>>;
  concurrently?: boolean;
  online?: boolean;
  /** Can be paused and taken up again (SQL Server); needs to run outside a transaction. */
  resumable?: boolean;
  algorithm?: string;
  lock?: string;
  ifNotExists?: boolean;
}
/** An index inside `createTable`. */
export type IndexSpec = { name?: string; parts: readonly IndexPartSpec[] } & IndexOptions;

/** A whole table. */
export interface TableSpec {
  columns: readonly ColumnSpec[];
  primaryKey?: PrimaryKeySpec;
  uniques?: readonly UniqueSpec[];
  checks?: readonly CheckSpec[];
  foreignKeys?: readonly ForeignKeySpec[];
  exclusions?: readonly ExclusionSpec[];
  indexes?: readonly IndexSpec[];
  comment?: string;
  engine?: string;
  charset?: string;
  collation?: string;
  withoutRowid?: boolean;
  strict?: boolean;
  /** Storage parameters (PostgreSQL), such as `{ fillfactor: "70" }`. */
  storage?: Readonly<Record<string, string>>;
  tablespace?: string;
  unlogged?: boolean;
  /** What stands after PARTITION BY (PostgreSQL). */
  partitionBy?: string;
  inherits?: readonly TableName[];
  /** SQL that completes the table once it stands: triggers, policies, partitions. */
  statements?: readonly string[];
  ifNotExists?: boolean;
}

/** What is said of a view besides its name and text; `statements` complete it once it stands. */
export interface ViewOptions {
  materialized?: boolean;
  indexes?: TableSpec["indexes"];
  statements?: TableSpec["statements"];
}

/** Only what is named changes: undefined leaves as it is, `null` takes away. */
export type ColumnChangeSpec = Partial<
  Omit<
    ColumnSpec,
    | "name"
    | "default"
    | "comment"
    | "generated"
    | "onUpdate"
    | "charset"
    | "collation"
    | "check"
    | "invisible"
  >
> & {
  newName?: string;
  default?: DefaultValue | null;
  comment?: string | null;
  /** `null` makes it an ordinary column. */
  generated?: ColumnSpec["generated"] | null;
  onUpdate?: string | null;
  charset?: string | null;
  collation?: string | null;
};

/** How a column is changed: the third argument says what, the last one how. */
export interface ColumnChangeOptions extends RunOptions {
  /** The cast, when it is not implicit (PostgreSQL). */
  using?: string;
  /** What nulls or existing rows get before NOT NULL is set. */
  fill?: DefaultValue;
  /** How the column was, demanded only where that cannot be known (a script, after SQL text changed the table). */
  existing?: Partial<ColumnSpec>;
}

/** New values of some options of a table; `null` takes one away. */
export interface TableChangeSpec {
  engine?: string | null;
  charset?: string | null;
  collation?: string | null;
  withoutRowid?: boolean | null;
  strict?: boolean | null;
}

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
    options?: { deferrable?: Deferrable } & RunOptions,
  ): Done;
  validateConstraint(name: string, table: TableName): Done;
  renameConstraint(name: string, table: TableName, newName: string, options?: RunOptions): Done;
  dropConstraint(name: string | null, table: TableName, options?: DropConstraintOptions): Done;

  createEnum(name: TableName, values: readonly string[]): Done;
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
  createSequence(
    name: TableName,
    options?: { start?: bigint | number; increment?: bigint | number; type?: string },
  ): Done;
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
   * down, and anything else it asks of its query runner is an error. `migrationsTable` keeps TypeORM's own table in step.
   */
  typeormMigration(
    migration: TypeormMigration,
    direction: "up" | "down",
    options?: { migrationsTable?: TableName },
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
  /** The MigrationContext. */
  readonly context: object;
}

/** How a constraint is dropped. One that the database gave no name is found by its content. */
export interface DropConstraintOptions extends RunOptions {
  type?: "primary" | "unique" | "check" | "foreignKey" | "exclusion";
  ifExists?: boolean;
  /** The columns of an unnamed constraint. */
  columns?: readonly string[];
  /** The expression of an unnamed check. */
  expression?: string;
  /** What an unnamed foreign key refers to. */
  references?: TableName;
  referencedColumns?: readonly string[];
}

/** How a batch is carried out. */
export interface BatchOptions {
  /**
   * `auto` copies the table only where the database cannot do it in place, `always` in any case; `never` refuses what
   * would need a copy.
   */
  recreate?: "auto" | "always" | "never";
  /** The table as it is, instead of reading it from the database. */
  copyFrom?: TableSpec;
  /** What the table is to have besides: columns, constraints, indexes, options. Comes behind the calls of the batch. */
  tableArgs?: Partial<Omit<TableSpec, "ifNotExists">>;
  /** Lists of columns that are to stand in this order; columns that no list names keep their place. */
  reorder?: readonly (readonly string[])[];
  /**
   * Names for constraints of the table that have none, by their kind, so that they can be dropped by name:
   * `{ unique: "UQ_{table}_{columns}", check: "CHK_{table}", foreignKey: "FK_{table}_{columns}_{references}" }`.
   */
  namingConvention?: Readonly<Record<string, string>>;
}

/**
 * Where a column is to stand: directly before or behind another one, or first. A new column of PostgreSQL or SQL Server
 * stands last unless the batch copies the table.
 */
export interface ColumnPlace {
  before?: string;
  after?: string;
  first?: boolean;
}

/** The column, constraint and index operations of `Operations` without their table argument. */
export interface BatchOperations {
  addColumn(column: ColumnSpec, options?: ColumnPlace & { fill?: DefaultValue }): void;
  alterColumn(column: string, change: ColumnChangeSpec, options?: ColumnPlace & ColumnChangeOptions): void;
  dropColumn(column: string): void;
  alterTable(change: TableChangeSpec): void;
  createIndex(name: string | null, parts: readonly IndexPartSpec[], options?: IndexOptions): void;
  dropIndex(name: string, options?: { ifExists?: boolean; concurrently?: boolean; online?: boolean }): void;
  renameIndex(name: string, newName: string): void;
  createPrimaryKey(name: string | null, columns: readonly string[]): void;
  createUniqueConstraint(
    name: string | null,
    columns: readonly string[],
    options?: Omit<UniqueSpec, "name" | "columns">,
  ): void;
  createCheckConstraint(name: string | null, expression: string, options?: { notValid?: boolean }): void;
  createForeignKey(
    name: string | null,
    columns: readonly string[],
    references: TableName,
    referencedColumns: readonly string[],
    options?: Omit<ForeignKeySpec, "name" | "columns" | "references" | "referencedColumns">,
  ): void;
  renameConstraint(name: string, newName: string): void;
  dropConstraint(name: string | null, options?: Omit<DropConstraintOptions, keyof RunOptions>): void;
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
