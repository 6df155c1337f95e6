/** One entity's table. */
import type { DataSource, EntityMetadata } from "typeorm";
import { compact } from "../model/equal";
import type { EnumType, TableOptions } from "../model/schema";
import { enumTypeOf, readColumn } from "./column";
import { readConstraints } from "./constraint";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { readIndexes } from "./indexes";
import type { Claim, EntityTable } from "./merge";
import { tableNameOf } from "./name";

/** The table of an entity, with whom to name where another entity wants it differently. */
export function readTable(
  metadata: EntityMetadata,
  dataSource: DataSource,
  droppedOptions: DroppedOptionsByTarget,
): EntityTable {
  const name = tableNameOf(metadata, dataSource);
  const dropped = droppedOptions.get(metadata.tableMetadataArgs.target);
  const options = compact<TableOptions>({
    engine: metadata.engine ?? dropped?.engine,
    withoutRowid: metadata.withoutRowid ? true : undefined,
  });
  const claim = <T>(item: T): Claim<T> => ({ owner: metadata.name, item });
  return compact<EntityTable>({
    name,
    entity: metadata.name,
    isGenerated: metadata.isJunction,
    columns: storedColumns(metadata).map((column) => ({
      owner: `${metadata.name}.${column.propertyPath}`,
      item: readColumn(column, name, dataSource, droppedOptions),
    })),
    constraints: readConstraints(metadata, dataSource).map(claim),
    indexes: readIndexes(metadata, dataSource, droppedOptions).map(claim),
    comment: metadata.comment ?? dropped?.comment,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}

/** The named enum types that the columns of an entity need. */
export function enumTypesOf(metadata: EntityMetadata, dataSource: DataSource): readonly Claim<EnumType>[] {
  const columns = storedColumns(metadata).filter(
    (column) => column.enum !== undefined || column.enumName !== undefined,
  );
  if (columns.length === 0) return [];
  const name = tableNameOf(metadata, dataSource);
  return columns.flatMap((column) => {
    const item = enumTypeOf(column, name, dataSource);
    return item ? [{ owner: `${metadata.name}.${column.propertyPath}`, item }] : [];
  });
}

/** A `@VirtualColumn` is a query, not a column. */
function storedColumns(metadata: EntityMetadata): EntityMetadata["columns"] {
  return metadata.columns.filter((column) => !column.isVirtualProperty);
}
