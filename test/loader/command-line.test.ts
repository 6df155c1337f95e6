/** The built command line in a tiny project of each kind, several at a time. */
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { makeProject, removeProjects } from "../support/project";

const run = promisify(execFile);

afterAll(removeProjects);

/** What Limbeck needs to run, with a driver; whatever reads TypeScript is the project's own. */
const NEEDED = ["better-sqlite3", "get-tsconfig", "picomatch", "prettier", "tinyglobby", "yargs"];

/** A project of the fixtures, and what is installed for it. */
interface App {
  readonly fixture: string;
  /** The folder of the project inside its fixture. */
  readonly inside?: string;
  /** Packages by name, from a folder of this repository, or of the fixture where it starts with `../`. */
  readonly packages?: Readonly<Record<string, string>>;
}

/** A copy of a project with what is installed for it, Limbeck among it. */
function install({ fixture, inside = ".", packages = {} }: App): string {
  const project = makeProject({}, NEEDED);
  const folder = join(project, fixture);
  cpSync(resolve("fixtures/apps", fixture), folder, { recursive: true });
  const limbeck = join(project, "node_modules/limbeck");
  for (const part of ["dist", "templates", "package.json"]) {
    cpSync(resolve(part), join(limbeck, part), { recursive: true });
  }
  for (const [name, source] of Object.entries({ typeorm: "node_modules/typeorm", ...packages })) {
    const place = join(project, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(source.startsWith("..") ? join(folder, source.slice(3)) : resolve(source), place);
  }
  return join(folder, inside);
}

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function limbeck(cwd: string, ...args: readonly string[]): Promise<Outcome> {
  const cli = ["..", "../.."].map((up) => join(cwd, up, "node_modules/limbeck/dist/cli/main.js"));
  const main = cli.find((file) => existsSync(file)) ?? "";
  // Without the marks of jest, which Limbeck takes for something that reads TypeScript.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  try {
    return { status: 0, ...(await run(process.execPath, [main, ...args], { cwd, env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

const SWC = { "@swc/core": "node_modules/@swc/core" };
const TYPESCRIPT = { typescript: process.env.LIMBECK_TYPESCRIPT ?? "node_modules/typescript" };
const TYPESCRIPT_7 = { typescript: "node_modules/typescript-7" };

const apps: Readonly<Record<string, App & { readonly writes: ".ts" | ".js" }>> = {
  "CommonJS, by swc": { fixture: "cjs", packages: SWC, writes: ".ts" },
  "CommonJS, by TypeScript": { fixture: "cjs", packages: TYPESCRIPT, writes: ".ts" },
  "CommonJS, by swc beside TypeScript 7": {
    fixture: "cjs",
    packages: { ...SWC, ...TYPESCRIPT_7 },
    writes: ".ts",
  },
  "tsconfig's `paths` and `extends`, and globs": { fixture: "cjs-paths", packages: SWC, writes: ".ts" },
  "ES modules, by swc": { fixture: "esm", packages: SWC, writes: ".ts" },
  "ES modules, by TypeScript": { fixture: "esm", packages: TYPESCRIPT, writes: ".ts" },
  "ES modules as bundlers know them, and globs": { fixture: "esm-bundler", packages: SWC, writes: ".ts" },
  "JavaScript in CommonJS": { fixture: "javascript", writes: ".js" },
  "JavaScript in ES modules, and globs": { fixture: "esm-javascript", writes: ".js" },
  "compiled JavaScript without any dev dependency": { fixture: "production", writes: ".js" },
  "a loader of its own": { fixture: "own-loader", packages: TYPESCRIPT, writes: ".ts" },
  "packages of a workspace": {
    fixture: "workspace",
    inside: "app",
    packages: { ...SWC, "@acme/database": "../database" },
    writes: ".ts",
  },
  "TypeORM 0.3 and the sqlite3 package": {
    fixture: "typeorm-0.3",
    packages: { ...SWC, typeorm: "node_modules/typeorm-0.3", sqlite3: "node_modules/sqlite3" },
    writes: ".ts",
  },
};

describe("a project of", () => {
  it.concurrent.each(Object.entries(apps))(
    "%s is compared, brought up to date, and at rest",
    async (_title, app) => {
      const folder = install(app);
      const written = await limbeck(folder, "revision", "--autogenerate", "-m", "first");
      expect(written).toMatchObject({ status: 0 });
      const [file = ""] = readdirSync(join(folder, "revisions/versions"));
      expect(file).toMatch(new RegExp(`_first\\${app.writes}$`));
      expect(readFileSync(join(folder, "revisions/versions", file), "utf8")).toMatch(
        /createTable\("post"[\s\S]*createTable\("user"|createTable\("user"[\s\S]*createTable\("post"/,
      );
      expect(await limbeck(folder, "upgrade", "head")).toMatchObject({ status: 0 });
      const check = await limbeck(folder, "check");
      expect(check).toMatchObject({ status: 0 });
    },
  );
});

describe("an application that connects and synchronizes when it is imported", () => {
  it.concurrent.each([
    ["cjs", SWC],
    ["cjs", TYPESCRIPT],
    ["esm", SWC],
    ["esm", TYPESCRIPT],
  ])("leaves the database to `check` as it was: %s %j", async (fixture, packages) => {
    const folder = install({ fixture, packages });
    const file = join(folder, "started.sqlite");
    const database = new Database(file);
    database.exec(
      'CREATE TABLE "post" ("id" integer PRIMARY KEY, "old" text); INSERT INTO "post" VALUES (1, \'x\')',
    );
    database.close();
    const before = readFileSync(file);
    const check = await limbeck(folder, "-d", "src/started.ts", "check");
    expect(check).toMatchObject({ status: 1, stderr: expect.stringContaining("the application starts") });
    expect(check.stdout).toContain("post");
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith(".sqlite"))).toEqual(["started.sqlite"]);
  });
});

/** A copy of TypeORM that finds no drivers: one that is linked finds those of this repository. */
function installWithoutDrivers(): string {
  const folder = makeProject({}, ["reflect-metadata", "tslib"]);
  const typeorm = join(folder, "node_modules/typeorm");
  cpSync(resolve("node_modules/typeorm"), typeorm, {
    recursive: true,
    filter: (source) => !/[\\/]browser$|\.map$|\.d\.ts$/.test(source),
  });
  const manifest = readFileSync(join(typeorm, "package.json"), "utf8");
  const { dependencies } = JSON.parse(manifest) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies)) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    if (!existsSync(place)) symlinkSync(resolve("node_modules", name), place);
  }
  return folder;
}

test("a driver that is not installed is missed when a connection is wanted, and not by a script", async () => {
  const place = installWithoutDrivers();
  const packages = { ...SWC, typeorm: join(place, "node_modules/typeorm") };
  const folder = install({ fixture: "cjs", packages });
  const connecting = await limbeck(folder, "check");
  expect(connecting).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/the database driver better-sqlite3, .* is not installed/),
  });
  expect(connecting.stderr).toContain("npm install better-sqlite3");
  expect(await limbeck(folder, "revision", "-m", "by hand")).toMatchObject({ status: 0 });
  const script = await limbeck(folder, "upgrade", "head", "--sql");
  expect(script).toMatchObject({ status: 0, stdout: expect.stringContaining("limbeck_version") });
});

describe("a column whose type is lost when files are compiled one by one", () => {
  it.concurrent.each([SWC, TYPESCRIPT])("is named, with the way out: %j", async (packages) => {
    const folder = install({ fixture: "lost-types", packages });
    const { status, stderr } = await limbeck(folder, "-d", "src/data-source.ts", "check");
    expect(status).toBe(2);
    expect(stderr).toContain("the type of User.role cannot be known");
    expect(stderr).toContain('give its @Column a type, such as { type: "varchar" }');
  });
});

/** What ts-node would tell TypeORM's decorator of `string | null`. */
describe("a property that may be null", () => {
  const entities = `import { Column, DataSource, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity() class User {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 12, nullable: true }) zip: string | null;
}
export const AppDataSource = new DataSource({ type: "better-sqlite3", database: "app.sqlite", entities: [User] });
`;
  it.concurrent.each([
    [true, SWC],
    [true, TYPESCRIPT],
    [false, { ...SWC, ...TYPESCRIPT }],
    [false, TYPESCRIPT],
  ])("has a type of its own only where strict is false: %s, %j", async (strict, packages) => {
    const folder = install({ fixture: "lost-types", packages });
    writeFileSync(join(folder, "src/data-source.ts"), entities);
    const tsconfig = join(folder, "tsconfig.json");
    writeFileSync(tsconfig, readFileSync(tsconfig, "utf8").replace('"strict": true', `"strict": ${strict}`));
    const found = await limbeck(folder, "-d", "src/data-source.ts", "diff", "--against", "empty");
    expect(found.stderr).toMatch(strict ? /the type of User\.zip cannot be known: .*Object/ : /^$/);
    expect(found.status).toBe(strict ? 2 : 0);
  });
});

test("an image with nothing but what was compiled needs no option, although package.json names the source", async () => {
  const folder = install({ fixture: "production" });
  const manifest = { name: "production", limbeck: { config: "src/ormconfig.ts" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const { status, stdout } = await limbeck(folder, "check");
  expect(status).toBe(1);
  expect(stdout).toContain("create table user");
});
