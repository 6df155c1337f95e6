/**
 * What a schema is: plain, immutable, JSON-able data. The same type holds what the entities want (the target) and what
 * a database has (live). Absent is `undefined`, never `null`.
 */

/**
 * A name, with the schema (PostgreSQL, SQL Server) or database (MySQL, attached SQLite file) that it lives in. Absent is
 * the one that the connection looks into first (`current_schema()`, `SCHEMA_NAME()`, `DATABASE()`, `main`).
 */
export interface QualifiedName {
  readonly schema?: string;
  readonly name: string;
}

/** Anything JSON can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A default: a value that the dialect writes as a literal, or SQL text that it writes as it is. */
export type Default = { readonly value: JsonValue } | { readonly sql: string };

/** The type of a column, in the words of TypeORM's `@Column`. */
export interface ColumnType {
  readonly name: string;
  /** As TypeORM has it, so `"max"` is possible. */
  readonly length?: number | string;
  readonly precision?: number;
  readonly scale?: number;
  readonly width?: number;
  readonly unsigned?: boolean;
  readonly zerofill?: boolean;
  readonly array?: boolean;
  /** The values of an enum or set that is part of the column (MySQL), or that a check keeps (SQLite, SQL Server). */
  readonly values?: readonly string[];
  /** The named enum type (PostgreSQL). */
  readonly enumName?: QualifiedName;
  readonly spatialFeatureType?: string;
  readonly srid?: number;
}

/** How the database itself makes the value of a column. */
export type Generated =
  | { readonly kind: "increment" }
  | { readonly kind: "identity"; readonly always: boolean }
  | { readonly kind: "uuid" }
  | { readonly kind: "computed"; readonly sql: string; readonly stored: boolean };

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default?: Default;
  readonly generated?: Generated;
  /** SQL of `ON UPDATE` (MySQL). */
  readonly onUpdate?: string;
  readonly charset?: string;
  readonly collation?: string;
  readonly comment?: string;
  /** SQL of a check that belongs to the column and has no name (MariaDB). Kept, never compared: entities cannot say it. */
  readonly check?: string;
  /** Left out of `SELECT *` (MySQL, MariaDB). Kept, never compared. */
  readonly invisible?: boolean;
}

/** When a constraint is checked; absent means at once and not deferrable. */
export type Deferrable = "INITIALLY IMMEDIATE" | "INITIALLY DEFERRED";
/** What a foreign key does to its rows when the referenced row goes or changes. */
export type ReferentialAction = "NO ACTION" | "RESTRICT" | "CASCADE" | "SET NULL" | "SET DEFAULT";

// Comments of constraints, indexes, enum types and sequences are kept, never compared: entities cannot say them.

/** A primary key; `include` are columns that its index holds beside the key. */
export interface PrimaryKey {
  readonly kind: "primaryKey";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
  /** Columns that its index holds beside the key (PostgreSQL). */
  readonly include?: readonly string[];
  /** False where the rows do not lie in its order, as they do unless said (SQL Server). */
  readonly clustered?: boolean;
  readonly comment?: string;
}
/** A unique constraint; `include` are columns that its index holds beside the key. */
export interface Unique {
  readonly kind: "unique";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
  readonly nullsNotDistinct?: boolean;
  /** Columns that its index holds beside the key (PostgreSQL). */
  readonly include?: readonly string[];
  /** True where the rows lie in its order, as they do not unless said (SQL Server). */
  readonly clustered?: boolean;
  readonly comment?: string;
}
/** A check; the expression is SQL. */
export interface Check {
  readonly kind: "check";
  readonly name?: string;
  readonly expression: string;
  readonly notValid?: boolean;
  /** Binds no table that inherits from this one (PostgreSQL). */
  readonly noInherit?: boolean;
  readonly comment?: string;
}
/** A foreign key. What happens to its rows is `NO ACTION` where nothing is said. */
export interface ForeignKey {
  readonly kind: "foreignKey";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references: QualifiedName;
  readonly referencedColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable?: Deferrable;
  readonly notValid?: boolean;
  /** Refuses keys that are null in part; absent for the usual MATCH SIMPLE. */
  readonly match?: "FULL";
  /** The columns that ON DELETE SET NULL or SET DEFAULT sets, where they are not all (PostgreSQL 15). */
  readonly onDeleteColumns?: readonly string[];
  readonly comment?: string;
}
/** An exclusion constraint; the expression is all that follows EXCLUDE. */
export interface Exclusion {
  readonly kind: "exclusion";
  readonly name?: string;
  readonly expression: string;
  readonly deferrable?: Deferrable;
  readonly comment?: string;
}
/** A rule of a table. Names are absent where the database was given none (SQLite, primary keys of MySQL). */
export type Constraint = PrimaryKey | Unique | Check | ForeignKey | Exclusion;
/** What a constraint is, by name. */
export type ConstraintKind = Constraint["kind"];

