/**
 * `init --from-typeorm`: takes over a database that TypeORM made. Its migration classes become the first revisions of the
 * graph and stay what they are; where there are none, one revision makes the schema as it is. The database is not
 * changed: it is only said, in the version table, what has been applied to it.
 */
import { existsSync, rmSync } from "node:fs";
import type { DataSource } from "typeorm";
import { resolveConfig } from "../config/resolve";
import { diff } from "../diff/diff";
import { LimbeckError } from "../errors";
import { migrationClasses } from "../loader/migrations";
import type { MigrationClass } from "../loader/migrations";
import { installedByTypeorm } from "../metadata/installed";
import type { Installed } from "../metadata/installed";
import { displayName } from "../model/names";
import { emptySchema, findTable } from "../model/schema";
import type { QualifiedName, Schema } from "../model/schema";
import type { MigrationContext } from "../runtime/context";
import { Environment } from "../runtime/environment";
import type { Reporter } from "../runtime/reporter";
import { planClasses, planMore, some, writeClasses } from "./adopt-classes";
import type { Found, Planned, Written } from "./adopt-classes";
import { adoptedRevisions, appliedByTypeorm, classesLeft, migrationsTableOf } from "./adopted";
import { batched } from "./batches";
import { inspected, ownObjects, readTarget } from "./compare";
import { configPlace, place } from "./init";
import type { InitOptions, InitResult } from "./init";
import { newRevision, writeRevision } from "./new-revision";
import { writeRows } from "./stamp";
import { steeredSides } from "./steer";

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
 * Does what `init` does, writes the first revisions and stamps the database. In a project where that was done, and classes
 * were added since, it writes revisions for these. All or nothing.
 *
 * Throws what `init` and loading the data source throw; DATABASE_BEHIND where migrations wait that must be run by TypeORM
 * first; UNKNOWN_VERSION_ROW where TypeORM's table names a migration that is in no file.
 */
export async function adopt(options: AdoptOptions): Promise<AdoptResult> {
  const more = await adoptMore(options);
  if (more) return more;
  const placed = place(options);
  try {
    if (!existsSync(placed.dataSource)) throw noDataSource(placed.dataSource);
    const environment = await environmentOf(options, placed.config);
    const found = await look(environment);
    const plan =
      options.baseline === true || found.classes.length === 0
        ? { ...planBaseline(found), write: () => writeBaseline(environment, found) }
        : { ...planClasses(found), write: () => writeClasses(environment, found, options) };
    const adopted = await carryOut(environment, plan, []);
    const { created, changed } = placed.result;
    return { ...adopted, created: [...created, ...adopted.created], changed };
  } catch (error) {
    placed.undo();
    throw error;
  }
}

/** Revisions for the classes that came after the project was taken over; nothing where it was not, by its classes. */
async function adoptMore(options: AdoptOptions): Promise<AdoptResult | undefined> {
  const file = configPlace(options);
  if (!existsSync(file)) return undefined;
  const environment = await environmentOf(options, file);
  const map = await environment.revisions();
  if (adoptedRevisions(map).length === 0) return undefined;
  const classes = await classesLeft(environment, map, await environment.dataSource());
  if (classes.length === 0) {
    throw new LimbeckError("USAGE", "each migration class of the data source has its revision already", {
      hint: "there is nothing to add; `limbeck history` lists them",
    });
  }
  const found = await look(environment, classes);
  const plan = planMore(found, map);
  return await carryOut(
    environment,
    { ...plan, write: () => writeClasses(environment, found, options, map.heads) },
    found.heads,
  );
}

async function environmentOf(
  { cwd, env, reporter, now }: AdoptOptions,
  configFile: string,
): Promise<Environment> {
  const config = await resolveConfig({ cwd, env, configFile });
  return new Environment({ config, reporter, now, write: () => undefined });
}

/** Writes the files and stamps the database; takes the files away again where that fails. */
async function carryOut(
  environment: Environment,
  plan: Planned & { readonly write: () => AsyncGenerator<Written> },
  before: readonly string[],
): Promise<AdoptResult> {
  const created: string[] = [];
  const revisions: string[] = [];
  try {
    for await (const { id, file } of plan.write()) {
      created.push(file);
      revisions.push(id);
    }
    const stamped = revisions.slice(0, plan.applied).slice(-1);
    if (stamped.length > 0) await stampRows(environment, before, stamped);
    const { pending } = plan;
    return { created, changed: [], revisions, stamped, pending, next: nextOf(pending, stamped) };
  } catch (error) {
    for (const file of created) rmSync(file, { force: true });
    throw error;
  }
}

