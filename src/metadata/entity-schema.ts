/**
 * What an EntitySchema says and TypeORM drops on the way to its metadata (`EntitySchemaTransformer`, both lines):
 * comment and engine of a table, `dependsOn` and `materialized` of a view. Read from the data source's own list; an
 * EntitySchema that is found by a glob is out of reach.
 */
import type { DataSource, EntityMetadata } from "typeorm";

/** The options that never reach the metadata. */
export interface DroppedOptions {
  readonly comment?: string;
  readonly engine?: string;
  readonly materialized?: boolean;
  readonly dependsOn?: Iterable<unknown>;
}

interface EntitySchemaLike {
  readonly options: DroppedOptions & { readonly target?: unknown; readonly name?: string };
}

/** The options of the EntitySchema behind an entity; nothing for an entity of decorators. */
export function droppedOptionsOf(metadata: EntityMetadata, { options }: DataSource): DroppedOptions {
  const listed: readonly unknown[] = Object.values(options.entities ?? []);
  return listed.filter(isEntitySchema).find((schema) => isTarget(schema, metadata))?.options ?? {};
}

/** The class or name by which metadata knows what was given as a class, a name or an EntitySchema. */
export function targetOf(entity: unknown): unknown {
  return isEntitySchema(entity) ? (entity.options.target ?? entity.options.name) : entity;
}

/** TypeORM's own mark, because the user's copy of the class is not ours (`InstanceChecker`). */
function isEntitySchema(value: unknown): value is EntitySchemaLike {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Readonly<Record<string, unknown>>)["@instanceof"] === Symbol.for("EntitySchema")
  );
}

function isTarget(schema: EntitySchemaLike, metadata: EntityMetadata): boolean {
  return targetOf(schema) === metadata.tableMetadataArgs.target;
}