/** One part of an index: a column or an expression, with its options. `order` is absent for ascending. */
export interface IndexPart {
  readonly column?: string;
  readonly expression?: string;
  readonly order?: "DESC";
  readonly nulls?: "FIRST" | "LAST";
  readonly length?: number;
  readonly opclass?: string;
  readonly collation?: string;
}

/** An index of a table or of a materialized view. */
export interface Index {
  readonly name: string;
  readonly parts: readonly IndexPart[];
  readonly unique?: boolean;
  /** SQL of a partial index's WHERE. */
  readonly where?: string;
  /** The access method where it is not the database's usual one: gin, gist, fulltext, spatial, ... */
  readonly method?: string;
  /** The full-text parser (MySQL). */
  readonly parser?: string;
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
  /** Left behind by a CREATE INDEX CONCURRENTLY that failed: no query uses it. */
  readonly invalid?: boolean;
  /** Used by no query until it is made visible (MySQL; MariaDB says ignored). Kept, never compared. */
  readonly invisible?: boolean;
  /** Storage parameters, such as `fillfactor`. Kept, never compared: entities cannot say them. */
  readonly storage?: StorageParameters;
  readonly comment?: string;
}

/** PostgreSQL's storage parameters by name, as the catalogue has them. */
export type StorageParameters = Readonly<Record<string, string>>;

/** A trigger, kept as the database wrote it so that it survives a rebuild of its table. Never compared. */
export interface Trigger {
  readonly name: string;
  readonly sql: string;
}

/**
 * What a database keeps with a table or view and no entity can say: a policy, a partition, a rule, a comment on an
 * index. Kept as the statement that brings it back once the table stands, so that it outlives a drop. Never compared.
 */
export interface Attachment {
  /** In the words of the database: `policy`, `partition`, `rule`, ... */
  readonly kind: string;
  readonly name: string;
  readonly sql: string;
}

/**
 * The texts of a table as the database keeps them, so that a rebuild keeps what the model has no words for (SQLite).
 * Known only right before such a rebuild. Never compared.
 */
export interface TableSource {
  /** CREATE TABLE. */
  readonly sql: string;
  /** CREATE INDEX, by the index's name. */
  readonly indexes: Readonly<Record<string, string>>;
}

/** What is said of a table as a whole. */
export interface TableOptions {
  readonly engine?: string;
  readonly charset?: string;
  readonly collation?: string;
  readonly withoutRowid?: boolean;
  readonly strict?: boolean;
  readonly storage?: StorageParameters;
  readonly tablespace?: string;
  readonly unlogged?: boolean;
  /** How a partitioned table splits its rows, as it stands after PARTITION BY: `RANGE (made_at)`. */
  readonly partitionBy?: string;
  /** The tables that this one inherits from (PostgreSQL), in order. */
  readonly inherits?: readonly QualifiedName[];
}

/** A table and all that belongs to it. */
export interface Table extends QualifiedName {
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly indexes: readonly Index[];
  readonly triggers?: readonly Trigger[];
  /** In the order in which they can be brought back. */
  readonly attachments?: readonly Attachment[];
  readonly comment?: string;
  readonly options?: TableOptions;
  readonly source?: TableSource;
}

