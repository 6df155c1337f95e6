/** Whole tables: making, renaming, copying. */
import type { QualifiedName, Table } from "../../model/schema";
import { qualified } from "../../model/names";
import type { RecreateTable, RenameTable } from "../../operations/operation";
import { keysLast } from "../ansi/keys";
import { broughtAlong, columnList } from "../ansi/sql";
import { addDefault } from "./compile-column";
import { tableComments } from "./comments";
import { dropDefault, objectId } from "./lookup";
import { argument, literal, quote, quoteName, writer } from "./quote";
import { columnText, constraintText, createIndexText, defaultOf, enumCheckText, isIdentity } from "./text";

/** CREATE TABLE and everything that belongs to the table and stands outside of it. */
export function createTable(table: Table, ifNotExists: boolean): readonly string[] {
  const lines = [
    ...table.columns.map((column) => columnText(table, column)),
    ...table.constraints.map((constraint) => constraintText(table, constraint)),
  ];
  const create = `CREATE TABLE ${quoteName(table)} (${lines.join(", ")})`;
  return [
    ifNotExists ? `IF OBJECT_ID(${literal(quoteName(table))}, N'U') IS NULL ${create}` : create,
    ...table.indexes.map((index) => createIndexText(table, index, { ifNotExists })),
    ...tableComments(table),
    ...broughtAlong(table),
  ];
}

/**
 * Another schema first, then another name. Defaults follow the name of their table, so that TypeORM finds them.
 */
export function renameTable({ from, to, was }: RenameTable): readonly string[] {
  const moved: QualifiedName = { ...to, name: from.name };
  const defaults = (was?.columns ?? []).filter((column) => defaultOf(column) !== undefined);
  return [
    ...(from.schema === to.schema ? [] : [transfer(from, to.schema)]),
    ...(from.name === to.name ? [] : [renameObject(moved, to.name)]),
    ...(from.name === to.name
      ? []
      : defaults.flatMap((column) => [dropDefault(to, column.name), addDefault(to, column)])),
  ];
}

/** ALTER SCHEMA TRANSFER (t-sql/statements/alter-schema-transact-sql). It takes a name of a schema, not a variable. */
export function transfer(object: QualifiedName, schema: string | undefined): string {
  if (schema !== undefined) return `ALTER SCHEMA ${quote(schema)} TRANSFER ${quoteName(object)}`;
  const rest = literal(` TRANSFER ${quoteName(object)}`);
  return `DECLARE @sql nvarchar(max) = N'ALTER SCHEMA ' + QUOTENAME(SCHEMA_NAME()) + ${rest};\nEXEC(@sql)`;
}

/** sp_rename of what stands in a schema: tables, views, sequences, constraints. */
export function renameObject(object: QualifiedName, to: string): string {
  return `EXEC sp_rename ${argument(quoteName(object))}, ${argument(to)}, N'OBJECT'`;
}

/**
 * The copy of a table, for what ALTER TABLE cannot do (IDENTITY). Names of constraints are unique in a schema, so the
 * new table gets its rules when the old one is gone with its own. The count of an identity column goes on where it was.
 */
export function recreateTable({ from, to, copy }: RecreateTable): readonly string[] {
  const temporary: QualifiedName = { ...qualified(to), name: `_limbeck_new_${to.name}`.slice(0, 128) };
  const columns = to.columns.map((column) => columnText(to, column, { rules: false }));
  const changes = `ALTER TABLE ${quoteName(to)} ADD `;
  return [
    `CREATE TABLE ${quoteName(temporary)} (${columns.join(", ")})`,
    copyRows(from, to, temporary, copy),
    ...keepCount(from, to, temporary),
    copyRights(from, temporary),
    `DROP TABLE ${quoteName(from)}`,
    renameObject(temporary, to.name),
    ...to.columns.flatMap((column) => [
      ...(defaultOf(column) === undefined || column.generated?.kind === "computed"
        ? []
        : [addDefault(to, column)]),
      ...(column.type.values ? [changes + enumCheckText(to, column)] : []),
    ]),
    ...keysLast(to.constraints).map((constraint) => changes + constraintText(to, constraint)),
    ...to.indexes.map((index) => createIndexText(to, index)),
    ...tableComments(to),
    ...(to.triggers ?? []).map(({ sql }) => sql),
  ];
}

/** Nobody may write into the old table between the copy and its end. */
function copyRows(from: Table, to: Table, temporary: QualifiedName, copy: RecreateTable["copy"]): string {
  const isStamp = (name: string): boolean =>
    to.columns.some((column) => column.name === name && /^(timestamp|rowversion)$/i.test(column.type.name));
  const pairs = Object.entries(copy).filter(([column]) => !isStamp(column));
  const values = pairs.map(([, source]) => ("column" in source ? quote(source.column) : source.sql));
  const into = columnList(
    writer,
    pairs.map(([column]) => column),
  );
  const insert =
    `INSERT INTO ${quoteName(temporary)} ${into}` +
    ` SELECT ${values.join(", ")} FROM ${quoteName(from)} WITH (HOLDLOCK, TABLOCKX)`;
  const counts = to.columns.some((column) => isIdentity(column) && column.name in copy);
  if (!counts) return insert;
  const switched = (state: string): string => `SET IDENTITY_INSERT ${quoteName(temporary)} ${state}`;
  return [switched("ON"), insert, switched("OFF")].join(";\n");
}

/** Who may do what with the table (sys.database_permissions); rights stay with a table through a change of its name. */
function copyRights(from: Table, temporary: QualifiedName): string {
  const right =
    "CASE state WHEN 'D' THEN N'DENY ' ELSE N'GRANT ' END + permission_name COLLATE DATABASE_DEFAULT" +
    ` + ${literal(` ON ${quoteName(temporary)} TO `)} + QUOTENAME(USER_NAME(grantee_principal_id))` +
    " + CASE state WHEN 'W' THEN N' WITH GRANT OPTION' ELSE N'' END";
  return [
    `DECLARE @rights nvarchar(max) = (SELECT STRING_AGG(CAST(${right} AS nvarchar(max)), N'; ')`,
    `FROM sys.database_permissions WHERE class = 1 AND major_id = ${objectId(from)} AND minor_id = 0);`,
    "IF @rights IS NOT NULL EXEC(@rights)",
  ].join("\n");
}

function keepCount(from: Table, to: Table, temporary: QualifiedName): readonly string[] {
  if (!from.columns.some(isIdentity) || !to.columns.some(isIdentity)) return [];
  const name = quoteName(temporary);
  return [
    `DECLARE @count bigint = IDENT_CURRENT(${literal(quoteName(from))});\n` +
      `IF EXISTS (SELECT 1 FROM ${name}) DBCC CHECKIDENT (${argument(name)}, RESEED, @count) WITH NO_INFOMSGS`,
  ];
}
