/**
 * Applications loaded by the built Limbeck in a process of their own, several at a time: the module system of a test
 * runner is not Node's.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { makeProject, removeProjects, writeIn } from "../support/project";

const run = promisify(execFile);

interface Report {
  readonly file: string;
  readonly scriptLocation: string;
  /** By the configuration alone, before the data source was asked for. */
  readonly typeormWasLoaded: boolean;
  readonly columns: Readonly<Record<string, string>>;
  readonly closed?: string;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly file?: string;
  };
}

const COLUMNS = {
  "post.author": "Number",
  "post.id": "Number",
  "post.published": "Boolean",
  "post.writtenAt": "Date",
  "user.id": "Number",
  "user.name": "String",
};

/** The built Limbeck. */
const DIST = resolve("dist");

afterAll(removeProjects);

async function load(cwd: string, options: object = {}, loader = DIST) {
  const script = resolve("test/loader/report.cjs");
  // Without the marks of jest, which Limbeck takes for something that reads TypeScript.
  const env = { PATH: process.env.PATH };
  const { stdout, stderr } = await run(process.execPath, [script, loader, JSON.stringify(options)], {
    cwd,
    env,
  });
  return { report: JSON.parse(stdout) as Report, stderr };
}

describe("an application of each kind", () => {
  it.concurrent.each([
    ["cjs", { "user.role": "varchar" }],
    ["cjs-paths", {}],
    ["esm", {}],
    ["esm-bundler", {}],
    ["javascript", {}],
  ])("%s gives its entities with the types of their columns", async (name, more) => {
    const { report } = await load(resolve("fixtures/apps", name));
    expect(report.error).toBeUndefined();
    expect(report.columns).toEqual({ ...COLUMNS, ...more });
  });

  it.concurrent(
    "is found by the note in package.json, with paths relative to the configuration",
    async () => {
      const app = resolve("fixtures/apps/cjs");
      const { report } = await load(join(app, "src"));
      expect(report.file).toBe(join(app, "src/ormconfig.ts"));
      expect(report.scriptLocation).toBe(join(app, "revisions"));
    },
  );

  it.concurrent.each([
    ["cjs", false],
    ["esm", false],
    ["cjs-paths", true],
  ])("%s loads TypeORM with its configuration: %s", async (name, expected) => {
    expect((await load(resolve("fixtures/apps", name))).report.typeormWasLoaded).toBe(expected);
  });

  it.concurrent("keeps what closes it", async () => {
    const { report } = await load(resolve("fixtures/apps/javascript"));
    expect(report.closed).toBe("closed");
  });
});

describe("an application that connects when it is imported", () => {
  it.concurrent.each(["cjs", "esm"])("%s creates no database, and prints to standard error", async (name) => {
    const project = makeProject({});
    const app = join(project, name);
    cpSync(resolve("fixtures/apps", name), app, { recursive: true });
    const { report, stderr } = await load(app, { dataSourceFile: "src/started.ts" });
    expect(report.error).toBeUndefined();
    expect(report.columns).toMatchObject(COLUMNS);
    expect(stderr).toContain("the application starts");
    expect(readdirSync(app).filter((file) => file.endsWith(".sqlite"))).toEqual([]);
  });

  it.concurrent("creates none either when the configuration itself imports it", async () => {
    const app = join(makeProject({}), "cjs");
    cpSync(resolve("fixtures/apps/cjs"), app, { recursive: true });
    writeIn(
      app,
      "direct.ts",
      'import { Started } from "./src/started"; export default { dataSource: Started };',
    );
    const { report } = await load(app, { configFile: "direct.ts" });
    expect(report.error).toBeUndefined();
    expect(existsSync(join(app, "started.sqlite"))).toBe(false);
  });
});

