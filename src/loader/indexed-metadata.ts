/**
 * TypeORM builds its metadata by looking for what belongs to each entity, and for some things to each column, in the
 * lists of all entities, so that 5,000 entities take twenty seconds. Here its own methods are called on no more of these
 * lists than their answer can be made of, and for what hardly anybody asks not before it is asked for, so that their
 * answers are the same.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { requireTypeOrm } from "./users-typeorm";

/** The methods of `MetadataArgsStorage` whose first argument is an entity or a list of them, and where they look. */
const LISTS: Readonly<Record<string, string>> = {
  filterTables: "tables",
  filterColumns: "columns",
  findGenerated: "generations",
  findTree: "trees",
  filterRelations: "relations",
  filterRelationIds: "relationIds",
  filterIndices: "indices",
  filterForeignKeys: "foreignKeys",
  filterUniques: "uniques",
  filterChecks: "checks",
  filterExclusions: "exclusions",
  filterListeners: "entityListeners",
  filterEmbeddeds: "embeddeds",
  findJoinTable: "joinTables",
  filterJoinColumns: "joinColumns",
  findInheritanceType: "inheritances",
  findDiscriminatorValue: "discriminatorValues",
};

type Item = Readonly<Record<string, unknown>>;
type Items = readonly Item[];
type Method = (this: Record<string, unknown>, ...values: unknown[]) => unknown;
type Prototype = Record<string, Method | undefined>;
type KeysOf = (item: Item) => readonly unknown[];

const byTarget: KeysOf = ({ target }) => [target];
const byTableType: KeysOf = ({ tableType }) => [tableType];
/** What a relation may call the entity that it leads to. */
const byAnyName: KeysOf = ({ target, targetName, givenTableName }) => [target, targetName, givenTableName];

/** The items of a list by their keys. Lists may grow. */
class Index {
  readonly #items = new Map<unknown, Item[]>();
  readonly #places = new Map<Item, number>();
  #length = 0;

  constructor(
    readonly list: Items,
    readonly keysOf: KeysOf,
  ) {}

