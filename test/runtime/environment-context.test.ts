/** What env.ts can say and hear: `onVersionApply`, `startingRevision`, several runs, and `logging` of the configuration. */
import { join } from "node:path";
import { open } from "../../src/open";
import type { OpenOptions } from "../../src/open";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

const revision = (id: string, down: string | null): string => `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(down)};
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "revision ${id}";
exports.upgrade = async (op) => { await op.execute("CREATE TABLE t_${id} (id integer)"); };
exports.downgrade = async (op) => { await op.execute("DROP TABLE t_${id}"); };
`;

function project(configure: string, more = ""): string {
  return makeProject({
    "package.json": "{}",
    "revisions/env.js": `module.exports = async (context) => {
  ${more}
  if (context.isOffline) {
    await context.configure({ dialect: "sqlite", ${configure} });
    await context.runMigrations();
    return;
  }
  const dataSource = await context.dataSource();
  await context.connect(dataSource, async (queryRunner) => {
    await context.configure({ queryRunner, target: dataSource, ${configure} });
    await context.runMigrations();
  });
};`,
    "revisions/versions/a.js": revision("a1", null),
    "revisions/versions/b.js": revision("b2", "a1"),
  });
}

const opened = (folder: string, more: Partial<OpenOptions> = {}) =>
  open({
    cwd: folder,
    config: { dataSource: { type: "better-sqlite3", database: join(folder, "app.db") } },
    ...more,
  });

it("onVersionApply hears of each step and each stamp, and what it throws takes the run back", async () => {
  const folder = project(
    'onVersionApply: [(applied) => { context.attributes.get("heard").push(applied); if (context.xArguments.fail) throw new Error("no"); }]',
  );
  const heard: unknown[] = [];
  const attributes = new Map<string, unknown>([["heard", heard]]);
  await expect((await opened(folder, { attributes, xArguments: { fail: "1" } })).upgrade()).rejects.toThrow(
    "no",
  );
  heard.length = 0;
  const limbeck = await opened(folder, { attributes });
  expect(await limbeck.current()).toEqual([]);
  await limbeck.upgrade();
  await limbeck.downgrade({ revision: "-1" });
  await limbeck.stamp({ revisions: ["b2"] });
  const shared = { database: undefined, isOffline: false };
  expect(heard).toEqual([
    { direction: "up", revisions: ["a1"], before: [], after: ["a1"], ...shared },
    { direction: "up", revisions: ["b2"], before: ["a1"], after: ["b2"], ...shared },
    { direction: "down", revisions: ["b2"], before: ["b2"], after: ["a1"], ...shared },
    { direction: "stamp", revisions: ["b2"], before: ["a1"], after: ["b2"], ...shared },
  ]);
});

it("startingRevision says where a script starts, and is refused on a database", async () => {
  const folder = project('startingRevision: "a1"');
  const texts: string[] = [];
  const limbeck = await opened(folder, { write: (text) => texts.push(text) });
  await limbeck.upgrade({ sql: true });
  expect(texts.join("")).toContain("t_b2");
  expect(texts.join("")).not.toContain("CREATE TABLE t_a1");
  await expect(limbeck.upgrade()).rejects.toMatchObject({ code: "ENVIRONMENT_INVALID" });
});

it("logging tells each statement to a logger of one's own, or keeps quiet", async () => {
  const folder = project("");
  const lines: string[] = [];
  const logger = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const dataSource = { type: "better-sqlite3", database: join(folder, "logged.db") };
  const limbeck = await open({ cwd: folder, config: { dataSource, logging: { sql: true, logger } } });
  await limbeck.upgrade({ revisions: ["a1"] });
  expect(lines).toContain("CREATE TABLE t_a1 (id integer)");
  lines.length = 0;
  const quiet = await open({ cwd: folder, config: { dataSource, logging: { level: "warn", logger } } });
  await quiet.upgrade();
  expect(lines).toEqual([]);
  await expect(
    open({
      cwd: folder,
      config: { logging: { level: "loud" } } as unknown as NonNullable<OpenOptions["config"]>,
    }),
  ).rejects.toMatchObject({ code: "CONFIG_INVALID" });
});

it("databases that share their revisions want an env.ts that goes through them, or a name", async () => {
  const folder = project("");
  const database = (name: string) => ({
    dataSource: { type: "better-sqlite3", database: join(folder, name) },
  });
  const limbeck = await open({
    cwd: folder,
    config: { databases: { one: database("1.db"), two: database("2.db") } },
  });
  await expect(limbeck.upgrade()).rejects.toMatchObject({
    code: "USAGE",
    message: "there are 2 databases: one, two",
  });
  expect(await limbeck.heads()).toHaveLength(1);
});
