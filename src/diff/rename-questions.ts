/** What looks like a rename: something gone, and something like it new. */
import { keyOf, qualified } from "../model/names";
import type { Column, EnumType, QualifiedName, Schema, Table, View } from "../model/schema";
import { primaryKeyOf } from "../model/schema";
import { columnReasons, likeness, SIMILAR } from "./likeness";
import type { Reason } from "./likeness";
import { match } from "./match";
import { KIND_NAMES, newName, ownerPath } from "./renames";
import type { Rename } from "./renames";

/** One thing that may be what is new, with what speaks for it. */
export interface RenameCandidate {
  readonly rename: Rename;
  /** The strongest first. */
  readonly reasons: readonly string[];
}

/** Something new, and what it may have been; the likeliest first. */
export interface RenameQuestion {
  /** In words: `column account.full_name`. */
  readonly fresh: string;
  readonly candidates: readonly RenameCandidate[];
}

/** What entities and properties are called, which a database cannot know. */
export interface NameSource {
  ofTable(table: QualifiedName): readonly string[];
  ofColumn(table: QualifiedName, column: string): readonly string[];
}

/** The share of columns, by name and type, from which two tables look like one. */
const SHARED = 0.6;

interface Weighed {
  readonly rename: Rename;
  readonly reasons: readonly Reason[];
}

/** Everything that looks like a rename and is not answered yet. */
export function renameQuestions(from: Schema, to: Schema, source: NameSource): readonly RenameQuestion[] {
  const tables = match(from.tables, to.tables, keyOf);
  const views = match(from.views, to.views, keyOf);
  const enums = match(from.enums, to.enums, keyOf);
  return [
    ...tables.added.map((fresh) => tables.removed.flatMap((gone) => tableCandidate(gone, fresh, source))),
    ...tables.kept.flatMap((pair) => columnQuestions(pair.from, pair.to, source)),
    ...enums.kept.flatMap((pair) => enumQuestions(pair.from, pair.to)),
    ...views.added.map((fresh) => views.removed.flatMap((gone) => viewCandidate(gone, fresh))),
  ].flatMap(questionOf);
}

/** What is asked about, by its new name: `column account.full_name`. */
export function freshName(rename: Rename): string {
  const owner = ownerPath(rename);
  return `${KIND_NAMES[rename.kind]} ${owner === "" ? "" : `${owner}.`}${newName(rename)}`;
}

function questionOf(candidates: readonly Weighed[]): readonly RenameQuestion[] {
  const [first] = candidates;
  if (first === undefined) return [];
  const weight = ({ reasons }: Weighed): number => reasons.reduce((sum, reason) => sum + reason.weight, 0);
  return [
    {
      fresh: freshName(first.rename),
      candidates: candidates
        .toSorted((left, right) => weight(right) - weight(left))
        .map(({ rename, reasons }) => ({ rename, reasons: reasons.map(({ text }) => text) })),
    },
  ];
}

function tableCandidate(gone: Table, fresh: Table, source: NameSource): readonly Weighed[] {
  const most = Math.max(gone.columns.length, fresh.columns.length);
  const shared = sharedColumns(gone, fresh);
  const isNamed = source.ofTable(fresh).includes(gone.name);
  const isSimilar = likeness(gone.name, fresh.name) >= SIMILAR;
  const sameTypes = most > 1 && typesInOrder(gone) === typesInOrder(fresh);
  const isLike = shared > 0 && (shared / most >= SHARED || isNamed || (isSimilar && sameTypes));
  if (!isLike) return [];
  const [oldKey, newKey] = [primaryKeyOf(gone), primaryKeyOf(fresh)];
  const sameKey = oldKey !== undefined && oldKey.columns.join() === newKey?.columns.join();
  const reasons: readonly (Reason | false)[] = [
    { weight: (4 * shared) / most, text: `${shared} of ${most} columns are the same` },
    isNamed && { weight: 3, text: "entity name unchanged" },
    sameKey && { weight: 1, text: `same primary key (${oldKey.columns.join(", ")})` },
    isSimilar && { weight: 2, text: "similar name" },
  ];
  return [
    {
      rename: { kind: "table", from: qualified(gone), to: qualified(fresh) },
      reasons: reasons.filter((reason): reason is Reason => reason !== false),
    },
  ];
}

