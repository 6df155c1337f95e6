/**
 * Which objects of a schema are looked at. Filters narrow both the target and the live schema in the same way, so that
 * what is left out on one side is never taken for missing on the other.
 */
import { sameName } from "./names";
import type { QualifiedName, Schema, Table } from "./schema";

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
}

/** Answers whether an object takes part; what it refuses is left out with all that belongs to it. */
export type ObjectFilter = (object: ObjectReference) => boolean;

/** The schema without the objects that the filter refuses. */
export function filterSchema(schema: Schema, includes: ObjectFilter): Schema {
  const named = <T extends QualifiedName>(kind: ObjectKind, objects: readonly T[]): readonly T[] =>
    objects.filter((object) => includes(reference(kind, object)));
  return {
    namespaces: schema.namespaces.filter((name) => includes({ kind: "schema", name })),
    extensions: schema.extensions.filter((extension) =>
      includes({ kind: "extension", name: extension.name }),
    ),
    enums: named("enum", schema.enums),
    sequences: named("sequence", schema.sequences),
    tables: named("table", schema.tables).map((table) => filterTable(table, includes)),
    views: named("view", schema.views),
    objects: named("object", schema.objects),
  };
}

/** Refuses exactly the objects of a list: what entities declare `synchronize: false`, or what Limbeck keeps for itself. */
export function without(objects: readonly ObjectReference[]): ObjectFilter {
  return (candidate) =>
    !objects.some(
      (object) =>
        object.kind === candidate.kind &&
        sameName(object, candidate) &&
        (object.table === undefined ||
          (candidate.table !== undefined && sameName(object.table, candidate.table))),
    );
}

/** Accepts what every filter accepts. */
export function allOf(...filters: readonly ObjectFilter[]): ObjectFilter {
  return (object) => filters.every((filter) => filter(object));
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
