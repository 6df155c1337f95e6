/** Operations as SQL Server's statements (https://learn.microsoft.com/sql/t-sql/statements/statements). */
import { assertNever } from "../../errors";
import { compact } from "../../model/equal";
import type { QualifiedName, Sequence, View } from "../../model/schema";
import type { AlterSequence, BulkInsert, DropIndex, Operation } from "../../operations/operation";
import { compileCustom } from "../ansi/custom";
import { broughtAlong, sqlFor, unsupported } from "../ansi/sql";
import type { CompileContext, Statement } from "../dialect";
import { updateText } from "../ansi/backfill";
import { bulkInsert } from "./bulk-insert";
import { commentChange } from "./comments";
import { addColumn, alterColumn, dropColumn } from "./compile-column";
import { createTable, recreateTable, renameObject, renameTable, transfer } from "./compile-table";
import { dropKey } from "./lookup";
import { argument, literal, quote, quoteName, writer } from "./quote";
import { constraintText, createIndexText } from "./text";
import { metadataSql } from "./typeorm-metadata";

/** The statements of one complete operation, with TypeORM's own rows about views and computed columns. */
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
      return [`DROP TABLE ${ifExists(operation)}${quoteName(operation.table)}`];
    case "renameTable":
      return renameTable(operation);
    case "recreateTable":
      return recreateTable(operation);
    case "commentTable":
      return commentChange(operation.table, undefined, operation.was?.comment, operation.comment);
    case "addColumn":
      return addColumn(operation);
    case "alterColumn":
      return alterColumn(operation);
    case "dropColumn":
      return dropColumn(operation);
    case "createIndex":
      return [createIndex(operation)];
    case "dropIndex":
      return [dropIndex(operation)];
    case "renameIndex": {
      const name = argument(`${quoteName(operation.table)}.${quote(operation.from)}`);
      return [`EXEC sp_rename ${name}, ${argument(operation.to)}, N'INDEX'`];
    }
    case "addConstraint":
      return [addConstraint(operation)];
    case "dropConstraint":
      return [dropConstraint(operation)];
    case "renameConstraint":
      return [renameObject({ ...operation.table, name: operation.from }, operation.to)];
    case "validateConstraint":
      return [
        `ALTER TABLE ${quoteName(operation.table)} WITH CHECK CHECK CONSTRAINT ${quote(operation.name)}`,
      ];
    case "createView":
      return [viewText("CREATE", operation.view, operation), ...broughtAlong(operation.view)];
    case "replaceView":
      return [viewText("ALTER", operation.view, operation)];
    case "dropView":
      return [`DROP VIEW ${ifExists(operation)}${quoteName(operation.view)}`];
    case "createSchema":
      return [createSchema(operation.name, operation.ifNotExists ?? false)];
    case "dropSchema":
      if (operation.cascade) throw unsupported("SQL Server", operation, "drop what is in the schema first");
      return [`DROP SCHEMA ${ifExists(operation)}${quote(operation.name)}`];
    case "createSequence":
      return [createSequence(operation.sequence)];
    case "alterSequence":
      return alterSequence(operation);
    case "dropSequence":
      return [`DROP SEQUENCE ${ifExists(operation)}${quoteName(operation.name)}`];
    case "batchAlterTable":
      return operation.operations.flatMap((inner) => sqlOf(inner, context));
    case "backfill":
      return [updateText(writer, operation)];
    case "bulkInsert":
      return bulkInsert(operation satisfies BulkInsert);
    case "execute": {
      const sql = sqlFor(operation.sql, "mssql");
      return sql === "" ? [] : [compact<Statement>({ sql, parameters: operation.parameters })];
    }
    case "custom":
      return compileCustom(operation, { ...writer, dialect: "mssql" }, context);
    case "alterTable":
      throw unsupported("SQL Server", operation, "tables have none of these options there");
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      throw unsupported("SQL Server", operation, "give the column its values instead: `enum: [...]`");
    case "refreshView":
      throw unsupported("SQL Server", operation, "an indexed view is always fresh there");
    case "createExtension":
    case "dropExtension":
      throw unsupported("SQL Server", operation, "there are no extensions there");
    default:
      return assertNever(operation);
  }
}

