/** What the graph commands print, and the options that reach env.ts. */
import { Project, revisionText } from "./project";
import { shopFiles } from "./shop";

let project: Project;
beforeEach(() => {
  project = new Project(shopFiles());
});
afterEach(() => project.remove());

function lines(...args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = project.run(...args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout.trimEnd().split("\n");
}

test("heads, branches and current tell what is applied without a row of its own", () => {
  expect(lines("heads")).toEqual([
    "2a95102259be (networking) (head)",
    "55af2cb1c267 (head that others depend on)",
    "d747a8a8879b (cart) (head)",
  ]);
  expect(lines("heads", "--resolve-dependencies")).toEqual([
    "2a95102259be (networking) (head)",
    "d747a8a8879b (cart) (head)",
  ]);
  expect(lines("branches")).toEqual([
    "1975ea83b712 (branchpoint)",
    "             -> 27c6a30d7c24 (cart), revision 27c6a30d7c24",
    "             -> ae1027a6acf0, revision ae1027a6acf0",
  ]);
  lines("upgrade", "networking@head");
  expect(lines("current")).toEqual([
    "2a95102259be (networking) (head)",
    "55af2cb1c267 (head that others depend on) (applied with what depends on it)",
  ]);
  expect(project.run("current", "--check-heads").status).toBe(1);
  lines("upgrade", "heads");
  expect(project.run("current", "--check-heads").status).toBe(0);
});

test("history --graph fits into 80 columns and marks where the database is", () => {
  lines("upgrade", "27c6", "109e");
  lines(
    "revision",
    "--head",
    "cart@head",
    "--rev-id",
    "new",
    "-m",
    "a message that is much too long ".repeat(4),
  );
  const drawn = lines("history", "--graph", "-i");
  expect(drawn.every((line) => line.length <= 80)).toBe(true);
  expect(drawn.map((line) => line.replace(/ revision .*| a message.*/, ""))).toEqual([
    "o  new (cart) [head, pending]",
    "o  d747a8a8879b (cart) [pending]",
    "@  27c6a30d7c24 (cart) [current]",
    "│ o  2a95102259be (networking) [head, pending, needs 55af2cb1c267]",
    "│ │ o  55af2cb1c267 [head, pending]",
    "│ │ o  ae1027a6acf0 [pending]",
    "├─┼─╯",
    "* │  1975ea83b712",
    "  o  29f859a13ea0 (networking) [pending]",
    "  @  109ec7d132bf (networking) [current]",
    "  *  3cac04ae8714 (networking)",
    "",
    "@ the database is here, * applied, o pending",
  ]);
});

test.each([
  ["mermaid", "flowchart BT", '  r1["3cac04ae8714 (networking) revision 3cac04ae8714"]', "  r6 -.-> r7"],
  [
    "dot",
    "digraph revisions {",
    '  r1 [label="3cac04ae8714 (networking) revision 3cac04ae8714"];',
    "  r6 -> r7 [style=dashed];",
  ],
])(
  "history --format %s is a diagram with dependencies drawn otherwise",
  (format, first, node, dependency) => {
    const text = lines("history", "--format", format);
    expect(text[0]).toBe(first);
    expect(text).toContain(node);
    expect(text).toContain(dependency);
    expect(text.filter((line) => line.includes("->")).length).toBe(8);
  },
);

test("history --format json is the data", () => {
  expect(JSON.parse(lines("history", "--format", "json", "-r", ":1975").join("\n"))).toMatchObject([
    { revision: "1975ea83b712", parents: [], isBranchPoint: true },
  ]);
});

test("edit opens the files in the user's editor", () => {
  const { stdout, status } = project.runIn({ VISUAL: "", EDITOR: "cat" }, "edit", "109e", "27c6");
  expect(status).toBe(0);
  expect(stdout).toMatch(/revision = "109ec7d132bf"[^]*revision = "27c6a30d7c24"[^]*109ec7d132bf\.js\n/);
});

test("a folder that is empty or holds other files has no revisions", () => {
  const empty = new Project({
    "ormconfig.js": "module.exports = {};",
    "revisions/versions/README.md": "# revisions",
    "revisions/versions/helper.js": "exports.help = () => 1;",
    "revisions/versions/computed.js": 'exports.revision = ["a", 1].join(""); exports.upgrade = () => {};',
  });
  try {
    expect(empty.run("heads")).toMatchObject({ status: 0, stdout: "a1 (head)\n" });
    empty.write({
      "revisions/versions/b.js": revisionText("b2", "a1")
        .replaceAll("export const ", "exports.")
        .replaceAll(/export function (\w+)\(\): void/g, "exports.$1 = function ()"),
    });
    expect(empty.run("heads")).toMatchObject({ status: 0, stdout: "b2 (head)\n" });
  } finally {
    empty.remove();
  }
  const none = new Project({ "ormconfig.js": "module.exports = {};" });
  try {
    for (const command of ["heads", "history", "branches"]) {
      expect(none.run(command)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    }
  } finally {
    none.remove();
  }
});

test("-x and --tag reach env.ts, and -n chooses the database", () => {
  project.write({
    "ormconfig.ts": `export default { dialect: "sqlite", scriptLocation: "revisions", databases: { one: {}, two: {} } };`,
    "revisions/env.js": `module.exports = async (context) => {
      context.output.write(JSON.stringify([context.config.database, context.xArguments, context.tag]) + "\\n");
      await context.configure({ dialect: "sqlite" });
    await context.runMigrations(); };`,
  });
  const [first] = lines("-n", "two", "-x", "a=b=c", "upgrade", "cart", "--sql", "--tag", "v1", "-x", "d");
  expect(first).toBe('["two",{"a":"b=c","d":""},"v1"]');
  // The two share their revisions, so that the graph is that of both; with some of its own, one must be chosen.
  expect(project.run("heads").status).toBe(0);
  project.write({
    "ormconfig.ts": `export default { dialect: "sqlite", databases: { one: { scriptLocation: "revisions" }, two: { scriptLocation: "others" } } };`,
  });
  expect(project.run("heads")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("-n one") as string,
  });
});
