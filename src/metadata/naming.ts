/** The names that a project's naming strategy gives, in the words of our model. */
import type { DataSource } from "typeorm";

/** Gives a name to each kind of object that nobody named; tables by their own name, without a schema. */
export interface Naming {
  primaryKeyName(table: string, columns: readonly string[]): string;
  uniqueName(table: string, columns: readonly string[]): string;
  /** The unique rule behind a one-to-one relation; an index with `where` on SQL Server. */
  relationName(table: string, columns: readonly string[], where?: string): string;
  indexName(table: string, columns: readonly string[], where?: string): string;
  foreignKeyName(
    table: string,
    columns: readonly string[],
    referencedTable: string,
    referencedColumns: readonly string[],
  ): string;
  checkName(table: string, expression: string): string;
  exclusionName(table: string, expression: string): string;
  /** The rule that holds a default, which has a name on SQL Server only. */
  defaultName(table: string, column: string): string;
}

/** The data source's own strategy (`NamingStrategyInterface`), which may be the user's. */
export function namingOf({ namingStrategy }: DataSource): Naming {
  return {
    primaryKeyName: (table, columns) => namingStrategy.primaryKeyName(table, [...columns]),
    uniqueName: (table, columns) => namingStrategy.uniqueConstraintName(table, [...columns]),
    relationName: (table, columns, where) =>
      namingStrategy.relationConstraintName(table, [...columns], where),
    indexName: (table, columns, where) => namingStrategy.indexName(table, [...columns], where),
    foreignKeyName: (table, columns, referencedTable, referencedColumns) =>
      namingStrategy.foreignKeyName(table, [...columns], referencedTable, [...referencedColumns]),
    checkName: (table, expression) => namingStrategy.checkConstraintName(table, expression),
    exclusionName: (table, expression) => namingStrategy.exclusionConstraintName(table, expression),
    defaultName: (table, column) => namingStrategy.defaultConstraintName(table, column),
  };
}
