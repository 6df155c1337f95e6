import { parseIndex, parseTable, parseView } from "../../../src/dialects/sqlite/parse";
import type { ParsedColumn, ParsedConstraint, ParsedIndex } from "../../../src/dialects/sqlite/parse";

describe("constraints of CREATE TABLE", () => {
  test.each<[string, string, readonly ParsedConstraint[]]>([
    ["a key in the column", "id integer PRIMARY KEY", [{ kind: "primaryKey", columns: ["id"] }]],
    [
      "a named key of the table, in other letters",
      "Id int, B int, CONSTRAINT pk PRIMARY KEY (id, b DESC)",
      [{ kind: "primaryKey", name: "pk", columns: ["Id", "B"] }],
    ],
    [
      "uniques, named and not",
      "a int UNIQUE, b int CONSTRAINT u1 UNIQUE, UNIQUE (a, b COLLATE nocase), CONSTRAINT [u 2] UNIQUE (b)",
      [
        { kind: "unique", columns: ["a"] },
        { kind: "unique", name: "u1", columns: ["b"] },
        { kind: "unique", columns: ["a", "b"] },
        { kind: "unique", name: "u 2", columns: ["b"] },
      ],
    ],
    [
      "checks, verbatim",
      "a int CHECK ( a  > 0 /* , ) */ AND a <> ')' ), CONSTRAINT \"c,d\" CHECK((a)+(1) > 0 -- why\n)",
      [
        { kind: "check", expression: "a  > 0 /* , ) */ AND a <> ')'", column: "a" },
        { kind: "check", name: "c,d", expression: "(a)+(1) > 0" },
      ],
    ],
    [
      "a name belongs to the next clause only",
      "a int CONSTRAINT n NOT NULL UNIQUE CONSTRAINT c CHECK (a > 0) CHECK (a < 9)",
      [
        { kind: "unique", columns: ["a"] },
        { kind: "check", name: "c", expression: "a > 0", column: "a" },
        { kind: "check", expression: "a < 9", column: "a" },
      ],
    ],
    [
      "foreign keys with all their words",
      "p int CONSTRAINT f REFERENCES parent (id) ON DELETE SET NULL ON UPDATE SET DEFAULT DEFERRABLE INITIALLY DEFERRED," +
        "q int REFERENCES parent NOT DEFERRABLE, r int REFERENCES parent MATCH FULL DEFERRABLE," +
        "FOREIGN KEY (p, q) REFERENCES other (a, b) DEFERRABLE INITIALLY IMMEDIATE",
      [
        { kind: "foreignKey", name: "f", columns: ["p"], deferrable: "INITIALLY DEFERRED" },
        { kind: "foreignKey", columns: ["q"] },
        { kind: "foreignKey", columns: ["r"], deferrable: "INITIALLY IMMEDIATE" },
        { kind: "foreignKey", columns: ["p", "q"], deferrable: "INITIALLY IMMEDIATE" },
      ],
    ],
    ["columns that are named like clauses", '"check" int, "primary" "unique", [foreign] text', []],
    ["words inside defaults", "a text DEFAULT 'CHECK (x)', b int DEFAULT (max(1, 2)), c int DEFAULT -1", []],
  ])("%s", (_, body, expected) => {
    expect(parseTable(`CREATE TABLE "t (1)" (${body})`).constraints).toEqual(expected);
  });
});

describe("columns of CREATE TABLE", () => {
  test.each<[string, readonly ParsedColumn[]]>([
    ["a varchar(20) COLLATE NOCASE NOT NULL", [{ name: "a", collation: "NOCASE", autoincrement: false }]],
    ['"id" integer PRIMARY KEY AUTOINCREMENT NOT NULL', [{ name: "id", autoincrement: true }]],
    [
      "a int, ID integer, PRIMARY KEY (id AUTOINCREMENT)",
      [
        { name: "a", autoincrement: false },
        { name: "ID", autoincrement: true },
      ],
    ],
    [
      "a int GENERATED ALWAYS AS ( b || ')' ) STORED",
      [{ name: "a", autoincrement: false, computed: { sql: "b || ')'", stored: true } }],
    ],
    [
      "a int AS (b COLLATE nocase) NOT NULL",
      [{ name: "a", autoincrement: false, computed: { sql: "b COLLATE nocase", stored: false } }],
    ],
    ["'a' int, b", ["a", "b"].map((name) => ({ name, autoincrement: false }))],
  ])("%s", (body, expected) => {
    expect(parseTable(`CREATE TABLE t (${body})`).columns).toEqual(expected);
  });
});

test.each([
  ["", false, false],
  [" STRICT", true, false],
  [" WITHOUT ROWID", false, true],
  [" without rowid, strict", true, true],
])("the options%s of CREATE TABLE", (text, strict, withoutRowid) => {
  expect(parseTable(`CREATE TABLE t (strict text)${text}`)).toMatchObject({ strict, withoutRowid });
});

describe("CREATE INDEX", () => {
  test.each<[string, ParsedIndex]>([
    ["(a, b DESC)", { parts: [part("a"), part("b")] }],
    ["(lower(a, 'x,y') ASC)", { parts: [part("lower(a, 'x,y')")] }],
    [
      "(a || b COLLATE nocase DESC) WHERE a > 0 -- some",
      {
        parts: [{ text: "a || b COLLATE nocase", expression: "a || b", collation: "nocase" }],
        where: "a > 0",
      },
    ],
    ["((a COLLATE nocase) = b)", { parts: [part("(a COLLATE nocase) = b")] }],
    [`("where") WHERE "where" IS NOT NULL`, { parts: [part('"where"')], where: '"where" IS NOT NULL' }],
  ])("%s", (body, expected) => {
    expect(parseIndex(`CREATE UNIQUE INDEX "i (x)" ON "t" ${body}`)).toEqual(expected);
  });

  function part(text: string): { readonly text: string; readonly expression: string } {
    return { text, expression: text };
  }
});

test.each([
  ["CREATE VIEW v AS SELECT  1 AS a", "SELECT  1 AS a"],
  ['CREATE TEMP VIEW "as" AS WITH x AS (SELECT 1) SELECT * FROM x', "WITH x AS (SELECT 1) SELECT * FROM x"],
  ["CREATE VIEW v (a, b) AS SELECT 1, 2", "WITH v(a, b) AS (SELECT 1, 2) SELECT * FROM v"],
])("the SELECT of %s", (sql, expected) => {
  expect(parseView(sql)).toBe(expected);
});
