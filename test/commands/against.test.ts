/** What entities are compared with, on every kind of database: nothing, or what the revisions make. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import * as blog from "../../fixtures/entities/blog";
import * as everything from "../../fixtures/entities/everything";
import * as everythingMysql from "../../fixtures/entities/everything-mysql";
import * as everythingPostgres from "../../fixtures/entities/everything-postgres";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { failure } from "../support/error";
import { temporaryFolder } from "../support/sqlite";
import { entity, id, SqliteProject, text } from "./sqlite-project";

type Entities = NonNullable<DataSourceOptions["entities"]>;
const REPLAYED = "running the revisions in a scratch database, to compare with what they make";
const EVERYTHING: Readonly<Record<string, { readonly entities: Entities; readonly edited: Entities }>> = {
  postgres: everythingPostgres,
  mysql: everythingMysql,
  mariadb: everythingMysql,
};

const places = kinds
  .filter(({ name }) => name !== "mssql")
  .flatMap((kind) =>
    Object.entries({ blog, everything: EVERYTHING[kind.name] ?? everything }).map(
      ([name, fixture]) => [kind.name, name, kind, fixture] as const,
    ),
  );

describe.each(places)("on %s, the %s", (_kind, _fixture, kind, fixture) => {
  const place = temporaryFolder();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await kind.create(place.folder, "a");
  });
  afterAll(async () => {
    await database.drop();
    place.remove();
  });

  test("differs in the same from its revisions, simulated or run, as from a database at their head", async () => {
    const { options } = database;
    const reported: string[] = [];
    const serverVersion = await versionOf(options);
    const project = async (entities: Entities): Promise<Limbeck> =>
      await open({
        cwd: place.folder,
        config: { dataSource: { ...options, entities }, ...serverVersion },
        reporter: { info: (line) => reported.push(line), warn: (line) => reported.push(line) },
      });
    const first = await project(fixture.entities);
    const { differences: made } = await first.revision({
      autogenerate: true,
      against: "empty",
      message: "first",
    });
    expect(made.length).toBeGreaterThan(0);
    expect((await first.check({ against: "revisions" })).differences).toEqual([]);
    expect(reported).toEqual([]);
    expect((await first.check({ against: "empty" })).differences).toEqual(made);
    const later = await project(fixture.edited);
    const { differences } = await later.check({ against: "revisions" });
    await later.upgrade();
    expect(differences).toEqual((await later.check()).differences);
  });
});

/** What a configuration says of a server that is not asked. */
async function versionOf(options: DataSourceOptions): Promise<{ readonly serverVersion?: string }> {
  if (options.type !== "mariadb" && options.type !== "mysql") return {};
  const [row] = await connected(options, (dataSource) =>
    dataSource.query<{ version: string }[]>("SELECT VERSION() AS version"),
  );
  return { serverVersion: row?.version ?? "" };
}

