/** Operations as statements of MySQL and MariaDB (MySQL 8.4 manual, chapter 15.1; MariaDB knowledge base, "Data definition"). */
import { assertNever, LimbeckError } from "../../errors";
import { describe } from "../../operations/describe";
import { compact } from "../../model/equal";
import { renameIn } from "../../model/expression";
import type { Column, ConstraintKind, View } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type {
  AlterColumn,
  BatchAlterTable,
  DropConstraint,
  Operation,
  RenameConstraint,
  RenameIndex,
} from "../../operations/operation";
import { updateText } from "../ansi/backfill";
import { compileCustom } from "../ansi/custom";
import { insertRows } from "../ansi/insert";
import { broughtAlong, sqlFor, unsupported } from "../ansi/sql";
import type { CompileContext, Statement } from "../dialect";
import { capabilitiesOf } from "./capabilities";
import type { Capabilities } from "./capabilities";
import { columnSql, constraintSql, createTableSql, indexSql, optionClauses } from "./clauses";
import { guards } from "./conversion";
import { refuseUnlessEmpty } from "./guard";
import { metadataSql } from "./metadata";
import { definition } from "./prepared";
import type { Condition } from "./prepared";
import { literal, quote, quoteName, writer } from "./quote";
import { alterationSql, joined } from "./steps";
import type { Alteration, OwnedStep, Step } from "./steps";

const SERVER = "MySQL";
/** One INSERT stays below four million bytes, the default of max_allowed_packet up to MySQL 5.7. */
const INSERTS = { rows: 10_000, characters: 900_000, empty: "() VALUES ()" };

type Name = "mysql" | "mariadb";

function otherName(name: Name): Name {
  return name === "mysql" ? "mariadb" : "mysql";
}

/** The statements of one complete operation, with TypeORM's own rows about views and generated columns. */
export function compile(operation: Operation, context: CompileContext, name: Name): readonly Statement[] {
  const capabilities = capabilitiesOf(context.serverVersion, name);
  const steps = joined(ownedSteps(operation, { context, capabilities, name }));
  const causes = causesOf(steps, operation);
  const statements = steps.flatMap((step, place) => statementsOf(step, causes[place] ?? operation));
  const cause = causes.at(-1) ?? operation;
  const rows = flattened(operation).flatMap((one) => metadataSql(one, context.typeormMetadata));
  return [...statements, ...rows.map((sql) => ({ sql, operation: cause }))];
}

function statementsOf(step: Step, operation: Operation): readonly Statement[] {
  switch (step.kind) {
    case "alter":
      return definition(alterationSql(step), step.condition).map((one) => ({ ...one, operation }));
    case "definition":
      return definition(step.sql).map((one) => ({ ...one, operation }));
    case "guard":
    case "statement":
      return [compact<Statement>({ sql: step.sql, parameters: step.parameters, operation })];
  }
}

/**
 * What each statement carries out: of a batch only its own part, so that its effect can be told where a run was cut short
 * between two. A guard belongs to the change that it stands before.
 */
function causesOf(steps: readonly OwnedStep[], whole: Operation): readonly Operation[] {
  let following = whole;
  return steps
    .toReversed()
    .map((step) => {
      if (step.kind !== "guard") following = causeOf(step, whole);
      return following;
    })
    .toReversed();
}

function causeOf(step: OwnedStep, whole: Operation): Operation {
  const [first = whole, ...others] = step.of;
  if (step.kind !== "alter" || others.length === 0) return first;
  const isAll = whole.kind === "batchAlterTable" && step.of.length === whole.operations.length;
  return isAll ? whole : { kind: "batchAlterTable", table: step.table, operations: step.of };
}

function flattened(operation: Operation): readonly Operation[] {
  return operation.kind === "batchAlterTable" ? operation.operations.flatMap(flattened) : [operation];
}

interface Surroundings {
  readonly context: CompileContext;
  readonly capabilities: Capabilities;
  readonly name: Name;
}

function ownedSteps(operation: Operation, around: Surroundings): readonly OwnedStep[] {
  if (operation.kind === "batchAlterTable") return batchSteps(operation, around);
  const of = [operation];
  return stepsOf(operation, around).map((step): OwnedStep => ({
    ...step,
    of: "cause" in step ? [step.cause] : of,
  }));
}

