/** What only PostgreSQL has, taken over from TypeORM: extensions that it installs by itself, and views in words of their own. */
import { Client } from "pg";
import { initFromTypeorm } from "../../src/init";
import { open } from "../../src/open";
import { connected } from "../roundtrip/databases";
import { makeProject, removeProjects } from "../support/project";
import { createPostgresDatabase } from "../support/servers";

afterAll(removeProjects);

const ENTITIES = `const { EntitySchema } = require("typeorm");
exports.parcel = new EntitySchema({
  name: "parcel",
  columns: { id: { type: "uuid", primary: true, generated: "uuid" }, weight: { type: Number, default: 0 } },
});
exports.heavy = new EntitySchema({
  name: "heavy", type: "view",
  expression: 'SELECT p.id, p.weight*2 AS twice FROM parcel p WHERE weight>5',
  columns: { id: { type: "uuid" }, twice: { type: Number } },
});
`;
const VIEW = "SELECT p.id, p.weight*2 AS twice FROM parcel p WHERE weight>5";
const MIGRATION = `exports.Create1700000000000 = class {
  name = "Create1700000000000";
  async up(queryRunner) {
    await queryRunner.query('CREATE TABLE "parcel" ("id" uuid NOT NULL DEFAULT uuid_generate_v4(), "weight" integer NOT NULL DEFAULT \\'0\\', CONSTRAINT "PK_c01e9fed31b7433a00942d506b1" PRIMARY KEY ("id"))');
    await queryRunner.query('CREATE VIEW "heavy" AS ${VIEW}');
    await queryRunner.query('INSERT INTO "typeorm_metadata"("database", "schema", "table", "type", "name", "value") VALUES (DEFAULT, $1, DEFAULT, $2, $3, $4)', ["public", "VIEW", "heavy", ${JSON.stringify(VIEW)}]);
  }
  async down(queryRunner) {
    await queryRunner.query("DELETE FROM typeorm_metadata");
    await queryRunner.query('DROP VIEW "heavy"');
    await queryRunner.query('DROP TABLE "parcel"');
  }
};
`;

type Database = Awaited<ReturnType<typeof createPostgresDatabase>>;
let databases: Database[] = [];
const urlOf = (place: number): string => databases[place]?.url ?? "";

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Two databases: one that TypeORM has made, and an empty one. */
beforeEach(async () => {
  databases = [await createPostgresDatabase(), await createPostgresDatabase()];
});
afterEach(async () => {
  for (const database of databases) await database.drop();
});

const hasUuids = async (): Promise<boolean> => {
  const rows = await ask(urlOf(0), "SELECT 1 FROM pg_available_extensions WHERE name = 'uuid-ossp'");
  if (rows.length === 0) console.warn("not run: this server has no extension uuid-ossp");
  return rows.length > 0;
};

async function takenOver(baseline: boolean) {
  const cwd = makeProject({
    "package.json": "{}",
    "entities.js": ENTITIES,
    "migrations/1.js": MIGRATION,
    "data-source.js": `const { DataSource } = require("typeorm");
module.exports = new DataSource({ type: "postgres", url: ${JSON.stringify(urlOf(0))},
  entities: [__dirname + "/entities.js"], migrations: [__dirname + "/migrations/*.js"] });`,
  });
  const options = (url: string) => ({
    type: "postgres" as const,
    url,
    entities: [`${cwd}/entities.js`],
    migrations: [`${cwd}/migrations/*.js`],
  });
  await connected(options(urlOf(0)), (dataSource) => dataSource.runMigrations());
  await initFromTypeorm({ cwd, env: {}, baseline });
  const on = async (url: string, said: string[] = []) => {
    const say = (text: string): void => void said.push(text);
    const config = { dataSource: options(url), scriptLocation: `${cwd}/revisions` };
    return await open({ cwd, env: {}, config, reporter: { info: say, warn: say } });
  };
  const proposedByTypeorm = async (url: string): Promise<readonly string[]> =>
    await connected(options(url), async (dataSource) => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    });
  return { on, proposedByTypeorm };
}

test("a new database gets from the classes what TypeORM installs before it runs them", async () => {
  if (!(await hasUuids())) return;
  const { on, proposedByTypeorm } = await takenOver(false);
  const limbeck = await on(urlOf(1));
  await limbeck.upgrade();
  expect(await limbeck.check()).toMatchObject({ differences: [], unmanaged: [] });
  expect(await proposedByTypeorm(urlOf(1))).toEqual([]);
  const { properties } = await limbeck.verify({ properties: ["upDownConsistent"] });
  const [stairs] = properties.filter(({ property }) => property === "upDownConsistent");
  expect(stairs).toMatchObject({
    status: "passed",
    notes: [expect.stringContaining("taking extension uuid-ossp away")],
  });
});

test("neither an extension nor a class that asks for no rows is told of", async () => {
  if (!(await hasUuids())) return;
  await ask(urlOf(0), "CREATE TABLE stranger (id int)");
  const { on } = await takenOver(false);
  const said: string[] = [];
  const { unmanaged } = await (await on(urlOf(0), said)).check();
  expect(unmanaged).toEqual([{ kind: "table", name: "stranger" }]);
  expect(said.join("\n")).not.toContain("cannot be followed");
});

test("a role that may not create the extension is told who could", async () => {
  if (!(await hasUuids())) return;
  const { on } = await takenOver(false);
  const role = `limbeck_role_${Date.now()}`;
  await ask(urlOf(1), `CREATE ROLE ${role} LOGIN; GRANT ALL ON SCHEMA public TO ${role}`);
  try {
    const url = new URL(urlOf(1));
    url.username = role;
    const limbeck = await on(url.toString());
    await expect(limbeck.upgrade()).rejects.toMatchObject({
      message: expect.stringContaining('permission denied to create extension "uuid-ossp"') as string,
      hint: expect.stringContaining('have a role that may run `CREATE EXTENSION "uuid-ossp"`') as string,
    });
    await ask(urlOf(1), 'CREATE EXTENSION "uuid-ossp"');
    await limbeck.upgrade();
  } finally {
    await ask(urlOf(1), `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});

test("a baseline makes views in the words that TypeORM remembers, so that it finds nothing to do", async () => {
  if (!(await hasUuids())) return;
  const { on, proposedByTypeorm } = await takenOver(true);
  const limbeck = await on(urlOf(1));
  await limbeck.upgrade();
  expect(await ask(urlOf(1), "SELECT value FROM typeorm_metadata")).toEqual([{ value: VIEW }]);
  expect(await proposedByTypeorm(urlOf(1))).toEqual([]);
  expect(await limbeck.check()).toMatchObject({ differences: [] });
});
