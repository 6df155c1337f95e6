/** What PostgreSQL can change of a table that nobody knows: each property of a column has a statement of its own. */
import type { Column, ColumnType } from "../../model/schema";
import type { AlterColumn, Operation } from "../../operations/operation";

/** The operation where its statements repeat nothing of what is there before; nothing elsewhere. */
export function unseen(operation: Operation): Operation | undefined {
  switch (operation.kind) {
    case "alterColumn":
      if (operation.was) return operation;
      return saysAll(operation) ? { ...operation, was: otherwise(operation) } : undefined;
    case "dropConstraint":
      return operation.name === undefined ? undefined : operation;
    case "alterEnum":
    case "recreateTable":
    case "batchAlterTable":
      return undefined;
    default:
      return operation;
  }
}

/** Whether the change is a whole one: parts of a type, a collation and numbers go with the rest of the column. */
function saysAll({ change: { type, generated, collation } }: AlterColumn): boolean {
  return (
    generated === undefined && collation === undefined && (type === undefined || type.name !== undefined)
  );
}

/** A column that has everything otherwise than it is to be, so that all of the change is written. */
function otherwise({ column, change }: AlterColumn): Column {
  const { type, nullable, default: value, comment } = change;
  return {
    name: column,
    type: typeBefore(type),
    nullable: nullable === undefined || !nullable,
    // Whatever the default is now, it makes room for the new one.
    ...(value === undefined ? {} : { default: { sql: "unseen()" } }),
    ...(comment === undefined ? {} : { comment: `not ${comment ?? ""}` }),
  };
}

/**
 * A type of another size: what PostgreSQL stores without a word needs no cast, which would copy the table where it need
 * not be, and for everything else a generated call has `using`. A cast to an enum type is always by its text.
 */
function typeBefore(to: AlterColumn["change"]["type"]): ColumnType {
  const array = to?.array === undefined ? {} : { array: to.array };
  return to?.name === undefined || to.enumName !== undefined
    ? { name: "text", ...array }
    : { name: to.name, length: "?", ...array };
}
