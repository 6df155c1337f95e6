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
  readonly env?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly status: number;
  readonly says: readonly (string | RegExp)[];
  /** What is not said. */
  readonly never?: readonly string[];
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
  {
    name: "a command that is like none",
    files: ORDINARY,
    args: ["foo"],
    status: 2,
    says: ['there is no command "foo"\nnext: `limbeck --help` lists the commands'],
  },
  ...[
    {
      what: "that throws",
      text: "throw new Error('no');",
      says: ["cannot be loaded: no (in ", "a1.js:4)", "next: correct "],
    },
    { what: "that is no JavaScript", text: "const = 2;", says: ["a1.js:4)", "next: correct "] },
    { what: "that misses a file", text: "require('./gone');", says: ["next: bring ./gone back, or correct"] },
    {
      what: "that misses a package",
      text: "require('gone-x');",
      says: ["next: npm install gone-x, or correct"],
    },
  ].map(({ what, text, says }) => ({
    name: `a revision ${what}, of which nothing is said to run`,
    files: {
      ...ORDINARY,
      "revisions/versions/a1.js": `exports.revision = "a1";\nexports.downRevision = null;\nexports.upgrade = () => {};\n${text}\n`,
    },
    args: ["upgrade", "head"],
    status: 2,
    says,
    never: ["running 1 revision"],
  })),
  {
    name: "a slip of the keyboard",
    files: ORDINARY,
    args: ["upgrad"],
    status: 2,
    says: ["did you mean `limbeck upgrade`?"],
  },
  {
    name: "a downgrade to nowhere",
    files: ORDINARY,
    args: ["downgrade"],
    status: 2,
    says: ["`limbeck downgrade` needs <revision>, and none is given"],
  },
  {
    name: "an option that there is not",
    files: ORDINARY,
    args: ["heads", "--bogus"],
    status: 2,
    says: ["Unknown argument: bogus", "limbeck heads --help"],
  },
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
    name: "a file in a circle with another one",
    files: withRevisions({ "a.ts": revisionText("a1", "b2"), "b.ts": revisionText("b2", "a1") }),
    args: ["upgrade"],
    status: 2,
    says: ["circle", "a.ts", "b.ts", "downRevision"],
  },
  {
    name: "a file that follows itself",
    files: withRevisions({ "a.ts": revisionText("a1", "a1") }),
    args: ["heads"],
    status: 2,
    says: ["a1", "follows itself", "a.ts"],
  },
  {
    name: "a file that depends on nothing that is there",
    files: withRevisions({
      "a.ts": revisionText("a1", null).replace("dependsOn = null", 'dependsOn = "zz"'),
    }),
    args: ["heads"],
    status: 2,
    says: ["a1", "depends on zz", "a.ts"],
  },
  {
    name: "two files with one label",
    files: withRevisions({
      "a.ts": revisionText("a1", null).replace("branchLabels = null", 'branchLabels = "cart"'),
      "b.ts": revisionText("b2", "a1").replace("branchLabels = null", 'branchLabels = "cart"'),
    }),
    args: ["history"],
    status: 2,
    says: ["cart", "a.ts", "b2", "another label"],
  },
  {
    name: "a label that is an id",
    files: withRevisions({
      "a.ts": revisionText("a1", null),
      "b.ts": revisionText("b2", "a1").replace("branchLabels = null", 'branchLabels = "a1"'),
    }),
    args: ["history"],
    status: 2,
    says: ['"a1"', "b.ts", "id of a revision"],
  },
  {
    name: "an id of more than 128 characters",
    files: withRevisions({ "a.ts": revisionText("x".repeat(129), null) }),
    args: ["upgrade"],
    status: 2,
    says: ["a.ts", "128 characters"],
  },
  {
    name: "such an id on the command line",
    files: ORDINARY,
    args: ["revision", "--rev-id", "x".repeat(129)],
    status: 2,
    says: ["128 characters"],
  },
  {
    name: "a merge of one revision",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["merge", "a1"],
    status: 2,
    says: ["a merge needs two", "a1"],
  },
  {
    name: "a merge where there is one head",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["merge", "heads"],
    status: 2,
    says: ["there is one head"],
  },
  {
    name: "a downgrade past base",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    before: [["upgrade"]],
    args: ["downgrade", "-2"],
    status: 2,
    says: ['"-2"', "not so many revisions"],
  },
  {
    name: "a downgrade of a database that has nothing",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    before: [["ensure-version"]],
    args: ["downgrade", "-1"],
    status: 2,
    says: ['"-1"', "nothing is applied"],
  },
  {
    name: "a stamp of something unknown",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    before: [["upgrade"]],
    args: ["stamp", "a1", "zz"],
    status: 2,
    says: ['"zz"', "a1"],
  },
  {
    name: "a revision file that computes its constants and fails",
    files: withRevisions({
      "a.ts": "export const revision = process.env.NO_SUCH!.trim(); export function upgrade() {}",
    }),
    args: ["heads"],
    status: 2,
    says: ["a.ts"],
  },
  {
    name: "two heads where one is asked for",
    files: withRevisions({ "a.ts": revisionText("a1", null), "b.ts": revisionText("b2", null) }),
    args: ["upgrade", "head"],
    status: 2,
    says: ["2 heads", "a1", "b2", "limbeck merge heads"],
  },
  {
    name: "heads --check with two heads",
    files: withRevisions({ "a.ts": revisionText("a1", null), "b.ts": revisionText("b2", null) }),
    args: ["heads", "--check"],
    status: 1,
    says: ["2 heads", "a1", "b2", "limbeck rebase"],
  },
  {
    name: "an option that is typed twice",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["revision", "-m", "one", "-m", "two"],
    status: 2,
    says: ["-m is given more than once"],
  },
  {
    name: "an editor that fails",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    env: { VISUAL: "", EDITOR: "exit 7;" },
    args: ["edit", "a1"],
    status: 2,
    says: ["exit 7", "exit status 7", "VISUAL"],
  },
  {
    name: "an edit of what has no file",
    files: withRevisions({ "a.ts": revisionText("a1", null) }),
    args: ["edit", "base"],
    status: 2,
    says: ["base", "no revision file"],
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
    const { status, stdout, stderr } = project.runIn(entry.env ?? {}, ...entry.args);
    expect({ status, stderr }).toMatchObject({ status: entry.status });
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    for (const part of entry.says) expect(stderr).toMatch(part instanceof RegExp ? part : escaped(part));
    for (const part of entry.never ?? []) expect(stderr).not.toContain(part);
    expect(project.snapshot()).toEqual(before);
  } finally {
    project.remove();
  }
});

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
