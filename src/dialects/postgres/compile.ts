/** Operations as PostgreSQL's statements (manual, part VI). */
import { assertNever, LimbeckError } from "../../errors";
import { compact } from "../../model/equal";
import { displayName } from "../../model/names";
import type { QualifiedName, Sequence } from "../../model/schema";
import type { Operation, OperationOf } from "../../operations/operation";
import { compileCustom } from "../ansi/custom";
import { sqlFor } from "../ansi/sql";
import type { CompileContext, Statement } from "../dialect";
import { addColumn, alterColumn } from "./alter-column";
import { alterEnum } from "./alter-enum";
import {
  alterTable,
  commentOn,
  commentOnConstraint,
  commentOnIndex,
  commentOnTable,
  createTable,
  moved,
  renameTable,
} from "./compile-table";
import { createView, dropView } from "./compile-view";
import { constraintText, createIndex, validityText } from "./constraint-text";
import { bulkInsert } from "./insert";
import { writer } from "./literal";
import { updateText } from "../ansi/backfill";
import { quote, quoteName, stringLiteral } from "./quote";
import { recreateTable } from "./recreate";
import { typeormRows } from "./typeorm-rows";

type Sql = string | Pick<Statement, "sql" | "parameters" | "outsideTransaction">;

/** The statements of one complete operation, with TypeORM's own rows about views and generated columns. */
export function compile(operation: Operation, context: CompileContext): readonly Statement[] {
  const rows = context.typeormMetadata ? typeormRows(operation, context.typeormMetadata) : [];
  return [...sqlOf(operation, context), ...rows].map((statement) => ({
    ...(typeof statement === "string" ? { sql: statement } : statement),
    operation,
  }));
}

function sqlOf(operation: Operation, context: CompileContext): readonly Sql[] {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
    case "renameTable":
    case "alterTable":
    case "commentTable":
      return tableSql(operation, context);
    case "addColumn":
    case "alterColumn":
    case "dropColumn":
      return columnSql(operation, context);
    case "createIndex":
    case "dropIndex":
    case "renameIndex":
      return indexSql(operation);
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "validateConstraint":
      return constraintSql(operation);
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      return enumSql(operation);
    case "createView":
    case "replaceView":
    case "refreshView":
    case "dropView":
      return viewSql(operation);
    case "createSequence":
    case "alterSequence":
    case "dropSequence":
      return sequenceSql(operation);
    case "createSchema":
      return [`CREATE SCHEMA ${operation.ifNotExists ? "IF NOT EXISTS " : ""}${quote(operation.name)}`];
    case "dropSchema":
      return [
        `DROP SCHEMA ${operation.ifExists ? "IF EXISTS " : ""}${quote(operation.name)}${operation.cascade ? " CASCADE" : ""}`,
      ];
    case "createExtension": {
      const { name, schema } = operation.extension;
      const place = schema === undefined ? "" : ` SCHEMA ${quote(schema)}`;
      return [`CREATE EXTENSION ${operation.ifNotExists ? "IF NOT EXISTS " : ""}${quote(name)}${place}`];
    }
    case "dropExtension":
      return [`DROP EXTENSION ${operation.ifExists ? "IF EXISTS " : ""}${quote(operation.name)}`];
    case "batchAlterTable":
      return operation.operations.flatMap((inner) => sqlOf(inner, context));
    case "recreateTable":
      return recreateTable(operation, context.serverVersion);
    case "bulkInsert":
      return bulkInsert(operation, context.columnTypes);
    case "backfill":
      return [updateText(writer, operation)];
    case "execute": {
      const sql = sqlFor(operation.sql, "postgres");
      return sql === "" ? [] : [compact<Statement>({ sql, parameters: operation.parameters })];
    }
    case "custom":
      return compileCustom(operation, { ...writer, dialect: "postgres" }, context);
    default:
      return assertNever(operation);
  }
}

function tableSql(
  operation: OperationOf<"createTable" | "dropTable" | "renameTable" | "alterTable" | "commentTable">,
  { serverVersion }: CompileContext,
): readonly string[] {
  switch (operation.kind) {
    case "createTable":
      return createTable(operation.table, operation.ifNotExists ?? false, serverVersion);
    case "dropTable":
      return [
        `DROP TABLE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.table)}${operation.cascade ? " CASCADE" : ""}`,
      ];
    case "renameTable":
      return renameTable(operation);
    case "alterTable":
      return alterTable(operation);
    case "commentTable":
      return [commentOnTable(operation.table, operation.comment)];
    default:
      return assertNever(operation);
  }
}

function columnSql(
  operation: OperationOf<"addColumn" | "alterColumn" | "dropColumn">,
  { serverVersion }: CompileContext,
): readonly string[] {
  switch (operation.kind) {
    case "addColumn":
      return addColumn(operation, serverVersion);
    case "alterColumn":
      if (operation.was) return alterColumn(operation, operation.was, serverVersion);
      throw incomplete(operation.table, `what column "${operation.column}" is now`);
    case "dropColumn":
      return [
        `ALTER TABLE ${quoteName(operation.table)} DROP COLUMN ${operation.ifExists ? "IF EXISTS " : ""}${quote(operation.column)}`,
      ];
    default:
      return assertNever(operation);
  }
}

