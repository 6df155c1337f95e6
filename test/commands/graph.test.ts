/** The commands that write and change revision files, through the programmatic API. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/config/config";
import type { Limbeck } from "../../src/open";
import { SqliteProject } from "./sqlite-project";
import { failure } from "../support/error";

let project: SqliteProject;
let limbeck: Limbeck;
beforeEach(async () => {
  project = new SqliteProject();
  limbeck = await project.open([]);
});
afterEach(() => project.remove());

/** Revisions on top of others: `b<a` for b on a, `a` for a base. */
async function make(...revisions: readonly string[]): Promise<void> {
  for (const text of revisions) {
    const [id = "", head = "base"] = text.split("<");
    await limbeck.revision({ id, head, message: id, splice: true });
  }
}

function textOf(name: string): string {
  return readFileSync(join(project.versions, name), "utf8");
}

async function heads(): Promise<string> {
  return (await limbeck.heads()).map(({ revision }) => revision).join(" ");
}

/** All revision files, to see that nothing changed. */
function files(): Readonly<Record<string, string>> {
  const names = existsSync(project.versions) ? readdirSync(project.versions) : [];
  return Object.fromEntries(names.map((name) => [name, textOf(name)]));
}

describe("a new revision", () => {
  beforeEach(() => make("a", "b<a"));

  test("goes on top of the head, or of what is named, with its labels and dependencies", async () => {
    await limbeck.revision({ id: "c", message: "third" });
    await limbeck.revision({ id: "n", head: "base", branchLabels: ["net", "work"], dependsOn: ["b"] });
    await limbeck.revision({ id: "o", head: "net@head", dependsOn: ["work"] });
    expect(textOf("c_third.ts")).toContain('export const downRevision = "b";');
    expect(textOf("n.ts")).toMatch(
      /downRevision = null;\s+.*branchLabels = \["net", "work"\];\s+.*dependsOn = "b";/,
    );
    expect(textOf("o.ts")).toMatch(/downRevision = "n";\s+.*branchLabels = null;\s+.*dependsOn = "work";/);
  });

  test.each([
    ["on top of what is no head", { head: "a" }, "NOT_A_HEAD", "--splice"],
    ["with an id that is taken", { id: "b" }, "DUPLICATE_REVISION", "--rev-id"],
    ["with an id of 129 characters", { id: "x".repeat(129) }, "USAGE", "128"],
    ["with an id that could not be typed", { id: "a@b" }, "USAGE", "@"],
    ["with an id that is a word of ours", { id: "head" }, "REVISION_FILE_INVALID", "heads"],
    ["with a label that is an id", { branchLabels: ["a"] }, "DUPLICATE_LABEL", "another label"],
    ["with a label that could not be typed", { branchLabels: ["x-1"] }, "REVISION_FILE_INVALID", "-1"],
    ["on top of what is not there", { head: "zz" }, "UNKNOWN_REVISION", "history"],
    ["depending on what is not there", { dependsOn: ["zz"] }, "UNKNOWN_REVISION", "history"],
    ["in a folder that is not read", { versionPath: "elsewhere" }, "USAGE", "versions"],
    ["with --sql, which has nothing to write", { sql: true }, "USAGE", "revisionEnvironment"],
  ])("%s is refused before anything is written", async (_name, options, code, hint) => {
    const before = files();
    const error = await failure(limbeck.revision({ id: "new", ...options }));
    expect(error.code).toBe(code);
    expect(error.hint).toContain(hint);
    expect(files()).toEqual(before);
  });

  test("with a label that another file has is refused before anything is written", async () => {
    await limbeck.revision({ id: "c", branchLabels: ["net"] });
    const before = files();
    const error = await failure(limbeck.revision({ id: "d", branchLabels: ["net"] }));
    expect([error.code, error.message]).toEqual(["DUPLICATE_LABEL", expect.stringContaining("c.ts")]);
    expect((await failure(limbeck.revision({ id: "net" }))).code).toBe("DUPLICATE_LABEL");
    expect(files()).toEqual(before);
  });

  test("on one of several heads must say which", async () => {
    await make("c<a");
    const error = await failure(limbeck.revision({ id: "d" }));
    expect([error.code, error.hint]).toEqual(["MULTIPLE_HEADS", expect.stringContaining("--head b")]);
  });
});

