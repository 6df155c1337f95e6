/**
 * What a change is: one discriminated union of plain data. Everything else that is done with changes (inverting,
 * simulating, describing, ordering, compiling, rendering) is a total function over it, so the compiler lists every
 * place that a new kind must touch.
 *
 * An operation carries what it changes before and after (`was`, `from`/`to`). In a call written by hand these may be
 * absent; `complete` fills them from the schema, and `invert` demands them.
 */
import type {
  Column,
  ColumnType,
  Constraint,
  ConstraintKind,
  Default,
  EnumType,
  Extension,
  Generated,
  Index,
  JsonValue,
  QualifiedName,
  Sequence,
  Table,
  TableOptions,
  View,
} from "../model/schema";

/** How an operation on an existing table is run, where the database has a say. */
export interface RunOptions {
  readonly lockTimeout?: string;
  readonly statementTimeout?: string;
  readonly algorithm?: string;
  readonly lock?: string;
}

/** What changes of a column: absent leaves as it is, `null` takes away. A type without a `name` changes parts of the old one. */
export interface ColumnChange {
  readonly name?: string;
  readonly type?: ColumnType | Partial<ColumnType>;
  readonly nullable?: boolean;
  readonly default?: Default | null;
  readonly generated?: Generated | null;
  readonly onUpdate?: string | null;
  readonly charset?: string | null;
  readonly collation?: string | null;
  readonly comment?: string | null;
}

/** One value in a row to insert: JSON, SQL text, or bytes. */
export type RowValue = JsonValue | { readonly sql: string } | Uint8Array | bigint | Date;
/** A row to insert: its values by column. */
export type Row = Readonly<Record<string, RowValue>>;

/** SQL text for every database, or one text for each. */
export type SqlByDialect = string | Readonly<Record<string, string>>;

