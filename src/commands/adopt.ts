/**
 * `init --from-typeorm`: takes over a database that TypeORM made. Its migration classes become the first revisions of the
 * graph and stay what they are; where there are none, one revision makes the schema as it is. The database is not
 * changed: it is only said, in the version table, what has been applied to it.
 */
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { dirname, relative } from "node:path";
import { resolveConfig } from "../config/resolve";
import { upwards } from "../config/find";
import { diff } from "../diff/diff";
import { LimbeckError } from "../errors";
import { migrationClasses } from "../loader/migrations";
import type { MigrationClass } from "../loader/migrations";
import { ownTableName } from "../metadata/name";
import { displayName } from "../model/names";
import { emptySchema, findTable } from "../model/schema";
import type { QualifiedName, Schema } from "../model/schema";
import { invertAll } from "../operations/invert";
import type { Operation } from "../operations/operation";
import { nameToSpec } from "../operations/to-spec";
import { renderValue } from "../render/literal";
import type { AnnotatedOperation, FileFormat } from "../render/migration";
import type { MigrationContext } from "../runtime/context";
import { Environment } from "../runtime/environment";
import type { Reporter } from "../runtime/reporter";
import { batched } from "./batches";
import { steeredSides } from "./steer";
import { inspected, ownObjects, readTarget } from "./compare";
import { place, specifier } from "./init";
import type { InitOptions, InitResult } from "./init";
import { newRevision, writeRevision } from "./new-revision";
import { writeRows } from "./stamp";

/** How a database that TypeORM made is taken over. */
export interface AdoptOptions extends InitOptions {
  readonly reporter: Reporter;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One revision of the schema as it is, also where there are migration classes. */
  readonly baseline?: boolean;
  /** The revision files go on writing TypeORM's own table, so that its command line agrees with what ran. */
  readonly keepMigrationsTable?: boolean;
}

/** What was written, and where the database stands now. */
export interface AdoptResult extends InitResult {
  /** The revisions that were written, in their order. */
  readonly revisions: readonly string[];
  /** What the database is at now; nothing where no migration has been applied yet. */
  readonly stamped: readonly string[];
  /** Migrations of TypeORM that wait, to be run by `upgrade`. */
  readonly pending: readonly string[];
}

/**
 * Does what `init` does, writes the first revisions and stamps the database. All or nothing.
 *
 * Throws what `init` and loading the data source throw; DATABASE_BEHIND where migrations wait that must be run by TypeORM
 * first; UNKNOWN_VERSION_ROW where TypeORM's table names a migration that is in no file.
 */
export async function adopt(options: AdoptOptions): Promise<AdoptResult> {
  const placed = place(options);
  const written: string[] = [];
  try {
    if (!existsSync(placed.dataSource)) throw noDataSource(placed.dataSource);
    const { cwd, env, reporter, now } = options;
    const config = await resolveConfig({ cwd, env, configFile: placed.config });
    const environment = new Environment({ config, reporter, now, write: () => undefined });
    const found = await look(environment);
    const plan =
      options.baseline === true || found.classes.length === 0
        ? { ...planBaseline(found), write: () => writeBaseline(environment, found) }
        : { ...planClasses(found), write: () => writeClasses(environment, found, options) };
    const revisions: string[] = [];
    for await (const { id, file } of plan.write()) {
      written.push(file);
      revisions.push(id);
    }
    const stamped = revisions.slice(0, plan.applied(revisions)).slice(-1);
    if (stamped.length > 0) await stampRows(environment, stamped);
    const created = [...placed.result.created, ...written];
    const { changed } = placed.result;
    return {
      created,
      changed,
      revisions,
      stamped,
      pending: plan.pending,
      next: nextOf(plan.pending, stamped),
    };
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    placed.undo();
    throw error;
  }
}

/** What was found in the project and in its database. */
interface Found {
  readonly classes: readonly MigrationClass[];
  /** The names in TypeORM's table. */
  readonly rows: readonly string[];
  readonly migrationsTable: QualifiedName;
  /** The tables and so on of the database, without those that TypeORM and Limbeck keep for themselves. */
  readonly schema: Schema;
  /** What makes them from nothing. */
  readonly operations: readonly Operation[];
}

async function look(environment: Environment): Promise<Found> {
  const { config } = environment;
  const dataSource = await environment.dataSource();
  const classes = await migrationClasses(dataSource, config);
  const found: Found[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const heads = await context.heads();
    if (heads.length > 0) throw adoptedBefore(heads, context);
    // The schema of the connection is known only now.
    const migrationsTable = ownTableName(dataSource.options.migrationsTableName ?? "migrations", dataSource);
    const { schema, rows } = await readDatabase(environment, context, migrationsTable);
    found.push({ classes, rows, migrationsTable, schema, operations: making(schema, environment, context) });
  });
  const [first] = found;
  if (first) return first;
  throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
}

async function readDatabase(
  environment: Environment,
  context: MigrationContext,
  migrationsTable: QualifiedName,
) {
  const { dialect, db } = context;
  const target = await readTarget(environment, context);
  const all = await inspected(context, target.schema);
  const { live: schema } = await steeredSides(environment, context, {
    own: ownObjects(context, target),
    target: target.schema,
    live: all,
    isSimulated: false,
  });
  if (!findTable(all, migrationsTable)) return { schema, rows: [] };
  const rows = await db.query<{ readonly name: string }>(
    `SELECT ${dialect.quote("name")} FROM ${dialect.quoteName(migrationsTable)} ORDER BY ${dialect.quote("timestamp")}`,
  );
  return { schema, rows: rows.map(({ name }) => name) };
}

