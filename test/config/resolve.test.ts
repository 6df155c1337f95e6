import { join } from "node:path";
import { resolveConfig } from "../../src/config/resolve";
import type { ResolveOptions } from "../../src/config/resolve";
import { isDataSource } from "../../src/loader/recognize";
import { makeProject, removeProjects, writeIn } from "../support/project";

afterAll(removeProjects);

/** A project with this configuration, and what becomes of it. */
async function resolved(config: string, options: Partial<ResolveOptions> = {}) {
  const project = makeProject({ "package.json": "{}", "ormconfig.js": `module.exports = ${config};` });
  return { project, config: await resolveConfig({ cwd: project, env: {}, ...options }) };
}

describe("a configuration", () => {
  it("has its defaults filled in, and its paths are absolute", async () => {
    const { project, config } = await resolved("{}");
    expect(config).toEqual({
      file: join(project, "ormconfig.js"),
      scriptLocation: join(project, "revisions"),
      versionLocations: [join(project, "revisions/versions")],
      recursiveVersionLocations: false,
      fileTemplate: "{rev}_{slug}",
      timeZone: "UTC",
      revisionEnvironment: false,
      postWriteHooks: [],
      slugLength: 40,
      transaction: "all",
      lock: "session",
      lockWait: "60s",
      logging: {},
      batchSeparator: "GO",
      versionTable: "limbeck_version",
      historyTable: "limbeck_history",
      names: "strategy",
      typeormMetadata: true,
      enumStrategy: "add",
      renderAsBatch: "auto",
      loader: "auto",
      plugins: [],
    });
  });

  it("has paths relative to itself, not to the working directory", async () => {
    const project = makeProject({
      "package.json": "{}",
      "config/ormconfig.js":
        "module.exports = { scriptLocation: '../database', versionLocations: ['../a', '/b'] };",
    });
    const config = await resolveConfig({ cwd: project, env: {}, configFile: "config/ormconfig.js" });
    expect(config.scriptLocation).toBe(join(project, "database"));
    expect(config.versionLocations).toEqual([join(project, "a"), "/b"]);
  });

  it("keeps its data source as it is: a function is not called", async () => {
    const { config } = await resolved("{ dataSource: () => { throw new Error('called'); } }");
    expect(config.dataSource).toBeInstanceOf(Function);
  });

  it("may be a data source by itself", async () => {
    const { config } = await resolved(
      "new (require('typeorm').DataSource)({ type: 'better-sqlite3', database: ':memory:' })",
    );
    expect(isDataSource(config.dataSource)).toBe(true);
  });

  it("may be plain options of TypeORM by itself", async () => {
    const { config } = await resolved("{ type: 'postgres', host: 'localhost' }");
    expect(config.dataSource).toEqual({ type: "postgres", host: "localhost" });
  });

  it("may be the default of an ES module, or of one compiled to CommonJS", async () => {
    const compiled = "exports.__esModule = true; exports.default = { slugLength: 7 };";
    for (const [name, text] of [
      ["ormconfig.mjs", "export default { slugLength: 7 };"],
      ["ormconfig.cjs", compiled],
    ] as const) {
      const cwd = makeProject({ [name]: text });
      expect((await resolveConfig({ cwd, env: {} })).slugLength).toBe(7);
    }
  });

  it("that throws is named with its reason", async () => {
    await expect(resolved("(() => { throw new Error('my trouble'); })()")).rejects.toMatchObject({
      code: "CONFIG_FAILED",
      message: expect.stringMatching(/ormconfig\.js cannot be loaded: my trouble \(in .*ormconfig\.js:1\)$/),
    });
  });

  it("with a key that is unknown is refused", async () => {
    await expect(resolved("{ slugLenght: 5 }")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      hint: "did you mean `slugLength`?",
    });
  });
});

describe("environments", () => {
  const CONFIG = `{
    slugLength: 1,
    transaction: 'each',
    environments: { prod: { slugLength: 2, versionLocations: ['x'] } },
  }`;

  it.each<readonly [string, Partial<ResolveOptions>, number]>([
    ["without one", {}, 1],
    ["by --env", { environment: "prod" }, 2],
    ["by LIMBECK_ENV", { env: { LIMBECK_ENV: "prod" } }, 2],
  ])("are chosen %s", async (_how, options, slugLength) => {
    expect((await resolved(CONFIG, options)).config).toMatchObject({ slugLength, transaction: "each" });
  });

  it("that are not there are named, with those that are", async () => {
    await expect(resolved(CONFIG, { environment: "test" })).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining('no environment "test"'),
      hint: "it has prod",
    });
  });
});

