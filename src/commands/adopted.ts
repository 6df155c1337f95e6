/** The revisions that stand for migration classes of TypeORM (`init --from-typeorm`), known by their ids. */
import { createHash } from "node:crypto";
import type { DataSource } from "typeorm";
import { LimbeckError } from "../errors";
import type { MigrationClass } from "../loader/migrations";
import { ownTableName } from "../metadata/name";
import type { QualifiedName } from "../model/schema";
import type { RevisionMap } from "../revisions/revision-map";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";

/** The id of the revision for a class: the same on every machine, so that two who adopt one project write the same files. */
export function adoptedId(name: string): string {
  return createHash("sha1").update(name).digest("hex").slice(0, 12);
}

/** The revisions of classes, each after those that it needs. */
export function adoptedRevisions({ sorted }: RevisionMap): readonly string[] {
  return sorted.filter(({ id, message }) => id === adoptedId(message)).map(({ id }) => id);
}

/** The classes of the data source that no revision carries, where revisions carry others of them. */
export async function classesLeft(
  { config }: Environment,
  map: RevisionMap,
  dataSource: DataSource,
): Promise<readonly MigrationClass[]> {
  if (adoptedRevisions(map).length === 0) return [];
  const { migrationClasses } = require("../loader/migrations") as typeof import("../loader/migrations");
  const classes = await migrationClasses(dataSource, config);
  const isCarried = ({ name }: MigrationClass): boolean =>
    map.byId.has(adoptedId(name)) || map.replacedBy.has(adoptedId(name));
  return classes.some(isCarried) ? classes.filter((each) => !isCarried(each)) : [];
}

/** The table in which TypeORM says which migrations have run. */
export function migrationsTableOf(dataSource: DataSource): QualifiedName {
  return ownTableName(dataSource.options.migrationsTableName ?? "migrations", dataSource);
}

/** The names in that table, in the order of TypeORM. */
export async function appliedByTypeorm(
  { dialect, db }: MigrationContext,
  table: QualifiedName,
): Promise<readonly string[]> {
  const rows = await db.query<{ readonly name: string }>(
    `SELECT ${dialect.quote("name")} FROM ${dialect.quoteName(table)} ORDER BY ${dialect.quote("timestamp")}`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The revision that a database is at by TypeORM's own table, where Limbeck has never been there: that of the last class
 * which the table lists.
 */
export async function standingByTypeorm(
  map: RevisionMap,
  context: MigrationContext,
): Promise<string | undefined> {
  const adopted = adoptedRevisions(map);
  const { target, hasTable } = context.parts;
  if (adopted.length === 0 || !target || !hasTable || (await context.history()).length > 0) return undefined;
  const table = migrationsTableOf(target);
  if (!(await hasTable(table))) return undefined;
  const ids = new Set((await appliedByTypeorm(context, table)).map(adoptedId));
  return adopted.findLast((id) => ids.has(id));
}

/** The error of a command that would run what TypeORM has run. */
export function ranByTypeorm(id: string): LimbeckError {
  return new LimbeckError(
    "DATABASE_BEHIND",
    `TypeORM has run the migrations up to revision ${id} on this database, and Limbeck has not been told`,
    { hint: `run \`limbeck stamp ${id}\` once, then \`limbeck upgrade\``, data: [id] },
  );
}
