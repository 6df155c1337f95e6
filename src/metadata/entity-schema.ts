/**
 * What an EntitySchema says and TypeORM drops on the way to its metadata (`EntitySchemaTransformer`, both lines): comment
 * and engine of a table, `dependsOn` and `materialized` of a view, the `type` of an index, the `generatedIdentity` of a
 * column, the `synchronize` of a join table. Read from the options themselves.
 */
import type { DataSource, EntityMetadata } from "typeorm";
import type { ColumnMetadata, IndexMetadata } from "./typeorm";

/** The options that never reach the metadata. */
interface DroppedOptions {
  readonly comment?: string;
  readonly engine?: string;
  readonly materialized?: boolean;
  readonly dependsOn?: Iterable<unknown>;
  readonly columns?: Readonly<Record<string, { readonly generatedIdentity?: string } | undefined>>;
  readonly indices?: readonly {
    readonly columns?: unknown;
    readonly name?: string;
    readonly type?: string;
  }[];
  readonly relations?: Readonly<Record<string, { readonly joinTable?: unknown } | undefined>>;
  readonly embeddeds?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

interface EntitySchemaLike {
  readonly options: DroppedOptions & { readonly target?: unknown; readonly name?: string };
}

/** Those options by the class or name that TypeORM's metadata knows the entity by (`tableMetadataArgs.target`). */
export type DroppedOptionsByTarget = ReadonlyMap<unknown, DroppedOptions>;

/** What every EntitySchema of a data source says, listed or found behind its globs; nothing for entities of decorators. */
export function droppedOptionsOf({ options }: DataSource, found: readonly unknown[]): DroppedOptionsByTarget {
  const listed: readonly unknown[] = Object.values(options.entities ?? []);
  const schemas = [...listed, ...found].filter(isEntitySchema).flatMap(withEmbedded);
  return new Map(schemas.map((schema) => [targetOf(schema), schema.options]));
}

/** The class or name by which metadata knows what was given as a class, a name or an EntitySchema. */
export function targetOf(entity: unknown): unknown {
  return isEntitySchema(entity) ? (entity.options.target ?? entity.options.name) : entity;
}

/** Whether an identity column takes no values but its own. */
export function identityOf(column: ColumnMetadata, dropped: DroppedOptionsByTarget): string | undefined {
  const said: string | undefined = column.generatedIdentity;
  return said ?? dropped.get(column.target)?.columns?.[column.propertyName]?.generatedIdentity;
}

/** The access method of an index, which metadata has since TypeORM 1.0. */
export function indexTypeOf(index: IndexMetadata, dropped: DroppedOptionsByTarget): string | undefined {
  const said: string | undefined = index.type;
  if (said !== undefined) return said;
  const indices = dropped.get(index.target)?.indices ?? [];
  // TypeORM passes the list of columns on as it is.
  return indices.find(({ name, columns }) => name === index.givenName && columns === index.givenColumnNames)
    ?.type;
}

/** The junction tables whose relations say `synchronize: false`. */
export function unsynchronizedJunctions(
  metadatas: readonly EntityMetadata[],
  dropped: DroppedOptionsByTarget,
): ReadonlySet<EntityMetadata> {
  const junctions = metadatas.flatMap(({ ownRelations }) =>
    ownRelations.flatMap(({ target, propertyName, isOwning, junctionEntityMetadata }) => {
      const joinTable = dropped.get(target)?.relations?.[propertyName]?.joinTable;
      const isLeftAlone =
        (joinTable as { readonly synchronize?: boolean } | undefined)?.synchronize === false;
      return isOwning && isLeftAlone && junctionEntityMetadata ? [junctionEntityMetadata] : [];
    }),
  );
  return new Set(junctions);
}

/** TypeORM's own mark, because the user's copy of the class is not ours (`InstanceChecker`). */
function isEntitySchema(value: unknown): value is EntitySchemaLike {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Readonly<Record<string, unknown>>)["@instanceof"] === Symbol.for("EntitySchema")
  );
}

function withEmbedded(schema: EntitySchemaLike): readonly EntitySchemaLike[] {
  const embedded = Object.values(schema.options.embeddeds ?? {}).map((one) => one.schema);
  return [schema, ...embedded.filter(isEntitySchema).flatMap(withEmbedded)];
}