function stepsOf(operation: Exclude<Operation, BatchAlterTable>, around: Surroundings): readonly Step[] {
  switch (operation.kind) {
    case "createTable":
      return [
        ...single(
          createTableSql(
            operation.table,
            operation.ifNotExists ?? false,
            around.capabilities,
            around.context.database,
          ),
        ),
        ...broughtAlong(operation.table).map(alongside),
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
      return conditional(operation, around, { what: "column", name: column.name }, (condition) => [
        `ADD COLUMN ${condition}${columnSql(column, around.capabilities)}${placeSql(after)}`,
        `new column ${column.name}`,
      ]);
    }
    case "dropColumn": {
      const { column } = operation;
      return conditional(operation, around, { what: "column", name: column }, (condition) => [
        `DROP COLUMN ${condition}${quote(column)}`,
        `old column ${column}`,
      ]);
    }
    case "alterColumn":
      return alterColumn(operation, around.capabilities);
    case "createIndex": {
      const { index } = operation;
      return conditional(operation, around, { what: "index", name: index.name }, (condition) => [
        `ADD ${indexSql(index, around.capabilities, condition)}`,
        `new index ${index.name}`,
      ]);
    }
    case "dropIndex":
      return conditional(operation, around, { what: "index", name: operation.name }, (condition) => [
        `DROP INDEX ${condition}${quote(operation.name)}`,
        `old index ${operation.name}`,
      ]);
    case "renameIndex":
      return renameIndex(operation);
    case "addConstraint": {
      const { constraint } = operation;
      return alter(
        operation,
        [`ADD ${constraintSql(constraint, operation.table, around.context.database)}`],
        constraintKey("new", constraint.kind, constraint.name),
      );
    }
    case "dropConstraint":
      return dropConstraint(operation, around);
    case "renameConstraint":
      return renameConstraint(operation, around);
    case "createView":
      return [...single(viewSql("CREATE", operation.view)), ...broughtAlong(operation.view).map(alongside)];
    case "replaceView":
      return single(viewSql("CREATE OR REPLACE", operation.view));
    case "dropView":
      return single(`DROP VIEW ${operation.ifExists ? "IF EXISTS " : ""}${quoteName(operation.view)}`);
    case "createSchema":
      return single(
        `CREATE DATABASE ${operation.ifNotExists ? "IF NOT EXISTS " : ""}${quote(operation.name)}`,
      );
    case "dropSchema":
      return [
        ...(operation.cascade ? [] : [{ kind: "guard", sql: refuseUnlessEmpty(operation.name) } as const]),
        ...single(`DROP DATABASE ${operation.ifExists ? "IF EXISTS " : ""}${quote(operation.name)}`),
      ];
    case "bulkInsert":
      return insertRows(writer, operation, INSERTS).map((sql) => ({ kind: "statement", sql }));
    case "backfill":
      return [{ kind: "statement", sql: updateText(writer, operation) }];
    case "execute": {
      const sql = sqlFor(operation.sql, around.name, otherName(around.name));
      return sql === "" ? [] : [{ kind: "statement", sql, parameters: operation.parameters }];
    }
    case "custom": {
      const target = { ...writer, dialect: around.name, alike: otherName(around.name) };
      return compileCustom(operation, target, around.context).map(({ sql, outsideTransaction }) => ({
        kind: outsideTransaction ? "definition" : "statement",
        sql,
      }));
    }
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

/** SQL of the user's that comes with a table: nothing in the schema tells whether it ran. */
function alongside(sql: string): Step {
  return { kind: "definition", sql, cause: { kind: "execute", sql } };
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

type Conditional = Operation &
  Pick<Alteration, "table" | "run"> & { readonly ifExists?: boolean; readonly ifNotExists?: boolean };

/** A clause that runs only where its thing is there, or is not: the server's own words, or a condition before it. */
function conditional(
  operation: Conditional,
  { capabilities }: Surroundings,
  thing: Pick<Condition, "what" | "name">,
  clause: (condition: string) => readonly [clause: string, touches: string],
): readonly Step[] {
  const { table, ifExists = false, ifNotExists = false } = operation;
  const words = ifExists ? "IF EXISTS " : ifNotExists ? "IF NOT EXISTS " : "";
  const [text, touches] = clause(capabilities.conditionalClauses ? words : "");
  const steps = alter(operation, [text], touches);
  if (words === "" || capabilities.conditionalClauses) return steps;
  const condition: Condition = { ...thing, table, wanted: ifExists ? "present" : "absent" };
  return steps.map((step) => (step.kind === "alter" ? { ...step, condition } : step));
}

function alterColumn(operation: AlterColumn, capabilities: Capabilities): readonly Step[] {
  const { table, column, change, was } = operation;
  if (!was) throw incomplete(operation);
  const after = withOwnName(changedColumn(was, change), column);
  const definition = columnSql(after, capabilities) + placeSql(operation.after);
  const clause =
    after.name === column ? `MODIFY COLUMN ${definition}` : `CHANGE COLUMN ${quote(column)} ${definition}`;
  return [
    ...guards(table, was, after, capabilities).map((sql): Step => ({ kind: "guard", sql })),
    ...alter(
      operation,
      [clause],
      ...columnKeys(column),
      ...(after.name === column ? [] : columnKeys(after.name)),
    ),
  ];
}

function placeSql(after: string | null | undefined): string {
  if (after === undefined) return "";
  return after === null ? " FIRST" : ` AFTER ${quote(after)}`;
}

/** A check that is part of a column names it. */
function withOwnName(column: Column, before: string): Column {
  if (column.check === undefined || column.name === before) return column;
  return { ...column, check: renameIn(column.check, before, column.name) };
}

function columnKeys(column: string): readonly string[] {
  return [`old column ${column}`, `new column ${column}`];
}

function dropConstraint(operation: DropConstraint, around: Surroundings): readonly Step[] {
  const kind = operation.type ?? operation.was?.kind;
  const name = operation.name ?? operation.was?.name;
  if (kind === undefined) {
    if (operation.ifExists) return [];
    throw incomplete(operation);
  }
  if (kind === "primaryKey") return alter(operation, ["DROP PRIMARY KEY"], constraintKey("old", kind, name));
  if (name === undefined) throw incomplete(operation);
  return conditional(operation, around, { what: "constraint", name }, (condition) => [
    dropClause(kind, name, around.capabilities, condition),
    constraintKey("old", kind, name),
  ]);
}

function dropClause(
  kind: Exclude<ConstraintKind, "primaryKey">,
  name: string,
  { dropsAnyConstraint }: Capabilities,
  condition = "",
): string {
  switch (kind) {
    case "foreignKey":
      return `DROP FOREIGN KEY ${condition}${quote(name)}`;
    case "unique":
      return `DROP INDEX ${condition}${quote(name)}`;
    case "check":
    case "exclusion":
      return `DROP ${dropsAnyConstraint ? "CONSTRAINT" : "CHECK"} ${condition}${quote(name)}`;
  }
}

/** Only indexes have a new name for the asking; primary keys have none to change. */
function renameConstraint(
  operation: RenameConstraint,
  { context, capabilities }: Surroundings,
): readonly Step[] {
  const { table, from, to, was, run } = operation;
  if (!was) throw incomplete(operation);
  if (was.kind === "primaryKey") return [];
  if (was.kind === "unique") return renameIndex(operation);
  const clauses = [
    dropClause(was.kind, from, capabilities),
    `ADD ${constraintSql({ ...was, name: to }, table, context.database)}`,
  ];
  return [
    {
      kind: "alter",
      table,
      clauses,
      touches: [constraintKey("old", was.kind, from), constraintKey("new", was.kind, to)],
      run,
    },
  ];
}

function renameIndex(operation: RenameConstraint | RenameIndex): readonly Step[] {
  const { from, to } = operation;
  const touches = [from, to].flatMap((name) => [`old index ${name}`, `new index ${name}`]);
  return alter(operation, [`RENAME INDEX ${quote(from)} TO ${quote(to)}`], ...touches);
}

/** What is dropped and added again under the same name in one statement is no conflict, but for foreign keys. */
function constraintKey(age: "old" | "new", kind: ConstraintKind, name: string | undefined): string {
  if (kind === "foreignKey") return `foreign key ${name ?? ""}`;
  return kind === "unique" ? `${age} index ${name ?? ""}` : `${age} ${kind} ${name ?? ""}`;
}

/**
 * The server makes the copy by itself, with its foreign keys, triggers and counts, and puts it in place at once: that is
 * the move-and-copy here. One is enough, so only the last statement is told to make it; where there is none, the table
 * is copied as it is.
 */
function batchSteps(operation: BatchAlterTable, around: Surroundings): readonly OwnedStep[] {
  const steps = operation.operations.flatMap((inner) => ownedSteps(inner, around));
  if (operation.recreate !== "always") return steps;
  const copying = { algorithm: "COPY" };
  const together = joined(steps);
  const place = together.findLastIndex((step) => step.kind === "alter" && step.condition === undefined);
  const last = together[place];
  if (last?.kind === "alter") return together.with(place, { ...last, run: { ...last.run, ...copying } });
  const { table } = operation;
  const copy: OwnedStep = {
    kind: "alter",
    table,
    clauses: ["FORCE"],
    touches: [],
    run: copying,
    of: [operation],
  };
  return [...together, copy];
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
