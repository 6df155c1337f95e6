/**
 * Whether a statement that was begun, and of whose end nothing is known, was carried out: the live schema is compared
 * with what it was before and what it would be after, in nothing but what the operation changes (DESIGN 4.4).
 */
import { equal, fingerprint } from "../model/equal";
import { displayName, keyOf } from "../model/names";
import type { Constraint, Schema } from "../model/schema";

/** How to find out what became of a statement. JSON-able, for the journal. */
export type Probe =
  /** What an operation changes, as it was and as it shall be; nothing else of the schema. In canonical form. */
  | { readonly kind: "change"; readonly before: Schema; readonly after: Schema }
  /** SQL text may change anything: the whole schema as it was. */
  | { readonly kind: "schema"; readonly before: string }
  /** One of many tables that are made in a line, and those that were there before: see `creations.ts`. */
  | { readonly kind: "creations"; readonly known: readonly string[] }
  /** How far a backfill has come: nothing is uncertain of it, because each batch notes its end. */
  | { readonly kind: "backfill"; readonly rows: number; readonly place?: readonly string[] };

export type ProbeResult = "done" | "not done" | { readonly undecided: readonly string[] };

/** What tells the two schemas apart; undefined where nothing does. */
export function probeBetween(
  before: Schema,
  after: Schema,
  normalize: (schema: Schema) => Schema,
): Probe | undefined {
  // What is the same object is the same, which costs nothing; what is equal is found out where it is not.
  const isSame = (left: unknown, right: unknown): boolean => left === right;
  const old = normalize(differing(before, after, isSame));
  const fresh = normalize(differing(after, before, isSame));
  const probe: Probe = {
    kind: "change",
    before: differing(old, fresh, equal),
    after: differing(fresh, old, equal),
  };
  return piecesBetween(probe.before, probe.after).size === 0 ? undefined : probe;
}

/** The probe for a statement of which nothing is known. */
export function probeOfWhole(before: Schema): Probe {
  return { kind: "schema", before: fingerprint(before) };
}

/** What the live schema, in canonical form, tells. */
export function judge(probe: Probe, live: Schema): ProbeResult {
  if (probe.kind === "backfill" || probe.kind === "creations") return { undecided: [] };
  if (probe.kind === "schema") return fingerprint(live) === probe.before ? "not done" : "done";
  const now = piecesOf(live);
  const pieces = [...piecesBetween(probe.before, probe.after)];
  const misfits = (side: 0 | 1): readonly string[] =>
    pieces.filter(([key, sides]) => !isPart(sides[side], now.get(key))).map(([key]) => key);
  const notAfter = misfits(1);
  if (notAfter.length === 0) return "done";
  if (misfits(0).length === 0) return "not done";
  return { undecided: notAfter };
}

/** The same as `judge`, but the database says which texts mean the same, where it spells them in its own way. */
export async function judgeRespelt(
  probe: Probe,
  live: Schema,
  respell: (schema: Schema, live: Schema) => Promise<Schema>,
): Promise<ProbeResult> {
  const result = judge(probe, live);
  if (probe.kind !== "change" || typeof result === "string") return result;
  return judge(
    { ...probe, before: await respell(probe.before, live), after: await respell(probe.after, live) },
    live,
  );
}

/** The parts of a schema that another one does not have. */
function differing(
  schema: Schema,
  other: Schema,
  isSame: (left: unknown, right: unknown) => boolean,
): Schema {
  const without = <T>(list: readonly T[], known: readonly T[], key: (item: T) => string): readonly T[] => {
    // Most of two schemas is the same objects in the same places, and a run asks once a statement.
    const moved = list.filter((item, place) => item !== known[place]);
    if (moved.length === 0) return moved;
    const others = known.filter((item, place) => item !== list[place]);
    const byKey = new Map(others.map((item) => [key(item), item]));
    return moved.filter((item) => !isSame(item, byKey.get(key(item))));
  };
  return {
    namespaces: without(schema.namespaces, other.namespaces, (name) => name),
    extensions: without(schema.extensions, other.extensions, ({ name }) => name),
    enums: without(schema.enums, other.enums, keyOf),
    sequences: without(schema.sequences, other.sequences, keyOf),
    tables: without(schema.tables, other.tables, keyOf),
    views: without(schema.views, other.views, keyOf),
    objects: [],
  };
}

/** Everything that differs, by name: the properties before and after. */
function piecesBetween(before: Schema, after: Schema): ReadonlyMap<string, readonly [unknown, unknown]> {
  const old = piecesOf(before);
  const fresh = piecesOf(after);
  // Of a table that comes or goes, nothing more needs to be known.
  const whole = (key: string): boolean => {
    const table = key.replace(/^\w+ (.*)\.[^.]*$/, "table $1");
    return table !== key && old.has(table) !== fresh.has(table);
  };
  const changed = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (key) => !equal(old.get(key), fresh.get(key)) && !whole(key),
  );
  return new Map(changed.map((key) => [key, changedProperties(old.get(key), fresh.get(key))] as const));
}

/** Every thing in a schema that one operation may change, by a name that people can read. */
function piecesOf(schema: Schema): ReadonlyMap<string, unknown> {
  const pieces = new Map<string, unknown>();
  for (const name of schema.namespaces) pieces.set(`schema ${name}`, {});
  for (const table of schema.tables) {
    const name = displayName(table);
    pieces.set(`table ${name}`, { comment: table.comment, options: table.options });
    for (const column of table.columns) pieces.set(`column ${name}.${column.name}`, column);
    for (const constraint of table.constraints) {
      pieces.set(`constraint ${name}.${constraintKey(constraint)}`, constraint);
    }
    for (const index of table.indexes) pieces.set(`index ${name}.${index.name}`, index);
  }
  for (const type of schema.enums) pieces.set(`enum ${displayName(type)}`, type);
  for (const view of schema.views) pieces.set(`view ${displayName(view)}`, view);
  for (const sequence of schema.sequences) pieces.set(`sequence ${displayName(sequence)}`, sequence);
  for (const extension of schema.extensions) pieces.set(`extension ${extension.name}`, extension);
  return pieces;
}

/** A table has one primary key, which databases name as they like. */
function constraintKey(constraint: Constraint): string {
  if (constraint.kind === "primaryKey") return "primary key";
  return constraint.name ?? fingerprint(constraint);
}

/** Where both exist, only the properties that differ: the rest may be spelt differently when it is read back. */
function changedProperties(before: unknown, after: unknown): readonly [unknown, unknown] {
  if (before === undefined) return [null, {}];
  if (after === undefined) return [{}, null];
  const old = before as Readonly<Record<string, unknown>>;
  const fresh = after as Readonly<Record<string, unknown>>;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (key) => !equal(old[key], fresh[key]),
  );
  const only = (side: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(keys.map((key) => [key, side[key] ?? null]));
  return [only(old), only(fresh)];
}

/** Whether a piece is there and has these properties; `null` wants it, or a property, absent. */
function isPart(wanted: unknown, piece: unknown): boolean {
  if (wanted === null) return piece === undefined;
  if (piece === undefined) return false;
  const has = JSON.parse(JSON.stringify(piece)) as Readonly<Record<string, unknown>>;
  return Object.entries(wanted as Readonly<Record<string, unknown>>).every(([key, value]) =>
    equal(value, has[key] ?? null),
  );
}
