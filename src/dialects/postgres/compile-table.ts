/** Tables as statements: made, renamed, moved, commented on. */
import type { Constraint, Index, QualifiedName, Table } from "../../model/schema";
import type { OperationOf } from "../../operations/operation";
import { columnText } from "./column-text";
import { constraintText, createIndex, storageText } from "./constraint-text";
import { quote, quoteName, stringLiteral } from "./quote";
import { renameSerial, serialSequence, serialsOf } from "./serial";

/** CREATE TABLE with everything that belongs to the table; foreign keys stand inside. */
export function createTable(table: Table, ifNotExists: boolean, serverVersion?: string): readonly string[] {
  const { options = {} } = table;
  const lines = [
    ...table.columns.map((column) => columnText(column, serverVersion)),
    ...table.constraints.map(constraintText),
  ];
  const create = [
    `CREATE ${options.unlogged ? "UNLOGGED " : ""}TABLE`,
    ifNotExists ? "IF NOT EXISTS" : undefined,
    `${quoteName(table)} (${lines.join(", ")})`,
    options.inherits?.length ? `INHERITS (${options.inherits.map(quoteName).join(", ")})` : undefined,
    options.partitionBy === undefined ? undefined : `PARTITION BY ${options.partitionBy}`,
    options.storage ? `WITH ${storageText(options.storage)}` : undefined,
    options.tablespace === undefined ? undefined : `TABLESPACE ${quote(options.tablespace)}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
  return [create, ...constraintComments(table), ...partsAround(table, ifNotExists)];
}

/** Comments on the constraints of a table. */
export function constraintComments(table: Table): readonly string[] {
  return table.constraints.flatMap((constraint) => commentOnConstraint(table, constraint));
}

/** The comment of a constraint that has one; the server names what has no name. */
export function commentOnConstraint(table: QualifiedName, constraint: Constraint): readonly string[] {
  const { name, comment } = constraint;
  if (name === undefined || comment === undefined) return [];
  return [`COMMENT ON CONSTRAINT ${quote(name)} ON ${quoteName(table)} IS ${stringLiteral(comment)}`];
}

/** The comment of an index that has one. An index lives in the schema of its table. */
export function commentOnIndex({ schema }: QualifiedName, { name, comment }: Index): readonly string[] {
  return commentOn("INDEX", schema === undefined ? { name } : { schema, name }, comment);
}

/** What belongs to a table and stands outside of its CREATE TABLE. */
export function partsAround(table: Table, ifNotExists: boolean): readonly string[] {
  return [
    ...table.indexes.flatMap((index) => [
      createIndex(table, index, { ifNotExists }),
      ...commentOnIndex(table, index),
    ]),
    ...(table.comment === undefined ? [] : [commentOnTable(table, table.comment)]),
    ...table.columns.flatMap(({ name, comment }) =>
      comment === undefined ? [] : [commentOnColumn(table, name, comment)],
    ),
    ...(table.triggers ?? []).map(({ sql }) => sql),
    ...(table.attachments ?? []).map(({ sql }) => sql),
  ];
}

export function commentOnTable(table: QualifiedName, comment: string | undefined): string {
  return `COMMENT ON TABLE ${quoteName(table)} IS ${textOrNull(comment)}`;
}

export function commentOnColumn(
  table: QualifiedName,
  column: string,
  comment: string | null | undefined,
): string {
  return `COMMENT ON COLUMN ${quoteName(table)}.${quote(column)} IS ${textOrNull(comment)}`;
}

/** The comment of an object that has one and a name of its own. */
export function commentOn(
  kind: "TYPE" | "SEQUENCE" | "INDEX",
  name: QualifiedName,
  comment: string | undefined,
): readonly string[] {
  return comment === undefined ? [] : [`COMMENT ON ${kind} ${quoteName(name)} IS ${stringLiteral(comment)}`];
}

/** An empty comment is none. */
function textOrNull(comment: string | null | undefined): string {
  return comment === undefined || comment === null || comment === "" ? "NULL" : stringLiteral(comment);
}

/** A new name, another schema, or both; the sequences of its columns come along. */
export function renameTable({ from, to, was }: OperationOf<"renameTable">): readonly string[] {
  const serials = was === undefined ? [] : serialsOf(was);
  return [
    ...moved("TABLE", from, to),
    ...serials.flatMap((column) =>
      renameSerial(to, serialSequence(from.name, column), serialSequence(to.name, column)),
    ),
  ];
}

/** Moves an object into another schema and gives it another name, as far as either differs. */
export function moved(kind: string, from: QualifiedName, to: QualifiedName): readonly string[] {
  const place = to.schema === from.schema ? [] : [setSchema(kind, from, to.schema)];
  const between = { ...to, name: from.name };
  const name =
    to.name === from.name ? [] : [`ALTER ${kind} ${quoteName(between)} RENAME TO ${quote(to.name)}`];
  return [...place, ...name];
}

/** The default schema has a name that only the connection knows. */
function setSchema(kind: string, from: QualifiedName, schema: string | undefined): string {
  const alter = `ALTER ${kind} ${quoteName(from)} SET SCHEMA `;
  if (schema !== undefined) return alter + quote(schema);
  return `DO $$ BEGIN EXECUTE ${stringLiteral(alter)} || quote_ident(current_schema()); END $$`;
}

/** Options that can be changed where the table stands. */
export function alterTable({ table, change }: OperationOf<"alterTable">): readonly string[] {
  const { storage, tablespace, unlogged } = change;
  const alter = `ALTER TABLE ${quoteName(table)}`;
  return [
    ...(storage ? [`${alter} SET ${storageText(storage)}`] : []),
    ...(tablespace ? [`${alter} SET TABLESPACE ${quote(tablespace)}`] : []),
    ...(tablespace === null ? [`${alter} SET TABLESPACE pg_default`] : []),
    ...(unlogged === undefined ? [] : [`${alter} SET ${unlogged ? "UNLOGGED" : "LOGGED"}`]),
  ];
}
