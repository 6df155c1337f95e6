/** The place of custom operations among the others, from the dependencies that they declare. */
import { namesIn } from "../model/expression";
import { keyOf } from "../model/names";
import type { QualifiedName } from "../model/schema";
import { flatten } from "./describe";
import type { Operation, OperationOf } from "./operation";
import {
  columnKey,
  enumKey,
  EXTENSIONS,
  indexKey,
  nothing,
  oldShapeKey,
  schemaKey,
  shapeKey,
  tableKey,
} from "./order-keys";
import type { Effects } from "./order-keys";
import type { Dependency, Registry } from "./registry";

/** A word by which expressions may name an object that a plugin brings, such as a function. */
const wordKey = (name: string): string => `word ${name.toLowerCase()}`;
const WORD = wordKey("");

/** What a custom operation says of itself; nothing where it is not registered or says nothing. */
export function customEffects(operation: OperationOf<"custom">, registry: Registry | undefined): Effects {
  const said = registry?.operations.get(operation.name)?.dependencies?.(operation.payload);
  if (said === undefined) return nothing;
  const { creates = [], needs = [], drops = [], releases = [] } = said;
  return {
    creates: creates.flatMap((one) => [...keysOf(one, shapeKey), wordKey(one.name)]),
    needs: needs.flatMap((one) => keysOf(one, shapeKey)),
    drops: drops.flatMap((one) => [...keysOf(one, oldShapeKey), wordKey(one.name)]),
    releases: releases.flatMap((one) => keysOf(one, oldShapeKey)),
  };
}

/**
 * The effects of all operations, where the others lean on what custom ones make or take away: a default, a check, an
 * index or a trigger that names a function comes after the function is made, and goes before it is dropped.
 */
export function withCustomObjects(
  operations: readonly Operation[],
  effects: readonly Effects[],
): readonly Effects[] {
  const custom = effects.flatMap(({ creates, drops }) => [...creates, ...drops]);
  const words = new Set(custom.filter((key) => key.startsWith(WORD)));
  if (words.size === 0) return effects;
  const named = (value: unknown): readonly string[] =>
    [...new Set(expressionsIn(value).flatMap((text) => [...namesIn(text)].map(wordKey)))].filter((key) =>
      words.has(key),
    );
  return effects.map((effect, index) => {
    const operation = operations[index];
    if (!operation || operation.kind === "custom" || operation.kind === "execute") return effect;
    const single = flatten([operation]);
    return {
      ...effect,
      needs: [...effect.needs, ...single.flatMap(({ was: _before, ...after }: WithPast) => named(after))],
      releases: [...effect.releases, ...single.flatMap(({ was }: WithPast) => named(was))],
    };
  });
}

type WithPast = Operation & { readonly was?: unknown };

/** Every piece of SQL that is part of an object. */
function expressionsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "string"
      ? ["sql", "expression", "where", "using"].includes(key)
        ? [inner]
        : []
      : expressionsIn(inner),
  );
}

function keysOf({ kind, table, ...name }: Dependency, shape: (name: string) => string): readonly string[] {
  const owner: QualifiedName = table ?? name;
  switch (kind) {
    case "table":
    case "view":
      return [tableKey(name), shape(name.name)];
    case "column":
      return [tableKey(owner), columnKey(owner, name.name)];
    case "index":
      return [tableKey(owner), indexKey(owner, name.name)];
    case "enum":
      return [enumKey(name)];
    case "schema":
      return schemaKey(name.name);
    case "extension":
      return [EXTENSIONS];
    default:
      return [`${kind} ${keyOf(name)}`];
  }
}