describe("several version locations", () => {
  const folders = (config: Partial<Config> = {}) =>
    project.open([], { versionLocations: ["one", "two"], ...config });

  test("take a new file where its parent is, and ask where it has none", async () => {
    limbeck = await folders();
    expect(await failure(limbeck.revision({ id: "a" }))).toMatchObject({
      code: "USAGE",
      hint: expect.stringContaining("--version-path") as string,
    });
    const at = (name: string): string => join(project.folder, name);
    expect(await limbeck.revision({ id: "a", versionPath: at("two") })).toMatchObject({
      file: at("two/a.ts"),
    });
    expect(await limbeck.revision({ id: "b" })).toMatchObject({ file: at("two/b.ts"), parents: ["a"] });
    expect(await limbeck.revision({ id: "c", head: "base", versionPath: "one" })).toMatchObject({
      file: at("one/c.ts"),
    });
    expect(await heads()).toBe("b c");
  });

  test("are read with the folders inside them where that is said, each file once", async () => {
    limbeck = await folders({ versionLocations: ["one", "one/deep"], recursiveVersionLocations: true });
    const deep = join(project.folder, "one", "deep");
    expect(await limbeck.revision({ id: "a", versionPath: deep })).toMatchObject({
      file: join(deep, "a.ts"),
    });
    mkdirSync(join(deep, ".hidden"));
    writeFileSync(join(deep, ".hidden", "x.ts"), readText(join(deep, "a.ts")));
    expect(await heads()).toBe("a");
    const flat = await project.open([], { versionLocations: ["one"] });
    expect(await flat.heads()).toEqual([]);
  });
});

function readText(file: string): string {
  return readFileSync(file, "utf8");
}

describe("the name and date of a new file", () => {
  test("follow the template, the time zone and the slug's length", async () => {
    limbeck = await project.open([], {
      fileTemplate: "{year}/{month}{day}_{hour}{minute}{second}_{epoch}_{rev}_{slug}",
      recursiveVersionLocations: true,
      timeZone: "Asia/Tokyo",
      slugLength: 12,
    });
    const { file } = await limbeck.revision({ id: "a", message: "add account table" });
    expect(file).toBe(join(project.versions, "2026/1121_114527_1795229127_a_add_account.ts"));
    expect(readText(file ?? "")).toContain("Create Date: 2026-11-21T11:45:27.340+09:00");
    expect(await heads()).toBe("a");
  });

  test("may not make folders that are not read", async () => {
    limbeck = await project.open([], { fileTemplate: "{year}/{rev}" });
    expect(await failure(limbeck.revision({ id: "a" }))).toMatchObject({
      code: "CONFIG_INVALID",
      hint: expect.stringContaining("recursiveVersionLocations") as string,
    });
    expect(files()).toEqual({});
  });

  test("come from the project's own template, which must keep the constants", async () => {
    const template = join(project.folder, "revisions", "revision.ts.tmpl");
    mkdirSync(join(project.folder, "revisions"), { recursive: true });
    writeFileSync(template, "// ours: {{message}}\n{{constants}}\n{{upgrade}}\n{{downgrade}}\n");
    await limbeck.revision({ id: "a", message: "first" });
    expect(textOf("a_first.ts")).toMatch(/^\/\/ ours: first\n/);
    writeFileSync(template, "{{upgrade}}\n{{downgrade}}\n");
    const error = await failure(limbeck.revision({ id: "b" }));
    expect([error.code, error.hint]).toEqual(["CONFIG_INVALID", expect.stringContaining("{{constants}}")]);
    expect(Object.keys(files())).toEqual(["a_first.ts"]);
  });
});

describe("hooks", () => {
  const node = process.execPath;

  test("run on the new file one after another, programs and functions", async () => {
    const append =
      'require("fs").appendFileSync(process.argv[2], "// " + process.argv[1] + process.env.MORE + "\\n")';
    limbeck = await project.open([], {
      postWriteHooks: [
        { name: "last", command: node, arguments: ["-e", append, "one"], env: { MORE: "!" } },
        { name: "said", command: node, arguments: ["-e", append, "two", "{file}"], env: { MORE: "?" } },
        { name: "function", run: (file) => writeFileSync(file, `${readFileSync(file, "utf8")}// three\n`) },
      ],
    });
    await limbeck.revision({ id: "a" });
    expect(textOf("a.ts")).toMatch(/\n\/\/ one!\n\/\/ two\?\n\/\/ three\n$/);
  });

  test.each([
    [
      "a program that fails",
      { name: "lint", command: node, arguments: ["-e", 'console.error("bad"); process.exit(3)'] },
      /lint.*exit status 3[^]*bad/,
    ],
    ["a program that is not there", { name: "lint", command: "no-such-program" }, /lint.*ENOENT/],
    ["a function that throws", { name: "lint", run: () => Promise.reject(new Error("bad")) }, /lint.*bad/],
  ])("%s leaves no file behind", async (_name, hook, message) => {
    limbeck = await project.open([], { postWriteHooks: [hook] });
    const error = await failure(limbeck.revision({ id: "a" }));
    expect(error.code).toBe("HOOK_FAILED");
    expect(error.message).toMatch(message);
    expect(files()).toEqual({});
  });
});

