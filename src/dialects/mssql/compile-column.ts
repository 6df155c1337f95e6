/** Changes of columns (t-sql/statements/alter-table-transact-sql). None of them throws away what a column holds. */
import { equal } from "../../model/equal";
import type { Column, QualifiedName } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AddColumn, AlterColumn, DropColumn } from "../../operations/operation";
import { unsupported } from "../ansi/sql";
import { commentChange } from "./comments";
import { dropDefault, dropEnumCheck, withoutStatistics } from "./lookup";
import { defaultName } from "./names";
import { argument, literal, quote, quoteName } from "./quote";
import { columnText, defaultOf, defaultText, enumCheckText, isIdentity, typeAndCollation } from "./text";
import { storedType } from "./types";

/** ADD. Rows that are there get `fill`, else the default, as on every other database. */
export function addColumn({ table, column, fill, ifNotExists }: AddColumn): readonly string[] {
  const name = quoteName(table);
  const comment = commentChange(table, column.name, undefined, column.comment);
  if (fill !== undefined && !column.generated) {
    return [...addFilled(table, column, defaultText(fill)), ...comment];
  }
  // Without WITH VALUES a default is for new rows only where the column takes nulls.
  const withValues = column.nullable && !column.generated && column.default !== undefined;
  const sql = `ALTER TABLE ${name} ADD ${columnText(table, column, { withValues })}`;
  const guard = `IF COL_LENGTH(${literal(name)}, ${literal(column.name)}) IS NULL `;
  return [ifNotExists ? guard + sql : sql, ...comment];
}

/** The rules of the column come after its values: they are for these values, not for the nulls before. */
function addFilled(table: QualifiedName, column: Column, fill: string): readonly string[] {
  const name = quoteName(table);
  return [
    `ALTER TABLE ${name} ADD ${columnText(table, column, { rules: false, nullable: true })}`,
    `UPDATE ${name} SET ${quote(column.name)} = ${fill}`,
    ...(column.nullable ? [] : [alterText(table, column)]),
    ...addRules(table, column),
  ];
}

/** DROP COLUMN, after the rules that belong to the column alone and have names that only the catalogue knows. */
export function dropColumn({ table, column, was, ifExists }: DropColumn): readonly string[] {
  const drop = `ALTER TABLE ${quoteName(table)} DROP COLUMN ${ifExists ? "IF EXISTS " : ""}${quote(column)}`;
  if (was?.generated?.kind === "computed") return [drop];
  return [
    ...(!was || defaultOf(was) !== undefined ? [dropDefault(table, column)] : []),
    ...(was?.type.values ? [dropEnumCheck(table, column)] : []),
    withoutStatistics(table, column, drop, { putBack: false }),
  ];
}

/**
 * ALTER COLUMN, with the rules of the column taken down before it and put back after it where they stand in its way.
 *
 * Throws UNSUPPORTED for what only a copy of the table can do, which is what `rewrite` makes of it.
 */
export function alterColumn(operation: AlterColumn): readonly string[] {
  const { table, column, was } = operation;
  if (!was) throw unsupported("SQL Server", operation, "say how the column is now: `existing`");
  const after = changedColumn(was, operation.change);
  if (isIdentity(was) !== isIdentity(after) || isComputed(was) || isComputed(after)) {
    if (!onlyNamed(operation)) throw unsupported("SQL Server", operation, "use batchAlterTable");
  }
  const plan = planOf(table, was, after);
  return [
    ...(plan.dropsValues ? [dropEnumCheck(table, column)] : []),
    ...(plan.dropsDefault ? [dropDefault(table, column)] : []),
    ...fillText(operation, was, after),
    ...(plan.retypes ? retype(table, was, after) : []),
    ...(after.name === column ? [] : [renameText(table, column, after.name)]),
    ...(plan.addsDefault ? [addDefault(table, after)] : []),
    ...(plan.addsValues ? [`ALTER TABLE ${quoteName(table)} ADD ${enumCheckText(table, after)}`] : []),
    ...commentChange(table, after.name, was.comment, after.comment),
  ];
}