/** Makes a table with all that belongs to it. */
export interface CreateTable {
  readonly kind: "createTable";
  readonly table: Table;
  readonly ifNotExists?: boolean;
}
/** Drops a table; `was` is what it held. */
export interface DropTable {
  readonly kind: "dropTable";
  readonly table: QualifiedName;
  readonly was?: Table;
  readonly ifExists?: boolean;
  readonly cascade?: boolean;
}
/** Gives a table another name, or moves it into another schema. */
export interface RenameTable {
  readonly kind: "renameTable";
  readonly from: QualifiedName;
  readonly to: QualifiedName;
  readonly was?: Table;
}
/** New values of some options of a table; `null` takes one away. */
export type TableOptionsChange = { readonly [K in keyof TableOptions]?: TableOptions[K] | null };
/** Changes the options of a table (engine, charset); `was` holds the old values of the same keys. */
export interface AlterTable {
  readonly kind: "alterTable";
  readonly table: QualifiedName;
  readonly change: TableOptionsChange;
  readonly was?: TableOptionsChange;
  readonly run?: RunOptions;
}
/** Sets the comment of a table; no comment takes it away. */
export interface CommentTable {
  readonly kind: "commentTable";
  readonly table: QualifiedName;
  readonly comment?: string;
  readonly was?: { readonly comment?: string };
  readonly run?: RunOptions;
}
/** Adds a column. */
export interface AddColumn {
  readonly kind: "addColumn";
  readonly table: QualifiedName;
  readonly column: Column;
  readonly ifNotExists?: boolean;
  /** What existing rows get. */
  readonly fill?: Default;
  /** The column to stand behind; `null` stands first. */
  readonly after?: string | null;
  readonly run?: RunOptions;
}
/** Changes a column in place. `change` is what differs from `was`; the column after it is `was` with `change` applied. */
export interface AlterColumn {
  readonly kind: "alterColumn";
  readonly table: QualifiedName;
  readonly column: string;
  readonly change: ColumnChange;
  readonly was?: Column;
  /** The cast from the old type to the new one, where it is not implicit (PostgreSQL). */
  readonly using?: string;
  /** What nulls become before the column refuses them. */
  readonly fill?: Default;
  /** The column to stand behind, `null` for the first place: only where the database moves columns in place (MySQL). */
  readonly after?: string | null;
  readonly run?: RunOptions;
}
/** Drops a column; `was` is what it was. */
export interface DropColumn {
  readonly kind: "dropColumn";
  readonly table: QualifiedName;
  readonly column: string;
  readonly was?: Column;
  /** The column that it stood behind, so that a rebuild can put it back there; `null` stood first. */
  readonly after?: string | null;
  readonly ifExists?: boolean;
  readonly run?: RunOptions;
}
/** Makes an index. */
export interface CreateIndex {
  readonly kind: "createIndex";
  readonly table: QualifiedName;
  readonly index: Index;
  readonly concurrently?: boolean;
  readonly online?: boolean;
  /** Can be paused and taken up again after a failure (SQL Server); runs outside a transaction. */
  readonly resumable?: boolean;
  readonly ifNotExists?: boolean;
  readonly run?: RunOptions;
}
/** Drops an index; `was` is what it was. */
export interface DropIndex {
  readonly kind: "dropIndex";
  readonly table: QualifiedName;
  readonly name: string;
  readonly was?: Index;
  readonly concurrently?: boolean;
  readonly online?: boolean;
  /** How it is made again on the way back. */
  readonly resumable?: boolean;
  readonly ifExists?: boolean;
  readonly run?: RunOptions;
}
/** Gives an index another name. */
export interface RenameIndex {
  readonly kind: "renameIndex";
  readonly table: QualifiedName;
  readonly from: string;
  readonly to: string;
  readonly was?: Index;
  readonly run?: RunOptions;
}
/** Adds a primary key, a unique constraint, a check, a foreign key or an exclusion constraint. */
export interface AddConstraint {
  readonly kind: "addConstraint";
  readonly table: QualifiedName;
  readonly constraint: Constraint;
  readonly run?: RunOptions;
}
/** Drops a constraint by name, or by content where the database gave it none (then `was` says which). */
export interface DropConstraint {
  readonly kind: "dropConstraint";
  readonly table: QualifiedName;
  readonly name?: string;
  readonly type?: ConstraintKind;
  readonly was?: Constraint;
  readonly ifExists?: boolean;
  readonly run?: RunOptions;
}
/** Gives a constraint another name; `type` says of what kind it is where names alone do not. */
export interface RenameConstraint {
  readonly kind: "renameConstraint";
  readonly table: QualifiedName;
  readonly from: string;
  readonly to: string;
  readonly was?: Constraint;
  readonly run?: RunOptions;
}
/** Checks the rows that are there against a constraint that was added `notValid`. */
export interface ValidateConstraint {
  readonly kind: "validateConstraint";
  readonly table: QualifiedName;
  readonly name: string;
}
/** Makes an enum type. */
export interface CreateEnum {
  readonly kind: "createEnum";
  readonly enum: EnumType;
}
/** Changes an enum type to `to`. `mapping` says what rows that hold a value of `from` hold afterwards (renames, removals). */
export interface AlterEnum {
  readonly kind: "alterEnum";
  readonly name: QualifiedName;
  readonly change: {
    readonly name?: QualifiedName;
    readonly values?: readonly string[];
    readonly add?: readonly { readonly value: string; readonly before?: string; readonly after?: string }[];
    readonly rename?: Readonly<Record<string, string>>;
    readonly mapping?: Readonly<Record<string, string>>;
  };
  readonly was?: EnumType;
  /** The columns of this type, which follow it where it is made anew. */
  readonly usedBy?: readonly { readonly table: QualifiedName; readonly column: Column }[];
  /**
   * How values are added: `alone`, outside of any transaction (unless said), `inside` the one that is open, or by a new
   * type that takes the place of the old one (`rebuild`). Never part of a call: it depends on where it runs.
   */
  readonly adding?: "alone" | "inside" | "rebuild";
}
/** Drops an enum type; `was` is what it was. */
export interface DropEnum {
  readonly kind: "dropEnum";
  readonly name: QualifiedName;
  readonly was?: EnumType;
  readonly ifExists?: boolean;
}
/** Makes a view. */
export interface CreateView {
  readonly kind: "createView";
  readonly view: View;
}
/** Gives a view another text; `was` is the old one. */
export interface ReplaceView {
  readonly kind: "replaceView";
  readonly view: View;
  readonly was?: View;
}
/** Fills a materialized view anew. */
export interface RefreshView {
  readonly kind: "refreshView";
  readonly view: QualifiedName;
  readonly concurrently?: boolean;
}
/** Drops a view; `was` is what it was. */
export interface DropView {
  readonly kind: "dropView";
  readonly view: QualifiedName;
  readonly materialized?: boolean;
  readonly was?: View;
  readonly ifExists?: boolean;
}
/** Makes a schema. */
export interface CreateNamespace {
  readonly kind: "createSchema";
  readonly name: string;
  readonly ifNotExists?: boolean;
}
/** Drops a schema. */
export interface DropNamespace {
  readonly kind: "dropSchema";
  readonly name: string;
  readonly ifExists?: boolean;
  readonly cascade?: boolean;
}
/** Makes a sequence. */
export interface CreateSequence {
  readonly kind: "createSequence";
  readonly sequence: Sequence;
}
/** Changes a sequence, or gives it another name; `was` is what it was. */
export interface AlterSequence {
  readonly kind: "alterSequence";
  readonly name: QualifiedName;
  readonly change: { readonly name?: QualifiedName; readonly restart?: string; readonly increment?: string };
  readonly was?: Sequence;
}
/** Drops a sequence; `was` is what it was. */
export interface DropSequence {
  readonly kind: "dropSequence";
  readonly name: QualifiedName;
  readonly was?: Sequence;
  readonly ifExists?: boolean;
}
/** Installs an extension. */
export interface CreateExtension {
  readonly kind: "createExtension";
  readonly extension: Extension;
  readonly ifNotExists?: boolean;
}
/** Removes an extension; `was` is what it was. */
export interface DropExtension {
  readonly kind: "dropExtension";
  readonly name: string;
  readonly was?: Extension;
  readonly ifExists?: boolean;
}
/** Several changes of one table, carried out as one move-and-copy where the database cannot alter in place. */
export interface BatchAlterTable {
  readonly kind: "batchAlterTable";
  readonly table: QualifiedName;
  readonly operations: readonly Operation[];
  readonly recreate?: "auto" | "always" | "never";
  /** The table as it is, where it cannot be read (offline). */
  readonly copyFrom?: Table;
  /** Columns that are to stand elsewhere when everything else is done, one after another. */
  readonly moves?: readonly ColumnMove[];
  /** Lists of columns that are to stand in this order; others stay where they are. Complete, one list of them all. */
  readonly reorder?: readonly (readonly string[])[];
  /** The order of the columns before the batch, where it changes. */
  readonly wasOrder?: readonly string[];
  /** Names for constraints that have none, by their kind (`{table}`, `{columns}`, `{references}` stand for names). */
  readonly namingConvention?: NamingConvention;
}
/** Where a column is to stand: behind another (`null` is first), or before one. */
export interface ColumnMove {
  readonly column: string;
  readonly after?: string | null;
  readonly before?: string;
}
/** How unnamed constraints are named. */
export type NamingConvention = Readonly<Partial<Record<"unique" | "check" | "foreignKey", string>>>;
/**
 * The move-and-copy itself: `copy` says for each column of the new table which column of `from` or which SQL fills it.
 * Where columns get new names, the table is copied as `through`, and then they are renamed in place (`renames`), so that
 * the database carries the names into all that mentions them: foreign keys of other tables, triggers, views.
 */
