/**
 * What is known of the schema while revisions run: read from the database when it is first needed and then followed by
 * simulation, or in a script simulated from the start.
 */
import { LimbeckError } from "../errors";
import { displayName, keyOf } from "../model/names";
import { namesIn } from "../model/expression";
import type { QualifiedName, Schema } from "../model/schema";
import { apply } from "../operations/apply";
import type { Operation } from "../operations/operation";
import type { Registry } from "../operations/registry";

export interface KnownSchema {
  /** The schema as it is now. */
  current(): Promise<Schema>;
  /** Follows an operation that was carried out. */
  follow(operation: Operation): void;
  /** SQL text ran that may have changed anything it names. */
  forget(sql?: string): void;
  /** Throws where a table cannot be known any more. Asked after `current`. */
  demand(table: QualifiedName): void;
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
    demand: () => undefined,
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
    demand: () => undefined,
    isPast: () => isPast,
  };
}

/** Knowledge that starts from a simulated schema and is lost for good where raw SQL changed a table. */
export function simulatedSchema(start: () => Promise<Schema>, registry: Registry): KnownSchema {
  let known: Schema | undefined;
  const waiting: Operation[] = [];
  const lost = new Set<string>();
  const names = new Map<string, string>();
  return {
    current: async () => {
      known ??= waiting
        .splice(0)
        .reduce((schema, operation) => followed(schema, operation, registry), await start());
      return known;
    },
    follow: (operation) => {
      if (known) known = followed(known, operation, registry);
      else waiting.push(operation);
      if (operation.kind === "createTable") lost.delete(keyOf(operation.table));
    },
    forget: (sql) => {
      if (sql === undefined || !/\b(alter|create|drop|rename)\b/i.test(sql)) return;
      for (const name of namesIn(sql)) {
        lost.add(name);
        names.set(name, sql);
      }
    },
    demand: (table) => {
      if (!lost.has(table.name) && !lost.has(keyOf(table))) return;
      throw new LimbeckError(
        "INCOMPLETE_OPERATION",
        `what table "${displayName(table)}" looks like cannot be known in a script, because SQL text changed it before`,
        {
          hint: "say it in the revision: `existing` in alterColumn, `copyFrom` in batchAlterTable",
          ...(names.has(table.name) ? { sql: names.get(table.name) ?? "" } : {}),
        },
      );
    },
  };
}

/** Knowledge that goes on from where other knowledge ends, which is asked for when it is first needed. */
export function continuedSchema(start: () => Promise<KnownSchema>): KnownSchema {
  let known: KnownSchema | undefined;
  const waiting: ((started: KnownSchema) => void)[] = [];
  const tell = (what: (started: KnownSchema) => void): void => {
    if (known) what(known);
    else waiting.push(what);
  };
  return {
    current: async () => {
      if (!known) {
        const started = await start();
        for (const what of waiting.splice(0)) what(started);
        known = started;
      }
      return await known.current();
    },
    follow: (operation) => tell((started) => started.follow(operation)),
    forget: (sql) => tell((started) => started.forget(sql)),
    demand: (table) => known?.demand(table),
  };
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
