/**
 * The rows in which TypeORM remembers the text of views and generated columns. Without them its own schema builder
 * would propose to create these again (TypeORM issue 9997), so they are written with the object, in the same operation.
 */
import { equal } from "../../model/equal";
import { qualified } from "../../model/names";
import type { QualifiedName, Table, View } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { Operation } from "../../operations/operation";
import { withReferencesRenamed } from "../../operations/apply-table";
import type { Writer } from "./sql";

/** One row of the table, as TypeORM reads it; how a database names its schemas is for the dialect to fill in. */
export interface MetadataRow {
  readonly type: "VIEW" | "MATERIALIZED_VIEW" | "GENERATED_COLUMN";
  readonly owner: QualifiedName;
  readonly column?: string;
  readonly value: string;
}

/** The rows that an operation takes away and the rows that it brings. */
export interface MetadataChange {
  readonly removed: readonly MetadataRow[];
  readonly added: readonly MetadataRow[];
}

/** What an operation means for TypeORM's rows; nothing for most. */
export function metadataChange(operation: Operation): MetadataChange {
  const before = rowsBefore(operation);
  const after = rowsAfter(operation);
  return {
    removed: before.filter((row) => !after.some((other) => equal(row, other))),
    added: after.filter((row) => !before.some((other) => equal(row, other))),
  };
}

function rowsBefore(operation: Operation): readonly MetadataRow[] {
  switch (operation.kind) {
    case "dropTable":
    case "renameTable":
      return operation.was ? tableRows(operation.was) : [];
    case "recreateTable":
      return tableRows(operation.from);
    case "dropColumn":
    case "alterColumn":
      return operation.was ? tableRows(oneColumn(operation.table, operation.was)) : [];
    case "dropView":
    case "replaceView":
      return operation.was ? [viewRow(operation.was)] : [];
    default:
      return [];
  }
}

function rowsAfter(operation: Operation): readonly MetadataRow[] {
  switch (operation.kind) {
    case "createTable":
      return tableRows(operation.table);
    case "recreateTable":
      return tableRows(operation.to);
    case "renameTable":
      return operation.was
        ? tableRows(withReferencesRenamed(operation.was, operation.from, operation.to))
        : [];
    case "addColumn":
      return tableRows(oneColumn(operation.table, operation.column));
    case "alterColumn":
      return operation.was
        ? tableRows(oneColumn(operation.table, changedColumn(operation.was, operation.change)))
        : [];
    case "createView":
    case "replaceView":
      return [viewRow(operation.view)];
    default:
      return [];
  }
}

function oneColumn(table: QualifiedName, column: Table["columns"][number]): Table {
  return { ...table, columns: [column], constraints: [], indexes: [] };
}

function tableRows(table: Table): readonly MetadataRow[] {
  return table.columns.flatMap((column) =>
    column.generated?.kind === "computed"
      ? [
          {
            type: "GENERATED_COLUMN",
            owner: qualified(table),
            column: column.name,
            value: column.generated.sql,
          } as const,
        ]
      : [],
  );
}

function viewRow(view: View): MetadataRow {
  return {
    type: view.materialized ? "MATERIALIZED_VIEW" : "VIEW",
    owner: qualified(view),
    value: view.sql.trim(),
  };
}

/** The SQL that makes the table as TypeORM makes it, where it is absent. */
export function createMetadataTable(
  writer: Writer,
  table: QualifiedName,
  textType: string,
  nameType = "varchar",
): string {
  const column = (name: string, type: string): string => `${writer.quote(name)} ${type}`;
  const columns = [
    column("type", `${nameType} NOT NULL`),
    column("database", nameType),
    column("schema", nameType),
    column("table", nameType),
    column("name", nameType),
    column("value", textType),
  ];
  return `CREATE TABLE IF NOT EXISTS ${writer.quoteName(table)} (${columns.join(", ")})`;
}
