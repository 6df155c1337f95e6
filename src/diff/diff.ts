/**
 * What leads from one schema to another. Pure: both schemas are in canonical form already (`Dialect.normalize`,
 * `Dialect.canonicalize`), so that equal means equal and no database is asked here.
 */
import { equal } from "../model/equal";
import { keyOf, qualified } from "../model/names";
import type { EnumType, QualifiedName, Schema, Sequence, View } from "../model/schema";
import type { Operation } from "../operations/operation";
import { order } from "../operations/order";
import type { OrderOptions } from "../operations/order";
import { customObjectKind, sameObjectState } from "../operations/registry";
import type { Registry } from "../operations/registry";
import type { Comparing } from "./comparing";
import { match } from "./match";
import { withNamesInSteps } from "./rename-steps";
import { diffTable } from "./table";

export interface DiffOptions extends OrderOptions {
  readonly registry: Registry;
  /** Whether an object of the same content under another name is renamed (`strategy`) or left alone (`content`). */
  readonly names: "strategy" | "content";
  /** Which differences of columns count; all unless said. */
  readonly comparing?: Comparing;
}

/** The operations that lead from one schema to the other, in an order in which they can be run. */
export function diff(from: Schema, to: Schema, options: DiffOptions): readonly Operation[] {
  const operations = [
    ...diffNamespaces(from, to),
    ...diffExtensions(from, to),
    ...diffEnums(from.enums, to.enums),
    ...diffSequences(from.sequences, to.sequences),
    ...diffTables(from, to, options),
    ...diffViews(from.views, to.views),
    ...diffObjects(from, to, options),
  ];
  return order(withNamesInSteps(operations), options);
}

function diffNamespaces(from: Schema, to: Schema): readonly Operation[] {
  const { added, removed } = match(from.namespaces, to.namespaces, (name) => name);
  return [
    ...added.map((name): Operation => ({ kind: "createSchema", name })),
    ...removed.map((name): Operation => ({ kind: "dropSchema", name })),
  ];
}

function diffExtensions(from: Schema, to: Schema): readonly Operation[] {
  const { added, removed } = match(from.extensions, to.extensions, ({ name }) => name);
  return [
    // Where the role that runs revisions may not make extensions, somebody else has made them before.
    ...added.map((extension): Operation => ({ kind: "createExtension", extension, ifNotExists: true })),
    ...removed.map((was): Operation => ({ kind: "dropExtension", name: was.name, was })),
  ];
}

function diffEnums(from: readonly EnumType[], to: readonly EnumType[]): readonly Operation[] {
  const { added, removed, kept } = match(from, to, keyOf);
  return [
    ...added.map((type): Operation => ({ kind: "createEnum", enum: type })),
    ...kept
      .filter((pair) => !equal(pair.from.values, pair.to.values))
      .map((pair): Operation => ({
        kind: "alterEnum",
        name: qualified(pair.from),
        change: { values: pair.to.values },
        was: pair.from,
      })),
    ...removed.map((was): Operation => ({ kind: "dropEnum", name: qualified(was), was })),
  ];
}

function diffSequences(from: readonly Sequence[], to: readonly Sequence[]): readonly Operation[] {
  const { added, removed, kept } = match(from, to, keyOf);
  return [
    ...added.map((sequence): Operation => ({ kind: "createSequence", sequence })),
    ...kept
      .filter((pair) => pair.from.increment !== pair.to.increment)
      .map((pair): Operation => ({
        kind: "alterSequence",
        name: qualified(pair.from),
        change: { increment: pair.to.increment ?? "1" },
        was: pair.from,
      })),
    ...removed.map((was): Operation => ({ kind: "dropSequence", name: qualified(was), was })),
  ];
}

function diffTables(from: Schema, to: Schema, options: DiffOptions): readonly Operation[] {
  const { added, removed, kept } = match(from.tables, to.tables, keyOf);
  return [
    ...added.map((table): Operation => ({ kind: "createTable", table })),
    ...kept.flatMap((pair) => diffTable(pair.from, pair.to, options)),
    ...removed.map((was): Operation => ({ kind: "dropTable", table: qualified(was), was })),
  ];
}

/** A changed view is taken down and put up again: what it reads may change its shape in the same run. */
function diffViews(from: readonly View[], to: readonly View[]): readonly Operation[] {
  const { added, removed, kept } = match(from, to, keyOf);
  const changed = kept.filter((pair) => !equal(comparable(pair.from), comparable(pair.to)));
  const drop = (was: View): Operation => ({
    kind: "dropView",
    view: qualified(was),
    ...(was.materialized ? { materialized: true } : {}),
    was,
  });
  return [
    ...[...removed, ...changed.map((pair) => pair.from)].map(drop),
    ...[...added, ...changed.map((pair) => pair.to)].map((view): Operation => ({ kind: "createView", view })),
  ];
}

/** A view without what only orders it and what entities cannot say. */
function comparable(view: View): Omit<View, "dependsOn" | "attachments"> {
  const { dependsOn, attachments, ...rest } = view;
  return {
    ...rest,
    ...(rest.indexes && { indexes: rest.indexes.map(({ storage, comment, ...index }) => index) }),
  };
}

function diffObjects(from: Schema, to: Schema, { registry }: DiffOptions): readonly Operation[] {
  const key = (object: QualifiedName & { readonly kind: string }): string =>
    `${object.kind} ${keyOf(object)}`;
  const { added, removed, kept } = match(from.objects, to.objects, key);
  return [
    ...added.flatMap((object) => customObjectKind(registry, object.kind).diff(undefined, object)),
    ...kept
      .filter((pair) => !sameObjectState(registry, pair.from, pair.to))
      .flatMap((pair) => customObjectKind(registry, pair.to.kind).diff(pair.from, pair.to)),
    ...removed.flatMap((object) => customObjectKind(registry, object.kind).diff(object, undefined)),
  ];
}
