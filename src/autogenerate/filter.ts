/** What autogenerate looks at, as the user says it: globs, names, and a function that sees each object. */
import picomatch from "picomatch";
import { match } from "../diff/match";
import { fingerprint } from "../model/equal";
import { filterSchema, objectReference } from "../model/filter";
import type { ObjectFilter, ObjectKind, ObjectReference } from "../model/filter";
import { displayName, keyOf, qualified } from "../model/names";
import type {
  Check,
  Column,
  CustomObject,
  EnumType,
  Exclusion,
  Extension,
  ForeignKey,
  Index,
  PrimaryKey,
  QualifiedName,
  Schema,
  Sequence,
  Table,
  Unique,
  View,
} from "../model/schema";

/** What an object of each kind looks like. */
export interface Definitions {
  readonly table: Table;
  readonly view: View;
  readonly column: Column;
  readonly index: Index;
  readonly primaryKey: PrimaryKey;
  readonly unique: Unique;
  readonly check: Check;
  readonly foreignKey: ForeignKey;
  readonly exclusion: Exclusion;
  readonly enum: EnumType;
  readonly sequence: Sequence;
  readonly extension: Extension;
  readonly schema: { readonly name: string };
  readonly object: CustomObject;
}

/** One object that may take part. An object that is on both sides is asked about once. */
export type IncludedObject = {
  readonly [K in ObjectKind]: ObjectReference & {
    readonly kind: K;
    /** The object as the entities want it; as the database has it where no entity does. */
    readonly definition: Definitions[K];
    /** Whether only the database has it. */
    readonly reflected: boolean;
    /** The object as the database has it, where both have it. */
    readonly compareTo?: Definitions[K];
  };
}[ObjectKind];

/** Answers whether an object takes part; what is refused is left out on both sides, with all that belongs to it. */
export type IncludeObject = (object: IncludedObject) => boolean;

/** Answers whether something of that name in the database is looked at. The entities are not asked. */
export type IncludeName = (
  name: string,
  kind: ObjectKind,
  parents: { readonly schema?: string; readonly table?: string },
) => boolean;

/** Two schemas that are compared. */
export interface Sides {
  readonly live: Schema;
  readonly target: Schema;
}

/** Both sides without what the user's function refuses. */
export function filterSides({ live, target }: Sides, includes: IncludeObject): Sides {
  const before = new Map(itemsOf(live).map((item) => [item.key, item]));
  const refused = new Set<string>();
  const refusedTables = new Set<string>();
  const ask = (item: Item, others: Pick<IncludedObject, "reflected" | "compareTo">): void => {
    const { reference, definition } = item;
    if (reference.table && refusedTables.has(keyOf(reference.table))) return;
    // The kind of the reference is that of the definition, which only the compiler cannot see.
    if (includes({ ...reference, definition, ...others } as IncludedObject)) return;
    refused.add(item.key);
    if (reference.kind === "table") refusedTables.add(keyOf(reference));
  };
  const wanted = itemsOf(target);
  const { removed } = match([...before.values()], wanted, ({ key }) => key);
  for (const item of wanted) {
    const other = before.get(item.key);
    ask(item, { reflected: false, ...(other && { compareTo: other.definition }) });
  }
  for (const item of removed) ask(item, { reflected: true });
  if (refused.size === 0) return { live, target };
  const kept: ObjectFilter = (object) => !refused.has(keyOfReference(object));
  return { live: filterSchema(live, kept), target: filterSchema(target, kept) };
}

/** Whether a name matches one of some globs. */
export function matcher(globs: readonly string[]): (name: string) => boolean {
  return picomatch([...globs]);
}

/** What a function of names accepts. */
export function nameFilter(includes: IncludeName): ObjectFilter {
  return ({ name, kind, schema, table }) =>
    includes(name, kind, {
      ...((schema ?? table?.schema) === undefined ? {} : { schema: schema ?? table?.schema ?? "" }),
      ...(table === undefined ? {} : { table: table.name }),
    });
}

/**
 * What globs accept. A glob is for tables and views, `schema.name` where there is a schema. With a kind before it
 * (`index:tmp_*`, `column:*.legacy_*`, `function:audit_*`) it is for objects of that kind; those of a table are
 * compared as `name` and as `table.name`.
 */
export function globFilter(include: readonly string[], exclude: readonly string[]): ObjectFilter {
  const included = byKind(include);
  const excluded = byKind(exclude);
  return (object) => {
    const kind = object.kind === "view" ? "table" : (object.type ?? object.kind);
    const names =
      object.table === undefined
        ? [displayName(object)]
        : [object.name, `${displayName(object.table)}.${object.name}`];
    const isIn = (globs: ReadonlyMap<string, (name: string) => boolean>): boolean | undefined => {
      const matches = globs.get(kind);
      return matches && names.some((name) => matches(name));
    };
    return (isIn(included) ?? true) && !(isIn(excluded) ?? false);
  };
}

function byKind(globs: readonly string[]): ReadonlyMap<string, (name: string) => boolean> {
  const kinds = new Map<string, string[]>();
  for (const glob of globs) {
    const [, kind = "table", pattern = glob] = /^([a-z]\w*):(.+)$/i.exec(glob) ?? [];
    const list = kinds.get(kind === "view" ? "table" : kind);
    if (list) list.push(pattern);
    else kinds.set(kind === "view" ? "table" : kind, [pattern]);
  }
  return new Map([...kinds].map(([kind, patterns]) => [kind, matcher(patterns)]));
}

interface Item {
  readonly key: string;
  readonly reference: ObjectReference;
  readonly definition: Definitions[ObjectKind];
}

function itemsOf(schema: Schema): readonly Item[] {
  const named = (kind: ObjectKind, objects: readonly (QualifiedName & Definitions[ObjectKind])[]) =>
    objects.map((object) => item({ kind, ...qualified(object) }, object));
  return [
    ...schema.namespaces.map((name) => item({ kind: "schema", name }, { name })),
    ...schema.extensions.map((one) => item({ kind: "extension", name: one.name }, one)),
    ...named("enum", schema.enums),
    ...named("sequence", schema.sequences),
    ...schema.tables.flatMap((table) => [...named("table", [table]), ...partsOf(table)]),
    ...named("view", schema.views),
    ...schema.objects.map((object) => item(objectReference(object), object)),
  ];
}

function partsOf(table: Table): readonly Item[] {
  const owner = qualified(table);
  return [
    ...table.columns.map((one) => item({ kind: "column", name: one.name, table: owner }, one)),
    ...table.constraints.flatMap((one) =>
      one.name === undefined ? [] : [item({ kind: one.kind, name: one.name, table: owner }, one)],
    ),
    ...table.indexes.map((one) => item({ kind: "index", name: one.name, table: owner }, one)),
  ];
}

function item(reference: ObjectReference, definition: Definitions[ObjectKind]): Item {
  return { key: keyOfReference(reference), reference, definition };
}

function keyOfReference({ kind, type, name, schema, table }: ObjectReference): string {
  return fingerprint([kind, type, name, schema, table?.name, table?.schema]);
}
