/** The calls of `op` on what stands beside tables and views: enum types, schemas, sequences, extensions. */
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import type { Sequence } from "../../model/schema";
import type { AlterSequence, OperationOf } from "../../operations/operation";
import type { Operations } from "../../operations/spec";
import { renamed } from "./call";
import type { Perform } from "./call";

/** The calls on schemas, extensions and what plugins bring. */
export function databaseOperations(perform: Perform) {
  return {
    createSchema: (name, options = {}) => perform(() => ({ kind: "createSchema", name, ...options })),
    dropSchema: (name, options = {}) => perform(() => ({ kind: "dropSchema", name, ...options })),
    createExtension: (name, { ifNotExists, schema } = {}) =>
      perform(() =>
        compact({
          kind: "createExtension",
          extension: schema === undefined ? { name } : { name, schema },
          ifNotExists,
        }),
      ),
    dropExtension: (name, options = {}) => perform(() => ({ kind: "dropExtension", name, ...options })),
    invoke: (name, payload) =>
      perform(() => ({ kind: "custom", name, payload: payload as OperationOf<"custom">["payload"] })),
  } satisfies Partial<Operations>;
}

/** The calls on enum types. */
export function enumOperations(perform: Perform) {
  return {
    createEnum: (name, values, { comment } = {}) =>
      perform(() => ({ kind: "createEnum", enum: compact({ ...parseName(name), values, comment }) })),
    alterEnum: (name, { add, newName, ...change }) =>
      perform(() => ({
        kind: "alterEnum",
        name: parseName(name),
        change: {
          ...change,
          ...(newName === undefined ? {} : { name: renamed(name, newName) }),
          ...(add === undefined
            ? {}
            : { add: add.map((value) => (typeof value === "string" ? { value } : value)) }),
        },
      })),
    dropEnum: (name, options = {}) =>
      perform(() => ({ kind: "dropEnum", name: parseName(name), ...options })),
  } satisfies Partial<Operations>;
}

/** The calls on sequences. */
export function sequenceOperations(perform: Perform) {
  const text = (value: bigint | number | undefined): string | undefined => value?.toString();
  return {
    createSequence: (name, { start, increment, minimum, maximum, cache, type, cycle, comment } = {}) =>
      perform(() => ({
        kind: "createSequence",
        sequence: compact<Sequence>({
          ...parseName(name),
          type,
          start: text(start),
          increment: text(increment),
          minimum: text(minimum),
          maximum: text(maximum),
          cache: text(cache),
          cycle: cycle === true ? true : undefined,
          comment,
        }),
      })),
    alterSequence: (name, { newName, restart, increment }) =>
      perform(() => ({
        kind: "alterSequence",
        name: parseName(name),
        change: compact<AlterSequence["change"]>({
          name: newName === undefined ? undefined : renamed(name, newName),
          restart: text(restart),
          increment: text(increment),
        }),
      })),
    dropSequence: (name, options = {}) =>
      perform(() => ({ kind: "dropSequence", name: parseName(name), ...options })),
  } satisfies Partial<Operations>;
}
