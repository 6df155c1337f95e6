/** The operations of a generated revision, in the steps that the servers can take. */
import { keyOf, qualified } from "../../model/names";
import type { Schema } from "../../model/schema";
import { apply, applyAll } from "../../operations/apply";
import type { BatchAlterTable, Operation } from "../../operations/operation";
import { order } from "../../operations/order";
import { isAlteration } from "./alteration";
import type { Alteration } from "./alteration";
import { addedIn, droppedIn, keysInTheWay, putUp, sameKey, takeDown, withoutKeys } from "./keys";
import type { OwnedKey } from "./keys";

/**
 * The same operations with the foreign keys taken down around them that stand in the way, because a type that changes on
 * both sides of one cannot be changed on one side alone; keys that are new come when the types are as they will be; and
 * with all else that changes inside a table in one batch, which is one ALTER TABLE: the table is copied once, and a
 * column that counts has a key in every moment.
 */
export function arrange(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const keys = keysAround(operations, schema);
  if (keys.length === 0) return inBatches(operations);
  const added = addedIn(operations);
  const isNew = (owned: OwnedKey): boolean => added.some((other) => sameKey(owned, other));
  const standing = keys.filter((owned) => !isNew(owned));
  const later = keys.filter(isNew);
  const around = [
    ...standing.map(takeDown),
    ...withoutKeys(operations, later),
    ...putUp(keys, applyAll(schema, operations)),
  ];
  return inBatches(order(around, { forwardReferences: false }));
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

function inBatches(operations: readonly Operation[]): readonly Operation[] {
  const batches = new Map<string, BatchAlterTable>();
  for (const operation of operations) {
    if (!isInside(operation)) continue;
    const key = keyOf(operation.table);
    const before = batches.get(key)?.operations ?? [];
    batches.set(key, {
      kind: "batchAlterTable",
      table: qualified(operation.table),
      operations: [...before, operation],
    });
  }
  const folded = operations.flatMap((operation): readonly Operation[] => {
    const batch = isInside(operation) ? batches.get(keyOf(operation.table)) : undefined;
    if (batch === undefined || batch.operations.length === 1) return [operation];
    return batch.operations[0] === operation ? [batch] : [];
  });
  return folded.length === operations.length ? operations : order(folded, { forwardReferences: false });
}

/** What can stand in one ALTER TABLE with others. Foreign keys wait for other tables, so they are steps of their own. */
function isInside(operation: Operation): operation is Alteration {
  if (!isAlteration(operation)) return false;
  switch (operation.kind) {
    case "addConstraint":
      return operation.constraint.kind !== "foreignKey";
    case "dropConstraint":
      return operation.was !== undefined && operation.was.kind !== "foreignKey";
    default:
      return true;
  }
}
