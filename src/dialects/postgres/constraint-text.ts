/** Constraints and indexes as PostgreSQL writes them (manual, CREATE TABLE, CREATE INDEX). */
import { assertNever } from "../../errors";
import type { Constraint, Index, IndexPart, QualifiedName, StorageParameters } from "../../model/schema";
import { columnList } from "../ansi/sql";
import { collationName } from "./column-text";
import { writer } from "./literal";
import { quote, quoteName, stringLiteral } from "./quote";

/** A table constraint; `NOT VALID` is for those that are added later. */
export function constraintText(constraint: Constraint): string {
  const name = constraint.name === undefined ? "" : `CONSTRAINT ${quote(constraint.name)} `;
  return name + body(constraint);
}

/** What a constraint ends with where it is added to a table that has rows. */
export function validityText(constraint: Constraint): string {
  return "notValid" in constraint && constraint.notValid ? " NOT VALID" : "";
}

function body(constraint: Constraint): string {
  switch (constraint.kind) {
    case "primaryKey":
      return `PRIMARY KEY ${columnList(writer, constraint.columns)}${including(constraint.include)}${deferrable(constraint)}`;
    case "unique": {
      const nulls = constraint.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
      return `UNIQUE${nulls} ${columnList(writer, constraint.columns)}${including(constraint.include)}${deferrable(constraint)}`;
    }
    case "check":
      return `CHECK (${constraint.expression})${constraint.noInherit ? " NO INHERIT" : ""}`;
    case "exclusion":
      return `EXCLUDE ${constraint.expression}${deferrable(constraint)}`;
    case "foreignKey": {
      const set = constraint.onDeleteColumns ? ` ${columnList(writer, constraint.onDeleteColumns)}` : "";
      const match = constraint.match === undefined ? "" : ` MATCH ${constraint.match}`;
      return (
        `FOREIGN KEY ${columnList(writer, constraint.columns)}` +
        ` REFERENCES ${quoteName(constraint.references)} ${columnList(writer, constraint.referencedColumns)}${match}` +
        ` ON DELETE ${constraint.onDelete}${set} ON UPDATE ${constraint.onUpdate}${deferrable(constraint)}`
      );
    }
    default:
      return assertNever(constraint);
  }
}

function deferrable({ deferrable: when }: { readonly deferrable?: string }): string {
  return when === undefined ? "" : ` DEFERRABLE ${when}`;
}

function including(columns: readonly string[] | undefined): string {
  return columns === undefined || columns.length === 0 ? "" : ` INCLUDE ${columnList(writer, columns)}`;
}

/** How CREATE INDEX is to go about it. */
export interface IndexOptions {
  readonly concurrently?: boolean | undefined;
  readonly ifNotExists?: boolean | undefined;
}

/** CREATE INDEX; the index lives in its table's schema. */
export function createIndex(table: QualifiedName, index: Index, options: IndexOptions = {}): string {
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`,
    options.concurrently ? "CONCURRENTLY" : undefined,
    options.ifNotExists ? "IF NOT EXISTS" : undefined,
    `${quote(index.name)} ON ${quoteName(table)}`,
    index.method === undefined ? undefined : `USING ${index.method}`,
    `(${index.parts.map(partText).join(", ")})`,
    index.include?.length ? `INCLUDE ${columnList(writer, index.include)}` : undefined,
    index.nullsNotDistinct ? "NULLS NOT DISTINCT" : undefined,
    index.storage ? `WITH ${storageText(index.storage)}` : undefined,
    index.where === undefined ? undefined : `WHERE ${index.where}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** Storage parameters in parentheses. */
export function storageText(parameters: StorageParameters): string {
  return `(${Object.entries(parameters)
    .map(([name, value]) => `${name} = ${stringLiteral(value)}`)
    .join(", ")})`;
}

function partText({ column, expression, order, nulls, opclass, collation }: IndexPart): string {
  return [
    column === undefined ? `(${expression ?? ""})` : quote(column),
    collation === undefined ? undefined : `COLLATE ${collationName(collation)}`,
    opclass,
    order,
    nulls === undefined ? undefined : `NULLS ${nulls}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
