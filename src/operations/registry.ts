/**
 * Where custom operations and objects stand: what Limbeck does not know by itself, its users and plugins may teach it.
 * A registry is plain data that is handed down; nothing registers itself by being imported.
 */
import { LimbeckError } from "../errors";
import type { CustomObject, JsonValue, Schema } from "../model/schema";
import type { Operation } from "./operation";

/** The functions of a custom operation. */
export interface CustomOperation {
  readonly name: string;
  /** One line for the terminal and the header of a revision file. */
  describe(payload: JsonValue): string;
  /** The operation that undoes it, or nothing where there is none. */
  invert?(payload: JsonValue): { readonly name: string; readonly payload: JsonValue } | undefined;
  /** What it does to a schema, where it does something that Limbeck knows. */
  apply?(schema: Schema, payload: JsonValue): Schema;
  /** The SQL statements for a database, by the dialect's name. */
  compile(payload: JsonValue, dialect: string): readonly string[];
  /** The line of TypeScript in a revision file; `op.invoke(name, payload)` unless said. */
  render?(payload: JsonValue): string;
}

/** A kind of object that Limbeck does not know by itself: a function, a policy, a row of reference data. */
export interface CustomObjectKind {
  readonly kind: string;
  /** Reads all objects of this kind from the database. */
  inspect?(
    query: (sql: string, parameters?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>,
    dialect: string,
  ): Promise<readonly CustomObject[]>;
  /** What leads from one state of an object to the other (custom operations, SQL); absent means it does not exist. */
  diff(from: CustomObject | undefined, to: CustomObject | undefined): readonly Operation[];
}

export interface Registry {
  readonly operations: ReadonlyMap<string, CustomOperation>;
  readonly objects: ReadonlyMap<string, CustomObjectKind>;
}

export const emptyRegistry: Registry = { operations: new Map(), objects: new Map() };

/** A registry of these operations and kinds of object; a name that stands twice is an error. */
export function createRegistry(
  operations: readonly CustomOperation[] = [],
  objects: readonly CustomObjectKind[] = [],
): Registry {
  return {
    operations: byName(operations, (operation) => operation.name, "custom operation"),
    objects: byName(objects, (object) => object.kind, "kind of object"),
  };
}

/** The functions of a custom operation; throws where nothing of that name is registered. */
export function customOperation(registry: Registry, name: string): CustomOperation {
  const found = registry.operations.get(name);
  if (found) return found;
  throw new LimbeckError("INVALID_OPERATION", `no custom operation "${name}" is registered`, {
    hint: "add it to `operations` in the configuration",
  });
}

/** The functions of a kind of object; throws where nothing of that name is registered. */
export function customObjectKind(registry: Registry, kind: string): CustomObjectKind {
  const found = registry.objects.get(kind);
  if (found) return found;
  throw new LimbeckError("INVALID_OPERATION", `no kind of object "${kind}" is registered`, {
    hint: "add it to `objects` in the configuration",
  });
}

function byName<T>(items: readonly T[], name: (item: T) => string, what: string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(name(item))) {
      throw new LimbeckError("CONFIG_INVALID", `the ${what} "${name(item)}" is registered twice`);
    }
    map.set(name(item), item);
  }
  return map;
}
