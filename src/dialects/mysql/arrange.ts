/** The operations of a generated revision, with the foreign keys taken down that stand in the way of any of them. */
import type { Schema } from "../../model/schema";

import { apply, applyAll } from "../../operations/apply";
import type { Operation } from "../../operations/operation";
import { order } from "../../operations/order";
import { droppedIn, keysInTheWay, putUp, sameKey, takeDown } from "./keys";
import type { OwnedKey } from "./keys";

/**
 * The same operations between the foreign keys that must be down meanwhile: a type that changes on both sides of one
 * cannot be changed on one side alone.
 */
export function arrange(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const known = droppedIn(operations);
  const keys: OwnedKey[] = [];
  let current = schema;
  for (const operation of operations) {
    for (const owned of keysInTheWay(operation, current)) {
      if (![...known, ...keys].some((other) => sameKey(owned, other))) keys.push(owned);
    }
    current = apply(current, operation);
  }
  if (keys.length === 0) return operations;
  const around = [...keys.map(takeDown), ...operations, ...putUp(keys, applyAll(schema, operations))];
  return order(around, { forwardReferences: false });
}
