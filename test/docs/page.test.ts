import { printedAsShown, readPage } from "./page";

describe("what a command printed is as shown", () => {
  test.each([
    ["the same", "one\ntwo\n", ["one", "two"], true],
    ["nothing shown", "one\n", [], true],
    ["another line", "one\ntwo\n", ["one"], false],
    ["any lines at the end", "one\ntwo\nthree\n", ["one", "..."], true],
    ["any lines between", "one\ntwo\nthree\n", ["one", "...", "three"], true],
    ["no such line between", "one\ntwo\n", ["...", "three"], false],
    ["anything in a line", "took 12 ms (all)\n", ["took … (all)"], true],
    ["signs of regular expressions", "a.b\n", ["a?b"], false],
    ["blank lines", "one\n\ntwo\n", ["one", "", "two"], true],
  ])("%s", (_, printed, shown, expected) => {
    expect(printedAsShown(printed, shown)).toBe(expected);
  });
});

test("a page is read as files, commands and modules, in order", () => {
  const text = [
    "# A page",
    "```ts file=src/a.ts",
    "export const a = 1;",
    "```",
    "- a point",
    "  ```console",
    "  $ limbeck heads",
    "  one (head)",
    "  # exit 1",
    "  $ limbeck current",
    "  ```",
    "```ts config",
    'names: "content",',
    "```",
    "```ts op",
    'await op.dropTable("account");',
    "```",
    "```ts signature",
    "heads(): readonly string[];",
    "```",
    "```sql",
    "SELECT 1",
    "```",
  ].join("\n");
  expect(readPage(text).steps).toEqual([
    { kind: "file", path: "src/a.ts", text: "export const a = 1;\n", line: 2 },
    { kind: "command", command: "limbeck heads", output: ["one (head)"], status: 1, line: 7 },
    { kind: "command", command: "limbeck current", output: [], status: 0, line: 10 },
    { kind: "config", text: 'names: "content",', line: 12 },
    { kind: "operations", text: 'await op.dropTable("account");', line: 15 },
  ]);
  expect(readPage("<!-- project: empty -->").start).toBe("empty");
});

test.each(["bash", "ts", "js", "ts norun"])("a block of %s, which nobody would run, is refused", (info) => {
  expect(() => readPage(`\`\`\`${info}\nls\n\`\`\``)).toThrow(`line 1: a block of ${info}`);
});