describe("what is compared with", () => {
  let project: SqliteProject;
  beforeEach(() => {
    project = new SqliteProject();
  });
  afterEach(() => project.remove());

  const account = entity("account", { id, name: text });
  const write = (body: string, down = "", constants = "null"): void =>
    project.writeRevision(
      `r${body.length}.ts`,
      `export const revision = "r${body.length}";
export const downRevision = ${constants};
export const branchLabels = null;
export const dependsOn = null;
export const message = "";
export async function upgrade(op) { ${body} }
export async function downgrade(op) { ${down} }
`,
    );
  const CREATE = `await op.createTable("account", {
    columns: [{ name: "id", type: "integer", generated: "increment" }, { name: "name", type: "varchar", default: "" }],
    primaryKey: { name: "PK_54115ee388cdb6d86bb4bf5b2ea", columns: ["id"] },
  });`;

  test("is no database, where revisions are simulated: none is asked for, and none is made", async () => {
    write(CREATE);
    const limbeck = await project.open([account, entity("order", { id })]);
    expect((await limbeck.check({ against: "revisions" })).differences).toEqual([
      "create table order (1 column)",
    ]);
    expect((await limbeck.check({ against: "empty" })).differences).toEqual([
      "create table account (2 columns)",
      "create table order (1 column)",
    ]);
    const { differences } = await limbeck.revision({ autogenerate: true, against: "revisions" });
    expect(differences).toEqual(["create table order (1 column)"]);
    expect(project.hasDatabase).toBe(false);
    expect(project.reported).toEqual([]);
  });

  test("is not the developer's database, whatever has become of that", async () => {
    write(CREATE);
    const limbeck = await project.open([account]);
    await limbeck.upgrade();
    await project.query("ALTER TABLE account ADD COLUMN mess text");
    await project.query("CREATE TABLE account_copy (id integer)");
    await project.query("DELETE FROM limbeck_version");
    expect((await limbeck.check({ against: "revisions" })).differences).toEqual([]);
  });

  test.each([
    ["SQL text", `${CREATE} await op.execute("CREATE VIEW names AS SELECT name FROM account");`],
    ["a query", `${CREATE} await op.queryRunner.query("SELECT 1");`],
    ["another spelling", CREATE.replace('default: ""', 'default: () => "1 != 2"')],
  ])("is a scratch database where there is %s among the revisions", async (what, body) => {
    write(body);
    const name = what === "another spelling" ? { ...text, default: () => "1 <> 2" } : text;
    const limbeck = await project.open([entity("account", { id, name })]);
    expect((await limbeck.check({ against: "revisions" })).differences).toEqual([]);
    expect(project.reported).toContain(REPLAYED);
    expect(project.hasDatabase).toBe(false);
  });

  test("is never the database of an env.ts that connects by itself", async () => {
    write('await op.execute("CREATE TABLE account (id integer)");');
    writeFileSync(
      join(project.folder, "revisions", "env.ts"),
      `export default async function env(context) {
        if (context.isOffline) {
          await context.configure({ dialect: "sqlite" });
          return await context.runMigrations();
        }
        const dataSource = await (await context.dataSource()).initialize();
        await context.configure({ queryRunner: dataSource.createQueryRunner(), target: dataSource });
        await context.runMigrations();
      }`,
    );
    const limbeck = await project.open([account]);
    const error = await failure(limbeck.check({ against: "revisions" }));
    expect(error.code).toBe("ENVIRONMENT_INVALID");
    expect(error.message).toContain("no scratch database can take its place");
    expect(await project.query("SELECT name FROM sqlite_schema")).toEqual([]);
  });

  test("is said for --autogenerate only", async () => {
    const error = await failure((await project.open([account])).revision({ against: "empty" }));
    expect(error.code).toBe("USAGE");
  });
});

test("on MariaDB, a scratch database keeps revisions away from other databases", async () => {
  const kind = kinds.find(({ name }) => name === "mariadb");
  if (!kind) return;
  const project = new SqliteProject();
  const [own, other] = [await kind.create("", "own"), await kind.create("", "other")];
  const name = new URL((other.options as { readonly url: string }).url).pathname.slice(1);
  project.writeRevision(
    "a.ts",
    `export const revision = "a";
export const downRevision = null;
export const branchLabels = null;
export const dependsOn = null;
export const message = "";
export async function upgrade(op) {
  await op.execute("CREATE TABLE plain (id int)");
  await op.createTable({ schema: "${name}", name: "account" }, { columns: [{ name: "id", type: "int" }] });
}
`,
  );
  const limbeck = await project.open([], {
    dataSource: { ...own.options, entities: [entity("plain", { id: { type: "int", primary: true } })] },
  });
  const error = await failure(limbeck.check({ against: "revisions" }));
  expect(error.message).toContain(`"${name}" is another database`);
  await limbeck.check({ against: "empty" });
  expect(project.reported).toContainEqual(expect.stringContaining("say `serverVersion`"));
  await limbeck.upgrade();
  await Promise.all([own.drop(), other.drop()]);
  project.remove();
});