/** Looks at the classes, all of them unless said, and at the database, which must be new to Limbeck then. */
async function look(environment: Environment, some?: readonly MigrationClass[]): Promise<Found> {
  const { config } = environment;
  const dataSource = await environment.dataSource();
  const classes = some ?? (await migrationClasses(dataSource, config));
  const found: Omit<Found, "installed">[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const heads = await context.heads();
    if (heads.length > 0 && !some) throw adoptedBefore(heads, context);
    // The schema of the connection is known only now.
    const migrationsTable = migrationsTableOf(dataSource);
    const { schema, rows } = await readDatabase(environment, context, migrationsTable);
    found.push({
      classes,
      rows,
      heads,
      migrationsTable,
      schema,
      operations: making(await inTypeormWords(schema, context), environment, context),
    });
  });
  const [first] = found;
  if (first) return { ...first, installed: installedThere(dataSource, first) };
  throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
}

/**
 * What TypeORM installs by itself, asked once its options are its own again. An extension that a database of its
 * migrations has not is left out: a role without the right may have kept TypeORM from it.
 */
function installedThere(dataSource: DataSource, { rows, schema }: Omit<Found, "installed">): Installed {
  const { extensions, ...installed } = installedByTypeorm(dataSource);
  const has = new Set(schema.extensions.map(({ name }) => name));
  return { ...installed, extensions: extensions.filter((name) => rows.length === 0 || has.has(name)) };
}

/** Views with the text that TypeORM compares, so that it finds nothing to do where they are made anew. */
async function inTypeormWords(schema: Schema, { dialect, db, parts }: MigrationContext): Promise<Schema> {
  const { typeormMetadata } = parts;
  if (!dialect.remembered || !typeormMetadata) return schema;
  return await dialect.remembered(db, schema, emptySchema, typeormMetadata);
}

async function readDatabase(
  environment: Environment,
  context: MigrationContext,
  migrationsTable: QualifiedName,
) {
  const target = await readTarget(environment, context);
  const all = await inspected(context, target.schema);
  const { live: schema } = await steeredSides(environment, context, {
    own: ownObjects(context, target),
    target: target.schema,
    live: all,
    isSimulated: false,
  });
  return {
    schema,
    rows: findTable(all, migrationsTable) ? await appliedByTypeorm(context, migrationsTable) : [],
  };
}

function making(schema: Schema, { config, registry }: Environment, { dialect }: MigrationContext) {
  const operations = diff(emptySchema, schema, {
    forwardReferences: dialect.traits.forwardReferences,
    registry,
    names: config.names,
  });
  const arranged = dialect.arrange?.(operations, emptySchema) ?? operations;
  return batched(arranged, emptySchema, dialect, registry, config.renderAsBatch);
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
  if (operations.length > 0) return { applied: 1, pending };
  throw new LimbeckError("USAGE", "the database is empty: there is nothing to take over", {
    hint: 'run `limbeck init`, then `limbeck revision --autogenerate -m "first"`',
  });
}

/** Why nobody takes back by accident what was there before. */
const NO_WAY_BACK = [
  "this was in the database before Limbeck came, so there is no downgrade: it would drop every table with its rows",
  "where that is wanted, say on databases for tests, write `downgrade` here",
];

async function* writeBaseline(environment: Environment, { operations }: Found): AsyncGenerator<Written> {
  const planned = newRevision(await environment.revisions(), environment, [], { message: "baseline" });
  const upgrade = operations.map((operation, place) => ({
    operation,
    comments: place === 0 ? NO_WAY_BACK : [],
  }));
  const file = await writeRevision(environment, planned, { upgrade, detected: [] }, {});
  yield { id: planned.revision.id, file };
}

async function stampRows(
  environment: Environment,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  const map = await environment.directory.revisions();
  await environment.run({}, async (context) => {
    await writeRows(environment, context, map, { before, after });
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
