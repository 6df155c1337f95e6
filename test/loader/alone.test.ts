import { runInNewContext } from "node:vm";
import { asCommonJs, standsAlone } from "../../src/loader/alone";

describe("a module that imports", () => {
  test.each([
    ["nothing", "export const a = 1;", true],
    ["nothing, and says so in other words", "export const message = `move rows from users`;", true],
    ["types", 'import type { Operations } from "limbeck";\nexport const a = 1;', true],
    ["types in a comment", '/** @param {import("limbeck").Operations} op */\nexport const a = 1;', true],
    ["what Node brings", 'import { join } from "node:path";\nexport const a = join("b");', true],
    ["later", 'export default { dataSource: () => import("./data-source") };', true],
    [
      "later, in several lines",
      'export default {\n  main: { dataSource: async () =>\n import("./a") } };',
      true,
    ],
    ["at once", 'export default { dataSource: import("./data-source") };', false],
    ["at once, through a function", 'export default (() => import("./data-source"))();', false],
    ["a file", 'import { a } from "./a";\nexport const b = a;', false],
    ["a file for its effects", 'import "./a";', false],
    ["a package", 'import { a } from "a";', false],
    ["a type among values", 'import { type A, b } from "./a";', false],
    ["types and then a file", 'import type { A } from "a";\nimport { b } from "./b";', false],
    ["what it exports", 'export { a } from "./a";', false],
    ["all that it exports", 'export * from "./a";', false],
  ])("%s", (_what, source, isAlone) => {
    expect(standsAlone(source)).toBe(isAlone);
  });
});

describe("an ES module as CommonJS", () => {
  /** What the text exports when it is run. */
  function ran(source: string): unknown {
    const module = { exports: {} };
    const code = asCommonJs(source);
    if (code === undefined) return undefined;
    runInNewContext(code, { module });
    return module.exports;
  }

  test.each([
    ["constants", 'export const a = 1;\nexport const b = ["x", `y`];', { a: 1, b: ["x", "y"] }],
    ["no semicolons", "export const a = 1\nexport const b = a + 1\n", { a: 1, b: 2 }],
    ["functions that call each other", "export const a = b();\nexport function b() { return 2; }", { a: 2 }],
    [
      "the word in strings and comments",
      '// export const x = 1\nexport const a = "export const y = 2";',
      { a: "export const y = 2" },
    ],
    ["the word in a template", "export const a = `\nexport const y = 2`;", { a: "\nexport const y = 2" }],
    ["strictness", "export const a = (function () { return this === undefined; })();", { a: true }],
    ["a comment at its end", "export const a = 1; // the end", { a: 1 }],
  ])("keeps %s", (_what, source, exported) => {
    expect(ran(source)).toMatchObject(exported);
  });

  it("leaves every line where it was", () => {
    const source = "/** a */\n\nexport const a = 1;\nexport async function b() {\n  return a;\n}\n";
    const lines = asCommonJs(source)?.split("\n") ?? [];
    expect(lines.slice(1, 6).map((line) => line.trim())).toEqual(
      source
        .split("\n")
        .slice(1, 6)
        .map((line) => line.replace("export", "").trim()),
    );
  });

  test.each([
    ["a default", "export default 1;"],
    ["a list", "const a = 1;\nexport { a };"],
    ["several constants in one statement", "export const a = 1, b = 2;"],
    ["a destructured constant", "export const { a } = { a: 1 };"],
    ["a variable", "export let a = 1;"],
    ["a class", "export class A {}"],
    ["a generator", "export function* a() {}"],
    ["a string without an end", "export const a = 'x;"],
  ])("is not made of %s", (_what, source) => {
    expect(asCommonJs(source)).toBeUndefined();
  });
});
