/** Reads again what a rebuild must not lose, right before it. */
import { sameName } from "../../model/names";
import type { QualifiedName, Schema } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import type { Queryable } from "../dialect";
import { inspectTable } from "./inspect";

/**
 * The schema with the table that an operation changes from within as it is now, texts included: a simulation knows
 * neither those nor what SQLite itself rewrote in checks and triggers since. Four queries for the one table.
 */
export async function reread(db: Queryable, operation: Operation, schema: Schema): Promise<Schema> {
  const name = changedTable(operation);
  if (name === undefined) return schema;
  const table = await inspectTable(db, name, schema.tables);
  if (table === undefined) return schema;
  return { ...schema, tables: [...schema.tables.filter((other) => !sameName(other, table)), table] };
}

function changedTable(operation: Operation): QualifiedName | undefined {
  switch (operation.kind) {
    case "batchAlterTable":
    case "addColumn":
    case "alterColumn":
    case "dropColumn":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "alterTable":
      return operation.table;
    default:
      return undefined;
  }
}
