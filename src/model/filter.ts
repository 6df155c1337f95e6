/**
 * Which objects of a schema are looked at. Filters narrow both the target and the live schema in the same way, so that
 * what is left out on one side is never taken for missing on the other.
 */
import { keyOf, sameName } from "./names";
import type { CustomObject, QualifiedName, Schema, Table } from "./schema";

/** What an object of a schema is, by name; `object` is what a plugin brings. */
export type ObjectKind =
  | "table"
  | "view"
  | "column"
  | "index"
  | "primaryKey"
  | "unique"
  | "check"
  | "foreignKey"
  | "exclusion"
  | "enum"
  | "sequence"
  | "extension"
  | "schema"
  | "object";

/** One object, by kind and name; `table` is set for what belongs to a table. */
export interface ObjectReference extends QualifiedName {
  readonly kind: ObjectKind;
  readonly table?: QualifiedName;
  /** What the plugin that brings it calls it, such as `function`; only where `kind` is `object`. */
  readonly type?: string;
}

/** Answers whether an object takes part; what it refuses is left out with all that belongs to it. */
export interface ObjectFilter {
  (object: ObjectReference): boolean;
  /** The kinds of which it may refuse an object; any kind where it does not say. */
  readonly kinds?: ReadonlySet<ObjectKind>;
}

/** The schema without the objects that the filter refuses. */
export function filterSchema(schema: Schema, includes: ObjectFilter): Schema {
  const named = <T extends QualifiedName>(kind: ObjectKind, objects: readonly T[]): readonly T[] =>
    mayRefuse(includes, kind) ? objects.filter((object) => includes(reference(kind, object))) : objects;
  const isWhole = !PARTS.some((kind) => mayRefuse(includes, kind));
  return {
    namespaces: schema.namespaces.filter((name) => includes({ kind: "schema", name })),
    extensions: schema.extensions.filter((extension) =>
      includes({ kind: "extension", name: extension.name }),
    ),
    enums: named("enum", schema.enums),
    sequences: named("sequence", schema.sequences),
    tables: isWhole
      ? named("table", schema.tables)
      : named("table", schema.tables).map((table) => filterTable(table, includes)),
    views: named("view", schema.views),
    objects: schema.objects.filter((object) => includes(objectReference(object))),
  };
}

/** What a table has of its own. */
const PARTS: readonly ObjectKind[] = [
  ...(["column", "index", "primaryKey", "unique", "check", "foreignKey", "exclusion"] as const),
];

/** Most filters are of one kind or two, and a schema has many objects of the others. */
function mayRefuse({ kinds }: ObjectFilter, kind: ObjectKind): boolean {
  return kinds === undefined || kinds.has(kind);
}

/** Refuses exactly the objects of a list: what entities declare `synchronize: false`, or what Limbeck keeps for itself. */
export function without(objects: readonly ObjectReference[]): ObjectFilter {
  const byKind = new Map<ObjectKind, Map<string, ObjectReference[]>>();
  for (const object of objects) {
    const named = byKind.get(object.kind) ?? new Map<string, ObjectReference[]>();
    byKind.set(object.kind, named.set(keyOf(object), [...(named.get(keyOf(object)) ?? []), object]));
  }
  const includes = (candidate: ObjectReference): boolean => {
    const refused = byKind.get(candidate.kind)?.get(keyOf(candidate)) ?? [];
    return !refused.some(
      ({ type, table }) =>
        type === candidate.type &&
        (table === undefined || (candidate.table !== undefined && sameName(table, candidate.table))),
    );
  };
  return Object.assign(includes, { kinds: new Set(byKind.keys()) });
}

/** Accepts what every filter accepts. */
export function allOf(...filters: readonly ObjectFilter[]): ObjectFilter {
  const includes = (object: ObjectReference): boolean => filters.every((filter) => filter(object));
  const kinds = filters.map((filter) => filter.kinds);
  if (kinds.includes(undefined)) return includes;
  return Object.assign(includes, { kinds: new Set(kinds.flatMap((some) => [...(some ?? [])])) });
}

/** What a plugin's object is called. */
export function objectReference({ kind: type, ...object }: CustomObject): ObjectReference {
  return { ...reference("object", object), type };
}

function filterTable(table: Table, includes: ObjectFilter): Table {
  return {
    ...table,
    columns: table.columns.filter((column) => includes({ kind: "column", name: column.name, table })),
    constraints: table.constraints.filter(
      (constraint) =>
        constraint.name === undefined || includes({ kind: constraint.kind, name: constraint.name, table }),
    ),
    indexes: table.indexes.filter((index) => includes({ kind: "index", name: index.name, table })),
  };
}

function reference(kind: ObjectKind, object: QualifiedName): ObjectReference {
  return object.schema === undefined
    ? { kind, name: object.name }
    : { kind, name: object.name, schema: object.schema };
}