describe("what compiles TypeScript", () => {
  const NEEDED = ["typeorm", "better-sqlite3", "get-tsconfig", "tinyglobby", "picomatch"];

  /** A project where only these packages are installed, Limbeck among them. */
  function projectWith(...packages: readonly string[]): string {
    const project = makeProject({}, [...NEEDED, ...packages]);
    cpSync(DIST, join(project, "node_modules/limbeck"), { recursive: true });
    cpSync(resolve("fixtures/apps"), project, { recursive: true });
    return project;
  }

  const loadIn = (project: string, app: string) =>
    load(join(project, app), {}, join(project, "node_modules/limbeck"));

  it.concurrent.each(["cjs", "cjs-paths", "esm", "esm-bundler"])(
    "is the project's TypeScript where there is no swc: %s",
    async (app) => {
      const { report } = await loadIn(projectWith("typescript"), app);
      expect(report.error).toBeUndefined();
      expect(report.columns).toMatchObject(COLUMNS);
    },
  );

  it.concurrent("says a syntax error with its line, too", async () => {
    const project = projectWith("typescript");
    writeIn(project, "esm/ormconfig.ts", "export default {\n  dataSource: ;\n};");
    const { report } = await loadIn(project, "esm");
    expect(report.error?.message).toMatch(/ormconfig\.ts cannot be read as TypeScript: .*\(line 2\)$/);
  });

  it.concurrent.each([[[]], [["typescript-7"]]])(
    "is asked for where there is nothing: %j",
    async (packages) => {
      const project = projectWith();
      for (const name of packages)
        symlinkSync(resolve("node_modules", name), join(project, "node_modules/typescript"));
      const { report } = await loadIn(project, "cjs");
      expect(report.error).toMatchObject({
        code: "CONFIG_FAILED",
        message: expect.stringContaining("is TypeScript, and nothing here can compile it"),
        hint: expect.stringContaining("npm install --save-dev @swc/core"),
      });
    },
  );

  it.concurrent("is not needed by a project in JavaScript", async () => {
    const { report } = await loadIn(projectWith(), "javascript");
    expect(report.columns).toEqual(COLUMNS);
  });

  it.concurrent("gives way to the compiled configuration where there is nothing", async () => {
    const project = projectWith();
    writeIn(project, "cjs/src/ormconfig.js", "module.exports = { dataSource: () => undefined };");
    const { report } = await loadIn(project, "cjs");
    expect(report.error?.file).toBe(join(project, "cjs/src/ormconfig.js"));
  });
});

const HEAD = `import { Column, DataSource, Entity, PrimaryColumn } from "typeorm";
const options = { type: "better-sqlite3" as const, database: ":memory:" };
@Entity() export class A { @PrimaryColumn() id: number }
`;
const ROLE = 'export enum Role { reader = "reader" }\nexport type Name = string;\n';
const withRole = (type: string) => `${HEAD}import { Role, Name } from "./role.js";
@Entity() class B { @PrimaryColumn() id: number; @Column() role: ${type} }
export const AppDataSource = new DataSource({ ...options, entities: [A, B] });`;

