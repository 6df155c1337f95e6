/** Columns and tables as SQLite's text, the way TypeORM writes them, so that TypeORM reads them back as its own. */
import type { Column, ColumnType, Constraint, Table } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import { constraintText, defaultText, typeText } from "../ansi/sql";
import type { Writer } from "../ansi/sql";
import { literal, quote, writer } from "./quote";

/** The primary key as part of its only column, where it has one: AUTOINCREMENT can stand nowhere else. */
export function inlineKeyOf(table: Table): string | undefined {
  const key = primaryKeyOf(table);
  return key?.columns.length === 1 ? key.columns[0] : undefined;
}

/** A column definition. */
export function columnText(column: Column, key?: { readonly name?: string | undefined }): string {
  const { type, generated } = column;
  return [
    quote(column.name),
    typeText(type),
    enumCheckText(column),
    key && primaryKeyText(column, key.name),
    collationText(column),
    column.nullable ? undefined : "NOT NULL",
    computedText(column),
    generated?.kind === "computed" ? undefined : defaultClauseText(column),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

/** The check by which TypeORM keeps a simple-enum; an array of values has none. */
export function enumCheckText({ name, type }: { readonly name: string; readonly type: ColumnType }) {
  return type.values && !type.array
    ? `CHECK( ${quote(name)} IN (${type.values.map(literal).join(",")}) )`
    : undefined;
}

export function primaryKeyText({ generated }: Column, name: string | undefined): string {
  const constraint = name === undefined ? "" : `CONSTRAINT ${quote(name)} `;
  return `${constraint}PRIMARY KEY${generated?.kind === "increment" ? " AUTOINCREMENT" : ""}`;
}

export function collationText({ collation }: Column): string | undefined {
  return collation === undefined ? undefined : `COLLATE ${collation}`;
}

export function computedText({ generated }: Column): string | undefined {
  return generated?.kind === "computed"
    ? `AS (${generated.sql}) ${generated.stored ? "STORED" : "VIRTUAL"}`
    : undefined;
}

export function defaultClauseText({ default: value }: Column): string | undefined {
  return value === undefined ? undefined : `DEFAULT (${defaultText(writer, value)})`;
}

/** A constraint of the table. A foreign key cannot name another database file: its table is looked for beside it. */
export function tableConstraintText(constraint: Constraint): string {
  return constraintText(besideWriter, constraint);
}

const besideWriter: Writer = { ...writer, quoteName: ({ name }) => quote(name) };

/** All that stands in the parentheses of CREATE TABLE, item by item. */
export function tableItems(table: Table): readonly string[] {
  const key = primaryKeyOf(table);
  const inlineKey = inlineKeyOf(table);
  return [
    ...table.columns.map((column) =>
      columnText(column, column.name === inlineKey ? { name: key?.name } : undefined),
    ),
    ...table.constraints
      .filter((constraint) => constraint !== key || inlineKey === undefined)
      .toSorted((left, right) => widthOf(right) - widthOf(left))
      .map(tableConstraintText),
  ];
}

/**
 * How many columns a constraint names. The widest come first, because TypeORM takes the first name whose columns are
 * all in a constraint for the name of that constraint.
 */
export function widthOf(
  constraint: Pick<Constraint, "kind"> & { readonly columns?: readonly string[] },
): number {
  return constraint.kind === "unique" || constraint.kind === "foreignKey"
    ? (constraint.columns?.length ?? 0)
    : 0;
}

/** What stands behind the parentheses of CREATE TABLE. */
export function tableOptionsText({ options }: Pick<Table, "options">): string {
  const words = [
    options?.strict ? "STRICT" : undefined,
    options?.withoutRowid ? "WITHOUT ROWID" : undefined,
  ].filter((option) => option !== undefined);
  return words.length === 0 ? "" : ` ${words.join(", ")}`;
}