/** A view; with `materialized`, one that stores its rows and may have indexes. */
export interface View extends QualifiedName {
  readonly sql: string;
  readonly materialized?: boolean;
  readonly indexes?: readonly Index[];
  /** Views and tables that must exist before this one, where they are known. */
  readonly dependsOn?: readonly QualifiedName[];
  /** In the order in which they can be brought back. */
  readonly attachments?: readonly Attachment[];
}

/** A named enum type (PostgreSQL). */
export interface EnumType extends QualifiedName {
  readonly values: readonly string[];
  readonly comment?: string;
}

export interface Sequence extends QualifiedName {
  readonly type?: string;
  /** Whole numbers as text, because they may pass 2^53. */
  readonly start?: string;
  readonly increment?: string;
  readonly minimum?: string;
  readonly maximum?: string;
  readonly cache?: string;
  readonly cycle?: boolean;
  readonly comment?: string;
}

/** An extension of PostgreSQL. */
export interface Extension {
  readonly name: string;
  readonly schema?: string;
}

/** An object that a plugin brings: a function, a policy, a row of reference data. */
export interface CustomObject extends QualifiedName {
  readonly kind: string;
  readonly definition: JsonValue;
}

/** Everything that migrations may change. */
export interface Schema {
  /** Schemas (or databases) beside the default one. */
  readonly namespaces: readonly string[];
  readonly extensions: readonly Extension[];
  readonly enums: readonly EnumType[];
  readonly sequences: readonly Sequence[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly objects: readonly CustomObject[];
}

/** A schema with nothing in it. */
export const emptySchema: Schema = {
  namespaces: [],
  extensions: [],
  enums: [],
  sequences: [],
  tables: [],
  views: [],
  objects: [],
};

/** The table of that name, if the schema has it. */
export function findTable(schema: Schema, name: QualifiedName): Table | undefined {
  return schema.tables.find((table) => table.name === name.name && table.schema === name.schema);
}

/** What a column is made of. */
export type ColumnParts = { readonly [Part in keyof Column]: Column[Part] | undefined } & Pick<
  Column,
  "name" | "type" | "nullable"
>;

/**
 * A column without the parts that are `undefined`; `known` itself where it has the same parts. Written out, because it runs
 * for every column of every table, several times.
 */
export function columnOf(parts: ColumnParts, known?: Column): Column {
  if (known !== undefined && hasParts(known, parts)) return known;
  const column: { -readonly [Part in keyof Column]: Column[Part] } = {
    name: parts.name,
    type: parts.type,
    nullable: parts.nullable,
  };
  if (parts.default !== undefined) column.default = parts.default;
  if (parts.generated !== undefined) column.generated = parts.generated;
  if (parts.onUpdate !== undefined) column.onUpdate = parts.onUpdate;
  if (parts.charset !== undefined) column.charset = parts.charset;
  if (parts.collation !== undefined) column.collation = parts.collation;
  if (parts.comment !== undefined) column.comment = parts.comment;
  if (parts.check !== undefined) column.check = parts.check;
  if (parts.invisible !== undefined) column.invisible = parts.invisible;
  return column;
}

function hasParts(column: Column, parts: ColumnParts): boolean {
  return (
    column.name === parts.name &&
    column.type === parts.type &&
    column.nullable === parts.nullable &&
    column.default === parts.default &&
    column.generated === parts.generated &&
    column.onUpdate === parts.onUpdate &&
    column.charset === parts.charset &&
    column.collation === parts.collation &&
    column.comment === parts.comment &&
    column.check === parts.check &&
    column.invisible === parts.invisible
  );
}

/** The column of that name, if the table has it. */
export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The constraint of a kind, for kinds of which a table has one. */
export function primaryKeyOf(table: Table): PrimaryKey | undefined {
  return table.constraints.find((constraint) => constraint.kind === "primaryKey");
}
