/** The extensions of PostgreSQL that the entities need. */
import type { DataSource } from "typeorm";
import type { Extension } from "../model/schema";
import { familyOf } from "./typeorm";

/** The extension that brings a type, by the type's name (`PostgresDriver.enableExtensions`). */
const EXTENSION_OF: Readonly<Record<string, string>> = {
  citext: "citext",
  hstore: "hstore",
  cube: "cube",
  ltree: "ltree",
  geometry: "postgis",
  geography: "postgis",
  vector: "vector",
  halfvec: "vector",
};

/**
 * All that TypeORM installs while it connects, by name (`PostgresDriver.afterConnect`): its migrations rely on the one for
 * uuids, too.
 */
export function allExtensionsOf(dataSource: DataSource): readonly string[] {
  if (familyOf(dataSource) !== "postgres") return [];
  const { installExtensions = true, uuidExtension = "uuid-ossp" } = dataSource.options as {
    readonly installExtensions?: boolean;
    readonly uuidExtension?: string;
  };
  if (!installExtensions) return [];
  const hasUuids = dataSource.entityMetadatas.some(({ generatedColumns }) =>
    generatedColumns.some(({ generationStrategy }) => generationStrategy === "uuid"),
  );
  const names = extensionsOf(dataSource).map(({ name }) => name);
  return [...new Set([...(hasUuids ? [uuidExtension] : []), ...names])].toSorted();
}

/**
 * Those that TypeORM would install while it connects, which Limbeck keeps it from: a revision does. The one for uuids is
 * not among them, because PostgreSQL has made them by itself since version 13.
 */
export function extensionsOf(dataSource: DataSource): readonly Extension[] {
  if (familyOf(dataSource) !== "postgres") return [];
  const { extensions = [] } = dataSource.options as { readonly extensions?: readonly string[] };
  const managed = dataSource.entityMetadatas.filter(({ synchronize }) => synchronize);
  const types = new Set(managed.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const names = new Set([
    ...extensions,
    ...[...types].flatMap((type) => (typeof type === "string" ? (EXTENSION_OF[type] ?? []) : [])),
    ...(managed.some(({ exclusions }) => exclusions.length > 0) ? ["btree_gist"] : []),
  ]);
  return [...names].toSorted().map((name) => ({ name }));
}
