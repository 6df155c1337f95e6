/** What `init` copies works as it is: each template in TypeScript, ESM and CommonJS, through the built command line. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Project, TSCONFIG } from "../cli/project";

type Form = "ts" | "esm" | "cjs";

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

/** A data source in plain JavaScript or TypeScript, whose one entity needs no decorators. */
function dataSource(form: Form, database: string, table: string): string {
  const imports =
    form === "cjs"
      ? 'const { DataSource, EntitySchema } = require("typeorm");'
      : 'import { DataSource, EntitySchema } from "typeorm";';
  const exported = form === "cjs" ? "exports.dataSource =" : "export const dataSource =";
  return `${imports}
const entity = new EntitySchema({ name: "${table}", columns: { id: { type: Number, primary: true, generated: true }, name: { type: String } } });
${exported} new DataSource({ type: "better-sqlite3", database: "${database}", entities: [entity] });
`;
}

function projectOf(form: Form, template: string, files: Readonly<Record<string, string>>): Project {
  const project = new Project({
    "package.json": JSON.stringify({
      name: "p",
      private: true,
      ...(form === "esm" ? { type: "module" } : {}),
    }),
    ...(form === "ts" ? { "tsconfig.json": TSCONFIG } : {}),
    ...files,
  });
  projects.push(project);
  expect(ok(project, "init", "-t", template, ...(form === "ts" ? [] : ["--js"]))).toContain("created");
  const written = readdirSync(join(project.folder, "revisions"));
  expect(written.filter((name) => /^env\./.test(name))).toEqual([form === "ts" ? "env.ts" : "env.js"]);
  expect(existsSync(join(project.folder, form === "ts" ? "ormconfig.ts" : "ormconfig.js"))).toBe(true);
  return project;
}

function ok(project: Project, ...args: readonly string[]): string {
  const { status, stdout, stderr } = project.run(...args);
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

function tables(project: Project, file: string): readonly unknown[] {
  const database = new Database(join(project.folder, file));
  try {
    return database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'limbeck%' AND name NOT LIKE 'sqlite%'",
      )
      .pluck()
      .all();
  } finally {
    database.close();
  }
}

const forms: readonly Form[] = ["ts", "esm", "cjs"];
const extension = (form: Form): string => (form === "ts" ? "ts" : "js");

describe.each(forms)("in %s", (form) => {
  it("generic leads from entities to a database and to a script", () => {
    const project = projectOf(form, "generic", {
      [`src/data-source.${extension(form)}`]: dataSource(form, "app.db", "note"),
    });
    ok(project, "revision", "--autogenerate", "-m", "first");
    ok(project, "upgrade");
    expect(tables(project, "app.db")).toEqual(["note"]);
  });

  it("multidb makes one revision with a pair of functions for each database, and a script for each", () => {
    const project = projectOf(form, "multidb", {
      [`src/data-source.${extension(form)}`]: dataSource(form, "main.db", "note"),
      [`src/audit.${extension(form)}`]: dataSource(form, "audit.db", "entry"),
    });
    const config = join(project.folder, form === "ts" ? "ormconfig.ts" : "ormconfig.js");
    writeFileSync(config, readFileSync(config, "utf8").replace(/(audit: .*)data-source/, "$1audit"));
    ok(project, "revision", "--autogenerate", "-m", "first");
    const versions = join(project.folder, "revisions", "versions");
    const [file = ""] = readdirSync(versions).filter((name) => /\.[jt]s$/.test(name));
    const text = readFileSync(join(versions, file), "utf8");
    for (const name of ["upgrade_main", "upgrade_audit", "downgrade_main", "downgrade_audit"])
      expect(text).toMatch(new RegExp(`function ${name}\\(op`));
    ok(project, "upgrade", "-n", "audit");
    expect(tables(project, "audit.db")).toEqual(["entry"]);
    expect(existsSync(join(project.folder, "main.db"))).toBe(false);
    ok(project, "upgrade");
    expect(tables(project, "main.db")).toEqual(["note"]);
    ok(project, "check");
    ok(project, "upgrade", "--sql", "-o", "sql/{database}.sql", "--rollback", "sql/{database}.down.sql");
    const sql = (name: string): string => readFileSync(join(project.folder, "sql", name), "utf8");
    expect(sql("main.sql")).toContain('CREATE TABLE "note"');
    expect(sql("main.sql")).not.toContain("entry");
    expect(sql("audit.sql")).toContain('CREATE TABLE "entry"');
    expect(sql("audit.down.sql")).toContain('DROP TABLE "entry"');
    const { status, stderr } = project.run("upgrade", "--sql", "-n", "nowhere");
    expect([status, stderr]).toEqual([2, expect.stringContaining("main, audit")]);
    ok(project, "downgrade", "base");
    expect([...tables(project, "main.db"), ...tables(project, "audit.db")]).toEqual([]);
  }, 60_000);

  it("nestjs takes the data source that the application's modules make, and closes the application", () => {
    const project = projectOf(form, "nestjs", {
      [`src/app.module.${extension(form)}`]: `${dataSource(form, "app.db", "note")}
const AppModule = { dataSource${form === "cjs" ? ": exports.dataSource" : ""} };
${form === "cjs" ? "exports.AppModule = AppModule;" : "export { AppModule };"}
`,
    });
    // A module of the same shape as @nestjs/core: the application connects while it starts, as TypeOrmModule does.
    const shape = `
const { DataSource } = require("typeorm");
exports.NestFactory = {
  create: async (module, server, { abortOnError }) => {
    if (abortOnError !== false || server.anything() !== undefined) throw new Error("not as NestJS needs it");
    await module.dataSource.initialize();
    return {
      get: (token) => { if (token !== DataSource) throw new Error("another DataSource"); return module.dataSource; },
      close: async () => { require("node:fs").writeFileSync("closed", ""); },
    };
  },
};`;
    project.write({ "nest/index.js": shape, "nest/package.json": '{ "name": "nest", "type": "commonjs" }' });
    const config = join(project.folder, form === "ts" ? "ormconfig.ts" : "ormconfig.js");
    writeFileSync(config, readFileSync(config, "utf8").replace('"@nestjs/core"', '"./nest/index.js"'));
    ok(project, "revision", "--autogenerate", "-m", "first");
    ok(project, "upgrade");
    expect(tables(project, "app.db")).toEqual(["note"]);
    expect(existsSync(join(project.folder, "closed"))).toBe(true);
  });
});
