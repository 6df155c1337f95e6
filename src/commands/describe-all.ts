import { describe, flatten } from "../operations/describe";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";

/** Operations in words, one line each; a batch is taken apart. */
export function describeAll(operations: readonly Operation[], registry: Registry): readonly string[] {
  return flatten(operations).map((operation) => describe(operation, registry));
}