interface Plan {
  readonly retypes: boolean;
  readonly dropsDefault: boolean;
  readonly addsDefault: boolean;
  readonly dropsValues: boolean;
  readonly addsValues: boolean;
}

function planOf(table: QualifiedName, was: Column, after: Column): Plan {
  const retypes = !isComputed(was) && declaration(table, was) !== declaration(table, after);
  const renamed = was.name !== after.name;
  // The name of a default is made of the column's, so that TypeORM can drop it later.
  const redefaults = defaultOf(was) !== defaultOf(after) || retypes || renamed;
  const revalues = !equal(was.type.values, after.type.values) || retypes || renamed;
  return {
    retypes,
    dropsDefault: redefaults && defaultOf(was) !== undefined,
    addsDefault: redefaults && defaultOf(after) !== undefined,
    dropsValues: revalues && was.type.values !== undefined,
    addsValues: revalues && after.type.values !== undefined,
  };
}

function declaration(table: QualifiedName, column: Column): string {
  return [...typeAndCollation(table, column), column.nullable ? "NULL" : "NOT NULL"].join(" ");
}

/** What can be reached from the old types of large values is only the new ones (arguments of ALTER COLUMN). */
const LARGE: Readonly<Record<string, string>> = {
  text: "varchar",
  ntext: "nvarchar",
  image: "varbinary",
};

function retype(table: QualifiedName, was: Column, after: Column): readonly string[] {
  const bridge = LARGE[storedType(was.type).name];
  const target = storedType(after.type);
  const direct =
    target.length === "max" || target.name === "xml" || target.name === storedType(was.type).name;
  const first =
    bridge === undefined || direct
      ? []
      : [alterText(table, { ...after, type: { name: bridge, length: "max" }, nullable: was.nullable })];
  return [
    ...first,
    withoutStatistics(table, was.name, alterText(table, { ...after, name: was.name }), { putBack: true }),
  ].map((sql) => sql);
}

function alterText(table: QualifiedName, column: Column): string {
  return `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quote(column.name)} ${declaration(table, column)}`;
}

/** Rows without a value get one before the column refuses them. */
function fillText({ table, column, fill }: AlterColumn, was: Column, after: Column): readonly string[] {
  if (fill === undefined || !was.nullable || after.nullable) return [];
  const name = quote(column);
  return [`UPDATE ${quoteName(table)} SET ${name} = ${defaultText(fill)} WHERE ${name} IS NULL`];
}

function addRules(table: QualifiedName, column: Column): readonly string[] {
  return [
    ...(defaultOf(column) === undefined ? [] : [addDefault(table, column)]),
    ...(column.type.values ? [`ALTER TABLE ${quoteName(table)} ADD ${enumCheckText(table, column)}`] : []),
  ];
}

/** The default of a column as a constraint of its own. */
export function addDefault(table: QualifiedName, column: Column): string {
  const name = quote(defaultName(table, column.name));
  const value = defaultOf(column) ?? "NULL";
  return `ALTER TABLE ${quoteName(table)} ADD CONSTRAINT ${name} DEFAULT ${value} FOR ${quote(column.name)}`;
}

/** sp_rename keeps everything that hangs on the column (system-stored-procedures/sp-rename-transact-sql). */
function renameText(table: QualifiedName, from: string, to: string): string {
  return `EXEC sp_rename ${argument(`${quoteName(table)}.${quote(from)}`)}, ${argument(to)}, N'COLUMN'`;
}

function isComputed({ generated }: Column): boolean {
  return generated?.kind === "computed";
}

function onlyNamed({ change }: AlterColumn): boolean {
  return Object.keys(change).every((key) => key === "name" || key === "comment");
}
