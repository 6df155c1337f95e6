/**
 * What entities want, as a schema. Everything comes from TypeORM's own metadata, which is built by the user's copy of
 * TypeORM; this room only reads it, on the 0.3 line (from 0.3.20) as well as on 1.x.
 */
import type { DataSource, EntityMetadata } from "typeorm";
import type { ObjectReference } from "../model/filter";
import { keyOf } from "../model/names";
import type { EnumType, QualifiedName, Schema, Table } from "../model/schema";
import { droppedOptionsOf, unsynchronizedJunctions } from "./entity-schema";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { extensionsOf } from "./extensions";
import { untouchedIndexes } from "./indexes";
import { mergeEnums, mergeTables, mergeViews } from "./merge";
import { ownTableName, tableNameOf, typeormMetadataOf } from "./name";
import { namingOf } from "./naming";
import type { Naming } from "./naming";
import { formerNames, originsOf } from "./origins";
import type { FormerName, Origins } from "./origins";
import { enumTypesOf, readTable } from "./table";
import { readView } from "./view";

/** What was read from the entities of a data source. */
export interface Target {
  /** What the entities want: tables, views and enums sorted by name, columns in the order of their entity. */
  readonly schema: Schema;
  /** Declared `synchronize: false`: neither created nor changed nor dropped. */
  readonly untouched: readonly ObjectReference[];
  /** Tables that TypeORM keeps for itself: migrations, typeorm_metadata, the query result cache. */
  readonly ownTables: readonly QualifiedName[];
  /** Where TypeORM keeps the text of views and generated columns. */
  readonly typeormMetadata: QualifiedName;
  /** Sentences for the user, such as two entities on one table that differ. */
  readonly warnings: readonly string[];
  /** The names that the project's naming strategy gives, for renames. */
  readonly naming: Naming;
  /** What entities and properties are called, for questions about renames. */
  readonly origins: Origins;
  /** The old names that `@RenamedFrom` tells. */
  readonly formerNames: readonly FormerName[];
}

/**
 * Reads the entities of a data source whose metadata has been built; no connection is needed. `found` is what the files
 * behind the globs of its `entities` export, of which a data source keeps nothing but metadata.
 *
 * Throws METADATA_INVALID for a view without SQL, UNKNOWN_COLUMN_TYPE for a column whose type TypeORM does not know.
 */
export function readMetadata(dataSource: DataSource, found: readonly unknown[] = []): Target {
  const stored = dataSource.entityMetadatas.filter(({ tableType }) => tableType !== "entity-child");
  const dropped = droppedOptionsOf(dataSource, found);
  const managed = managedOf(stored, dropped);
  const entityTables = managed.filter((metadata) => !isView(metadata));
  const tables = mergeTables(entityTables.map((metadata) => readTable(metadata, dataSource, dropped)));
  const enums = mergeEnums(entityTables.flatMap((metadata) => enumTypesOf(metadata, dataSource)));
  const views = mergeViews(
    managed
      .filter(isView)
      .map((metadata) => ({ owner: metadata.name, item: readView(metadata, dataSource, dropped) })),
  );
  const indexes = managed.map((metadata) => untouchedIndexes(metadata, dataSource));
  return {
    schema: {
      namespaces: namespacesOf([...tables.items, ...views.items]),
      extensions: extensionsOf(dataSource),
      enums: enums.items.length === 0 ? [] : sorted(enums.items.filter(isUsedIn(tables.items))),
      sequences: [],
      tables: sorted(tables.items),
      views: sorted(views.items),
      objects: [],
    },
    untouched: [
      ...sorted(untouchedObjects(stored, managed, dataSource)),
      ...indexes.flatMap(({ untouched }) => untouched),
    ],
    ownTables: ownTables(dataSource),
    typeormMetadata: typeormMetadataOf(dataSource),
    warnings: [
      ...tables.warnings,
      ...enums.warnings,
      ...views.warnings,
      ...indexes.flatMap(({ warnings }) => warnings),
    ],
    naming: namingOf(dataSource),
    origins: originsOf(managed, dataSource),
    formerNames: formerNames(managed, dataSource, dropped),
  };
}

/** What is not declared `synchronize: false`. */
function managedOf(
  stored: readonly EntityMetadata[],
  dropped: DroppedOptionsByTarget,
): readonly EntityMetadata[] {
  const junctions = unsynchronizedJunctions(stored, dropped);
  return stored.filter((metadata) => metadata.synchronize && !junctions.has(metadata));
}

function isView({ tableType }: EntityMetadata): boolean {
  return tableType === "view";
}

/** A column that lost against another entity's may have been the only one of its enum type. */
function isUsedIn(tables: readonly Table[]): (enumType: EnumType) => boolean {
  const types = tables.flatMap(({ columns }) => columns.map(({ type }) => type.enumName));
  const used = new Set(types.flatMap((name) => (name === undefined ? [] : [keyOf(name)])));
  return (enumType) => used.has(keyOf(enumType));
}

/** A table that is left alone by one entity ("light" entities are) and managed by another is managed. */
function untouchedObjects(
  stored: readonly EntityMetadata[],
  managed: readonly EntityMetadata[],
  dataSource: DataSource,
): readonly ObjectReference[] {
  if (managed.length === stored.length) return [];
  const nameOf = (metadata: EntityMetadata): QualifiedName => tableNameOf(metadata, dataSource);
  const names = new Set(managed.map((metadata) => keyOf(nameOf(metadata))));
  const references = stored
    .filter((metadata) => !names.has(keyOf(nameOf(metadata))))
    .map((metadata) => ({ kind: isView(metadata) ? "view" : "table", ...nameOf(metadata) }) as const);
  return [...new Map(references.map((reference) => [keyOf(reference), reference])).values()];
}

function ownTables(dataSource: DataSource): readonly QualifiedName[] {
  const { cache, migrationsTableName } = dataSource.options;
  const cacheTable = typeof cache === "object" ? cache.tableName : undefined;
  return [
    ownTableName(migrationsTableName ?? "migrations", dataSource),
    typeormMetadataOf(dataSource),
    ownTableName(
      cacheTable === undefined || cacheTable === "" ? "query-result-cache" : cacheTable,
      dataSource,
    ),
  ];
}

function namespacesOf(objects: readonly QualifiedName[]): readonly string[] {
  return [...new Set(objects.flatMap(({ schema }) => schema ?? []))].toSorted();
}

function sorted<T extends QualifiedName>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
