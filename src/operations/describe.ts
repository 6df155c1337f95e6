/** One line of plain words for every operation: for the terminal, the header of a revision file, and error messages. */
import { assertNever } from "../errors";
import { displayName } from "../model/names";
import type { Column, ColumnType, Constraint, Default, Index } from "../model/schema";
import { changedColumn } from "./change-column";
import { describeEnumValues, describeValues } from "./describe-values";
import type { AlterColumn, AlterEnum, BatchAlterTable, Operation } from "./operation";
import { emptyRegistry } from "./registry";
import type { Registry } from "./registry";

/** What an operation does, in words: `add column user.email varchar(255) not null`. */
export function describe(operation: Operation, registry: Registry = emptyRegistry): string {
  switch (operation.kind) {
    case "createTable":
      return `create table ${displayName(operation.table)} (${counted(operation.table.columns.length, "column")})`;
    case "dropTable":
      return `drop table ${displayName(operation.table)}`;
    case "renameTable":
      return `rename table ${displayName(operation.from)} to ${displayName(operation.to)}`;
    case "alterTable":
      return `change ${Object.keys(operation.change).join(", ")} of table ${displayName(operation.table)}`;
    case "commentTable":
      return operation.comment === undefined
        ? `drop the comment of table ${displayName(operation.table)}`
        : `comment table ${displayName(operation.table)}`;
    case "addColumn":
      return `add column ${displayName(operation.table)}.${describeColumn(operation.column)}`;
    case "dropColumn":
      return `drop column ${displayName(operation.table)}.${operation.column}`;
    case "alterColumn":
      return describeAlterColumn(operation);
    case "createIndex":
      return `create ${describeIndex(operation.index)} on ${displayName(operation.table)}`;
    case "dropIndex":
      return `drop index ${operation.name} of ${displayName(operation.table)}`;
    case "renameIndex":
      return `rename index ${operation.from} of ${displayName(operation.table)} to ${operation.to}`;
    case "addConstraint":
      return `add ${describeConstraint(operation.constraint)} to ${displayName(operation.table)}`;
    case "dropConstraint":
      return `drop ${operation.was ? describeConstraint(operation.was) : `constraint ${operation.name ?? ""}`} of ${displayName(operation.table)}`;
    case "renameConstraint":
      return `rename constraint ${operation.from} of ${displayName(operation.table)} to ${operation.to}`;
    case "validateConstraint":
      return `validate constraint ${operation.name} of ${displayName(operation.table)}`;
    case "createEnum":
      return `create enum ${displayName(operation.enum)} (${operation.enum.values.join(", ")})`;
    case "alterEnum":
      return describeAlterEnum(operation);
    case "dropEnum":
      return `drop enum ${displayName(operation.name)}`;
    case "createView":
      return `create ${viewKind(operation.view)} ${displayName(operation.view)}`;
    case "replaceView":
      return `replace ${viewKind(operation.view)} ${displayName(operation.view)}`;
    case "refreshView":
      return `refresh view ${displayName(operation.view)}`;
    case "dropView":
      return `drop ${viewKind(operation)} ${displayName(operation.view)}`;
    case "createSchema":
      return `create schema ${operation.name}`;
    case "dropSchema":
      return `drop schema ${operation.name}`;
    case "createSequence":
      return `create sequence ${displayName(operation.sequence)}`;
    case "alterSequence":
      return `change sequence ${displayName(operation.name)}`;
    case "dropSequence":
      return `drop sequence ${displayName(operation.name)}`;
    case "createExtension":
      return `create extension ${operation.extension.name}`;
    case "dropExtension":
      return `drop extension ${operation.name}`;
    case "batchAlterTable":
      return describeBatch(operation, registry);
    case "recreateTable":
      return `recreate table ${displayName(operation.from)}`;
    case "backfill":
      return `backfill ${Object.keys(operation.set).join(", ")} of ${displayName(operation.table)}`;
    case "bulkInsert":
      return `insert ${counted(operation.rows.length, "row")} into ${displayName(operation.table)}`;
    case "execute":
      return "execute SQL";
    case "custom":
      return registry.operations.get(operation.name)?.describe(operation.payload) ?? operation.name;
    default:
      return assertNever(operation);
  }
}