function making(schema: Schema, { config, registry }: Environment, { dialect }: MigrationContext) {
  const operations = diff(emptySchema, schema, {
    forwardReferences: dialect.traits.forwardReferences,
    registry,
    names: config.names,
  });
  const arranged = dialect.arrange?.(operations, emptySchema) ?? operations;
  return batched(arranged.map(whereMissing), emptySchema, dialect, registry, config.renderAsBatch);
}

/** TypeORM creates the extensions that it needs when it connects, so that a new database may have them already. */
function whereMissing(operation: Operation): Operation {
  return operation.kind === "createExtension" ? { ...operation, ifNotExists: true } : operation;
}

/** How much of what is written has been applied already, and what waits. */
interface Planned {
  readonly applied: (revisions: readonly string[]) => number;
  readonly pending: readonly string[];
}

function planBaseline({ classes, rows, operations }: Found): Planned {
  const pending = classes.filter(({ name }) => !rows.includes(name)).map(({ name }) => name);
  if (pending.length > 0) {
    throw new LimbeckError(
      "DATABASE_BEHIND",
      `${counted(pending.length)} of TypeORM wait to be run (${some(pending)}), and a baseline would leave them out`,
      {
        hint: "run `typeorm migration:run` first; or leave --baseline out, to keep the classes",
        data: pending,
      },
    );
  }
  if (operations.length > 0) return { applied: (revisions) => revisions.length, pending };
  throw new LimbeckError("USAGE", "the database is empty: there is nothing to take over", {
    hint: 'run `limbeck init`, then `limbeck revision --autogenerate -m "first"`',
  });
}

/** The classes are a line, so that those that were applied must be its beginning. */
function planClasses({ classes, rows, schema, migrationsTable }: Found): Planned {
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
  if (late.length > 0) {
    throw new LimbeckError(
      "DATABASE_BEHIND",
      `${some(late)} waits to be run although migrations that come after it have been applied`,
      { hint: "run `typeorm migration:run` first, or take the file away", data: late },
    );
  }
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
  return { applied: () => rows.length, pending };
}

interface Written {
  readonly id: string;
  readonly file: string;
}

async function* writeBaseline(environment: Environment, { operations }: Found): AsyncGenerator<Written> {
  const { registry } = environment;
  const planned = newRevision(await environment.revisions(), environment, [], { message: "baseline" });
  const annotated = (operation: Operation): AnnotatedOperation => ({ operation, comments: [] });
  const content = {
    upgrade: operations.map(annotated),
    downgrade: invertAll(operations, registry).map(annotated),
    detected: [],
  };
  yield { id: planned.revision.id, file: await writeRevision(environment, planned, content, {}) };
}

async function* writeClasses(
  environment: Environment,
  { classes, migrationsTable }: Found,
  { cwd, keepMigrationsTable = false }: AdoptOptions,
): AsyncGenerator<Written> {
  const home = upwards(cwd).find((folder) => existsSync(`${folder}/package.json`)) ?? cwd;
  const [folder = cwd] = environment.directory.locations;
  const options = keepMigrationsTable ? [renderValue({ migrationsTable: nameToSpec(migrationsTable) })] : [];
  let parents: readonly string[] = [];
  for (const migration of classes) {
    const { name, timestamp, transaction } = migration;
    const local = localName(migration);
    const call = (direction: string): AnnotatedOperation => ({
      operation: `await op.typeormMigration(${[`new ${local}()`, renderValue(direction), ...options].join(", ")});`,
      comments: [],
    });
    const id = idOf(name);
    const revision = { id, parents, labels: [], dependsOn: [], message: name };
    const content = {
      upgrade: [call("up")],
      downgrade: [call("down")],
      detected: [],
      createDate: new Date(timestamp),
      ...(transaction === undefined ? {} : { transaction }),
      importsAt: (file: string, format: FileFormat) => [importOf(migration, dirname(file), format, home)],
    };
    yield { id, file: await writeRevision(environment, { revision, folder }, content, {}) };
    parents = [id];
  }
}

/** The same on every machine, so that two who adopt one project write the same files. */
function idOf(name: string): string {
  return createHash("sha1").update(name).digest("hex").slice(0, 12);
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

async function stampRows(environment: Environment, after: readonly string[]): Promise<void> {
  const map = await environment.revisions();
  await environment.run({}, async (context) => {
    await writeRows(environment, context, map, { before: [], after });
  });
}

function nextOf(pending: readonly string[], stamped: readonly string[]): string {
  if (pending.length > 0) return `${counted(pending.length)} of TypeORM wait: run \`limbeck upgrade\``;
  const compare = "run `limbeck check`: it tells what differs between the entities and the database";
  return stamped.length > 0 ? compare : "run `limbeck upgrade`";
}

function noDataSource(file: string): LimbeckError {
  return new LimbeckError("USAGE", `there is no data source at ${file}`, {
    hint: "say where it is, with -d src/database.ts, or -t nestjs where a NestJS application makes it; nothing was written",
  });
}

function adoptedBefore(heads: readonly string[], { parts }: MigrationContext): LimbeckError {
  return new LimbeckError(
    "USAGE",
    `this database has been taken over already: its table ${displayName(parts.tables.version)} says ${heads.join(", ")}`,
    { hint: "fetch the revision files from where that was done; nothing was written", data: heads },
  );
}

function counted(count: number): string {
  return count === 1 ? "1 migration" : `${count} migrations`;
}

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
