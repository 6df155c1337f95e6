/** The four proofs, for every fixture on every kind of database (issue: a project can go back to TypeORM on any day). */
import type { DataSource, DataSourceOptions } from "typeorm";
import { loadDialect, dialectOfDriver } from "../../src/dialects";
import type { Schema } from "../../src/model/schema";
import { fingerprint } from "../../src/model/equal";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import * as blog from "../../fixtures/entities/blog";
import * as everything from "../../fixtures/entities/everything";
import * as everythingMssql from "../../fixtures/entities/everything-mssql";
import * as everythingMysql from "../../fixtures/entities/everything-mysql";
import * as everythingPostgres from "../../fixtures/entities/everything-postgres";
import * as plainEntities from "../../fixtures/entities/plain";
import * as shop from "../../fixtures/entities/shop";
import { temporaryFolder } from "../support/sqlite";
import { connected, kinds } from "./databases";
import type { Kind, TestDatabase } from "./databases";
import { requiredColumns, rowsOf, seed } from "./rows";

type Entities = NonNullable<DataSourceOptions["entities"]>;

interface Fixture {
  readonly entities: Entities;
  readonly edited: Entities;
}

/** Types have other names on these. */
const EVERYTHING: Readonly<Record<string, Fixture>> = {
  postgres: everythingPostgres,
  mssql: everythingMssql,
  mysql: everythingMysql,
  mariadb: everythingMysql,
};
/** Three for every database, and one with everything that TypeORM has on each. */
const fixturesOf = (kind: Kind): Readonly<Record<string, Fixture>> => ({
  plain: plainEntities,
  blog,
  shop,
  everything: EVERYTHING[kind.name] ?? everything,
});
/** What all but the plain one take of a server that speaks a part of T-SQL only. */
const NEEDED = ["names", "spelling", "defaults", "statistics", "nullability", "nocheck", "copies"];
const OWN = ["limbeck_version", "limbeck_history", "limbeck_journal", "typeorm_metadata"];

const places = kinds.flatMap((kind) =>
  Object.entries(fixturesOf(kind)).flatMap(([name, fixture]) => {
    const reasons = name === "plain" ? [] : NEEDED.flatMap((need) => kind.lacks?.[need] ?? []);
    if (reasons.length === 0) return [[kind.name, name, kind, fixture] as const];
    console.warn(`not run: the ${name} on ${kind.name}, because of the server: ${reasons.join("; ")}`);
    test.skip(`on ${kind.name}, the ${name}`, () => undefined);
    return [];
  }),
);

describe.each(places)("on %s, the %s", (_kind, _fixture, kind, fixture) => {
  let place: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    place = temporaryFolder();
  });
  const made: TestDatabase[] = [];
  afterEach(async () => {
    for (const database of made.splice(0)) await database.drop();
    place.remove();
  });

  const create = async (name: string): Promise<TestDatabase> => {
    const database = await kind.create(place.folder, name);
    made.push(database);
    return database;
  };

  const project = async (
    options: DataSourceOptions,
    entities: Entities,
    written: string[] = [],
  ): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: { dataSource: { ...options, entities } },
      write: (text) => written.push(text),
    });

  test("is made by a generated revision, after which neither check nor TypeORM finds anything", async () => {
    const { options } = await create("a");
    const limbeck = await project(options, fixture.entities);
    const { file } = await limbeck.revision({ autogenerate: true, message: "first" });
    expect(file).toBeDefined();
    await limbeck.upgrade();
    expect((await limbeck.check()).differences).toEqual([]);
    const synchronized = (await create("b")).options;
    const afterItself = await typeormLog({ ...synchronized, entities: fixture.entities }, true);
    const afterUs = await typeormLog({ ...options, entities: fixture.entities }, false);
    expect(afterUs.filter((sql) => !afterItself.includes(sql))).toEqual([]);
  });

  test("leaves nothing after the way down, and is the same after the way up again", async () => {
    const { options } = await create("a");
    const limbeck = await project(options, fixture.entities);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    const first = await schemaOf(options);
    await limbeck.downgrade({ revision: "base" });
    const empty = await schemaOf(options);
    expect(empty.tables.map(({ name }) => name).filter((name) => !OWN.includes(name))).toEqual([]);
    expect(empty.views).toEqual([]);
    await connected(options, async (dataSource) => {
      if (!empty.tables.some(({ name }) => name === "typeorm_metadata")) return;
      expect(await dataSource.query("SELECT * FROM typeorm_metadata")).toEqual([]);
    });
    await limbeck.upgrade();
    expect(await schemaOf(options)).toEqual(first);
  });

  test("keeps every row through an edit of the entities, up, down and up", async () => {
    const { options } = await create("a");
    const limbeck = await project(options, fixture.entities);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    const required = await requiredColumns({ ...options, entities: fixture.edited });
    await connected({ ...options, entities: fixture.entities }, (dataSource) => seed(dataSource, required));
    const before = await connected({ ...options, entities: fixture.entities }, rowsOf);
    expect(Object.values(before).flat().length).toBeGreaterThan(0);
    const beforeSchema = await schemaOf(options);
    const later = await project(options, fixture.edited);
    const { file } = await later.revision({
      autogenerate: true,
      message: "some weeks later",
      noRenames: true,
    });
    expect(file).toBeDefined();
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    const after = await connected(options, rowsOf);
    expectKept(before, after);
    await later.downgrade({ revision: "-1" });
    expect(sortedColumns(await schemaOf(options))).toEqual(sortedColumns(beforeSchema));
    // What the edit dropped comes back empty; everything else comes back as it was.
    expectKept(after, await connected(options, rowsOf));
    await later.upgrade();
    expectKept(after, await connected(options, rowsOf), addedBy(before, after));
  });

  test("is the same when the script is fed to the database's own client", async () => {
    const online = await create("a");
    const offline = await create("b");
    if (!offline.feed) {
      if (process.env["LIMBECK_REQUIRE_CLIENTS"]) throw new Error(`there is no client for ${kind.name}`);
      console.warn(`not run: this machine has no client for ${kind.name}`);
      return;
    }
    const limbeck = await project(online.options, fixture.entities);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    const later = await project(online.options, fixture.edited);
    await later.revision({ autogenerate: true, message: "some weeks later", noRenames: true });
    await later.upgrade();
    const written: string[] = [];
    await (await project(offline.options, fixture.edited, written)).upgrade({ sql: true });
    offline.feed(written.join(""));
    expect(await schemaOf(offline.options)).toEqual(await schemaOf(online.options));
    const versions = async (options: DataSourceOptions) =>
      await connected(options, (dataSource) =>
        dataSource.query<{ version_num: string }[]>("SELECT * FROM limbeck_version"),
      );
    expect(await versions(offline.options)).toEqual(await versions(online.options));
    expect(() => offline.feed?.(written.join(""))).toThrow();
    expect(await versions(offline.options)).toEqual(await versions(online.options));
  });

  test("made by synchronize() is adopted by a stamp, and nothing differs", async () => {
    const { options } = await create("a");
    const scratch = await create("scratch");
    await (
      await project(scratch.options, fixture.entities)
    ).revision({ autogenerate: true, message: "baseline" });
    await connected(
      { ...options, entities: fixture.entities },
      async (dataSource) => await synchronize(dataSource),
    );
    const limbeck = await project(options, fixture.entities);
    if (kind.name === "mysql" || kind.name === "mariadb") {
      // TypeORM makes no checks there (issue 4148), so nothing but checks may be missing.
      await limbeck.stamp({ revisions: ["head"] });
      const { differences } = await limbeck.check();
      expect(differences.filter((difference) => !difference.startsWith("add check "))).toEqual([]);
      return;
    }
    await limbeck.stamp({ revisions: ["head"], verify: true });
    expect((await limbeck.check()).differences).toEqual([]);
  });
});

