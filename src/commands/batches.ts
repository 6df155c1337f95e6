/** Changes of one table as one batch, where some of them copy the table: it is copied once, however many there are. */
import type { Dialect } from "../dialects/dialect";
import { keyOf, qualified } from "../model/names";
import { findTable } from "../model/schema";
import type { Schema } from "../model/schema";
import type { BatchAlterTable, Operation } from "../operations/operation";
import { order } from "../operations/order";
import type { Registry } from "../operations/registry";

/** The operations with those of a table folded into one batch, wherever the dialect would copy the table for them. */
export function batched(
  operations: readonly Operation[],
  schema: Schema,
  dialect: Dialect,
  registry: Registry,
): readonly Operation[] {
  if (!dialect.traits.batches) return operations;
  const batches = new Map<string, BatchAlterTable>();
  for (const operation of operations) {
    const table = changedFromWithin(operation);
    if (!table) continue;
    const key = keyOf(table);
    const before = batches.get(key)?.operations ?? [];
    batches.set(key, {
      kind: "batchAlterTable",
      table: qualified(table),
      operations: [...before, operation],
    });
  }
  const copied = new Set(
    [...batches].filter(([, batch]) => copies(batch, schema, dialect, registry)).map(([key]) => key),
  );
  const folded = operations.flatMap((operation): readonly Operation[] => {
    const table = changedFromWithin(operation);
    const key = table && keyOf(table);
    if (key === undefined || !copied.has(key)) return [operation];
    const batch = batches.get(key);
    return batch?.operations[0] === operation ? [batch] : [];
  });
  return order(folded, { forwardReferences: dialect.traits.forwardReferences });
}

function copies(batch: BatchAlterTable, schema: Schema, dialect: Dialect, registry: Registry): boolean {
  // A table that is new gets only what could not stand in its CREATE TABLE.
  if (!findTable(schema, batch.table)) return false;
  const steps = dialect.rewrite?.([batch], schema, registry) ?? [];
  return steps.some(({ kind }) => kind === "recreateTable");
}

function changedFromWithin(operation: Operation) {
  switch (operation.kind) {
    case "alterTable":
    case "addColumn":
    case "alterColumn":
    case "dropColumn":
    case "createIndex":
    case "dropIndex":
    case "renameIndex":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
      return operation.table;
    default:
      return undefined;
  }
}
