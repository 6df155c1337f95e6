/** What SQLite can change of a table that nobody knows: what ALTER TABLE does by itself. */
import type { Operation } from "../../operations/operation";
import { canAdd } from "./rewrite";

/** The operation where its statement repeats nothing of the table; nothing where the table would be copied. */
export function unseen(operation: Operation): Operation | undefined {
  switch (operation.kind) {
    case "addColumn": {
      const { after, fill, column } = operation;
      return after === undefined && fill === undefined && canAdd(column) ? operation : undefined;
    }
    case "alterColumn":
      return Object.keys(operation.change).join() === "name"
        ? {
            ...operation,
            was: operation.was ?? { name: operation.column, type: { name: "" }, nullable: true },
          }
        : undefined;
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "alterTable":
    case "renameIndex":
    case "recreateTable":
    case "batchAlterTable":
      return undefined;
    default:
      return operation;
  }
}
