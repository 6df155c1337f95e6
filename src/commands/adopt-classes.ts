/** TypeORM's migration classes as revisions: what of them has been applied, and the files that run them. */
import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { upwards } from "../config/find";
import { LimbeckError } from "../errors";
import type { MigrationClass } from "../loader/migrations";
import type { Installed } from "../metadata/installed";
import { displayName } from "../model/names";
import type { QualifiedName, Schema } from "../model/schema";
import type { Operation } from "../operations/operation";
import { nameToSpec } from "../operations/to-spec";
import { renderValue } from "../render/literal";
import type { AnnotatedOperation, FileFormat } from "../render/migration";
import { sameRows } from "../revisions/revision";
import type { RevisionMap } from "../revisions/revision-map";
import type { Environment } from "../runtime/environment";
import { adoptedId } from "./adopted";
import { specifier } from "./init";
import { writeRevision } from "./new-revision";

/** What was found in the project and in its database. */
export interface Found {
  readonly classes: readonly MigrationClass[];
  /** The names in TypeORM's table. */
  readonly rows: readonly string[];
  /** The rows of Limbeck's own table. */
  readonly heads: readonly string[];
  readonly migrationsTable: QualifiedName;
  /** The tables and so on of the database, without those that TypeORM and Limbeck keep for themselves. */
  readonly schema: Schema;
  /** What TypeORM itself puts there; extensions only as far as the database has them, once migrations have run. */
  readonly installed: Installed;
  /** What makes them from nothing. */
  readonly operations: readonly Operation[];
}

/** How much of what is written has been applied already, and what waits. */
export interface Planned {
  readonly applied: number;
  readonly pending: readonly string[];
}

/** The classes are a line, so that those that were applied must be its beginning. */
export function planClasses({ classes, rows, schema, migrationsTable }: Found): Planned {
  const names = classes.map(({ name }) => name);
  const table = displayName(migrationsTable);
  const unknown = rows.filter((row) => !names.includes(row));
  if (unknown.length > 0) {
    throw new LimbeckError(
      "UNKNOWN_VERSION_ROW",
      `the table ${table} says that ${some(unknown)} has been applied, which is no migration class of the data source`,
      {
        hint: "bring the files back, or say --baseline to adopt the database as it is without them",
        data: unknown,
      },
    );
  }
  const pending = names.filter((name) => !rows.includes(name));
  const late = pending.filter((name) => names.indexOf(name) < rows.length);
  if (late.length > 0) throw leftOut(late);
  const tables = schema.tables.map(displayName);
  if (rows.length === 0 && tables.length > 0) {
    throw new LimbeckError(
      "DATABASE_BEHIND",
      `the database has tables (${some(tables)}), and by its table ${table} no migration has been applied to it`,
      {
        hint: "say --baseline to adopt the database as it is; or check `migrationsTableName` of the data source",
      },
    );
  }
  return { applied: rows.length, pending };
}

/**
 * Classes that were added since go on top. What TypeORM has run of them meanwhile is stamped, which needs a database that
 * has all that is before.
 */
export function planMore({ classes, rows, heads }: Found, map: RevisionMap): Planned {
  if (map.heads.length > 1) {
    throw new LimbeckError("MULTIPLE_HEADS", `there are ${map.heads.length} heads: ${map.heads.join(", ")}`, {
      hint: "merge them first with `limbeck merge heads`: the classes go on top of one",
      data: map.heads,
    });
  }
  const names = classes.map(({ name }) => name);
  const pending = names.filter((name) => !rows.includes(name));
  const applied = names.length - pending.length;
  const late = pending.filter((name) => names.indexOf(name) < applied);
  if (late.length > 0) throw leftOut(late);
  if (applied > 0 && !sameRows(heads, map.heads)) {
    throw new LimbeckError(
      "DATABASE_BEHIND",
      `TypeORM has run ${some(names.slice(0, applied))} on a database that is at ${heads.join(", ") || "base"}, behind ${map.heads.join(", ")}`,
      { hint: "run `limbeck upgrade` first", data: heads },
    );
  }
  return { applied, pending };
}