test("env.ts runs for a new file where the configuration says so, with a tag where there is one", async () => {
  const env = join(project.folder, "revisions", "env.js");
  mkdirSync(join(project.folder, "revisions"), { recursive: true });
  writeFileSync(
    env,
    `module.exports = async (context) => {
      context.attributes.set("seen", [context.isOffline, context.tag]);
      await context.configure({ dialect: "sqlite" });
      await context.runMigrations();
    };`,
  );
  const attributes = new Map<string, unknown>();
  limbeck = await project.open([], {}, { attributes });
  await limbeck.revision({ id: "a" });
  expect(attributes.size).toBe(0);
  limbeck = await project.open([], { revisionEnvironment: true }, { attributes });
  await limbeck.revision({ id: "b", sql: true });
  expect(attributes.get("seen")).toEqual([true, undefined]);
  await limbeck.upgrade({ sql: true, tag: "v1" });
  expect(attributes.get("seen")).toEqual([true, "v1"]);
  attributes.clear();
  expect((await limbeck.history()).map(({ revision }) => revision)).toEqual(["b", "a"]);
  expect(attributes.get("seen")).toEqual([false, undefined]);
  limbeck = await project.open([], {}, { attributes });
  attributes.clear();
  await limbeck.history();
  expect(attributes.size).toBe(0);
});

describe("a merge", () => {
  beforeEach(() => make("a", "b<a", "c<a"));

  test("of the heads, or of what is named, has them as parents in that order", async () => {
    expect(await limbeck.merge({ id: "m" })).toMatchObject({ parents: ["b", "c"] });
    expect(textOf("m.ts")).toContain('export const downRevision = ["b", "c"];');
    expect(textOf("m.ts")).toContain("the branches meet here");
    await make("d<c");
    expect(await limbeck.merge({ id: "n", revisions: ["d", "m"], branchLabels: ["all"] })).toMatchObject({
      parents: ["d", "m"],
    });
    await limbeck.upgrade({ revisions: ["heads"] });
    expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(["n"]);
  });

  test.each([
    ["one revision", ["b"], "USAGE"],
    ["one revision twice", ["b", "b"], "USAGE"],
    ["a revision and what it stands on", ["a", "b"], "INVALID_TARGET"],
    ["nothing", ["base"], "USAGE"],
    ["what is not there", ["b", "zz"], "UNKNOWN_REVISION"],
  ])("of %s is refused", async (_name, revisions, code) => {
    const before = files();
    expect((await failure(limbeck.merge({ revisions }))).code).toBe(code);
    expect(files()).toEqual(before);
  });

  test("of what is no head needs to be said", async () => {
    await make("d<c");
    expect((await failure(limbeck.merge({ revisions: ["b", "c"] }))).code).toBe("NOT_A_HEAD");
    expect(await limbeck.merge({ revisions: ["b", "c"], splice: true })).toMatchObject({
      parents: ["b", "c"],
    });
  });
});

describe("a rebase", () => {
  beforeEach(() => make("a", "b<a", "b2<b", "c<a", "c2<c"));

  test("where the database has run neither side changes one constant and its line in the header", async () => {
    const before = files();
    expect(await limbeck.rebase({ revision: "c2", onto: "b2" })).toMatchObject({
      revision: "c",
      from: ["a"],
      onto: ["b2"],
      removed: [" * Revises: a", 'export const downRevision = "a";'],
      added: [" * Revises: b2", 'export const downRevision = "b2";'],
    });
    expect(await heads()).toBe("c2");
    const changed = Object.entries(files()).filter(([name, text]) => before[name] !== text);
    expect(changed.map(([name]) => name)).toEqual(["c_c.ts"]);
    expect(project.hasDatabase).toBe(false);
    await limbeck.upgrade();
  });

  test("where the database has run both sides lets its rows follow", async () => {
    await limbeck.upgrade({ revisions: ["heads"] });
    expect(await limbeck.rebase({ revision: "c2", onto: "b2" })).toMatchObject({ to: ["c2"] });
    expect(await project.query("SELECT version_num FROM limbeck_version")).toEqual([{ version_num: "c2" }]);
    expect((await limbeck.upgrade()).steps).toEqual([]);
  });

  test("where the database has run only what it goes on top of leaves the rows alone", async () => {
    await limbeck.upgrade({ revisions: ["b2"] });
    await limbeck.rebase({ revision: "c2", onto: "b2" });
    expect((await limbeck.upgrade()).steps.map(({ revision }) => revision)).toEqual(["c", "c2"]);
  });

  test("where the database has run the branch alone is refused, with what to do", async () => {
    await limbeck.upgrade({ revisions: ["c"] });
    const before = files();
    const error = await failure(limbeck.rebase({ revision: "c2", onto: "b2" }));
    expect(error.code).toBe("DATABASE_BEHIND");
    expect([error.message, error.hint]).toEqual([
      expect.stringContaining("b, b2"),
      expect.stringContaining("limbeck upgrade b2"),
    ]);
    expect(files()).toEqual(before);
  });

  test.each([
    ["a revision onto itself", "c2", "c2", "INVALID_TARGET"],
    ["a revision onto what it stands on", "c2", "c", "INVALID_TARGET"],
    ["a revision onto what stands on it", "c", "c2", "INVALID_TARGET"],
    ["onto what is no head", "c2", "b", "NOT_A_HEAD"],
    ["several revisions", "heads", "b2", "INVALID_TARGET"],
    ["what is not there", "zz", "b2", "UNKNOWN_REVISION"],
  ])("of %s is refused", async (_name, revision, onto, code) => {
    const before = files();
    expect((await failure(limbeck.rebase({ revision, onto }))).code).toBe(code);
    expect(files()).toEqual(before);
  });

  test("of a branch with a merge in it is refused", async () => {
    await make("d<a");
    await limbeck.merge({ id: "m", revisions: ["c2", "d"] });
    expect(await failure(limbeck.rebase({ revision: "m", onto: "b2" }))).toMatchObject({
      code: "INVALID_TARGET",
    });
  });

  test("of a file that is written in another way says what to write", async () => {
    project.removeRevision("c_c.ts");
    project.writeRevision(
      "c.ts",
      `const down: string = "a"; export const revision = "c", downRevision = down; export function upgrade() {}`,
    );
    const before = files();
    const error = await failure(limbeck.rebase({ revision: "c2", onto: "b2" }));
    expect([error.code, error.hint]).toEqual([
      "REVISION_FILE_INVALID",
      expect.stringContaining('downRevision = "b2"'),
    ]);
    expect(files()).toEqual(before);
  });
});

