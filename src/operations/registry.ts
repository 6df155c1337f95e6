/**
 * Where custom operations and objects stand: what Limbeck does not know by itself, its users and plugins may teach it.
 * A registry is plain data that is handed down; nothing registers itself by being imported.
 */
import { LimbeckError } from "../errors";
import { equal } from "../model/equal";
import type { ObjectKind } from "../model/filter";
import type { CustomObject, QualifiedName, Schema } from "../model/schema";
import type { Operation, RowValue } from "./operation";
import type { DialectName } from "./spec";

/** A statement of a custom operation: SQL text, or with what must be known of it. */
export type CustomStatement =
  | string
  | {
      readonly sql: string;
      /** Commits by itself or refuses to run in a transaction. */
      readonly outsideTransaction?: boolean;
    };

/** The database that SQL is written for, with its rules of writing. */
export interface SqlWriter {
  readonly dialect: DialectName;
  /** The version of the server, where it is known. */
  readonly serverVersion?: string;
  /** A name, quoted. */
  readonly quote: (name: string) => string;
  /** A name with its schema, quoted. */
  readonly quoteName: (name: QualifiedName) => string;
  /** A value as a literal. */
  readonly literal: (value: RowValue) => string;
}

/** Writes the statements of a custom operation. */
export type CompileCustom<Payload = unknown> = {
  // A method, so that an operation with a narrower payload may stand in a list of operations.
  compile(payload: Payload, writer: SqlWriter): readonly CustomStatement[];
}["compile"];

/**
 * Something that an operation depends on: a table, a column of a `table`, an enum, ..., or an object of a kind that a
 * plugin brings.
 */
export interface Dependency extends QualifiedName {
  readonly kind: ObjectKind | (string & {});
  readonly table?: QualifiedName;
}

/** What an operation has to do with the objects around it: by this it finds its place among the others. */
export interface Dependencies {
  /** Exists afterwards. */
  readonly creates?: readonly Dependency[];
  /** Must exist before. A table stands for its columns, too: whatever changes them comes first. */
  readonly needs?: readonly Dependency[];
  /** Is gone afterwards. */
  readonly drops?: readonly Dependency[];
  /** What this operation takes away leaned on it until now: it goes only afterwards. */
  readonly releases?: readonly Dependency[];
}

/** What the line of a revision file may bring with it. */
export interface RenderedFile {
  /** How the file is written. */
  readonly format: "ts" | "esm" | "cjs";
  /** Takes a statement that stands at the top of the file once, such as `import { money } from "../../src/columns";`. */
  addImport(statement: string): void;
}

/** The functions of a custom operation, which `op.invoke(name, payload)` calls by its name. A payload is JSON. */
export interface CustomOperation<Payload = unknown> {
  readonly name: string;
  /** One line for the terminal and the header of a revision file. */
  describe(payload: Payload): string;
  /** The operation that undoes it; absent, or nothing, where there is no way back. */
  invert?(payload: Payload): { readonly name: string; readonly payload: unknown } | undefined;
  /**
   * What it does to a schema, where that is something that Limbeck or a plugin knows. Without it, what its SQL names is
   * taken for unknown afterwards, as after `execute`.
   */
  apply?(schema: Schema, payload: Payload): Schema;
  /** The statements: one function for every database, or one for each. MySQL and MariaDB take each other's. */
  readonly compile: CompileCustom<Payload> | Partial<Readonly<Record<DialectName, CompileCustom<Payload>>>>;
  /** The statement in a revision file; `await op.invoke(name, payload);` unless said. */
  render?(payload: Payload, file: RenderedFile): string;
  /** What it must come after and before. */
  dependencies?(payload: Payload): Dependencies;
  /** What it may lose, in words: `loses every row of ...`. They are told on the terminal and stand above the call. */
  losses?(payload: Payload): readonly string[];
}

/** A kind of object that Limbeck does not know by itself: what leads from one state of such an object to another. */
export interface CustomObjectKind {
  /** In lower case: `function`, `policy`, `country`. */
  readonly kind: string;
  /** What leads from one state to the other; absent means that the object does not exist. */
  diff(from: CustomObject | undefined, to: CustomObject | undefined): readonly Operation[];
  /** Whether two states are the same; equal definitions unless said. */
  same?(live: CustomObject, target: CustomObject): boolean;
}

/** The functions of custom operations and objects, by name. */
export interface Registry {
  readonly operations: ReadonlyMap<string, CustomOperation>;
  readonly objects: ReadonlyMap<string, CustomObjectKind>;
}

/** Knows nothing. */
export const emptyRegistry: Registry = { operations: new Map(), objects: new Map() };

/** A registry of these operations and kinds of object. Throws CONFIG_INVALID for a name that stands twice. */
export function createRegistry(
  operations: readonly CustomOperation[] = [],
  objects: readonly CustomObjectKind[] = [],
): Registry {
  return {
    operations: byName(operations, (operation) => operation.name, "custom operation"),
    objects: byName(objects, (object) => object.kind, "kind of object"),
  };
}

/** The functions of a custom operation. Throws INVALID_OPERATION where nothing of that name is registered. */
export function customOperation(registry: Registry, name: string): CustomOperation {
  const found = registry.operations.get(name);
  if (found) return found;
  const known = [...registry.operations.keys()];
  throw new LimbeckError("INVALID_OPERATION", `no custom operation "${name}" is registered`, {
    hint:
      known.length === 0
        ? "add a plugin that brings it to `plugins` in the configuration"
        : `the plugins in the configuration bring ${known.join(", ")}`,
  });
}

/** The functions of a kind of object. Throws INVALID_OPERATION where nothing of that name is registered. */
export function customObjectKind(registry: Registry, kind: string): CustomObjectKind {
  const found = registry.objects.get(kind);
  if (found) return found;
  throw new LimbeckError("INVALID_OPERATION", `no kind of object "${kind}" is registered`, {
    hint: "add a plugin that brings it to `plugins` in the configuration",
  });
}

/** Whether two states of an object are the same, as its plugin sees it. */
export function sameObjectState(registry: Registry, live: CustomObject, target: CustomObject): boolean {
  const kind = customObjectKind(registry, target.kind);
  return kind.same ? kind.same(live, target) : equal(live.definition, target.definition);
}

function byName<T>(items: readonly T[], name: (item: T) => string, what: string): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (map.has(name(item))) {
      throw new LimbeckError("CONFIG_INVALID", `the ${what} "${name(item)}" is registered twice`, {
        hint: "two plugins bring it: leave one of them out",
      });
    }
    map.set(name(item), item);
  }
  return map;
}
