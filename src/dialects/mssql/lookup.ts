/**
 * Names that only the catalogue knows: looked up by the statement itself when it runs, so that a script needs no
 * connection to be written. Each text is one batch: variables end with it.
 */
import type { QualifiedName } from "../../model/schema";
import { literal, quote, quoteName } from "./quote";

/** The id of a table, as SQL. */
export function objectId(table: QualifiedName): string {
  return `OBJECT_ID(${literal(quoteName(table))})`;
}

/** Drops the default of a column by whatever name it has (sys.default_constraints). */
export function dropDefault(table: QualifiedName, column: string): string {
  return dropNamed(
    table,
    "SELECT d.name FROM sys.default_constraints AS d" +
      ` JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id` +
      ` WHERE d.parent_object_id = ${objectId(table)} AND c.name = ${literal(column)}`,
  );
}

/** Drops the check that keeps the values of a column, by whatever name TypeORM or Limbeck gave it. */
export function dropEnumCheck(table: QualifiedName, column: string): string {
  return dropNamed(
    table,
    "SELECT k.name FROM sys.check_constraints AS k" +
      " JOIN INFORMATION_SCHEMA.CONSTRAINT_COLUMN_USAGE AS u" +
      " ON u.CONSTRAINT_NAME = k.name AND u.CONSTRAINT_SCHEMA = SCHEMA_NAME(k.schema_id)" +
      ` WHERE k.parent_object_id = ${objectId(table)} AND u.COLUMN_NAME = ${literal(column)}` +
      " AND k.name LIKE N'%CHK[_]%[_]ENUM%'",
  );
}

/** Drops a key by its columns, whatever name the server gave it (sys.key_constraints, sys.foreign_keys). */
export function dropKey(
  table: QualifiedName,
  kind: "primaryKey" | "unique" | "foreignKey",
  columns: readonly string[],
): string {
  const named = literal(columns.map(quote).join(", "));
  return dropNamed(
    table,
    `${KEYS[kind]} AND k.parent_object_id = ${objectId(table)} AND ${KEY_COLUMNS[kind]} = ${named}`,
  );
}

const keyColumns = (from: string, column: string, place: string): string =>
  `(SELECT STRING_AGG(CAST(QUOTENAME(c.name) AS nvarchar(max)), N', ') WITHIN GROUP (ORDER BY ${place})` +
  ` FROM ${from} JOIN sys.columns AS c ON c.object_id = k.parent_object_id AND c.column_id = ${column})`;

const INDEX_COLUMNS = keyColumns(
  "(SELECT * FROM sys.index_columns AS i WHERE i.object_id = k.parent_object_id AND i.index_id = k.unique_index_id) AS p",
  "p.column_id",
  "p.key_ordinal",
);

const KEYS = {
  primaryKey: "SELECT k.name FROM sys.key_constraints AS k WHERE k.type = 'PK'",
  unique: "SELECT k.name FROM sys.key_constraints AS k WHERE k.type = 'UQ'",
  foreignKey: "SELECT k.name FROM sys.foreign_keys AS k WHERE k.type = 'F'",
} as const;

const KEY_COLUMNS = {
  primaryKey: INDEX_COLUMNS,
  unique: INDEX_COLUMNS,
  foreignKey: keyColumns(
    "(SELECT * FROM sys.foreign_key_columns AS f WHERE f.constraint_object_id = k.object_id) AS p",
    "p.parent_column_id",
    "p.constraint_column_id",
  ),
} as const;

function dropNamed(table: QualifiedName, query: string): string {
  return [
    `DECLARE @name sysname = (${query});`,
    `DECLARE @sql nvarchar(max) = ${literal(`ALTER TABLE ${quoteName(table)} DROP CONSTRAINT `)} + QUOTENAME(@name);`,
    "IF @name IS NOT NULL EXEC(@sql)",
  ].join("\n");
}

/** The columns of a statistics object in their order, as SQL. */
const STATISTICS_COLUMNS =
  "(SELECT STRING_AGG(CAST(QUOTENAME(c.name) AS nvarchar(max)), N', ') WITHIN GROUP (ORDER BY k.stats_column_id)" +
  " FROM sys.stats_columns AS k JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id" +
  " WHERE k.object_id = s.object_id AND k.stats_id = s.stats_id)";

/**
 * A statement with the statistics that somebody made by CREATE STATISTICS taken down before it and, unless the column
 * goes for good, put back after it (arguments of ALTER COLUMN in t-sql/statements/alter-table-transact-sql). Those that
 * the server made itself, it takes down itself.
 */
export function withoutStatistics(
  table: QualifiedName,
  column: string,
  statement: string,
  options: { readonly putBack: boolean },
): string {
  const name = quoteName(table);
  const create =
    `@create += ${literal("CREATE STATISTICS ")} + QUOTENAME(s.name) + ${literal(` ON ${name} (`)} + ${STATISTICS_COLUMNS}` +
    " + N')' + COALESCE(N' WHERE ' + s.filter_definition, N'') + N';'";
  return [
    `DECLARE @drop nvarchar(max) = N''${options.putBack ? ", @create nvarchar(max) = N''" : ""};`,
    `SELECT @drop += ${literal(`DROP STATISTICS ${name}.`)} + QUOTENAME(s.name) + N';'${options.putBack ? `, ${create}` : ""}`,
    "FROM sys.stats AS s WHERE s.user_created = 1",
    `AND s.object_id = ${objectId(table)} AND EXISTS (SELECT 1 FROM sys.stats_columns AS k`,
    "JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id",
    `WHERE k.object_id = s.object_id AND k.stats_id = s.stats_id AND c.name = ${literal(column)});`,
    "EXEC(@drop);",
    options.putBack ? `${statement};\nEXEC(@create)` : statement,
  ].join("\n");
}
