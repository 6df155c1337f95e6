/** The SQL of the revisions that a branch adds, in a repository of git. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { CONFIG, Project, revisionText } from "./project";

const body = (table: string) =>
  `import type { Operations } from "limbeck";
export async function upgrade(op: Operations): Promise<void> {
  await op.createTable("${table}", { columns: [{ name: "id", type: "integer" }] });
}`;
const file = (id: string, down: string | null, more: string): string =>
  revisionText(id, down, more).replace("export function upgrade(): void {}\n", "");
const VERSIONS = "revisions/versions";

let project: Project;
const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
    cwd: project.folder,
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", HOME: project.folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
const show = (...args: readonly string[]) => project.run("show", ...args);

beforeEach(() => {
  project = new Project({
    "tsconfig.json": "{}",
    "ormconfig.ts": CONFIG.replace('"revisions"', '"revisions", dialect: "postgres"'),
    ".gitignore": "node_modules\n",
    [`${VERSIONS}/a1.ts`]: file("a1", null, body("first")),
    [`${VERSIONS}/note.ts`]: "export const table = 1;\n",
  });
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "-m", "first");
  git("checkout", "-q", "-b", "feature");
  project.write({ [`${VERSIONS}/b2.ts`]: file("b2", "a1", body("second")) });
});
afterEach(() => project.remove());

test("the revisions of a branch are shown as SQL, those committed and those that are not, and none that main has got since", () => {
  git("add", ".");
  git("commit", "-q", "-m", "second");
  project.write({ [`${VERSIONS}/c3.ts`]: file("c3", "b2", "export function upgrade(): void {}\n") });
  git("checkout", "-q", "main");
  project.write({ [`${VERSIONS}/d4.ts`]: file("d4", "a1", body("theirs")) });
  git("add", `${VERSIONS}/d4.ts`);
  git("commit", "-q", "-m", "theirs");
  git("checkout", "-q", "feature");
  expect(show("--sql", "--new-since", "main")).toMatchObject({
    status: 0,
    stdout:
      '-- b2: revision b2\nCREATE TABLE "second" ("id" integer NOT NULL);\n\n-- c3: revision c3\n-- nothing to do\n\n',
  });
  const { revisions, changed } = JSON.parse(show("--sql", "--json", "--new-since", "main").stdout) as {
    readonly revisions: readonly { readonly revision: string; readonly sql: readonly string[] }[];
    readonly changed: readonly unknown[];
  };
  expect(revisions.map(({ revision, sql }) => [revision, sql.length])).toEqual([
    ["b2", 1],
    ["c3", 0],
  ]);
  expect(changed).toEqual([]);
});

test("a comment for the pull request names each revision with its file", () => {
  expect(show("--sql", "--format", "markdown", "--new-since", "main").stdout.split("\n")).toEqual([
    "<!-- limbeck show -->",
    "### 1 new revision since `main`",
    "",
    "#### `b2`: `revision b2`",
    "",
    "`revisions/versions/b2.ts`, on top of `a1`",
    "",
    "```sql",
    'CREATE TABLE "second" ("id" integer NOT NULL);',
    "```",
    "",
  ]);
});

test("a revision of the ref that was changed or deleted is an answer of no, after what is new", () => {
  project.write({ [`${VERSIONS}/a1.ts`]: file("a1", null, body("other")) });
  const { status, stdout, stderr } = show("--sql", "--new-since", "main");
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("-- b2: ") as unknown });
  expect(stderr).toContain("revisions of main are not what they were: revisions/versions/a1.ts (changed)");
  rmSync(join(project.folder, VERSIONS, "b2.ts"));
  rmSync(join(project.folder, VERSIONS, "a1.ts"));
  const deleted = show("--new-since", "main", "--format", "json");
  expect(deleted.status).toBe(1);
  expect(JSON.parse(deleted.stdout)).toEqual({
    revisions: [],
    changed: [{ file: "revisions/versions/a1.ts", how: "deleted" }],
  });
});

test("another file in the folder may change, and a revision may move as it is", () => {
  git("mv", `${VERSIONS}/a1.ts`, `${VERSIONS}/moved.ts`);
  rmSync(join(project.folder, VERSIONS, "note.ts"));
  const { status, stdout } = show("--sql", "--new-since", "main");
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringContaining("a1:") as unknown });
});

test.each([
  [
    "a ref that git does not know",
    ["--new-since", "nowhere"],
    'git knows no commit by the name of "nowhere"',
  ],
  ["a ref that looks like an option", ["--new-since=--help"], 'git knows no commit by the name of "--help"'],
  ["neither revisions nor a ref", [], "say either which revisions, or --new-since"],
  ["both", ["head", "--new-since", "main"], "say either which revisions, or --new-since"],
])("%s is an error that says so", (_what, args, sentence) => {
  const { status, stdout, stderr } = show(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(sentence);
});

test("a project in no repository is an error that says so", () => {
  rmSync(join(project.folder, ".git"), { recursive: true });
  const { status, stderr } = project.runIn(
    { GIT_CEILING_DIRECTORIES: project.folder },
    "show",
    "--new-since",
    "main",
  );
  expect(status).toBe(2);
  expect(stderr).toContain("is in no working tree of git");
});

test("the SQL of a revision that asks the database ends where it asks", () => {
  project.write({
    [`${VERSIONS}/b2.ts`]: file(
      "b2",
      "a1",
      body("second").replace(
        "  await",
        '  await op.createSchema("s");\n  await op.queryRunner.query("SELECT 1");\n  await',
      ),
    ),
  });
  expect(show("b2", "--sql")).toMatchObject({
    status: 0,
    stdout:
      '-- b2: revision b2\nCREATE SCHEMA "s";\n-- what follows asks the database, and is not known without one\n\n',
  });
});
