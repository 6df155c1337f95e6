/** What can be said of a table without knowing it, where the statement is the call's own words. */
import type { Operation } from "../../operations/operation";

/** The operation where its statement repeats nothing of what is there before; nothing elsewhere. */
export function unseenInPlace(operation: Operation): Operation | undefined {
  switch (operation.kind) {
    case "addColumn":
      return operation.fill === undefined ? operation : undefined;
    case "alterColumn":
      return operation.was !== undefined && operation.fill === undefined ? operation : undefined;
    case "dropConstraint":
      return operation.name !== undefined && operation.type !== undefined ? operation : undefined;
    case "renameConstraint":
    case "alterEnum":
    case "recreateTable":
    case "batchAlterTable":
      return undefined;
    default:
      return operation;
  }
}
