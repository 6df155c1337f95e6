/**
 * TypeORM's rows about views and computed columns. It reads those of computed columns by the names of database and
 * schema (`SqlServerQueryRunner.loadTables`), so these are asked of the connection when the statement runs.
 */
import type { QualifiedName } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import { columnList } from "../ansi/sql";
import { metadataChange } from "../ansi/typeorm-metadata";
import type { MetadataRow } from "../ansi/typeorm-metadata";
import type { CompileContext } from "../dialect";
import { literal, quote, quoteName, writer } from "./quote";

const COLUMNS = ["type", "database", "schema", "table", "name", "value"];

/** The statements that keep the rows in step with an operation. */
export function metadataSql(
  operation: Operation,
  { typeormMetadata: table }: CompileContext,
): readonly string[] {
  if (table === undefined) return [];
  const { removed, added } = metadataChange(operation);
  if (removed.length + added.length === 0) return [];
  return [
    createTable(table),
    ...removed.map((row) => `DELETE FROM ${quoteName(table)} WHERE ${keyText(row)}`),
    ...added.map((row) => insertText(table, row)),
  ];
}

/** The table as TypeORM makes it (`RdbmsSchemaBuilder.createTypeormMetadataTable`). */
function createTable(table: QualifiedName): string {
  const columns = COLUMNS.map((name) => {
    if (name === "value") return `${quote(name)} nvarchar(max) NULL`;
    return `${quote(name)} varchar(255) ${name === "type" ? "NOT NULL" : "NULL"}`;
  });
  const name = quoteName(table);
  return `IF OBJECT_ID(${literal(name)}, N'U') IS NULL CREATE TABLE ${name} (${columns.join(", ")})`;
}

function insertText(table: QualifiedName, row: MetadataRow): string {
  const values = [
    literal(row.type),
    "DB_NAME()",
    schemaText(row),
    row.column === undefined ? "NULL" : literal(row.owner.name),
    literal(row.column ?? row.owner.name),
    literal(row.value),
  ];
  return `INSERT INTO ${quoteName(table)} ${columnList(writer, COLUMNS)} VALUES (${values.join(", ")})`;
}

function keyText(row: MetadataRow): string {
  return [
    `${quote("type")} = ${literal(row.type)}`,
    `${quote("schema")} = ${schemaText(row)}`,
    ...(row.column === undefined ? [] : [`${quote("table")} = ${literal(row.owner.name)}`]),
    `${quote("name")} = ${literal(row.column ?? row.owner.name)}`,
  ].join(" AND ");
}

function schemaText({ owner }: MetadataRow): string {
  return owner.schema === undefined ? "SCHEMA_NAME()" : literal(owner.schema);
}
