/** Rewriting operation by operation, each given the schema that those before it leave. */
import type { Schema } from "../../model/schema";
import { apply } from "../../operations/apply";
import type { Operation } from "../../operations/operation";
import { emptyRegistry } from "../../operations/registry";
import type { Registry } from "../../operations/registry";

/** What one operation becomes, given the schema before it. */
export type RewriteOne = (operation: Operation, schema: Schema, registry: Registry) => readonly Operation[];

/** A dialect's `rewrite`, made of what it does with one operation. */
export function rewriting(
  one: RewriteOne,
): (operations: readonly Operation[], schema: Schema, registry?: Registry) => readonly Operation[] {
  return (operations, schema, registry = emptyRegistry) => {
    const result: Operation[] = [];
    let current = schema;
    for (const operation of operations) {
      result.push(...one(operation, current, registry));
      current = apply(current, operation, registry);
    }
    return result;
  };
}
