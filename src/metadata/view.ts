/** A view entity. */
import type { DataSource, EntityMetadata } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { compact } from "../model/equal";
import type { QualifiedName, View } from "../model/schema";
import { targetOf } from "./entity-schema";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { readIndexes } from "./indexes";
import { tableNameOf } from "./name";

/**
 * The view of an entity. Indexes belong to materialized views only, as in TypeORM.
 *
 * Throws METADATA_INVALID where there is no expression, or where its query builder fails.
 */
export function readView(
  metadata: EntityMetadata,
  dataSource: DataSource,
  droppedOptions: DroppedOptionsByTarget,
): View {
  const dropped = droppedOptions.get(metadata.tableMetadataArgs.target);
  const materialized = metadata.tableMetadataArgs.materialized ?? dropped?.materialized;
  const indexes = materialized ? readIndexes(metadata, dataSource, droppedOptions) : [];
  const dependsOn = dependenciesOf(metadata.dependsOn ?? dropped?.dependsOn ?? [], dataSource);
  return compact<View>({
    ...tableNameOf(metadata, dataSource),
    sql: sqlOf(metadata, dataSource),
    materialized: materialized ? true : undefined,
    indexes: indexes.length === 0 ? undefined : indexes,
    dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
  });
}

/** A query builder gives its SQL without a connection. */
function sqlOf(metadata: EntityMetadata, dataSource: DataSource): string {
  const { expression, name } = metadata;
  const sql = typeof expression === "function" ? build(expression, name, dataSource) : (expression ?? "");
  if (sql.trim() !== "") return sql.trim();
  throw new LimbeckError("METADATA_INVALID", `the view entity ${name} has no expression`, {
    hint: "give its @ViewEntity an `expression`",
  });
}

function build(
  expression: Exclude<EntityMetadata["expression"], string | undefined>,
  name: string,
  dataSource: DataSource,
): string {
  try {
    return expression(dataSource).getQuery();
  } catch (cause) {
    throw new LimbeckError(
      "METADATA_INVALID",
      `the expression of the view entity ${name} fails: ${messageOf(cause)}`,
      { cause, hint: "it is called without a connection, so it may only build a query" },
    );
  }
}

/** The tables and views behind `dependsOn`, which names entities by class, by name or by EntitySchema. */
function dependenciesOf(entities: Iterable<unknown>, dataSource: DataSource): readonly QualifiedName[] {
  return [...entities].map(targetOf).flatMap((entity) => {
    const found = dataSource.entityMetadatas.find(({ target, name }) => target === entity || name === entity);
    return found ? [tableNameOf(found, dataSource)] : [];
  });
}
