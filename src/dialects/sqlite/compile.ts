/** Operations as SQLite's statements (https://www.sqlite.org/lang.html). */
import { assertNever } from "../../errors";
import { compact } from "../../model/equal";
import type { QualifiedName, Table, View } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import { compileCustom } from "../ansi/custom";
import { columnList, sqlFor, unsupported } from "../ansi/sql";
import { createMetadataTable, metadataChange } from "../ansi/typeorm-metadata";
import type { MetadataRow } from "../ansi/typeorm-metadata";
import type { CompileContext, Statement } from "../dialect";
import { columnText } from "./column-text";
import { updateText } from "../ansi/backfill";
import { bulkInsert } from "./insert";
import { literal, quote, quoteName, writer } from "./quote";
import { recreateTable } from "./recreate";
import { changesForm, createIndex, createTableText, inDatabase, statementsOn } from "./table-sql";

/** The statements of one complete operation, with TypeORM's own rows about views and generated columns. */
export function compile(operation: Operation, context: CompileContext): readonly Statement[] {
  const statements = [...sqlOf(operation, context), ...metadataSql(operation, context)];
  return statements.map((statement) => ({
    ...(typeof statement === "string" ? { sql: statement } : statement),
    operation,
  }));
}

type Sql = string | Pick<Statement, "sql" | "parameters" | "outsideTransaction">;

function sqlOf(operation: Operation, context: CompileContext): readonly Sql[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(operation.table, operation.ifNotExists ?? false);
    case "dropTable":
      return [`DROP TABLE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.table)}`];
    case "renameTable":
      return [`ALTER TABLE ${quoteName(operation.from)} RENAME TO ${quote(operation.to.name)}`];
    case "addColumn":
      return [`ALTER TABLE ${quoteName(operation.table)} ADD COLUMN ${columnText(operation.column)}`];
    case "dropColumn":
      return [`ALTER TABLE ${quoteName(operation.table)} DROP COLUMN ${quote(operation.column)}`];
    case "alterColumn":
      return alterColumn(operation);
    case "createIndex":
      return [createIndex(operation.table, operation.index, operation.ifNotExists ?? false)];
    case "dropIndex":
      return [dropIndex(operation.table, operation.name, operation.ifExists ?? false)];
    case "renameIndex":
      if (!operation.was) throw unsupported("SQLite", operation, "there is no such index");
      return [
        dropIndex(operation.table, operation.from, false),
        createIndex(operation.table, { ...operation.was, name: operation.to }, false),
      ];
    case "createView":
      return createView(operation.view);
    case "replaceView":
      return replaceView(operation);
    case "dropView":
      return [`DROP VIEW ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.view)}`];
    case "recreateTable":
      return recreateTable(operation);
    case "batchAlterTable":
      return operation.operations.flatMap((inner) => sqlOf(inner, context));
    case "bulkInsert":
      return bulkInsert(operation, context.columnTypes !== undefined);
    case "backfill":
      return [updateText(writer, operation)];
    case "execute": {
      const sql = sqlFor(operation.sql, "sqlite");
      return sql === "" ? [] : [compact<Statement>({ sql, parameters: operation.parameters })];
    }
    case "custom":
      return compileCustom(operation, { ...writer, dialect: "sqlite" }, context);
    // SQLite keeps no comments, and of the options of a table only its form, which a copy changes.
    case "commentTable":
      return [];
    case "alterTable":
      if (!changesForm(operation.change, operation.was ?? {})) return [];
      throw unsupported("SQLite", operation, "use batchAlterTable, which copies the table");
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
      throw unsupported("SQLite", operation, "use batchAlterTable, which copies the table");
    case "validateConstraint":
      throw unsupported("SQLite", operation, "every constraint is valid there from the start");
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      throw unsupported("SQLite", operation, "give the column its values instead: `enum: [...]`");
    case "refreshView":
      throw unsupported("SQLite", operation, "views store no rows there");
    case "createSchema":
    case "dropSchema":
      throw unsupported("SQLite", operation, "attach a database file instead");
    case "createSequence":
    case "alterSequence":
    case "dropSequence":
      throw unsupported("SQLite", operation, "use an auto-increment column instead");
    case "createExtension":
    case "dropExtension":
      throw unsupported("SQLite", operation, "extensions are loaded by the application there");
    default:
      return assertNever(operation);
  }
}

function createTable(table: Table, ifNotExists: boolean): readonly string[] {
  return [
    createTableText(table, ifNotExists ? "IF NOT EXISTS " : ""),
    ...table.indexes.map((index) => createIndex(table, index, ifNotExists)),
    ...statementsOn(table),
  ];
}

function dropIndex(table: QualifiedName, name: string, ifExists: boolean): string {
  const index = table.schema === undefined ? { name } : { schema: table.schema, name };
  return `DROP INDEX ${ifExists ? "IF EXISTS " : ""}${quoteName(index)}`;
}

function createView({ attachments = [], ...view }: View): readonly string[] {
  return [
    `CREATE VIEW ${quoteName(view)} AS ${view.sql}`,
    ...attachments.map(({ sql }) => inDatabase(sql, view.schema)),
  ];
}

/** Triggers that stand INSTEAD OF changes of the view go with it and come back. */
function replaceView({ view, was }: Extract<Operation, { kind: "replaceView" }>): readonly string[] {
  const attachments = view.attachments ?? was?.attachments ?? [];
  return [`DROP VIEW ${quoteName(view)}`, ...createView({ ...view, attachments })];
}

function alterColumn(operation: Extract<Operation, { kind: "alterColumn" }>): readonly string[] {
  const { name, ...rest } = operation.change;
  // A call may say what is so already.
  if (Object.keys(operation.change).length === 0) return [];
  if (name === undefined || Object.keys(rest).length > 0) {
    throw unsupported("SQLite", operation, "use batchAlterTable, which copies the table");
  }
  return [
    `ALTER TABLE ${quoteName(operation.table)} RENAME COLUMN ${quote(operation.column)} TO ${quote(name)}`,
  ];
}

function metadataSql(operation: Operation, { typeormMetadata: table }: CompileContext): readonly string[] {
  if (table === undefined) return [];
  const { removed, added } = metadataChange(operation);
  if (removed.length + added.length === 0) return [];
  return [
    createMetadataTable(writer, table, "text"),
    ...removed.map((row) => `DELETE FROM ${quoteName(table)} WHERE ${metadataKey(row)}`),
    ...added.map(
      (row) =>
        `INSERT INTO ${quoteName(table)} ${columnList(writer, ["database", "schema", "table", "type", "name", "value"])}` +
        ` VALUES (NULL, NULL, ${row.column === undefined ? "NULL" : literal(row.owner.name)},` +
        ` ${literal(row.type)}, ${literal(row.column ?? row.owner.name)}, ${literal(row.value)})`,
    ),
  ];
}

function metadataKey(row: MetadataRow): string {
  const table = row.column === undefined ? "" : `"table" = ${literal(row.owner.name)} AND `;
  return `${table}"type" = ${literal(row.type)} AND "name" = ${literal(row.column ?? row.owner.name)}`;
}
