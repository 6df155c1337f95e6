/** Changes of one table as one batch, where some of them copy the table: it is copied once, however many there are. */
import type { RenderAsBatch } from "../config/config";
import type { Dialect } from "../dialects/dialect";
import { keyOf, qualified } from "../model/names";
import { findTable } from "../model/schema";
import type { QualifiedName, Schema } from "../model/schema";
import type { BatchAlterTable, Operation } from "../operations/operation";
import { order } from "../operations/order";
import type { Registry } from "../operations/registry";

/** The operations with those of a table folded into one batch, wherever that is wanted. */
export function batched(
  operations: readonly Operation[],
  schema: Schema,
  dialect: Dialect,
  registry: Registry,
  wanted: RenderAsBatch = "auto",
): readonly Operation[] {
  if (wanted === false || (wanted === "auto" && !dialect.traits.batches)) return operations;
  const foldable = foldableIn(operations, dialect);
  const batches = new Map<string, BatchAlterTable>();
  for (const operation of operations) {
    const table = foldable(operation);
    if (!table) continue;
    const key = keyOf(table);
    const before = batches.get(key)?.operations ?? [];
    batches.set(key, {
      kind: "batchAlterTable",
      table: qualified(table),
      operations: [...before, operation],
    });
  }
  const made = new Map(
    [...batches].filter(([, batch]) => wanted === true || copies(batch, schema, dialect, registry)),
  );
  const folded = operations.flatMap((operation): readonly Operation[] => {
    const table = foldable(operation);
    const batch = table && made.get(keyOf(table));
    if (batch === undefined) return [operation];
    return batch.operations[0] === operation ? [batch] : [];
  });
  return order(folded, { forwardReferences: dialect.traits.forwardReferences, registry });
}

/** Which table an operation can be folded into: what would make two batches wait for each other stays on its own. */
function foldableIn(
  operations: readonly Operation[],
  { traits }: Dialect,
): (operation: Operation) => QualifiedName | undefined {
  const dropped = new Set(operations.flatMap((one) => (one.kind === "dropIndex" ? [one.name] : [])));
  const created = new Set(operations.flatMap((one) => (one.kind === "createIndex" ? [one.index.name] : [])));
  const stands = (operation: Operation): boolean => {
    switch (operation.kind) {
      // The name of an index that goes from one table to another must be free before it is given again.
      case "dropIndex":
        return created.has(operation.name);
      case "createIndex":
        return dropped.has(operation.index.name);
      case "addConstraint":
        return operation.constraint.kind === "foreignKey" && !traits.forwardReferences;
      case "dropConstraint":
        return operation.was?.kind === "foreignKey" && !traits.forwardReferences;
      default:
        return false;
    }
  };
  return (operation) => (stands(operation) ? undefined : changedFromWithin(operation));
}

function copies(batch: BatchAlterTable, schema: Schema, dialect: Dialect, registry: Registry): boolean {
  // A table that is new gets only what could not stand in its CREATE TABLE.
  if (!findTable(schema, batch.table)) return false;
  const steps = dialect.rewrite?.([batch], schema, registry) ?? [];
  return steps.some(({ kind }) => kind === "recreateTable");
}

/** The table that an operation changes, where it could stand in a batch. */
export function changedFromWithin(operation: Operation): QualifiedName | undefined {
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
