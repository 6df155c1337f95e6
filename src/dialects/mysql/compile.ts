/** Operations as statements of MySQL and MariaDB (MySQL 8.4 manual, chapter 15.1; MariaDB knowledge base, "Data definition"). */
import { assertNever, LimbeckError } from "../../errors";
import { describe } from "../../operations/describe";
import { compact } from "../../model/equal";
import type { ConstraintKind, View } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type {
  AlterColumn,
  BatchAlterTable,
  DropConstraint,
  Operation,
  RenameConstraint,
} from "../../operations/operation";
import { customOperation } from "../../operations/registry";
import { insertRows } from "../ansi/insert";
import { broughtAlong, sqlFor, unsupported } from "../ansi/sql";
import type { CompileContext, Statement } from "../dialect";
import { capabilitiesOf } from "./capabilities";
import type { Capabilities } from "./capabilities";
import { columnSql, constraintSql, createTableSql, indexSql, optionClauses } from "./clauses";
import { guards } from "./conversion";
import { metadataSql } from "./metadata";
import { literal, quote, quoteName, writer } from "./quote";
import { alterationSql, joined } from "./steps";
import type { Alteration, Step } from "./steps";

const SERVER = "MySQL";
/** Rows in one INSERT, so that a statement stays below the packet size of careful servers. */
const ROWS_PER_INSERT = 500;

type Name = "mysql" | "mariadb";

/** The statements of one complete operation, with TypeORM's own rows about views and generated columns. */
export function compile(operation: Operation, context: CompileContext, name: Name): readonly Statement[] {
  const capabilities = capabilitiesOf(context.serverVersion, name);
  const steps = joined(stepsOf(operation, { context, capabilities, name }));
  const rows = flattened(operation).flatMap((one) => metadataSql(one, context.typeormMetadata));
  return [
    ...steps.flatMap((step): readonly Statement[] =>
      step.kind === "alter"
        ? [{ sql: alterationSql(step), outsideTransaction: true }]
        : [
            compact<Statement>({
              sql: step.sql,
              parameters: step.parameters,
              outsideTransaction: step.kind === "definition" ? true : undefined,
            }),
          ],
    ),
    ...rows.map((sql) => ({ sql })),
  ].map((statement) => ({ ...statement, operation }));
}

function flattened(operation: Operation): readonly Operation[] {
  return operation.kind === "batchAlterTable" ? operation.operations.flatMap(flattened) : [operation];
}

interface Surroundings {
  readonly context: CompileContext;
  readonly capabilities: Capabilities;
  readonly name: Name;
}

function stepsOf(operation: Operation, around: Surroundings): readonly Step[] {
  switch (operation.kind) {
    case "createTable":
      return [
        ...single(createTableSql(operation.table, operation.ifNotExists ?? false, around.capabilities)),
        ...broughtAlong(operation.table).flatMap(single),
      ];
    case "dropTable":
      return single(`DROP TABLE ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.table)}`);
    case "renameTable":
      return single(`RENAME TABLE ${quoteName(operation.from)} TO ${quoteName(operation.to)}`);
    case "alterTable":
      return alter(operation, optionClauses(operation.change), "options");
    case "commentTable":
      return alter(operation, [`COMMENT = ${literal(operation.comment ?? "")}`], "comment");
    case "addColumn": {
      const { column, after } = operation;
      const place = after === undefined ? "" : after === null ? " FIRST" : ` AFTER ${quote(after)}`;
      const clause = `ADD COLUMN ${columnSql(column, around.capabilities)}${place}`;
      return alter(operation, [clause], `new column ${column.name}`);
    }
    case "dropColumn":
      return alter(operation, [`DROP COLUMN ${quote(operation.column)}`], `old column ${operation.column}`);
    case "alterColumn":
      return alterColumn(operation, around.capabilities);
    case "createIndex":
      return alter(operation, [`ADD ${indexSql(operation.index)}`], `new index ${operation.index.name}`);
    case "dropIndex":
      return alter(operation, [`DROP INDEX ${quote(operation.name)}`], `old index ${operation.name}`);
    case "renameIndex":
      return alter(
        operation,
        [`RENAME INDEX ${quote(operation.from)} TO ${quote(operation.to)}`],
        `old index ${operation.from}`,
        `new index ${operation.from}`,
        `old index ${operation.to}`,
        `new index ${operation.to}`,
      );
    case "addConstraint": {
      const { constraint } = operation;
      return alter(
        operation,
        [`ADD ${constraintSql(constraint)}`],
        constraintKey("new", constraint.kind, constraint.name),
      );
    }
    case "dropConstraint":
      return dropConstraint(operation);
    case "renameConstraint":
      return renameConstraint(operation);
    case "createView":
      return [...single(viewSql("CREATE", operation.view)), ...broughtAlong(operation.view).flatMap(single)];
    case "replaceView":
      return single(viewSql("CREATE OR REPLACE", operation.view));
    case "dropView":
      return single(`DROP VIEW ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.view)}`);
    case "createSchema":
      return single(
        `CREATE DATABASE ${operation.ifNotExists ? "IF NOT EXISTS " : ""}${quote(operation.name)}`,
      );
    case "dropSchema":
      return single(`DROP DATABASE ${operation.ifExists ? "IF EXISTS " : ""}${quote(operation.name)}`);
    case "batchAlterTable":
      return batchSteps(operation, around);
    case "bulkInsert":
      return insertRows(writer, operation, ROWS_PER_INSERT).map((sql) => ({ kind: "statement", sql }));
    case "execute": {
      const others = around.name === "mysql" ? "mariadb" : "mysql";
      const sql = sqlFor(operation.sql, around.name, others);
      return sql === "" ? [] : [{ kind: "statement", sql, parameters: operation.parameters }];
    }
    case "custom":
      return customOperation(around.context.registry, operation.name)
        .compile(operation.payload, around.name)
        .map((sql) => ({ kind: "statement", sql }));
    case "validateConstraint":
      throw unsupported(SERVER, operation, "every constraint is valid there from the start");
    case "recreateTable":
      throw unsupported(SERVER, operation, "alter it in place: every change can be made that way there");
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      throw unsupported(SERVER, operation, "give the column its values instead: `enum: [...]`");
    case "refreshView":
      throw unsupported(SERVER, operation, "views store no rows there");
    case "createSequence":
    case "alterSequence":
    case "dropSequence":
      throw unsupported(SERVER, operation, "use an auto-increment column instead");
    case "createExtension":
    case "dropExtension":
      throw unsupported(SERVER, operation, "plugins are installed by who runs the server there");
    default:
      return assertNever(operation);
  }
}

