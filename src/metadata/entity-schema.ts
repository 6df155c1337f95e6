/**
 * What an EntitySchema says and TypeORM drops on the way to its metadata (`EntitySchemaTransformer`, both lines):
 * comment and engine of a table, `dependsOn` and `materialized` of a view. Read from the data source's own list; an
 * EntitySchema that is found by a glob is out of reach.
 */
import type { DataSource } from "typeorm";

/** The options that never reach the metadata. */
interface DroppedOptions {
  readonly comment?: string;
  readonly engine?: string;
  readonly materialized?: boolean;
  readonly dependsOn?: Iterable<unknown>;
}

interface EntitySchemaLike {
  readonly options: DroppedOptions & { readonly target?: unknown; readonly name?: string };
}

/** Those options by the class or name that TypeORM's metadata knows the entity by (`tableMetadataArgs.target`). */
export type DroppedOptionsByTarget = ReadonlyMap<unknown, DroppedOptions>;

/** What every EntitySchema of a data source says; nothing for entities of decorators. */
export function droppedOptionsOf({ options }: DataSource): DroppedOptionsByTarget {
  const listed: readonly unknown[] = Object.values(options.entities ?? []);
  return new Map(listed.filter(isEntitySchema).map((schema) => [targetOf(schema), schema.options]));
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