describe("databases", () => {
  const CONFIG = `{
    slugLength: 1,
    historyTable: 'h',
    databases: { main: { slugLength: 2 }, audit: { slugLength: 3, scriptLocation: 'audit' } },
    environments: { prod: { historyTable: 'p', databases: { audit: { slugLength: 4 } } } },
  }`;

  it.each<readonly [Partial<ResolveOptions>, object]>([
    [{ name: "main" }, { database: "main", slugLength: 2, historyTable: "h" }],
    [{ name: "audit" }, { database: "audit", slugLength: 3 }],
    [
      { name: "main", environment: "prod" },
      { database: "main", slugLength: 2, historyTable: "p" },
    ],
    [
      { name: "audit", environment: "prod" },
      { database: "audit", slugLength: 4, historyTable: "p" },
    ],
  ])("are chosen by %j", async (options, expected) => {
    expect((await resolved(CONFIG, options)).config).toMatchObject(expected);
  });

  it("keep what another layer says of them", async () => {
    const { project, config } = await resolved(CONFIG, { name: "audit", environment: "prod" });
    expect(config.scriptLocation).toBe(join(project, "audit"));
  });

  it("need no choice where there is one", async () => {
    expect((await resolved("{ databases: { only: { slugLength: 9 } } }")).config).toMatchObject({
      database: "only",
      slugLength: 9,
    });
  });

  it.each<readonly [string, string, Partial<ResolveOptions>, RegExp]>([
    ["several and no choice", CONFIG, {}, /has 2 databases: main, audit$/],
    ["a choice that is not there", CONFIG, { name: "other" }, /has no database "other" \(-n\)$/],
    ["a choice where there are none", "{}", { name: "main" }, /has no database "main" \(-n\)$/],
    ["the name of something else", CONFIG, { name: "constructor" }, /has no database "constructor"/],
  ])("with %s are an error", async (_what, config, options, message) => {
    await expect(resolved(config, options)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(message),
    });
  });
});

describe("a data source file alone", () => {
  const SOURCE = "module.exports = { loaded: true };";

  it("stands for a configuration, with its revisions beside the nearest package.json", async () => {
    const project = makeProject({ "package.json": "{}", "src/deep/data-source.js": SOURCE });
    const config = await resolveConfig({
      cwd: join(project, "src"),
      dataSourceFile: "deep/data-source.js",
      env: {},
    });
    expect(config).toMatchObject({
      file: join(project, "src/deep/data-source.js"),
      scriptLocation: join(project, "revisions"),
      versionLocations: [join(project, "revisions/versions")],
    });
    expect(await (config.dataSource as () => unknown)()).toMatchObject({ loaded: true });
  });

  it("has its revisions in the working directory where there is no package.json", async () => {
    const project = makeProject({ "data-source.js": SOURCE });
    const config = await resolveConfig({ cwd: project, dataSourceFile: "data-source.js", env: {} });
    expect(config.scriptLocation).toBe(join(project, "revisions"));
  });

  it("goes before the data source of a configuration, which keeps the rest", async () => {
    const project = makeProject({ "package.json": "{}", "other.js": SOURCE });
    writeIn(project, "ormconfig.js", "module.exports = { slugLength: 5, dataSource: () => 1 };");
    const config = await resolveConfig({ cwd: project, dataSourceFile: "other.js", env: {} });
    expect(config.slugLength).toBe(5);
    expect(await (config.dataSource as () => unknown)()).toMatchObject({ loaded: true });
  });

  it.each<readonly [string, Partial<ResolveOptions>, object]>([
    ["that is not there", { dataSourceFile: "gone.js" }, { code: "DATA_SOURCE_INVALID" }],
    ["with -n", { dataSourceFile: "a.js", name: "main" }, { code: "USAGE" }],
    ["with --env", { dataSourceFile: "a.js", environment: "prod" }, { code: "USAGE" }],
  ])("%s is an error", async (_what, options, error) => {
    const cwd = makeProject({ "a.js": SOURCE });
    await expect(resolveConfig({ cwd, env: {}, ...options })).rejects.toMatchObject(error);
  });

  it("is one of three ways out where nothing is found", async () => {
    const cwd = makeProject({});
    await expect(resolveConfig({ cwd, env: {} })).rejects.toMatchObject({
      code: "CONFIG_NOT_FOUND",
      message: `there is no ormconfig.ts in ${cwd} or above`,
      hint: expect.stringMatching(/limbeck init.*-c.*-d/),
    });
  });

  it("is not mixed up with what TypeORM read before 0.3", async () => {
    const cwd = makeProject({ "ormconfig.json": "{}" });
    await expect(resolveConfig({ cwd, env: {} })).rejects.toMatchObject({
      code: "CONFIG_NOT_FOUND",
      message: expect.stringContaining("ormconfig.json is for TypeORM before 0.3"),
    });
  });
});
