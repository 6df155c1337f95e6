/** TypeORM's rows about views and generated columns, as its PostgreSQL driver writes and looks for them. */
import { equal } from "../../model/equal";
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
  const moved = added.flatMap((row) => {
    const from = removed.find((other) => isMoved(other, row));
    return from ? [{ from, row }] : [];
  });
  const isDone = (row: MetadataRow): boolean => moved.some((pair) => pair.from === row || pair.row === row);
  return [
    createMetadataTable(writer, table, "text"),
    ...moved.map(
      ({ from, row }) => `UPDATE ${quoteName(table)} SET ${placeOf(row).join(", ")} WHERE ${keyOf(from)}`,
    ),
    ...removed
      .filter((row) => !isDone(row))
      .map((row) => `DELETE FROM ${quoteName(table)} WHERE ${keyOf(row)}`),
    ...added
      .filter((row) => !isDone(row))
      .map(
        (row) =>
          `INSERT INTO ${quoteName(table)} ${columnList(writer, COLUMNS)} VALUES (${valuesOf(row).join(", ")})`,
      ),
  ];
}

/** Whether only the name of a column or of its table is another: the row goes along, with the words of its author. */
function isMoved(from: MetadataRow, to: MetadataRow): boolean {
  const isOneName = from.column === to.column || equal(from.owner, to.owner);
  return isOneName && from.column !== undefined && from.type === to.type && from.value === to.value;
}

function placeOf(row: MetadataRow): readonly string[] {
  return [
    `"schema" = ${schemaOf(row)}`,
    `"table" = ${stringLiteral(row.owner.name)}`,
    `"name" = ${stringLiteral(row.column ?? row.owner.name)}`,
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
