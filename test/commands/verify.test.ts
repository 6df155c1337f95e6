/** The properties of revisions, tried out on scratch databases of every kind. */
import type { DataSourceOptions } from "typeorm";
import { modelMatches, open, singleHead, upDownConsistent, upgradesToHead, verify } from "../../src";
import type { OpenOptions } from "../../src";
import * as blog from "../../fixtures/entities/blog";
import { connected, kinds } from "../roundtrip/databases";
import { failure } from "../support/error";
import { temporaryFolder } from "../support/sqlite";
import { entity, id, SqliteProject, text } from "./sqlite-project";

const PASSED = ["singleHead", "upgradesToHead", "upDownConsistent", "modelMatches"].map((property) => ({
  property,
  status: "passed",
  problems: [],
  notes: [],
}));

test.each(kinds.filter(({ name }) => name !== "mssql").map((kind) => [kind.name, kind] as const))(
  "on %s, generated revisions have all properties, and the application's database is left alone",
  async (_name, kind) => {
    const place = temporaryFolder();
    const { options, drop } = await kind.create(place.folder, "a");
    const project = async (entities: DataSourceOptions["entities"]) =>
      await open({
        cwd: place.folder,
        config: { dataSource: { ...options, entities } },
      });
    await (
      await project(blog.entities)
    ).revision({ autogenerate: true, against: "revisions", message: "first" });
    const later = await project(blog.edited);
    await later.revision({ autogenerate: true, against: "revisions", noRenames: true, message: "second" });
    expect(await later.verify()).toEqual({ passed: true, properties: PASSED });
    await connected(options, async (dataSource) => {
      expect(await dataSource.createQueryRunner().hasTable("limbeck_version")).toBe(false);
    });
    await drop();
    place.remove();
  },
);

describe("of revisions that are written by hand", () => {
  let project: SqliteProject;
  beforeEach(() => {
    project = new SqliteProject();
  });
  afterEach(() => project.remove());

  const write = (name: string, down: string | null, up: string, back?: string): void =>
    project.writeRevision(
      `${name}.ts`,
      `export const revision = "${name}";
export const downRevision = ${JSON.stringify(down)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "";
export async function upgrade(op) { ${up} }
${back === undefined ? "" : `export async function downgrade(op) { ${back} }`}
`,
    );
  const CREATE = `await op.createTable("account", {
    columns: [{ name: "id", type: "integer", generated: "increment" }, { name: "name", type: "varchar", default: "" }],
    primaryKey: { name: "PK_54115ee388cdb6d86bb4bf5b2ea", columns: ["id"] },
  });`;
  const DROP = 'await op.dropTable("account");';
  const account = entity("account", { id, name: text });
  const verified = async (entities = [account]) => {
    const { passed, properties } = await (await project.open(entities)).verify();
    return {
      passed,
      ...Object.fromEntries(
        properties.map(({ property, status, problems, notes }) => [
          property,
          [status, ...problems, ...notes],
        ]),
      ),
    };
  };

  test("a way down that is missing is noted, and all else is tried", async () => {
    write("a", null, CREATE);
    expect(await verified()).toEqual({
      passed: true,
      singleHead: ["passed"],
      upgradesToHead: ["passed"],
      upDownConsistent: ["passed", "revision a has no downgrade"],
      modelMatches: ["passed"],
    });
  });

  test("no revisions at all pass, and entities that none made fail", async () => {
    expect(await verified()).toMatchObject({
      passed: false,
      singleHead: ["passed"],
      upgradesToHead: ["passed"],
      modelMatches: ["failed", "no revision does this: create table account (2 columns)"],
    });
  });

  test("a downgrade that forgets something is named with what it would take", async () => {
    write("a", null, CREATE, DROP);
    write("b", "a", 'await op.createTable("log", { columns: [{ name: "id", type: "integer" }] });', "");
    const found = await verified();
    expect(found).toMatchObject({ passed: false, upgradesToHead: ["skipped"], modelMatches: ["skipped"] });
    expect(found).toHaveProperty("upDownConsistent", [
      "failed",
      "the downgrade of revision b does not undo its upgrade, which would take: drop table log",
      expect.stringMatching(/^after its own downgrade, upgrade to b .*table "log" already exists/),
    ]);
  });

  test("a downgrade that fails is told, and what comes after is tried nevertheless", async () => {
    write("a", null, CREATE, 'await op.dropTable("acount");');
    write("b", "a", 'await op.execute("SELECT 1");', "");
    const found = await verified();
    expect(found).toMatchObject({ passed: false, upgradesToHead: ["passed"], modelMatches: ["passed"] });
    expect(found).toHaveProperty("upDownConsistent", [
      "failed",
      expect.stringMatching(/^downgrade from a .*acount/),
    ]);
  });

  test("an upgrade that fails is told, and what comes after is not tried", async () => {
    write("a", null, 'await op.execute("SELECT nothing");', "");
    expect(await verified()).toMatchObject({
      passed: false,
      upgradesToHead: ["failed", expect.stringContaining('near "nothing": syntax error')],
      modelMatches: ["skipped"],
    });
  });

  test("an upgrade that makes something else the second time is named", async () => {
    write(
      "a",
      null,
      `${CREATE} if (globalThis.limbeckSecond) await op.createIndex("second", "account", ["name"]); globalThis.limbeckSecond = true;`,
      DROP,
    );
    const found = await verified();
    Reflect.deleteProperty(globalThis, "limbeckSecond");
    expect(found).toHaveProperty("upDownConsistent", [
      "failed",
      "revision a makes something else after its own downgrade, which would take: drop index second of account",
    ]);
  });

  test("two heads are a failure, and both branches are tried", async () => {
    write("a", null, CREATE, DROP);
    write("b", null, 'await op.execute("SELECT 1");', "");
    expect(await verified()).toMatchObject({
      passed: false,
      singleHead: ["failed", "there are 2 heads: a, b"],
      upgradesToHead: ["passed"],
      upDownConsistent: ["passed"],
      modelMatches: ["passed"],
    });
  });

  test("as functions for tests, each tells what is wrong, and only what it is about", async () => {
    write("a", null, CREATE, DROP);
    write("b", null, 'await op.createTable("log", { columns: [{ name: "id", type: "integer" }] });', "");
    const options: OpenOptions = {
      cwd: project.folder,
      config: {
        dataSource: {
          type: "better-sqlite3",
          database: project.database,
          entities: [entity("account", { id })],
        },
      },
    };
    await upgradesToHead(options);
    expect(await failure(singleHead(options))).toMatchObject({
      code: "NOT_VERIFIED",
      message: "singleHead: there are 2 heads: a, b",
    });
    expect((await failure(upDownConsistent(options))).message).toContain(
      "upDownConsistent: the downgrade of revision b",
    );
    expect((await failure(modelMatches(options))).message).toBe(
      "modelMatches: no revision does this: drop column account.name; modelMatches: no revision does this: drop table log",
    );
    expect((await failure(verify(options))).message).toMatch(/^singleHead: .*upDownConsistent: .*/);
    expect(project.hasDatabase).toBe(false);
  });
});