function indexSql(operation: OperationOf<"createIndex" | "dropIndex" | "renameIndex">): readonly Sql[] {
  switch (operation.kind) {
    case "createIndex":
      return [
        alone(createIndex(operation.table, operation.index, operation), operation.concurrently),
        ...commentOnIndex(operation.table, operation.index),
      ];
    case "dropIndex": {
      const sql = [
        "DROP INDEX",
        operation.concurrently ? "CONCURRENTLY" : undefined,
        operation.ifExists ? "IF EXISTS" : undefined,
        quoteName(beside(operation.table, operation.name)),
      ];
      return [alone(sql.filter((part) => part !== undefined).join(" "), operation.concurrently)];
    }
    case "renameIndex":
      return [
        `ALTER INDEX ${quoteName(beside(operation.table, operation.from))} RENAME TO ${quote(operation.to)}`,
      ];
    default:
      return assertNever(operation);
  }
}

/** An index, like a type, lives in the schema of its table. */
function beside({ schema }: QualifiedName, name: string): QualifiedName {
  return schema === undefined ? { name } : { schema, name };
}

function alone(sql: string, outsideTransaction: boolean | undefined): Sql {
  return outsideTransaction ? { sql, outsideTransaction } : sql;
}

function constraintSql(
  operation: OperationOf<"addConstraint" | "dropConstraint" | "renameConstraint" | "validateConstraint">,
): readonly string[] {
  const alter = `ALTER TABLE ${quoteName(operation.table)}`;
  switch (operation.kind) {
    case "addConstraint":
      return [
        `${alter} ADD ${constraintText(operation.constraint)}${validityText(operation.constraint)}`,
        ...commentOnConstraint(operation.table, operation.constraint),
      ];
    case "dropConstraint":
      return [
        `${alter} DROP CONSTRAINT ${operation.ifExists ? "IF EXISTS " : ""}${quote(constraintName(operation))}`,
      ];
    case "renameConstraint":
      return [`${alter} RENAME CONSTRAINT ${quote(operation.from)} TO ${quote(operation.to)}`];
    case "validateConstraint":
      return [`${alter} VALIDATE CONSTRAINT ${quote(operation.name)}`];
    default:
      return assertNever(operation);
  }
}

/** Every constraint has a name; a primary key that was given none is named after its table. */
function constraintName({ table, name, type, was }: OperationOf<"dropConstraint">): string {
  const known = name ?? was?.name;
  if (known !== undefined) return known;
  if ((type ?? was?.kind) === "primaryKey") return `${table.name}_pkey`;
  throw incomplete(table, "which constraint to drop, by name");
}

function enumSql(operation: OperationOf<"createEnum" | "alterEnum" | "dropEnum">): readonly Sql[] {
  switch (operation.kind) {
    case "createEnum": {
      const values = operation.enum.values.map(stringLiteral).join(", ");
      return [
        `CREATE TYPE ${quoteName(operation.enum)} AS ENUM (${values})`,
        ...commentOn("TYPE", operation.enum, operation.enum.comment),
      ];
    }
    case "alterEnum":
      if (operation.was) return alterEnum(operation, operation.was);
      throw incomplete(operation.name, "which values it has now");
    case "dropEnum":
      return [`DROP TYPE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.name)}`];
    default:
      return assertNever(operation);
  }
}

function viewSql(
  operation: OperationOf<"createView" | "replaceView" | "refreshView" | "dropView">,
): readonly Sql[] {
  switch (operation.kind) {
    case "createView":
      return createView(operation.view);
    case "replaceView":
      // CREATE OR REPLACE VIEW keeps only views whose columns stay where they are.
      return [dropView(operation.was ?? operation.view, false), ...createView(operation.view)];
    case "refreshView":
      return [
        `REFRESH MATERIALIZED VIEW ${operation.concurrently ? "CONCURRENTLY " : ""}${quoteName(operation.view)}`,
      ];
    case "dropView": {
      const materialized = operation.materialized ?? operation.was?.materialized;
      return [dropView(compact({ ...operation.view, materialized }), operation.ifExists ?? false)];
    }
    default:
      return assertNever(operation);
  }
}

function sequenceSql(
  operation: OperationOf<"createSequence" | "alterSequence" | "dropSequence">,
): readonly string[] {
  switch (operation.kind) {
    case "createSequence":
      return [
        `CREATE SEQUENCE ${quoteName(operation.sequence)}${sequenceOptions(operation.sequence)}`,
        ...commentOn("SEQUENCE", operation.sequence, operation.sequence.comment),
      ];
    case "alterSequence": {
      const { name, change } = operation;
      const options = [
        change.increment === undefined ? undefined : `INCREMENT BY ${change.increment}`,
        change.restart === undefined ? undefined : `RESTART WITH ${change.restart}`,
      ].filter((option) => option !== undefined);
      return [
        ...(options.length === 0 ? [] : [`ALTER SEQUENCE ${quoteName(name)} ${options.join(" ")}`]),
        ...(change.name === undefined ? [] : moved("SEQUENCE", name, change.name)),
      ];
    }
    case "dropSequence":
      return [`DROP SEQUENCE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.name)}`];
    default:
      return assertNever(operation);
  }
}

function sequenceOptions({ type, start, increment, minimum, maximum, cache, cycle }: Sequence): string {
  return [
    type === undefined ? "" : ` AS ${type}`,
    increment === undefined ? "" : ` INCREMENT BY ${increment}`,
    minimum === undefined ? "" : ` MINVALUE ${minimum}`,
    maximum === undefined ? "" : ` MAXVALUE ${maximum}`,
    start === undefined ? "" : ` START WITH ${start}`,
    cache === undefined ? "" : ` CACHE ${cache}`,
    cycle ? " CYCLE" : "",
  ].join("");
}

function incomplete(name: QualifiedName, what: string): LimbeckError {
  return new LimbeckError(
    "INCOMPLETE_OPERATION",
    `the change of "${displayName(name)}" does not say ${what}`,
    {
      hint: "give `existing`, or run it on a database that can be read",
    },
  );
}
