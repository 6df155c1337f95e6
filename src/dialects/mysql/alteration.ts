/** What one ALTER TABLE can hold. */
import type { Operation, OperationOf } from "../../operations/operation";

const KINDS = [
  "addColumn",
  "alterColumn",
  "dropColumn",
  "createIndex",
  "dropIndex",
  "addConstraint",
  "dropConstraint",
] as const;

/** An operation on one table that is a clause of ALTER TABLE. */
export type Alteration = OperationOf<(typeof KINDS)[number]>;

export function isAlteration(operation: Operation): operation is Alteration {
  return (KINDS as readonly string[]).includes(operation.kind);
}
