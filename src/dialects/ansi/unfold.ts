/** Batches where the database can alter in place: what stands in them is done one after another. */
import { LimbeckError } from "../../errors";
import { equal } from "../../model/equal";
import { displayName } from "../../model/names";
import type { BatchAlterTable, Operation } from "../../operations/operation";

/** The operations of a batch, or the operation itself. Throws UNSUPPORTED for what only a copy of the table can do. */
export function unfold(operation: Operation): readonly Operation[] {
  if (operation.kind !== "batchAlterTable") return [operation];
  demandInPlace(operation);
  return operation.operations.flatMap(unfold);
}

function demandInPlace({ table, recreate, reorder, wasOrder }: BatchAlterTable): void {
  if (recreate === "always") {
    throw new LimbeckError(
      "UNSUPPORTED",
      `"${displayName(table)}" is not copied by a batch on this database`,
      {
        hint: 'leave `recreate` out or say "auto": this database alters tables in place',
      },
    );
  }
  if (reorder === undefined || equal(reorder[0], wasOrder)) return;
  throw new LimbeckError(
    "UNSUPPORTED",
    `the columns of "${displayName(table)}" cannot be put into another order in place`,
    { hint: "leave the order as it is: nothing but `SELECT *` shows it" },
  );
}