function columnQuestions(from: Table, to: Table, source: NameSource): readonly (readonly Weighed[])[] {
  if (hasSameColumns(from, to)) return valueQuestions(from, to);
  const { added, removed } = match(from.columns, to.columns, ({ name }) => name);
  return [
    ...added.map((fresh) => {
      const names = removed.length === 0 ? [] : source.ofColumn(to, fresh.name);
      return removed.flatMap((gone) => columnCandidate([from, gone], [to, fresh], names.includes(gone.name)));
    }),
    ...valueQuestions(from, to),
  ];
}

/** Most tables have the columns that they had. */
function hasSameColumns(from: Table, to: Table): boolean {
  return (
    from.columns.length === to.columns.length &&
    from.columns.every((column, place) => column.name === to.columns[place]?.name)
  );
}

function columnCandidate(
  [oldTable, gone]: readonly [Table, Column],
  [newTable, fresh]: readonly [Table, Column],
  isNamed: boolean,
): readonly Weighed[] {
  const bothComputed = (gone.generated?.kind === "computed") === (fresh.generated?.kind === "computed");
  const sameType =
    gone.type.name === fresh.type.name && (gone.type.array ?? false) === (fresh.type.array ?? false);
  const isSimilar = likeness(gone.name, fresh.name) >= SIMILAR;
  if (!bothComputed || !(sameType || isNamed || isSimilar)) return [];
  const reasons = columnReasons({ table: oldTable, column: gone }, { table: newTable, column: fresh });
  return [
    {
      rename: { kind: "column", table: qualified(newTable), from: gone.name, to: fresh.name },
      reasons: [...(isNamed ? [{ weight: 4, text: "property name unchanged" }] : []), ...reasons],
    },
  ];
}

function enumQuestions(from: EnumType, to: EnumType): readonly (readonly Weighed[])[] {
  return valuePairs(from.values, to.values, (old, fresh) => ({
    kind: "enumValue",
    enum: qualified(from),
    from: old,
    to: fresh,
  }));
}

/** Values that are part of a column; those of a set share a row, and are left to the reviewer. */
function valueQuestions(from: Table, to: Table): readonly (readonly Weighed[])[] {
  return from.columns.flatMap((column) => {
    const { values, name } = column.type;
    if (values === undefined || name === "set") return [];
    const wanted = to.columns.find((other) => other.name === column.name)?.type.values;
    return valuePairs(values, wanted ?? values, (old, fresh) => ({
      kind: "columnValue",
      table: qualified(to),
      column: column.name,
      from: old,
      to: fresh,
    }));
  });
}

function valuePairs(
  from: readonly string[],
  to: readonly string[],
  rename: (old: string, fresh: string) => Rename,
): readonly (readonly Weighed[])[] {
  if (from.length === to.length && from.every((value, place) => value === to[place])) return [];
  const gone = from.filter((value) => !to.includes(value));
  const added = to.filter((value) => !from.includes(value));
  return added.map((fresh) =>
    gone.flatMap((old): readonly Weighed[] => {
      const candidates: readonly (Reason | false)[] = [
        from.indexOf(old) === to.indexOf(fresh) && { weight: 1, text: "same position" },
        likeness(old, fresh) >= SIMILAR && { weight: 2, text: "similar name" },
        gone.length === 1 && added.length === 1 && { weight: 1, text: "the only one that is gone" },
      ];
      const reasons = candidates.filter((reason): reason is Reason => reason !== false);
      return reasons.length === 0 ? [] : [{ rename: rename(old, fresh), reasons }];
    }),
  );
}

/** A view holds no rows, but what was said about it in the database goes with it. */
function viewCandidate(gone: View, fresh: View): readonly Weighed[] {
  const kept = gone.attachments ?? [];
  if (kept.length === 0 || (gone.materialized ?? false) !== (fresh.materialized ?? false)) return [];
  const isSimilar = likeness(gone.name, fresh.name) >= SIMILAR;
  const reasons: readonly (Reason | false)[] = [
    gone.sql === fresh.sql && { weight: 3, text: "same query" },
    isSimilar && { weight: 2, text: "similar name" },
  ];
  const found = reasons.filter((reason): reason is Reason => reason !== false);
  if (found.length === 0) return [];
  return [{ rename: { kind: "view", from: qualified(gone), to: qualified(fresh) }, reasons: found }];
}

function sharedColumns(left: Table, right: Table): number {
  const types = new Map(right.columns.map(({ name, type }) => [name, type.name]));
  return left.columns.filter(({ name, type }) => types.get(name) === type.name).length;
}

function typesInOrder({ columns }: Table): string {
  return columns.map(({ type }) => type.name).join();
}