  /** The items of some keys, in the order of the list. */
  itemsOf(keys: readonly unknown[]): Items {
    for (; this.#length < this.list.length; this.#length++) this.#add(this.list[this.#length]);
    if (keys.length === 1) return this.#items.get(keys[0]) ?? NONE;
    const items = new Set(keys.flatMap((key) => this.#items.get(key) ?? []));
    return items.size === 0 ? NONE : [...items].sort((left, right) => this.#place(left) - this.#place(right));
  }

  /** Most lists are never asked for more than one key. */
  #place(item: Item): number {
    for (let place = this.#places.size; place < this.#length; place++) {
      this.#places.set(this.list[place] ?? {}, place);
    }
    return this.#places.get(item) ?? 0;
  }

  /** An item that has one key twice stands there once. */
  #add(item: Item | undefined): void {
    if (item === undefined) return;
    for (const key of this.keysOf(item)) {
      const items = this.#items.get(key);
      if (items === undefined) this.#items.set(key, [item]);
      else if (items.at(-1) !== item) items.push(item);
    }
  }
}

const NONE: Items = Object.freeze([]);

/** The indexes of one building; what is opened in it, such as a connection, outlives the building and must not keep them. */
interface Building {
  indexes: Map<KeysOf, Map<Items, Index>> | undefined;
}

const buildings = new AsyncLocalStorage<Building>();
const seen = new WeakSet();

/** Runs what builds metadata with the TypeORM of a file. A TypeORM that is another than thought is as slow as it is. */
export async function withIndexedMetadata<T>(file: string, body: () => Promise<T>): Promise<T> {
  const storage = prototypeOf(file, "metadata-args", "MetadataArgsStorage");
  const builder = prototypeOf(file, "metadata-builder", "EntityMetadataBuilder");
  const entity = prototypeOf(file, "metadata", "EntityMetadata");
  if (storage && builder && entity && !seen.has(storage)) {
    seen.add(storage);
    for (const [name, list] of Object.entries(LISTS)) narrowStorage(storage, name, list);
    narrowBuilder(builder);
    deferPropertiesMap(entity);
  }
  const building: Building = { indexes: new Map() };
  try {
    return await buildings.run(building, body);
  } finally {
    building.indexes = undefined;
  }
}

function prototypeOf(file: string, folder: string, name: string): Prototype | undefined {
  const exported = requireTypeOrm(file, `typeorm/${folder}/${name}.js`) as
    Readonly<Record<string, { readonly prototype: Prototype } | undefined>> | undefined;
  return exported?.[name]?.prototype;
}

/** The part of a list that the items of some keys are; the whole list where nothing is being built. */
function partOf(list: unknown, keysOf: KeysOf, keys: readonly unknown[]): unknown {
  const indexes = Array.isArray(list) && list.length > 0 ? buildings.getStore()?.indexes : undefined;
  if (indexes === undefined) return list;
  const items = list as Items;
  const known = indexes.get(keysOf)?.get(items);
  if (known) return known.itemsOf(keys);
  const index = new Index(items, keysOf);
  indexes.set(keysOf, (indexes.get(keysOf) ?? new Map<Items, Index>()).set(items, index));
  return index.itemsOf(keys);
}

/** The storage looks at once, so its list is whole again afterwards. */
function narrowStorage(prototype: Prototype, name: string, list: string): void {
  const original = prototype[name];
  if (original === undefined) return;
  // The second argument is a property, where there is one.
  prototype[name] = function (target, property) {
    const all = this[list];
    if (Array.isArray(all) && all.length === 0) return original.call(this, target, property);
    this[list] = partOf(all, byTarget, Array.isArray(target) ? target : [target]);
    try {
      return original.call(this, target, property);
    } finally {
      this[list] = all;
    }
  };
}

/** The builder looks among all entities for the children of a table that is shared, and for the ends of relations. */
function narrowBuilder(prototype: Prototype): void {
  const { computeEntityMetadataStep1: step, computeInverseProperties: inverse } = prototype;
  if (step) {
    prototype.computeEntityMetadataStep1 = function (all, entity) {
      return step.call(this, partOf(all, byTableType, ["entity-child"]), entity);
    };
  }
  if (inverse) {
    prototype.computeInverseProperties = function (entity, all) {
      const { relations } = entity as { readonly relations: readonly { readonly type: unknown }[] };
      const ends = relations.map(({ type }) => type);
      return inverse.call(this, entity, partOf(all, byAnyName, ends));
    };
  }
}

/**
 * Every time that TypeORM computes an entity, it makes an object with the paths of all properties, which is a fifth of
 * the work, for indexes and relations that are declared by a function of it. Here it is made of what the entity had then
 * when the first of them, or the application, asks for it.
 */
function deferPropertiesMap(prototype: Prototype): void {
  const { createPropertiesMap: create } = prototype;
  if (create === undefined) return;
  prototype.createPropertiesMap = function () {
    if (buildings.getStore()?.indexes === undefined) return create.call(this);
    return new DeferredPropertiesMap([...(this.columns as Items)], [...(this.relations as Items)], create);
  };
  const kept = Symbol("propertiesMap");
  Object.defineProperty(prototype, "propertiesMap", {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      const value = this[kept];
      if (!(value instanceof DeferredPropertiesMap)) return value;
      return (this[kept] = value.create.call({ columns: value.columns, relations: value.relations }));
    },
    set(this: Record<symbol, unknown>, value: unknown) {
      this[kept] = value;
    },
  });
}

/** What an object with the paths of all properties is to be made of. */
class DeferredPropertiesMap {
  constructor(
    readonly columns: Items,
    readonly relations: Items,
    readonly create: Method,
  ) {}
}
