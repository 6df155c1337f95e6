/** Batches: several changes of one table, carried out as one. */
import type { RunOptions } from "./operation";
import type {
  TableName,
  DefaultValue,
  ColumnSpec,
  UniqueSpec,
  ForeignKeySpec,
  IndexPartSpec,
  IndexOptions,
  TableSpec,
  ColumnChangeSpec,
  ColumnChangeOptions,
  TableChangeSpec,
  DropConstraintOptions,
} from "./spec-table";

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