function ifExists(operation: { readonly ifExists?: boolean }): string {
  return operation.ifExists ? "IF EXISTS " : "";
}

/** RESUMABLE refuses to run in a transaction (guidelines-for-online-index-operations). */
function createIndex(operation: Extract<Operation, { kind: "createIndex" }>): Sql {
  const { table, index } = operation;
  if (operation.concurrently)
    throw unsupported("SQL Server", operation, "say `online` instead of `concurrently`");
  const sql = createIndexText(table, index, operation);
  return operation.resumable ? { sql, outsideTransaction: true } : sql;
}

/** ONLINE is for the drop of a clustered index only (t-sql/statements/drop-index-transact-sql). */
function dropIndex(operation: DropIndex): string {
  const { table, name, was, online, concurrently } = operation;
  if (concurrently) throw unsupported("SQL Server", operation, "leave out `concurrently`");
  const options = online && was?.method === "clustered" ? " WITH (ONLINE = ON)" : "";
  return `DROP INDEX ${ifExists(operation)}${quote(name)} ON ${quoteName(table)}${options}`;
}

function addConstraint({ table, constraint }: Extract<Operation, { kind: "addConstraint" }>): string {
  const unchecked = "notValid" in constraint && constraint.notValid ? " WITH NOCHECK" : "";
  return `ALTER TABLE ${quoteName(table)}${unchecked} ADD ${constraintText(table, constraint)}`;
}

function dropConstraint(operation: Extract<Operation, { kind: "dropConstraint" }>): string {
  const name = operation.was?.name ?? operation.name;
  if (name === undefined) {
    if (operation.was && "columns" in operation.was) {
      return dropKey(operation.table, operation.was.kind, operation.was.columns);
    }
    throw unsupported("SQL Server", operation, "every constraint has a name there: say it");
  }
  return `ALTER TABLE ${quoteName(operation.table)} DROP CONSTRAINT ${ifExists(operation)}${quote(name)}`;
}

function viewText(verb: "CREATE" | "ALTER", view: View, operation: Operation): string {
  if (view.materialized) {
    throw unsupported("SQL Server", operation, "make an indexed view with `op.execute`");
  }
  return `${verb} VIEW ${quoteName(view)} AS ${view.sql}`;
}

/** CREATE SCHEMA must be alone in its batch; behind a condition it is a batch of its own. */
function createSchema(name: string, ifNotExists: boolean): string {
  const create = `CREATE SCHEMA ${quote(name)}`;
  return ifNotExists ? `IF SCHEMA_ID(${literal(name)}) IS NULL EXEC(${argument(create)})` : create;
}

function createSequence(sequence: Sequence): string {
  const { type, start, increment } = sequence;
  return [
    `CREATE SEQUENCE ${quoteName(sequence)}`,
    ...(type === undefined ? [] : [`AS ${type}`]),
    // Without it a sequence begins at the lowest number of its type.
    `START WITH ${start ?? "1"}`,
    `INCREMENT BY ${increment ?? "1"}`,
  ].join(" ");
}

function alterSequence({ name, change }: AlterSequence): readonly string[] {
  const { restart, increment } = change;
  const to: QualifiedName = change.name ?? name;
  const options = [
    ...(restart === undefined ? [] : [`RESTART WITH ${restart}`]),
    ...(increment === undefined ? [] : [`INCREMENT BY ${increment}`]),
  ];
  return [
    ...(options.length === 0 ? [] : [`ALTER SEQUENCE ${quoteName(name)} ${options.join(" ")}`]),
    ...(to.schema === name.schema ? [] : [transfer(name, to.schema)]),
    ...(to.name === name.name ? [] : [renameObject({ ...to, name: name.name }, to.name)]),
  ];
}
