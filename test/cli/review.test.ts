/** What a reviewer sees of candidate operations: words, SQL, data, a comment, annotations. */
import { CONFIG, DATA_SOURCE, ENTITIES, Project, TSCONFIG } from "./project";

const MORE = ENTITIES.replace(
  "@Column",
  "@Column({ nullable: true }) email: string;\n  @Column() age: number;\n  @Column",
);
const RISK = "fails when account has rows: age needs a default, or addColumn(…, { fill: … })";

let project: Project;
beforeAll(() => {
  project = new Project({
    "tsconfig.json": TSCONFIG,
    "src/entities.ts": ENTITIES,
    "src/data-source.ts": DATA_SOURCE,
    "ormconfig.ts": CONFIG.replace("./data-source", "./src/data-source"),
  });
  project.run("revision", "--autogenerate", "-m", "first", "--rev-id", "a1", "--against", "empty");
});
beforeEach(() => project.write({ "src/entities.ts": MORE }));
afterAll(() => project.remove());

const diff = (...options: readonly string[]) => project.run("diff", "--against", "revisions", ...options);

describe("limbeck diff", () => {
  test("prints what would be generated in words, and writes neither file nor database", () => {
    const before = project.snapshot();
    const { status, stdout } = diff();
    expect({ status, lines: stdout.split("\n") }).toEqual({
      status: 0,
      lines: [
        "+ add column account.email varchar",
        "+ add column account.age integer not null",
        `    ! ${RISK}`,
        "",
      ],
    });
    expect(project.snapshot()).toEqual(before);
  });

  test("prints the words in colours where they are wanted", () => {
    const { stdout } = project.runIn({ FORCE_COLOR: "1" }, "diff", "--against", "revisions");
    expect(stdout).toContain("\u001b[32m+ add column account.email varchar\u001b[39m");
  });

  test("prints statements", () => {
    const { status, stdout } = diff("--sql");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^-- for review: /);
    expect(stdout).toContain('\nCREATE TABLE "_limbeck_new_account" (');
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.endsWith(";") || line.startsWith("--")),
    ).toBe(true);
  });

  test("prints beside the statements what may be lost", () => {
    expect(diff("--sql").stdout.split("\n")[1]).toBe(`-- warning: ${RISK}`);
  });

  test("prints a comment for a pull request", () => {
    const { stdout } = diff("--format", "markdown");
    const lines = stdout.split("\n");
    expect(lines.slice(0, 9)).toEqual([
      "<!-- limbeck diff -->",
      "### 2 schema changes (sqlite)",
      "",
      "- `add column account.email varchar`",
      "- `add column account.age integer not null`",
      `  - :warning: \`${RISK}\``,
      "",
      "<details><summary>SQL</summary>",
      "",
    ]);
    expect(lines.slice(-4)).toEqual(["```", "", "</details>", ""]);
  });

  test("prints data", () => {
    const { status, stdout } = diff("--format", "json");
    expect(status).toBe(0);
    expect(diff("--json").stdout).toBe(stdout);
    expect(JSON.parse(stdout)).toEqual([
      {
        dialect: "sqlite",
        questions: [],
        changes: [
          { text: "add column account.email varchar", effect: "add", losses: [] },
          { text: "add column account.age integer not null", effect: "add", losses: [RISK] },
        ],
        operations: [expect.objectContaining({ kind: "batchAlterTable" })],
        sql: expect.arrayContaining(['DROP TABLE "account";']) as unknown,
        unmanaged: [],
        warnings: [],
      },
    ]);
  });

  test("says so in each format where nothing differs, and exits 0", () => {
    project.write({ "src/entities.ts": ENTITIES });
    expect(diff()).toMatchObject({ status: 0, stdout: "no differences\n" });
    expect(diff("--sql").stdout).toBe("-- no differences\n");
    expect(diff("--format", "markdown").stdout).toBe(
      "<!-- limbeck diff -->\n### No schema changes (sqlite)\n",
    );
  });

  test("takes one format", () => {
    expect(diff("--sql", "--format", "markdown")).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("limbeck check --format github", () => {
  const check = (...options: readonly string[]) => project.run("check", "--format", "github", ...options);

  test("points to the property of the entity, from the repository's root", () => {
    const { status, stdout } = check("--against", "revisions");
    expect({ status, lines: stdout.split("\n") }).toEqual({
      status: 1,
      lines: [
        "::error file=src/entities.ts,line=5,title=not in the database::add column account.email varchar",
        "::error file=src/entities.ts,line=6,title=not in the database::add column account.age integer not null",
        `::warning file=src/entities.ts,line=6,title=review::${RISK}`,
        "",
      ],
    });
  });

  test("is silent where nothing differs", () => {
    project.write({ "src/entities.ts": ENTITIES });
    expect(check("--against", "revisions")).toMatchObject({ status: 0, stdout: "" });
  });

  test("annotates what keeps it from comparing, and says it as ever", () => {
    const { status, stdout, stderr } = check();
    expect(status).toBe(2);
    expect(stdout).toMatch(/^::error title=limbeck check::the database is behind: /);
    expect(stderr).toContain("error: the database is behind");
  });
});

describe("what looks like a rename and is not answered", () => {
  const QUESTION =
    "column account.fullName is new, and may be name renamed (same type varchar(40), similar name, both not null)";
  const NEXT = "answer with --rename account.name:fullName, or say --no-renames where drop and add is meant";
  beforeEach(() =>
    project.write({
      "src/entities.ts": ENTITIES.replace(
        /@Column.*name.*/,
        "@Column({ nullable: true }) age: number;\n  @Column({ length: 40 }) fullName: string;",
      ),
    }),
  );

  test("does not keep check from telling what else differs", () => {
    const { status, stdout, stderr } = project.run("check", "--against", "revisions");
    expect({ status, lines: stdout.split("\n") }).toEqual({
      status: 1,
      lines: [QUESTION, "add column account.age integer", ""],
    });
    expect(stderr).toContain(`next: ${NEXT}`);
    const { questions } = JSON.parse(project.run("check", "--against", "revisions", "--json").stdout) as {
      questions: unknown;
    };
    expect(questions).toEqual([{ sentence: QUESTION, options: ["--rename account.name:fullName"] }]);
  });

  test.each([
    ["text", [`? ${QUESTION}`, "+ add column account.age integer"]],
    ["sql", [`-- a question, taken for a rename here: ${QUESTION}`]],
    ["markdown", ["### 2 schema changes (sqlite)", `- :question: \`${QUESTION}\``]],
  ])("is shown by diff --format %s, which exits 1", (format, lines) => {
    const { status, stdout, stderr } = diff("--format", format);
    expect(status).toBe(1);
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(lines));
    expect(stderr).toContain(`next: ${NEXT}`);
  });

  test("is an annotation without a line", () => {
    const { status, stdout } = project.run("check", "--format", "github", "--against", "revisions");
    expect(status).toBe(1);
    expect(stdout).toContain("::error title=a rename?::column account.fullName is new");
    expect(stdout).toContain("::add column account.age integer");
  });

  test("stops revision --autogenerate", () => {
    const { status } = project.run("revision", "--autogenerate", "-m", "x", "--against", "revisions");
    expect(status).toBe(2);
  });
});
