import * as fc from "../../arbitrary/fast-check";
import { sameTokens, stripOuterParentheses, tokenize } from "../../../src/dialects/sqlite/tokens";

const kindsOf = (sql: string): readonly (readonly [string, string])[] =>
  tokenize(sql).map(({ kind, text }) => [kind, text]);

describe("tokens", () => {
  test.each<[string, readonly (readonly [string, string])[]]>([
    ['"a ""b"""', [["name", 'a "b"']]],
    [
      "[a b]`c``d`",
      [
        ["name", "a b"],
        ["name", "c`d"],
      ],
    ],
    ["'it''s'", [["string", "it's"]]],
    ["X'0aFF'", [["blob", "X'0aFF'"]]],
    [
      "x 'a'",
      [
        ["word", "x"],
        ["string", "a"],
      ],
    ],
    ["1 1.5 .5 1e-3 0xFF 1_000", ["1", "1.5", ".5", "1e-3", "0xFF", "1_000"].map((n) => ["number", n])],
    [
      "a->>'$.b'||c",
      [
        ["word", "a"],
        ["symbol", "->>"],
        ["string", "$.b"],
        ["symbol", "||"],
        ["word", "c"],
      ],
    ],
    [
      "a <> b -- c\n!= /* d 'e */ f",
      [
        ["word", "a"],
        ["symbol", "<>"],
        ["word", "b"],
        ["symbol", "!="],
        ["word", "f"],
      ],
    ],
    ["größe_1$", [["word", "größe_1$"]]],
    ["a\u00a0b", [["word", "a\u00a0b"]]],
    ["a /* open", [["word", "a"]]],
    ["", []],
  ])("%s", (sql, expected) => {
    expect(kindsOf(sql)).toEqual(expected);
  });

  test("keep their places, and leave out nothing but space and comments", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab1'\"`[]()-/*., \n;é".split("")) }), (sql) => {
        let end = 0;
        for (const token of tokenize(sql)) {
          expect(sql.slice(end, token.start)).toMatch(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*$/);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
      }),
    );
  });
});

describe("sameTokens", () => {
  test.each([
    ["age>0", "age  >  0 -- years"],
    ['"age" > 0', "AGE > 0"],
    ["(age > 0)", "age > 0"],
    ["((a) + (b))", "(a) + (b)"],
    ["a <> 1 and b = 2", "a != 1 AND b == 2"],
    ["`a` = [b]", '"a" = "b"'],
  ])("%s is the same as %s", (left, right) => {
    expect(sameTokens(left, right)).toBe(true);
  });

  test.each([
    ["a > 0", "a >= 0"],
    ["a = 'x'", "a = 'X'"],
    ["a = 'x'", 'a = "x"'],
    ["(a) + (b)", "a + b"],
    ["a = null", 'a = "null"'],
    ["select a from t left join u", 'select a from t "left" join u'],
    ["größe", "GRÖSSE"],
    ['"É"', '"é"'],
    ["a", "a a"],
    // Where there is no such column, these are strings to SQLite.
    ['"A"', '"a"'],
  ])("%s is not known to be the same as %s", (left, right) => {
    expect(sameTokens(left, right)).toBe(false);
    expect(sameTokens(right, left)).toBe(false);
  });
});

test.each([
  ["(a)", "a"],
  [" ((a + b)) ", "a + b"],
  ["(a) + (b)", "(a) + (b)"],
  ["( ')' )", "')'"],
  ["()", "()"],
])("the outer parentheses of %s are taken off", (sql, expected) => {
  expect(stripOuterParentheses(sql)).toBe(expected);
});