/** TypeORM's own way to a schema; it makes no namespaces. */
async function synchronize(dataSource: DataSource): Promise<void> {
  const queryRunner = dataSource.createQueryRunner();
  const schemas = new Set(dataSource.entityMetadatas.flatMap(({ schema }) => schema ?? []));
  for (const schema of schemas) await queryRunner.createSchema(schema, true);
  await queryRunner.release();
  await dataSource.synchronize();
}

/** What TypeORM's own schema builder would run. */
async function typeormLog(options: DataSourceOptions, isSynchronized: boolean): Promise<readonly string[]> {
  return await connected(options, async (dataSource) => {
    if (isSynchronized) await synchronize(dataSource);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

/** The schema as the database has it, without the two tables that differ in their rows only. */
async function schemaOf(options: DataSourceOptions): Promise<Schema> {
  return await connected(options, async (dataSource) => {
    const dialect = loadDialect(dialectOfDriver(options.type));
    const queryRunner = dataSource.createQueryRunner();
    const schema = dialect.normalize(
      await dialect.inspect(queryableOf(queryRunner), {
        schemas: options.type === "postgres" ? ["labels"] : [],
      }),
    );
    // A script keeps no journal.
    return { ...schema, tables: schema.tables.filter(({ name }) => name !== "limbeck_journal") };
  });
}

/** A column that was added again stands at the end where it cannot be put back in its place. */
function sortedColumns(schema: Schema): Schema {
  return {
    ...schema,
    tables: schema.tables
      .filter(({ name }) => !OWN.includes(name))
      .map((table) => ({
        ...table,
        columns: table.columns.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
      })),
  };
}

/** A number is the same in a text, and with more places behind its point. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "number") return String(value);
  // The keys of JSON have an order in one of its types.
  if (typeof value === "object" && value?.constructor === Object) return fingerprint(value);
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : value;
}

/** Columns and tables that an edit brings: on the way down and up again they start anew. */
function addedBy(
  before: Awaited<ReturnType<typeof rowsOf>>,
  after: Awaited<ReturnType<typeof rowsOf>>,
): ReadonlySet<string> {
  return new Set(
    Object.entries(after).flatMap(([table, [row = {}]]) =>
      Object.keys(row)
        .filter((column) => !(column in (before[table]?.[0] ?? {})))
        .map((column) => `${table}.${column}`),
    ),
  );
}

/** Every table that is still there has the rows it had, value by value, in the columns that are still there. */
function expectKept(
  before: Awaited<ReturnType<typeof rowsOf>>,
  after: Awaited<ReturnType<typeof rowsOf>>,
  except: ReadonlySet<string> = new Set(),
): void {
  for (const [table, rows] of Object.entries(before)) {
    const now = after[table];
    if (!now) continue;
    const columns = Object.keys(rows[0] ?? {}).filter(
      (column) => column in (now[0] ?? {}) && !except.has(`${table}.${column}`),
    );
    const values = (row: Readonly<Record<string, unknown>>): string =>
      JSON.stringify(columns.map((column) => [column, plain(row[column])]));
    expect({ table, rows: now.map(values).sort() }).toEqual({ table, rows: rows.map(values).sort() });
  }
}
