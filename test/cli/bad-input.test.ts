/** Bad input: one sentence that names the thing and the next step, the right exit status, and nothing changed. */
import Database from "better-sqlite3";
import { join } from "node:path";
import { ORDINARY, Project, revisionText } from "./project";

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Commands that must work before. */
  readonly before?: readonly (readonly string[])[];
  readonly prepare?: (project: Project) => void;
  readonly args: readonly string[];
  readonly status: number;
  readonly says: readonly (string | RegExp)[];
}

const check = ["check"];
const withDataSource = (text: string): Readonly<Record<string, string>> => ({
  ...ORDINARY,
  "data-source.ts": text,
});
const withRevisions = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...ORDINARY,
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`revisions/versions/${name}`, text])),
});
const source = (options: string): string =>
  `import { DataSource } from "typeorm"; import { Account } from "./entities";
   export const dataSource = new DataSource({ ${options} });`;
const generate = ["revision", "--autogenerate", "-m", "more"];

const cases: readonly Case[] = [
  { name: "no command", files: ORDINARY, args: [], status: 2, says: ["limbeck --help"] },
  { name: "an unknown command", files: ORDINARY, args: ["upgrad"], status: 2, says: [/upgrad/] },
  { name: "an unknown option", files: ORDINARY, args: ["heads", "--colour"], status: 2, says: ["colour"] },
  {
    name: "no configuration",
    files: {},
    args: check,
    status: 2,
    says: ["ormconfig.ts", "limbeck init", "-d"],
  },
  {
    name: "a configuration that throws",
    files: { ...ORDINARY, "ormconfig.ts": 'throw new Error("no DB_URL");' },
    args: check,
    status: 2,
    says: ["ormconfig.ts", "no DB_URL"],
  },
  {
    name: "an unknown key",
    files: { ...ORDINARY, "ormconfig.ts": "export default { scriptLocatoin: 'x' };" },
    args: ["heads"],
    status: 2,
    says: ["scriptLocatoin", "did you mean `scriptLocation`"],
  },
  {
    name: "a data source file without a data source",
    files: withDataSource("export const nothing = 1;"),
    args: check,
    status: 2,
    says: ["no DataSource", "next:", "ormconfig.ts"],
  },
  {
    name: "a data source file with two",
    files: withDataSource(`${source('type: "better-sqlite3", database: "a.db"')}
      export const other = new DataSource({ type: "better-sqlite3", database: "b.db" });`),
    args: check,
    status: 2,
    says: ["2 data sources", "dataSource", "other"],
  },
  {
    name: "a driver that is not installed",
    files: withDataSource(source('type: "oracle", entities: [Account]')),
    args: check,
    status: 2,
    says: ["oracledb", "npm install oracledb"],
  },
  {
    name: "a database that cannot be reached",
    files: withDataSource(
      source('type: "better-sqlite3", database: "/dev/null/no/app.db", entities: [Account]'),
    ),
    args: ["upgrade"],
    status: 2,
    says: ["no connection to better-sqlite3", "next:"],
  },
  {
    name: "revision files that TypeORM's migrations glob matches",
    files: withDataSource(
      source(
        'type: "better-sqlite3", database: "app.db", entities: [Account], migrations: ["revisions/**/*.ts"]',
      ),
    ),
    args: check,
    status: 2,
    says: ["revisions/**/*.ts", "migrations"],
  },
  {
    name: "an entities glob that matches nothing",
    files: withDataSource(source('type: "better-sqlite3", database: "app.db", entities: ["nowhere/*.ts"]')),
    args: check,
    status: 2,
    says: ["nowhere/*.ts", "matches no file"],
  },
  {
    name: "no entities at all",
    files: withDataSource(source('type: "better-sqlite3", database: "app.db", entities: []')),
    args: check,
    status: 2,
    says: ["no entities"],
  },
  {
    name: "a revision file with a syntax error",
    files: withRevisions({ "a.ts": revisionText("a1", null, "export function {") }),
    args: ["upgrade"],
    status: 2,
    says: ["a.ts"],
  },
  {
    name: "two files with one id",
    files: withRevisions({ "a.ts": revisionText("a1", null), "b.ts": revisionText("a1", null) }),
    args: ["heads"],
    status: 2,
    says: ["two files are revision a1", "a.ts", "b.ts"],
  },
  {
    name: "a parent that does not exist",
    files: withRevisions({ "b.ts": revisionText("b2", "a1") }),
    args: ["history"],
    status: 2,
    says: ["b2", "a1", "b.ts"],
  },
  {
    name: "an unknown revision",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["upgrade", "zz"],
    status: 2,
    says: ['"zz"', "a1"],
  },
  {
    name: "a version row that no file has",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    before: [["upgrade"]],
    prepare: (project) => {
      const database = new Database(join(project.folder, "app.db"));
      database.exec("UPDATE limbeck_version SET version_num = 'gone'");
      database.close();
    },
    args: ["upgrade"],
    status: 2,
    says: ["gone", "another branch", "deleted"],
  },
  {
    name: "autogenerate while behind head",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: generate,
    status: 2,
    says: ["behind", "a1", "limbeck upgrade heads"],
  },
  {
    name: "a revision without a way back",
    files: withRevisions({
      "a.ts": revisionText("a1", null).replace("export function downgrade(): void {}", ""),
    }),
    before: [["upgrade"]],
    args: ["downgrade", "base"],
    status: 2,
    says: ["a1", "no downgrade"],
  },
  {
    name: "a range without --sql",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["upgrade", "base:a1"],
    status: 2,
    says: ["--sql"],
  },
  {
    name: "downgrade --sql without a range",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["downgrade", "base", "--sql"],
    status: 2,
    says: ["start:end"],
  },
  {
    name: "an unknown template",
    files: {},
    args: ["init", "revisions", "--template", "fancy"],
    status: 2,
    says: ["fancy", "generic"],
  },
  {
    name: "a migration that fails",
    files: withRevisions({
      "a.ts": revisionText("a1", null).replace(
        "upgrade(): void {}",
        'upgrade(op: any): void { op.execute("CREATE TABLE t (a)"); op.execute("INSERT INTO nowhere VALUES (1)"); }',
      ),
    }),
    before: [["ensure-version"]],
    args: ["upgrade"],
    status: 3,
    says: ["a1", "no such table: nowhere", "INSERT INTO nowhere", "rolled back", "at base"],
  },
];

test.each(cases.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
  const project = new Project(entry.files);
  try {
    for (const args of entry.before ?? []) {
      const outcome = project.run(...args);
      expect({ args, ...outcome }).toMatchObject({ args, status: 0 });
    }
    entry.prepare?.(project);
    const before = project.snapshot();
    const { status, stdout, stderr } = project.run(...entry.args);
    expect({ status, stderr }).toMatchObject({ status: entry.status });
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    for (const part of entry.says) expect(stderr).toMatch(part instanceof RegExp ? part : escaped(part));
    expect(project.snapshot()).toEqual(before);
  } finally {
    project.remove();
  }
});

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
