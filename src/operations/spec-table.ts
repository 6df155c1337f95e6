/** Tables and what is in them, as revision files say it: in the words of TypeORM's own decorators. */
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
  /** False where the rows are not to lie in its order (SQL Server). */
  clustered?: boolean;
  /** COMMENT ON CONSTRAINT (PostgreSQL). */
  comment?: string;
}
/** A unique constraint. `include` are columns that its index holds beside the key (PostgreSQL). */
export interface UniqueSpec extends KeySpec {
  deferrable?: Deferrable;
  nullsNotDistinct?: boolean;
  include?: readonly string[];
  /** True where the rows are to lie in its order (SQL Server). */
  clustered?: boolean;
  /** COMMENT ON CONSTRAINT (PostgreSQL). */
  comment?: string;
}
/** A check; the expression is SQL, written as it is. */
export interface CheckSpec {
  name?: string;
  expression: string;
  notValid?: boolean;
  /** Binds no table that inherits from this one (PostgreSQL). */
  noInherit?: boolean;
  /** COMMENT ON CONSTRAINT (PostgreSQL). */
  comment?: string;
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
  /** COMMENT ON CONSTRAINT (PostgreSQL). */
  comment?: string;
}
/** An exclusion constraint (PostgreSQL); the expression is all that follows EXCLUDE. */
export interface ExclusionSpec {
  name?: string;
  expression: string;
  deferrable?: Deferrable;
  /** COMMENT ON CONSTRAINT (PostgreSQL). */
  comment?: string;
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
  /** COMMENT ON INDEX (PostgreSQL). */
  comment?: string;
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

/** How a sequence counts. */
export interface SequenceOptions {
  start?: bigint | number;
  increment?: bigint | number;
  minimum?: bigint | number;
  maximum?: bigint | number;
  /** How many numbers a session takes at once. */
  cache?: bigint | number;
  cycle?: boolean;
  type?: string;
  comment?: string;
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
