import { annotation } from "../../src/cli/review";
import { code, fenced } from "../../src/cli/markdown";

test("an annotation escapes what GitHub would take for the end of a value", () => {
  expect(annotation("error", { file: "a,b:c.ts", line: "1" }, "50%\r\nof: it, all")).toBe(
    "::error file=a%2Cb%3Ac.ts,line=1::50%25%0D%0Aof: it, all",
  );
});

test.each([
  ["plain", "`plain`"],
  ["a `b` c", "``a `b` c``"],
  ["`a``b`", "``` `a``b` ```"],
  ["two\n  lines", "`two lines`"],
])("%j stands in a line of Markdown as %j", (text, written) => {
  expect(code(text)).toBe(written);
});

test("a block of Markdown ends where the text ends, whatever is in it", () => {
  expect(fenced("sql", "SELECT '```'")).toEqual(["````sql", "SELECT '```'", "````"]);
});
