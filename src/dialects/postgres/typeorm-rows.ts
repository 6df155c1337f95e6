/** TypeORM's rows about views and generated columns, as its PostgreSQL driver writes and looks for them. */
import type { QualifiedName } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import { columnList } from "../ansi/sql";
import { createMetadataTable, metadataChange } from "../ansi/typeorm-metadata";
import type { MetadataRow } from "../ansi/typeorm-metadata";
import { writer } from "./literal";
import { quoteName, stringLiteral } from "./quote";

const COLUMNS = ["database", "schema", "table", "type", "name", "value"];

/** The statements that keep TypeORM's rows in step with an operation; none for most. */
export function typeormRows(operation: Operation, table: QualifiedName): readonly string[] {
  const { removed, added } = metadataChange(operation);
  if (removed.length + added.length === 0) return [];
  return [
    createMetadataTable(writer, table, "text"),
    ...removed.map((row) => `DELETE FROM ${quoteName(table)} WHERE ${keyOf(row)}`),
    ...added.map(
      (row) =>
        `INSERT INTO ${quoteName(table)} ${columnList(writer, COLUMNS)} VALUES (${valuesOf(row).join(", ")})`,
    ),
  ];
}

/** Names of database and schema by function: a script runs on other databases than the one it was written for. */
function schemaOf({ owner }: MetadataRow): string {
  return owner.schema === undefined ? "current_schema()" : stringLiteral(owner.schema);
}

function valuesOf(row: MetadataRow): readonly string[] {
  const isColumn = row.column !== undefined;
  return [
    isColumn ? "current_database()" : "NULL",
    schemaOf(row),
    isColumn ? stringLiteral(row.owner.name) : "NULL",
    stringLiteral(row.type),
    stringLiteral(row.column ?? row.owner.name),
    stringLiteral(row.value),
  ];
}

function keyOf(row: MetadataRow): string {
  const conditions = [
    `"type" = ${stringLiteral(row.type)}`,
    `"schema" = ${schemaOf(row)}`,
    `"name" = ${stringLiteral(row.column ?? row.owner.name)}`,
    ...(row.column === undefined ? [] : [`"table" = ${stringLiteral(row.owner.name)}`]),
  ];
  return conditions.join(" AND ");
}
