/** Where Limbeck's own tables are, where nobody says it. */
import type { DataSource } from "typeorm";
import type { Dialect, Queryable } from "../dialects/dialect";
import { ownTableName } from "../metadata/name";
import type { QualifiedName } from "../model/schema";
import type { RevisionMap } from "../revisions/revision-map";
import type { Operation } from "../operations/operation";
import { readHistory, readVersions } from "./version-table";
import type { VersionTables } from "./version-table";

/** The connection, and what is to be found by it. */
export interface VersionPlace {
  readonly dialect: Dialect;
  /** Absent in a script. */
  readonly db: Queryable | undefined;
  readonly version: string;
  readonly history: string;
  readonly revisions: () => Promise<RevisionMap>;
}

/**
 * The schema of the data source's options, where TypeORM keeps its own tables too; nothing where that is where the
 * connection looks. A database that has its version table where the connection looks, and none in that schema, goes on
 * with it, if it has ever been at a revision of this project: others may share the database.
 */
export async function versionSchema(
  dataSource: DataSource,
  { dialect, db, version, history, revisions }: VersionPlace,
): Promise<string | undefined> {
  const { schema } = ownTableName(version, dataSource);
  if (schema === undefined || !dialect.hasTable || !db) return schema;
  const has = async (name: QualifiedName) => (await dialect.hasTable?.(db, name)) === true;
  if (await has({ schema, name: version })) return schema;
  if (!(await has({ name: version }))) return schema;
  const past = (await has({ name: history })) ? await readHistory(dialect, db, { name: history }) : [];
  const seen = [
    ...(await readVersions(dialect, db, { name: version })),
    ...past.map(({ revision }) => revision),
  ];
  const map = await revisions();
  return seen.some((id) => map.byId.has(id)) ? undefined : schema;
}

/** The schema that holds Limbeck's own tables was made with them, and stays with them when a revision drops it. */
export function besideOwnTables(
  operation: Operation,
  { version: { schema } }: VersionTables,
  dialect: Dialect,
): Operation {
  if (!dialect.ensureSchema || schema === undefined) return operation;
  if (operation.kind === "createSchema" && operation.name === schema) {
    return { ...operation, ifNotExists: true };
  }
  const isDropped = operation.kind === "dropSchema" && operation.name === schema && !operation.cascade;
  return isDropped ? { kind: "execute", sql: "" } : operation;
}