function single(sql: string): readonly Step[] {
  return [{ kind: "definition", sql }];
}

function alter(
  operation: Operation & Pick<Alteration, "table" | "run">,
  clauses: readonly string[],
  ...touches: readonly string[]
): readonly Step[] {
  return clauses.length === 0
    ? []
    : [{ kind: "alter", table: operation.table, clauses, touches, run: operation.run }];
}

function alterColumn(operation: AlterColumn, capabilities: Capabilities): readonly Step[] {
  const { table, column, change, was } = operation;
  if (!was) throw incomplete(operation);
  const after = changedColumn(was, change);
  const definition = columnSql(after, capabilities);
  const clause =
    after.name === column ? `MODIFY COLUMN ${definition}` : `CHANGE COLUMN ${quote(column)} ${definition}`;
  return [
    ...guards(table, was, after).map((sql): Step => ({ kind: "guard", sql })),
    ...alter(
      operation,
      [clause],
      ...columnKeys(column),
      ...(after.name === column ? [] : columnKeys(after.name)),
    ),
  ];
}

function columnKeys(column: string): readonly string[] {
  return [`old column ${column}`, `new column ${column}`];
}

function dropConstraint(operation: DropConstraint): readonly Step[] {
  const kind = operation.type ?? operation.was?.kind;
  const name = operation.name ?? operation.was?.name;
  if (kind === undefined) throw incomplete(operation);
  return alter(operation, [dropClause(operation, kind, name)], constraintKey("old", kind, name));
}

function dropClause(operation: Operation, kind: ConstraintKind, name: string | undefined): string {
  if (kind === "primaryKey") return "DROP PRIMARY KEY";
  if (name === undefined) throw incomplete(operation);
  switch (kind) {
    case "foreignKey":
      return `DROP FOREIGN KEY ${quote(name)}`;
    case "unique":
      return `DROP INDEX ${quote(name)}`;
    case "check":
    case "exclusion":
      return `DROP CONSTRAINT ${quote(name)}`;
  }
}

/** Only indexes have a new name for the asking; primary keys have none to change. */
function renameConstraint(operation: RenameConstraint): readonly Step[] {
  const { table, from, to, was } = operation;
  if (!was) throw incomplete(operation);
  if (was.kind === "primaryKey") return [];
  if (was.kind === "unique") return stepsOfRename(operation);
  const clauses = [dropClause(operation, was.kind, from), `ADD ${constraintSql({ ...was, name: to })}`];
  return [
    {
      kind: "alter",
      table,
      clauses,
      touches: [constraintKey("old", was.kind, from), constraintKey("new", was.kind, to)],
    },
  ];
}

function stepsOfRename({ table, from, to }: RenameConstraint): readonly Step[] {
  const touches = [`old index ${from}`, `new index ${from}`, `old index ${to}`, `new index ${to}`];
  return [{ kind: "alter", table, clauses: [`RENAME INDEX ${quote(from)} TO ${quote(to)}`], touches }];
}

/** What is dropped and added again under the same name in one statement is no conflict, but for foreign keys. */
function constraintKey(age: "old" | "new", kind: ConstraintKind, name: string | undefined): string {
  if (kind === "foreignKey") return `foreign key ${name ?? ""}`;
  return kind === "unique" ? `${age} index ${name ?? ""}` : `${age} ${kind} ${name ?? ""}`;
}

function batchSteps(operation: BatchAlterTable, around: Surroundings): readonly Step[] {
  const steps = operation.operations.flatMap((inner) => stepsOf(inner, around));
  // The nearest thing to a move-and-copy: the server makes the copy, and keeps foreign keys and triggers.
  if (operation.recreate !== "always") return steps;
  return steps.map((step) =>
    step.kind === "alter" ? { ...step, run: { ...step.run, algorithm: "COPY" } } : step,
  );
}

function viewSql(verb: string, view: View): string {
  if (view.materialized) {
    throw new LimbeckError("UNSUPPORTED", `${SERVER} has no materialized views, such as ${view.name}`, {
      hint: "make it an ordinary view, or a table that the application fills",
    });
  }
  return `${verb} VIEW ${quoteName(view)} AS ${view.sql}`;
}

function incomplete(operation: Operation): LimbeckError {
  return new LimbeckError(
    "INCOMPLETE_OPERATION",
    `what is there before is not known: ${describe(operation)}`,
    {
      hint: "say it in the revision: `existing` in alterColumn, `type` in dropConstraint",
    },
  );
}
