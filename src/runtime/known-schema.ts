/**
 * What is known of the schema while revisions run: read from the database when it is first needed and then followed by
 * simulation, or in a script simulated from the start.
 */
import { LimbeckError } from "../errors";
import { keyOf, sameName } from "../model/names";
import { namesIn } from "../model/expression";
import { emptySchema } from "../model/schema";
import type { QualifiedName, Schema } from "../model/schema";
import { apply } from "../operations/apply";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";

/** Why nobody knows without a database what something looks like. */
export interface Unknown {
  /** As the end of a sentence. */
  readonly because: string;
  /** The SQL text that names it. */
  readonly sql?: string;
}

/** What a simulation has lost sight of. */
export interface Lost {
  /** Names in SQL text that may have changed what they stand for, each with the text. */
  readonly names: ReadonlyMap<string, string>;
  /** Why anything may be there that the schema does not show, in any shape. */
  readonly everything?: string;
}

/** A schema as far as simulating tells. */
export interface Simulated {
  readonly schema: Schema;
  readonly lost?: Lost;
}

export interface KnownSchema {
  /** The schema as it is now, without what is unknown. */
  current(): Promise<Schema>;
  /** Follows an operation that was carried out. */
  follow(operation: Operation): void;
  /** SQL text ran that may have changed anything it names. */
  forget(sql?: string): void;
  /** Why something cannot be known (any more); nothing where `current` tells what it is, or that it is not there. */
  whyUnknown(name: QualifiedName): Unknown | undefined;
  /** Whether it is the schema of an earlier time, so that the database has nothing to add. */
  isPast?(): boolean;
}

/** Knowledge that can be read again from the database whenever it was lost. */
export function liveSchema(inspect: () => Promise<Schema>, registry: Registry): KnownSchema {
  let known: Schema | undefined;
  return {
    current: async () => (known ??= await inspect()),
    follow: (operation) => {
      if (known) known = followed(known, operation, registry);
    },
    forget: () => {
      known = undefined;
    },
    whyUnknown: () => undefined,
  };
}

/**
 * Knowledge while a revision is taken up that was left half done: what was carried out by an earlier run is followed from
 * the schema before it, and then the live one is read.
 */
export function resumedSchema(
  live: KnownSchema,
  start: () => Promise<Schema>,
  isResuming: () => boolean,
  registry: Registry,
): KnownSchema {
  const past = simulatedSchema(start, registry);
  let isPast = isResuming();
  return {
    current: () => (isPast ? past.current() : live.current()),
    follow: (operation) => {
      if (isPast) {
        past.follow(operation);
        live.forget();
      } else live.follow(operation);
      isPast = isResuming();
    },
    forget: (sql) => {
      if (!isPast) live.forget(sql);
    },
    whyUnknown: () => undefined,
    isPast: () => isPast,
  };
}

/** Knowledge by simulation, which can be handed on where the simulation goes on. */
export interface SimulatedSchema extends KnownSchema {
  /** Something ran that may have made or changed anything. */
  loseEverything(because: string): void;
  /** What has been lost sight of. */
  lost(): Lost;
}

/** Knowledge that starts from a simulated schema and is lost for good where SQL text changes something. */
export function simulatedSchema(
  start: () => Promise<Schema | Simulated>,
  registry: Registry,
): SimulatedSchema {
  let known: Schema | undefined;
  const waiting: ((schema: Schema) => Schema)[] = [];
  const names = new Map<string, string>();
  let everything: string | undefined;
  const change = (step: (schema: Schema) => Schema): void => {
    if (known) known = step(known);
    else waiting.push(step);
  };
  const begin = async (): Promise<Schema> => {
    const begun = await start();
    const { schema, lost } = "tables" in begun ? { schema: begun, lost: undefined } : begun;
    for (const [name, sql] of lost?.names ?? []) if (!names.has(name)) names.set(name, sql);
    everything ??= lost?.everything;
    return waiting.splice(0).reduce((current, step) => step(current), schema);
  };
  const find = (name: QualifiedName): string | undefined => names.get(name.name) ?? names.get(keyOf(name));
  return {
    current: async () => (known ??= await begin()),
    follow: (operation) => {
      change((schema) => followed(schema, operation, registry));
      const { made, moved } = namesChanged(operation);
      for (const name of made) for (const key of [name.name, keyOf(name)]) names.delete(key);
      const sql = moved && find(moved.from);
      if (sql !== undefined) names.set(moved?.to.name ?? "", sql);
    },
    forget: (sql) => {
      if (sql === undefined || !/\b(alter|create|drop|rename)\b/i.test(sql)) return;
      const found = namesIn(sql);
      for (const name of found) names.set(name, sql);
      change((schema) => withoutNames(schema, found));
    },
    whyUnknown: (name) => {
      const sql = find(name);
      if (sql !== undefined) return { because: "SQL text changed it before", sql };
      if (everything === undefined || isIn(known, name)) return undefined;
      return { because: everything };
    },
    loseEverything: (because) => {
      everything ??= because;
      change(() => emptySchema);
    },
    lost: () => ({ names, ...(everything === undefined ? {} : { everything }) }),
  };
}

/** What an operation makes, so that it is known from then on, and what it gives another name. */
function namesChanged(operation: Operation): {
  readonly made: readonly QualifiedName[];
  readonly moved?: { readonly from: QualifiedName; readonly to: QualifiedName };
} {
  switch (operation.kind) {
    case "createTable":
      return { made: operation.ifNotExists ? [] : [operation.table] };
    case "createView":
      return { made: [operation.view] };
    case "createEnum":
      return { made: [operation.enum] };
    case "renameTable":
      return { made: [], moved: operation };
    default:
      return { made: [] };
  }
}

/** A schema without what SQL text names. */
function withoutNames(schema: Schema, names: ReadonlySet<string>): Schema {
  const stays = (object: QualifiedName): boolean => !names.has(object.name) && !names.has(keyOf(object));
  return {
    ...schema,
    tables: schema.tables.filter(stays),
    views: schema.views.filter(stays),
    enums: schema.enums.filter(stays),
    sequences: schema.sequences.filter(stays),
  };
}

function isIn(schema: Schema | undefined, name: QualifiedName): boolean {
  if (!schema) return false;
  const { tables, views, enums, sequences } = schema;
  return [tables, views, enums, sequences].some((objects) => objects.some((one) => sameName(one, name)));
}

/** A schema after an operation that the database accepted; what the simulation cannot follow leaves it as it is. */
export function followed(schema: Schema, operation: Operation, registry: Registry): Schema {
  try {
    return apply(schema, operation, registry);
  } catch (error) {
    if (error instanceof LimbeckError && error.code === "UNKNOWN_OBJECT") return schema;
    throw error;
  }
}