describe("looking at the graph", () => {
  beforeEach(async () => {
    await make("a", "b<a", "c<a");
    await limbeck.revision({ id: "n", head: "base", dependsOn: ["c"] });
  });

  test("branches are the branch points with their children", async () => {
    const points = await limbeck.branches();
    expect(
      points.map(({ revision, children }) => [revision, children.map((child) => child.revision)]),
    ).toEqual([["a", ["b", "c"]]]);
  });

  test("heads may leave out those that others depend on, and may be checked", async () => {
    expect(await heads()).toBe("b c n");
    const real = await limbeck.heads({ resolveDependencies: true });
    expect(real.map(({ revision }) => revision)).toEqual(["b", "n"]);
    expect(await failure(limbeck.heads({ check: true }))).toMatchObject({ code: "SEVERAL_HEADS" });
  });

  test("current has the rows, and behind them what these depend on", async () => {
    await limbeck.upgrade({ revisions: ["n"] });
    const items = await limbeck.current();
    expect(items.map(({ revision, isImplied = false }) => [revision, isImplied])).toEqual([
      ["n", false],
      ["c", true],
    ]);
  });

  test("history marks where the database is and what is pending", async () => {
    await limbeck.upgrade({ revisions: ["c"] });
    const items = await limbeck.history({ indicateCurrent: true });
    const marks = new Map(items.map((item) => [item.revision, [item.isCurrent, item.isPending]]));
    expect(marks.get("c")).toEqual([true, false]);
    expect(marks.get("a")).toEqual([false, false]);
    expect(marks.get("b")).toEqual([false, true]);
  });

  test("stamps of several heads keep them all, and a purge forgets what no file knows", async () => {
    await limbeck.stamp({ revisions: ["b", "n"] });
    await project.query("INSERT INTO limbeck_version (version_num) VALUES ('gone')");
    expect((await failure(limbeck.stamp({ revisions: ["heads"] }))).code).toBe("UNKNOWN_VERSION_ROW");
    expect(await limbeck.stamp({ revisions: ["b", "c"], purge: true })).toMatchObject({ to: ["b", "c"] });
    expect((await failure(limbeck.stamp({ revisions: ["zz"] }))).code).toBe("UNKNOWN_REVISION");
    expect(await project.query("SELECT version_num FROM limbeck_version")).toHaveLength(2);
  });
});

test.each([
  ["nothing", ""],
  ["no constants", "throw new Error('boom');"],
])("a file that is named like a revision and holds %s is not passed over", async (_what, text) => {
  await make("a");
  writeFileSync(join(project.versions, "0123456789ab_add_account.ts"), text);
  // Other code may lie there.
  writeFileSync(join(project.versions, "helper.ts"), text);
  const error = await failure((await project.open([])).heads());
  expect(error).toMatchObject({
    code: "REVISION_FILE_INVALID",
    message: expect.stringContaining("add_account.ts is named like a revision, and declares none") as string,
    hint: expect.stringContaining("version control") as string,
  });
});
