import type { DataSource, EntityMetadata } from "typeorm";
import { compact } from "../model/equal";
import type { QualifiedName, View } from "../model/schema";
import { readIndex, tableNameOf } from "./table";

/** A view entity. A query builder gives its SQL without a connection. */
export function readView(metadata: EntityMetadata, dataSource: DataSource): View {
  const { expression } = metadata;
  const sql = typeof expression === "function" ? expression(dataSource).getQuery() : (expression ?? "");
  const { materialized } = metadata.tableMetadataArgs;
  const indexes = metadata.indices.filter(({ synchronize }) => synchronize).map(readIndex);
  const dependsOn = dependenciesOf(metadata, dataSource);
  return compact<View>({
    ...tableNameOf(metadata, dataSource),
    sql: sql.trim(),
    materialized: materialized ? true : undefined,
    indexes: materialized && indexes.length > 0 ? indexes : undefined,
    dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
  } as View);
}

/** The tables behind `dependsOn`, which names entities by class or by name. */
function dependenciesOf(metadata: EntityMetadata, dataSource: DataSource): readonly QualifiedName[] {
  return [...(metadata.dependsOn ?? [])].flatMap((entity) => {
    const found = dataSource.entityMetadatas.find(({ target, name }) => target === entity || name === entity);
    return found ? [tableNameOf(found, dataSource)] : [];
  });
}
