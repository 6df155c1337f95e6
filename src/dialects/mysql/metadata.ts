/**
 * TypeORM's rows about views and generated columns, written as TypeORM reads them: the database of the object stands in
 * `schema`, found out where the statement runs (TypeORM issue 9776).
 */
import { columnList } from "../ansi/sql";
import { createMetadataTable, metadataChange } from "../ansi/typeorm-metadata";
import type { MetadataRow } from "../ansi/typeorm-metadata";
import type { Operation } from "../../operations/operation";
import type { QualifiedName } from "../../model/schema";
import { literal, quote, quoteName, writer } from "./quote";

/** The statements that keep TypeORM's rows in step with an operation; none for most. */
export function metadataSql(operation: Operation, table: QualifiedName | undefined): readonly string[] {
  if (table === undefined) return [];
  const { removed, added } = metadataChange(operation);
  if (removed.length + added.length === 0) return [];
  // A row that a run left which was cut short is not written twice.
  const keys = new Set([...removed, ...added].map(keySql));
  return [
    createMetadataTable(writer, table, "text", "varchar(255)"),
    ...[...keys].map((key) => `DELETE FROM ${quoteName(table)} WHERE ${key}`),
    ...added.map((row) => insertSql(row, table)),
  ];
}

function insertSql(row: MetadataRow, table: QualifiedName): string {
  const columns = columnList(writer, ["database", "schema", "table", "type", "name", "value"]);
  const values = [
    "NULL",
    databaseSql(row),
    row.column === undefined ? "NULL" : literal(row.owner.name),
    literal(row.type),
    literal(row.column ?? row.owner.name),
    literal(row.value),
  ];
  return `INSERT INTO ${quoteName(table)} ${columns} VALUES (${values.join(", ")})`;
}

function keySql(row: MetadataRow): string {
  const ofTable = row.column === undefined ? "" : ` AND ${quote("table")} = ${literal(row.owner.name)}`;
  return (
    `${quote("type")} = ${literal(row.type)} AND ${quote("name")} = ${literal(row.column ?? row.owner.name)}` +
    ` AND ${quote("schema")} = ${databaseSql(row)}${ofTable}`
  );
}

function databaseSql({ owner }: MetadataRow): string {
  return owner.schema === undefined ? "DATABASE()" : literal(owner.schema);
}