function leftOut(late: readonly string[]): LimbeckError {
  return new LimbeckError(
    "DATABASE_BEHIND",
    `${some(late)} waits to be run although migrations that come after it have been applied`,
    { hint: "run `typeorm migration:run` first, or take the file away", data: late },
  );
}

/** A revision file that was written. */
export interface Written {
  readonly id: string;
  readonly file: string;
}

/** How the files are written. */
export interface ClassOptions {
  readonly cwd: string;
  readonly keepMigrationsTable?: boolean;
}

/** Writes a revision for each class, in TypeORM's order, on top of some revisions. */
export async function* writeClasses(
  environment: Environment,
  { classes, migrationsTable, installed }: Found,
  { cwd, keepMigrationsTable = false }: ClassOptions,
  onTopOf: readonly string[] = [],
): AsyncGenerator<Written> {
  const home = upwards(cwd).find((folder) => existsSync(`${folder}/package.json`)) ?? cwd;
  const [folder = cwd] = environment.directory.locations;
  const kept = keepMigrationsTable ? { migrationsTable: nameToSpec(migrationsTable) } : {};
  const { metadataTable } = installed;
  const remembered = metadataTable ? { metadataTable: nameToSpec(metadataTable) } : {};
  let parents = onTopOf;
  for (const [place, migration] of classes.entries()) {
    const { name, timestamp, transaction } = migration;
    const local = localName(migration);
    const call = (direction: "up" | "down", options: object): AnnotatedOperation => {
      const rest = Object.keys(options).length === 0 ? [] : [renderValue(options)];
      const values = [`new ${local}()`, renderValue(direction), ...rest].join(", ");
      return { operation: `await op.typeormMigration(${values});`, comments: [] };
    };
    const id = adoptedId(name);
    const revision = { id, parents, labels: [], dependsOn: [], message: name };
    const content = {
      upgrade: [...(place === 0 ? extensionsOf(installed) : []), call("up", { ...kept, ...remembered })],
      downgrade: [call("down", kept)],
      detected: [],
      createDate: new Date(timestamp),
      ...(transaction === undefined ? {} : { transaction }),
      importsAt: (file: string, format: FileFormat) => [importOf(migration, dirname(file), format, home)],
    };
    yield { id, file: await writeRevision(environment, { revision, folder }, content, {}) };
    parents = [id];
  }
}

/** What the classes find under TypeORM. It stays on the way down, as it does there: others may use it. */
function extensionsOf({ extensions }: Installed): readonly AnnotatedOperation[] {
  return extensions.map((name) => ({
    operation: { kind: "createExtension", extension: { name }, ifNotExists: true },
    comments: ["TypeORM does this when it connects; the classes rely on it"],
  }));
}

function localName({ exportedAs, name }: MigrationClass): string {
  const wanted = exportedAs === "default" ? name : exportedAs;
  return /^[A-Za-z_$][\w$]*$/.test(wanted) && wanted !== "Operations" ? wanted : "Migration";
}

function importOf(migration: MigrationClass, folder: string, format: FileFormat, home: string): string {
  const local = localName(migration);
  const { exportedAs, file } = migration;
  const path = relative(folder, file).replaceAll("\\", "/");
  const exact = path.startsWith(".") ? path : `./${path}`;
  const from = JSON.stringify(format === "ts" ? specifier(folder, file, home) : exact);
  const isRenamed = exportedAs !== local;
  if (format === "cjs") {
    return `const { ${isRenamed ? `${exportedAs}: ${local}` : local} } = require(${from});`;
  }
  if (exportedAs === "default") return `import ${local} from ${from};`;
  return `import { ${isRenamed ? `${exportedAs} as ${local}` : local} } from ${from};`;
}

/** Some names, for a sentence. */
export function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