function describeBatch({ table, operations, moves, reorder }: BatchAlterTable, registry: Registry): string {
  return [
    ...operations.map((inner) => describe(inner, registry)),
    ...(moves || reorder ? [`reorder the columns of ${displayName(table)}`] : []),
  ].join("; ");
}

/** An operation and those inside it: a batch is a list, everything else is itself. */
export function flatten(operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((operation) =>
    operation.kind === "batchAlterTable" ? flatten(operation.operations) : [operation],
  );
}

/** A type as people write it: `varchar(20)`, `decimal(10,2)`, `int unsigned`. */
export function describeType(type: ColumnType): string {
  const size =
    type.length !== undefined
      ? `(${type.length})`
      : type.precision !== undefined
        ? `(${type.precision}${type.scale === undefined ? "" : `,${type.scale}`})`
        : type.width !== undefined
          ? `(${type.width})`
          : "";
  const values = type.values ? ` in (${type.values.join(", ")})` : "";
  const name = type.enumName ? displayName(type.enumName) : type.name;
  return `${name}${size}${type.unsigned ? " unsigned" : ""}${type.array ? "[]" : ""}${values}`;
}

/** A constraint as people call it: `foreign key FK_1 (customer_id) to customer`. */
export function describeConstraint(constraint: Constraint): string {
  const name = constraint.name === undefined ? "" : ` ${constraint.name}`;
  switch (constraint.kind) {
    case "primaryKey":
      return `primary key${name} (${constraint.columns.join(", ")})`;
    case "unique":
      return `unique constraint${name} (${constraint.columns.join(", ")})`;
    case "check":
      return `check${name} (${constraint.expression})`;
    case "foreignKey":
      return `foreign key${name} (${constraint.columns.join(", ")}) to ${displayName(constraint.references)}`;
    case "exclusion":
      return `exclusion constraint${name}`;
    default:
      return assertNever(constraint);
  }
}

function describeColumn(column: Column): string {
  return `${column.name} ${describeType(column.type)}${column.nullable ? "" : " not null"}`;
}

function describeIndex(index: Index): string {
  const parts = index.parts.map((part) => part.column ?? part.expression ?? "").join(", ");
  return `${index.unique ? "unique index" : "index"} ${index.name} (${parts})`;
}

function describeAlterColumn({ table, column, change, was }: AlterColumn): string {
  const where = `${displayName(table)}.${column}`;
  const after = was && changedColumn(was, change);
  const parts = [
    change.name === undefined ? undefined : `rename to ${change.name}`,
    change.type === undefined
      ? undefined
      : was && after
        ? describeTypeChange(was.type, after.type)
        : "change type",
    change.nullable === undefined ? undefined : change.nullable ? "allow null" : "set not null",
    change.default === undefined
      ? undefined
      : change.default === null
        ? "drop default"
        : `default ${describeDefault(change.default)}`,
    ...(["generated", "onUpdate", "charset", "collation", "comment"] as const)
      .filter((key) => change[key] !== undefined)
      .map((key) => (change[key] === null ? `drop ${key}` : `change ${key}`)),
  ].filter((part) => part !== undefined);
  return `change column ${where}: ${parts.join(", ")}`;
}

/** Of types that differ in their values alone, what becomes of these. */
function describeTypeChange(was: ColumnType, after: ColumnType): string {
  const same = describeType({ ...was, values: [] }) === describeType({ ...after, values: [] });
  const values = same && was.values && after.values ? describeValues(was.values, after.values) : "";
  return values === "" ? `${describeType(was)} -> ${describeType(after)}` : values;
}

function describeAlterEnum(operation: AlterEnum): string {
  const { name, change } = operation;
  const values = describeEnumValues(operation);
  const parts = [
    ...(change.name === undefined ? [] : [`rename to ${displayName(change.name)}`]),
    ...(values === "" ? [] : [values]),
  ];
  return `change enum ${displayName(name)}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

function describeDefault(value: Default): string {
  return "sql" in value ? value.sql : JSON.stringify(value.value);
}

function viewKind(view: { readonly materialized?: boolean }): string {
  return view.materialized ? "materialized view" : "view";
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
