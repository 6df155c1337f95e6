/**
 * What entities want, as a schema. Everything comes from TypeORM's own metadata, which is built by the user's copy of
 * TypeORM; this room only reads it, on the 0.3 line as well as on 1.x.
 */
import type { DataSource, EntityMetadata } from "typeorm";
import type { ObjectReference } from "../model/filter";
import { displayName, keyOf } from "../model/names";
import type { QualifiedName, Schema, Table, View } from "../model/schema";
import { mergeTables } from "./merge";
import { enumTypesOf, readTable, tableNameOf } from "./table";
import { readView } from "./view";

/** What was read from the entities of a data source. */
export interface Target {
  readonly schema: Schema;
  /** Declared `synchronize: false`: neither created nor changed nor dropped. */
  readonly untouched: readonly ObjectReference[];
  /** Tables that TypeORM keeps for itself: migrations, typeorm_metadata, the query result cache. */
  readonly ownTables: readonly QualifiedName[];
  /** Where TypeORM keeps the text of views and generated columns. */
  readonly typeormMetadata: QualifiedName;
  /** Sentences for the user. */
  readonly warnings: readonly string[];
}

/** Reads the entities of a data source whose metadata has been built; no connection is needed. */
export function readMetadata(dataSource: DataSource): Target {
  const managed = dataSource.entityMetadatas.filter((metadata) => metadata.synchronize && !isChild(metadata));
  const tables = managed.filter((metadata) => metadata.tableType !== "view");
  const views = managed.filter((metadata) => metadata.tableType === "view");
  const merged = mergeTables(
    tables.map((metadata) => ({ entity: metadata.name, table: readTable(metadata, dataSource) })),
  );
  return {
    schema: {
      namespaces: namespacesOf(merged.tables),
      extensions: [],
      enums: uniqueBy(
        tables.flatMap((metadata) => enumTypesOf(metadata, dataSource)),
        keyOf,
      ),
      sequences: [],
      tables: sorted(merged.tables),
      views: sorted(
        uniqueBy(
          views.map((metadata): View => readView(metadata, dataSource)),
          keyOf,
        ),
      ),
      objects: [],
    },
    untouched: dataSource.entityMetadatas.flatMap((metadata) => untouchedOf(metadata, dataSource)),
    ownTables: ownTables(dataSource),
    typeormMetadata: { name: typeormMetadataName(dataSource) },
    warnings: merged.warnings,
  };
}

/** Children of single-table inheritance live in the table of their parent. */
function isChild(metadata: EntityMetadata): boolean {
  return metadata.tableType === "entity-child";
}

function untouchedOf(metadata: EntityMetadata, dataSource: DataSource): readonly ObjectReference[] {
  if (isChild(metadata)) return [];
  const name = tableNameOf(metadata, dataSource);
  if (!metadata.synchronize) return [{ kind: metadata.tableType === "view" ? "view" : "table", ...name }];
  return metadata.indices
    .filter((index) => !index.synchronize)
    .map((index): ObjectReference => ({ kind: "index", name: index.name, table: name }));
}

function ownTables(dataSource: DataSource): readonly QualifiedName[] {
  const { options } = dataSource;
  const cache = typeof options.cache === "object" ? options.cache : undefined;
  return [
    { name: options.migrationsTableName ?? "migrations" },
    { name: typeormMetadataName(dataSource) },
    { name: cache?.tableName ?? "query-result-cache" },
  ];
}

function typeormMetadataName(dataSource: DataSource): string {
  return dataSource.options.metadataTableName ?? "typeorm_metadata";
}

function namespacesOf(tables: readonly Table[]): readonly string[] {
  return [...new Set(tables.flatMap(({ schema }) => (schema === undefined ? [] : [schema])))].sort();
}

function sorted<T extends QualifiedName>(objects: readonly T[]): readonly T[] {
  return objects.toSorted((left, right) => (displayName(left) < displayName(right) ? -1 : 1));
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.toReversed().map((item) => [key(item), item])).values()].reverse();
}
