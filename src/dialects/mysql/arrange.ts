/** The operations of a generated revision, in the steps that the servers can take. */
import { keyOf, qualified } from "../../model/names";
import type { Schema } from "../../model/schema";
import { apply, applyAll } from "../../operations/apply";
import type { BatchAlterTable, Operation, OperationOf } from "../../operations/operation";
import { order } from "../../operations/order";
import { droppedIn, keysInTheWay, putUp, sameKey, takeDown } from "./keys";
import type { OwnedKey } from "./keys";

/**
 * The same operations with the foreign keys taken down around them that stand in the way, because a type that changes on
 * both sides of one cannot be changed on one side alone; and with what makes another primary key of a table in one
 * batch, because a column that counts must have a key in every moment.
 */
export function arrange(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const keys = keysAround(operations, schema);
  const around =
    keys.length === 0
      ? operations
      : order([...keys.map(takeDown), ...operations, ...putUp(keys, applyAll(schema, operations))], {
          forwardReferences: false,
        });
  return withKeyBatches(around);
}

function keysAround(operations: readonly Operation[], schema: Schema): readonly OwnedKey[] {
  const known = droppedIn(operations);
  const keys: OwnedKey[] = [];
  let current = schema;
  for (const operation of operations) {
    for (const owned of keysInTheWay(operation, current)) {
      if (![...known, ...keys].some((other) => sameKey(owned, other))) keys.push(owned);
    }
    current = apply(current, operation);
  }
  return keys;
}

type ColumnOperation = OperationOf<
  "addColumn" | "alterColumn" | "dropColumn" | "addConstraint" | "dropConstraint"
>;

function withKeyBatches(operations: readonly Operation[]): readonly Operation[] {
  const rekeyed = new Set(
    operations.flatMap((operation) => (changesKey(operation) ? [keyOf(operation.table)] : [])),
  );
  const batches = new Map<string, BatchAlterTable>();
  for (const operation of operations) {
    if (!isPart(operation) || !rekeyed.has(keyOf(operation.table))) continue;
    const key = keyOf(operation.table);
    const before = batches.get(key)?.operations ?? [];
    batches.set(key, {
      kind: "batchAlterTable",
      table: qualified(operation.table),
      operations: [...before, operation],
    });
  }
  if (batches.size === 0) return operations;
  const folded = operations.flatMap((operation): readonly Operation[] => {
    const batch = isPart(operation) ? batches.get(keyOf(operation.table)) : undefined;
    if (batch === undefined) return [operation];
    return batch.operations[0] === operation ? [batch] : [];
  });
  return order(folded, { forwardReferences: false });
}

function changesKey(operation: Operation): operation is ColumnOperation {
  if (operation.kind === "addConstraint") return operation.constraint.kind === "primaryKey";
  return operation.kind === "dropConstraint" && operation.was?.kind === "primaryKey";
}

/** Columns and the primary key; foreign keys, checks and indexes are steps of their own. */
function isPart(operation: Operation): operation is ColumnOperation {
  switch (operation.kind) {
    case "addColumn":
    case "alterColumn":
    case "dropColumn":
      return true;
    default:
      return changesKey(operation);
  }
}