export interface RecreateTable {
  readonly kind: "recreateTable";
  readonly from: Table;
  readonly to: Table;
  readonly copy: Readonly<Record<string, { readonly column: string } | { readonly sql: string }>>;
  readonly through?: Table;
  readonly renames?: readonly ColumnRename[];
}
/** A column's name before and after. */
export interface ColumnRename {
  readonly from: string;
  readonly to: string;
}
/** Inserts rows. */
export interface BulkInsert {
  readonly kind: "bulkInsert";
  readonly table: QualifiedName;
  readonly rows: readonly Row[];
  /** Types of the columns by name, where they were said (`op.table`). */
  readonly types?: Readonly<Record<string, string>>;
}
/** Rows that get new values, batch by batch along the key; in a script one statement. */
export interface Backfill {
  readonly kind: "backfill";
  readonly table: QualifiedName;
  readonly set: Row;
  /** SQL: which rows. All unless said. */
  readonly where?: string;
  /** The columns along which batches go; the primary key unless said. */
  readonly key?: readonly string[];
  readonly batchSize?: number;
  /** A duration between two batches. */
  readonly pause?: string;
  readonly run?: RunOptions;
}
/** Runs SQL text; `reverse` undoes it. */
export interface Execute {
  readonly kind: "execute";
  readonly sql: SqlByDialect;
  readonly parameters?: readonly RowValue[];
  readonly reverse?: SqlByDialect;
}
/** An operation whose functions stand in the registry under `name`. */
export interface CustomOperationCall {
  readonly kind: "custom";
  readonly name: string;
  readonly payload: JsonValue;
}
/** One change. */
export type Operation =
  | CreateTable
  | DropTable
  | RenameTable
  | AlterTable
  | CommentTable
  | AddColumn
  | AlterColumn
  | DropColumn
  | CreateIndex
  | DropIndex
  | RenameIndex
  | AddConstraint
  | DropConstraint
  | RenameConstraint
  | ValidateConstraint
  | CreateEnum
  | AlterEnum
  | DropEnum
  | CreateView
  | ReplaceView
  | RefreshView
  | DropView
  | CreateNamespace
  | DropNamespace
  | CreateSequence
  | AlterSequence
  | DropSequence
  | CreateExtension
  | DropExtension
  | BatchAlterTable
  | RecreateTable
  | BulkInsert
  | Backfill
  | Execute
  | CustomOperationCall;

/** What a change is, by name. */
export type OperationKind = Operation["kind"];
/** The changes of one kind. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;
