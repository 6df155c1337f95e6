/** Where the names in the entities come from: what renames are told by, and what speaks for one. */
import type { DataSource, EntityMetadata } from "typeorm";
import { keyOf, parseName, sameName } from "../model/names";
import type { QualifiedName } from "../model/schema";
import { formerNamesOf } from "../model/renamed-from";
import type { FormerNames } from "../model/renamed-from";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { tableNameOf } from "./name";
import type { ColumnMetadata } from "./typeorm";

/** The names that entities and properties would give by themselves. A name that was one of these may still be meant. */
export interface Origins {
  ofTable(table: QualifiedName): readonly string[];
  ofColumn(table: QualifiedName, column: string): readonly string[];
}

/** An old name that an entity tells of its table, or of a column. */
export interface FormerName {
  readonly table: QualifiedName;
  /** The column as it is called now; absent where the table is meant. */
  readonly column?: string;
  /** The old name of the column, or of the table with its schema. */
  readonly from: QualifiedName;
  /** Who tells it: `Customer`, `Customer.fullName`. */
  readonly place: string;
}

/** Answers from metadata; nothing is computed before it is asked for. */
export function originsOf(metadatas: readonly EntityMetadata[], dataSource: DataSource): Origins {
  const { namingStrategy } = dataSource;
  let byTable: ReadonlyMap<string, readonly EntityMetadata[]> | undefined;
  const entitiesOf = (table: QualifiedName): readonly EntityMetadata[] => {
    byTable ??= groupedByTable(metadatas, dataSource);
    return byTable.get(keyOf(table)) ?? [];
  };
  return {
    ofTable: (table) => entitiesOf(table).map(({ name }) => namingStrategy.tableName(name, undefined)),
    ofColumn: (table, column) =>
      entitiesOf(table)
        .flatMap((metadata) => metadata.columns.filter(({ databaseName }) => databaseName === column))
        .flatMap((found) => [found.propertyName, ownName(found, undefined, dataSource)]),
  };
}

function groupedByTable(
  metadatas: readonly EntityMetadata[],
  dataSource: DataSource,
): ReadonlyMap<string, readonly EntityMetadata[]> {
  const groups = new Map<string, EntityMetadata[]>();
  for (const metadata of metadatas) {
    const key = keyOf(tableNameOf(metadata, dataSource));
    const group = groups.get(key);
    if (group) group.push(metadata);
    else groups.set(key, [metadata]);
  }
  return groups;
}

/** All old names that the entities tell. */
export function formerNames(
  metadatas: readonly EntityMetadata[],
  dataSource: DataSource,
  dropped: DroppedOptionsByTarget,
): readonly FormerName[] {
  const known = new Map<unknown, FormerNames>();
  const toldBy = (target: unknown): FormerNames => {
    const told = known.get(target) ?? formerNamesOf(dropped.get(target) ?? target);
    known.set(target, told);
    return told;
  };
  const oldNameOf = ({ target, propertyName }: Property): string | undefined =>
    toldBy(target).columns?.[propertyName];
  return metadatas.flatMap((metadata): readonly FormerName[] => {
    const table = tableNameOf(metadata, dataSource);
    const columns = metadata.columns.flatMap((column): readonly FormerName[] => {
      const relation = joinedBy(column);
      const old = oldNameOf(column) ?? (relation && oldNameOf(relation));
      if (old === undefined || column.isVirtualProperty) return [];
      const from = { name: ownName(column, old, dataSource) };
      const place = `${metadata.name}.${column.propertyPath}`;
      return [{ table, column: column.databaseName, from, place }];
    });
    const junctions = metadata.relations.flatMap((relation): readonly FormerName[] => {
      const old = oldNameOf(relation);
      const { junctionEntityMetadata: junction } = relation;
      if (old === undefined || !relation.isManyToManyOwner || !junction) return [];
      return [ofTable(old, tableNameOf(junction, dataSource), `${metadata.name}.${relation.propertyPath}`)];
    });
    const old = toldBy(metadata.target).table;
    const own = old === undefined ? [] : [ofTable(old, table, metadata.name)];
    return [...own.filter(({ from }) => !sameName(from, table)), ...junctions, ...columns];
  });
}

/** A column or relation, by where it is declared. */
type Property = Pick<ColumnMetadata, "target" | "propertyName">;

/** The old name of a table, which was in the schema where the table is unless it says another. */
function ofTable(old: string, table: QualifiedName, place: string): FormerName {
  const named = parseName(old);
  const { schema } = table;
  return { table, from: schema === undefined ? named : { schema, ...named }, place };
}

/** The relation whose join column this is: a column may be a property of its own beside it. */
function joinedBy(column: ColumnMetadata): ColumnMetadata["relationMetadata"] {
  const { relationMetadata: relation } = column;
  return relation?.joinColumns.includes(column) && !relation.isManyToMany ? relation : undefined;
}

/** The name of a column where `given` stands in its decorator; in an embedded class, behind its prefix. */
function ownName(
  { propertyName, embeddedMetadata, relationMetadata }: ColumnMetadata,
  given: string | undefined,
  { namingStrategy }: DataSource,
): string {
  if (given !== undefined && (relationMetadata || !embeddedMetadata)) return given;
  return namingStrategy.columnName(propertyName, given, embeddedMetadata?.parentPrefixes ?? []);
}
