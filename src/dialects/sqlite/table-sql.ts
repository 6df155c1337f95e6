/** Whole tables and their indexes as statements. */
import type { Index, QualifiedName, Table } from "../../model/schema";
import type { TableOptionsChange } from "../../operations/operation";
import { indexPartsText } from "../ansi/sql";
import { tableItems, tableOptionsText } from "./column-text";
import { quote, quoteName, writer } from "./quote";
import { isSymbol, isWord, tokenize } from "./tokens";

/** CREATE TABLE, from the model. */
export function createTableText(table: Table, ifNotExists = ""): string {
  const items = tableItems(table).join(", ");
  return `CREATE TABLE ${ifNotExists}${quoteName(table)} (${items})${tableOptionsText(table)}`;
}

/** CREATE TABLE, from a text that the database keeps, under another name. */
export function renamedTableText(sql: string, name: QualifiedName): string {
  const open = tokenize(sql).find((token) => isSymbol(token, "("));
  return `CREATE TABLE ${quoteName(name)} ${sql.slice(open?.start ?? 0)}`;
}

/** CREATE INDEX: as the database kept it where that is known, else from the model. */
export function createIndex(table: QualifiedName, index: Index, ifNotExists: boolean, kept?: string): string {
  const name = quoteName(
    table.schema === undefined ? { name: index.name } : { schema: table.schema, name: index.name },
  );
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${ifNotExists ? "IF NOT EXISTS " : ""}${name}`;
  const open = kept === undefined ? undefined : tokenize(kept).find((token) => isSymbol(token, "("));
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  const body =
    kept === undefined || open === undefined
      ? `${indexPartsText(writer, index)}${where}`
      : kept.slice(open.start);
  return `${head} ON ${quote(table.name)} ${body}`;
}

/** Triggers, and what a call brought back as SQL: the statements that complete a table. */
export function statementsOn(table: Pick<Table, "schema" | "triggers" | "attachments">): readonly string[] {
  return [...(table.triggers ?? []), ...(table.attachments ?? [])].map(({ sql }) =>
    inDatabase(sql, table.schema),
  );
}

/** The text of a trigger says no database file: without a word it would be made in the main one. */
export function inDatabase(sql: string, schema: string | undefined): string {
  if (schema === undefined) return sql;
  const tokens = tokenize(sql);
  const name = tokens[tokens.findIndex((token) => isWord(token, "TRIGGER")) + 1];
  if (name === undefined) return sql;
  return `${sql.slice(0, name.start)}${quote(schema)}.${sql.slice(name.start)}`;
}

/** Whether new options give a table another form: all others, such as an engine, mean nothing here. */
export function changesForm(change: TableOptionsChange, was: TableOptionsChange): boolean {
  return (["strict", "withoutRowid"] as const).some(
    (key) => change[key] !== undefined && Boolean(change[key]) !== Boolean(was[key]),
  );
}