describe.each(["commonjs", "module"])("a data source in a package of type %s", (type) => {
  it.concurrent.each([
    ["its default", "export default new DataSource({ ...options, entities: [A] });"],
    ["a promise", "export const soon = Promise.resolve(new DataSource({ ...options, entities: [A] }));"],
    ["a function", "export default () => new DataSource({ ...options, entities: [A] });"],
    ["plain options", "export default { ...options, entities: [A] };"],
    ["twice the same", "export const a = new DataSource({ ...options, entities: [A] }); export default a;"],
  ])("may be %s", async (_what, text) => {
    const project = makeProject({
      "package.json": JSON.stringify({ type }),
      "src/data-source.ts": HEAD + text,
      "ormconfig.ts": 'export default { dataSource: () => import("./src/data-source.js") };',
    });
    const { report } = await load(project);
    expect(report.columns).toEqual({ "a.id": "Number" });
    const direct = await load(project, { dataSourceFile: "src/data-source.ts" });
    expect(direct.report.columns).toEqual({ "a.id": "Number" });
  });

  it.concurrent.each([
    [
      "MODULE_FAILED",
      /data-source\.ts cannot be read as TypeScript: .*\(line 4\)$/,
      `${HEAD}export const a = new DataSource({`,
    ],
    ["MODULE_FAILED", /data-source\.ts cannot be loaded: my trouble$/, 'throw new Error("my trouble");'],
    ["MODULE_FAILED", /cannot be loaded: Cannot find module .*gone\.js[^\n]*$/, 'import "./gone.js";'],
    [
      "DRIVER_MISSING",
      /the database driver oracledb, .*is not installed/,
      `${HEAD}export const a = new DataSource({ type: "oracle", entities: [A] });`,
    ],
    [
      "DATA_SOURCE_INVALID",
      /gives 2 data sources: a, b$/,
      `${HEAD}export const a = new DataSource({ ...options }), b = new DataSource({ ...options });`,
    ],
    ["DATA_SOURCE_INVALID", /gives no DataSource$/, `${HEAD}export default class Application {}`],
    [
      "NO_ENTITIES",
      /glob "src\/nothing\/\*\.ts" of .* matches no file/,
      `${HEAD}export default { ...options, entities: ["src/nothing/*.ts"] };`,
    ],
    ["NO_ENTITIES", /has no entities$/, `${HEAD}export default { ...options };`],
    ["UNKNOWN_COLUMN_TYPE", /the type of B\.role cannot be known/, withRole("Role")],
    ["UNKNOWN_COLUMN_TYPE", /the type of B\.role cannot be guessed/, withRole("Role").replace(": Role", "")],
  ])("that is wrong is %s: %s", async (code, message, text) => {
    const project = makeProject({
      "package.json": JSON.stringify({ type }),
      "src/data-source.ts": text,
      "src/role.ts": ROLE,
    });
    const { report } = await load(project, { dataSourceFile: "src/data-source.ts" });
    expect(report.error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe("the configuration", () => {
  const SOURCE = `${HEAD}export const AppDataSource = new DataSource({ ...options, entities: [A] });`;
  const LAZY = 'export default { dataSource: () => import("./src/data-source.js") };';

  it.concurrent.each([
    ["ormconfig.mts", "commonjs"],
    ["ormconfig.cts", "commonjs"],
    ["ormconfig.mts", "module"],
    ["ormconfig.cts", "module"],
  ])("may be %s in a package of type %s", async (name, type) => {
    const project = makeProject({
      "package.json": JSON.stringify({ type }),
      "src/data-source.ts": SOURCE,
      [name]: LAZY,
    });
    const { report } = await load(project);
    expect(report.columns).toEqual({ "a.id": "Number" });
  });

  it.concurrent.each([
    ["auto", undefined],
    ["none", "DATA_SOURCE_INVALID"],
  ])('with loader: "%s" reads TypeScript, or leaves it to others', async (loader, code) => {
    const project = makeProject({
      "package.json": "{}",
      "src/data-source.ts": SOURCE,
      "ormconfig.js": `module.exports = { loader: "${loader}", dataSource: () => require("./src/data-source.ts") };`,
    });
    const { report } = await load(project);
    expect(report.error?.code).toBe(code);
  });

  it.concurrent('with loader: "none" is read by what the user has registered', async () => {
    const project = makeProject({
      "package.json": "{}",
      "register.js": `require.extensions[".ts"] = (module) =>
        module._compile("module.exports = { type: 'better-sqlite3', database: ':memory:', entities: [] }", "a.js");`,
      "src/data-source.ts": "what nobody else can read",
      "ormconfig.js": `require("./register");
        module.exports = { loader: "none", dataSource: () => require("./src/data-source") };`,
    });
    const { report } = await load(project);
    expect(report.error?.code).toBe("NO_ENTITIES");
  });
});

describe("an application that wants rows when it is imported", () => {
  it.concurrent.each([
    ["by a query", 'export const rows = await a.query("SELECT 1");'],
    ["by a repository", "export const count = await a.getRepository(A).count();"],
  ])("%s is told to keep that apart", async (_how, text) => {
    const project = makeProject({
      "package.json": '{ "type": "module" }',
      "src/data-source.ts": `${HEAD}export const a = new DataSource({ ...options, entities: [A] });
        await a.initialize();
        ${text}`,
    });
    const { report } = await load(project, { dataSourceFile: "src/data-source.ts" });
    expect(report.error).toMatchObject({
      code: "DATA_SOURCE_INVALID",
      message: expect.stringContaining("asks its database while it is loaded"),
      hint: expect.stringContaining("-d"),
    });
  });
});

describe("what only ES modules do", () => {
  it.concurrent("says how to import a type that is not there at run time", async () => {
    const project = makeProject({
      "package.json": '{ "type": "module" }',
      "src/data-source.ts": withRole("Name"),
      "src/role.ts": ROLE,
    });
    const { report } = await load(project, { dataSourceFile: "src/data-source.ts" });
    expect(report.error).toMatchObject({
      code: "MODULE_FAILED",
      hint: expect.stringContaining("import type"),
    });
  });
});

describe("a source beside its compiled twin", () => {
  it.concurrent("is imported from TypeScript, and its twin is not", async () => {
    const project = makeProject({
      "package.json": "{}",
      "src/a.ts": `${HEAD}`,
      "src/a.js": 'throw new Error("the twin was loaded");',
      "src/data-source.ts": `import { DataSource } from "typeorm"; import { A } from "./a.js";
        export default new DataSource({ type: "better-sqlite3", database: ":memory:", entities: [A] });`,
    });
    const { report } = await load(project, { dataSourceFile: "src/data-source.ts" });
    expect(report.columns).toEqual({ "a.id": "Number" });
  });

  it.concurrent("is left to Node's own rules from JavaScript", async () => {
    const project = makeProject({
      "package.json": "{}",
      "a.ts": 'throw new Error("the source was loaded");',
      "a.js": "module.exports = { type: 'better-sqlite3', database: ':memory:', entities: [] };",
      "data-source.js": "module.exports = require('./a');",
    });
    const { report } = await load(project, { dataSourceFile: "data-source.js" });
    expect(report.error?.code).toBe("NO_ENTITIES");
  });
});
