/** Single edits of the columns, indexes and constraints of one entity. */
import "reflect-metadata";
import type { EntitySchemaColumnOptions } from "typeorm";
import type { Edit } from "../../support/edit";
import { column, describeEdits, insert, numbers, table, thing, TWO_NUMBERS } from "../../support/edit-cases";
import type { IndexOptions } from "../../support/edit-cases";

const colours = (...values: string[]): EntitySchemaColumnOptions => ({ type: "enum", enum: values });
const shared = (...values: string[]): EntitySchemaColumnOptions => ({
  type: "enum",
  enum: values,
  enumName: "colour",
});

const edits: Readonly<Record<string, Edit>> = {
  "widens a varchar": column({ type: "varchar", length: 5 }, { type: "varchar", length: 50 }, ["'abcde'"]),
  "narrows a varchar whose values fit": column(
    { type: "varchar", length: 50 },
    { type: "varchar", length: 5 },
    ["'abcde'", "''"],
  ),
  "takes the length from a varchar": column({ type: "varchar", length: 5 }, { type: "varchar" }, ["'abcde'"]),
  "makes a varchar a text": column(
    { type: "varchar", length: 5, default: "x" },
    { type: "text", default: "x" },
    ["'é🦉'"],
  ),
  "makes an int a bigint": column({ type: "int" }, { type: "bigint" }, ["-2147483648", "2147483647"]),
  "makes a bigint an int where the values fit": column({ type: "bigint" }, { type: "int" }, ["5"]),
  "makes a varchar an int": column({ type: "varchar" }, { type: "int" }, ["'1'", "' 42 '"], [1, 42]),
  "makes an int a varchar": column(
    { type: "int", default: 3 },
    { type: "varchar", default: "three" },
    ["1"],
    ["1"],
  ),
  "makes an int a boolean": column(
    { type: "int", default: 1 },
    { type: "boolean", default: true },
    ["0", "1"],
    [false, true],
  ),
  "makes a boolean a smallint": column(
    { type: "boolean", default: true },
    { type: "smallint", default: 1 },
    ["true", "false"],
    [1, 0],
  ),
  "makes a boolean a decimal": column({ type: "boolean" }, { type: "numeric" }, ["true", "false"], [1, 0]),
  "makes a varchar a uuid": column({ type: "varchar" }, { type: "uuid" }, [
    "'00000000-0000-4000-8000-000000000001'",
  ]),
  "makes a uuid a varchar": column({ type: "uuid" }, { type: "varchar" }, [
    "'00000000-0000-4000-8000-000000000001'",
  ]),
  "makes a text a json": column({ type: "text" }, { type: "jsonb" }, [`'{"a": 1}'`], [{ a: 1 }]),
  "makes a json a jsonb": column({ type: "json", default: { a: 1 } }, { type: "jsonb", default: { a: 1 } }, [
    `'{"b": [null]}'`,
  ]),
  "makes a jsonb a json": column({ type: "jsonb" }, { type: "json" }, [`'{"b": [null]}'`]),
  "makes a json a text": column({ type: "json" }, { type: "text" }, [`'{"b": 1}'`], ['{"b": 1}']),
  "makes a text bytes": column({ type: "text" }, { type: "bytea" }, ["'abc'"], ["\\x616263"]),
  "makes a date a timestamp": column(
    { type: "date" },
    { type: "timestamp" },
    ["'2026-02-28'"],
    ["2026-02-28T00:00:00"],
  ),
  "makes a timestamp a timestamptz": column(
    { type: "timestamp" },
    { type: "timestamptz" },
    ["'2026-02-28 23:59:59.123456'"],
    ["2026-02-28T23:59:59.123456+00:00"],
  ),
  "makes a varchar a timestamptz": column(
    { type: "varchar" },
    { type: "timestamptz" },
    ["'2026-02-28T12:00:00Z'"],
    ["2026-02-28T12:00:00+00:00"],
  ),
  "changes the precision of a timestamp": column(
    { type: "timestamp", precision: 3 },
    { type: "timestamp", precision: 6 },
    ["'2026-02-28 23:59:59.123'"],
  ),
  "changes precision and scale of a decimal": column(
    { type: "numeric", precision: 5, scale: 2 },
    { type: "numeric", precision: 10, scale: 4 },
    ["123.45"],
    [123.45],
  ),
  "makes a scalar a list": column({ type: "int" }, { type: "int", array: true }, ["1", "-2"], [[1], [-2]]),
  "makes a scalar with a default a list": column(
    { type: "varchar", length: 10, default: "x", nullable: true },
    { type: "varchar", length: 10, array: true, default: "{x}", nullable: true },
    ["'a,b'", "NULL"],
    [["a,b"], null],
  ),
  "makes a list a scalar": column(
    { type: "int", array: true, nullable: true },
    { type: "int", nullable: true },
    ["'{1}'", "NULL"],
    [1, null],
  ),
  "makes a list a scalar that takes nulls for empty lists": column(
    { type: "int", array: true, nullable: true },
    { type: "int", nullable: true },
    ["'{}'"],
    [null],
  ),
  "makes a list of ints a list of texts": column(
    { type: "int", array: true },
    { type: "text", array: true },
    ["'{1,2}'"],
    [["1", "2"]],
  ),
  "takes nulls": column({ type: "int" }, { type: "int", nullable: true }, ["1"]),
  "takes no nulls any more where there are none": column({ type: "int", nullable: true }, { type: "int" }, [
    "1",
  ]),
  "sets a default": column({ type: "int" }, { type: "int", default: 5 }, ["1"]),
  "drops a default": column({ type: "int", default: 5 }, { type: "int" }, ["1"]),
  "changes a default's text": column({ type: "text", default: "it''s" }, { type: "text", default: '\\ "' }, [
    "'1'",
  ]),
  "changes a default to an expression": column(
    { type: "timestamp", default: "2026-01-01" },
    { type: "timestamp", default: () => "now() + interval '1 day'" },
    ["'2026-02-28'"],
  ),
  "changes a default of json": column(
    { type: "jsonb", default: {} },
    { type: "jsonb", default: { b: [1, "x"] } },
    ["'[]'"],
  ),
  "changes a default of a list": column(
    { type: "int", array: true, default: "{}" },
    { type: "int", array: true, default: "{1,2}" },
    ["'{3}'"],
  ),
  "sets a comment of a column": column({ type: "int" }, { type: "int", comment: 'it\'s \\ "new"' }, ["1"]),
  "changes a comment of a column": column({ type: "int", comment: "old" }, { type: "int", comment: "new" }, [
    "1",
  ]),
  "drops a comment of a column": column({ type: "int", comment: "old" }, { type: "int" }, ["1"]),
  "sets a comment of a table": { before: numbers(), after: numbers({ comment: "it's" }), rows: TWO_NUMBERS },
  "drops a comment of a table": { before: numbers({ comment: "it's" }), after: numbers(), rows: TWO_NUMBERS },
  "changes a collation": column({ type: "text", collation: "C" }, { type: "text", collation: "POSIX" }, [
    "'b'",
  ]),
  "sets a collation": column({ type: "text" }, { type: "text", collation: "C" }, ["'b'"]),
  "drops a collation": column({ type: "text", collation: "C" }, { type: "text" }, ["'b'"]),
  "adds a column that takes nulls": {
    before: thing({ a: { type: "int" } }),
    after: thing({ a: { type: "int" }, b: { type: "int", nullable: true } }),
    rows: insert(["1"]),
    becomes: [{ id: 1, a: 1, b: null }],
  },
  "adds a column with a default that takes no nulls": {
    before: thing({ a: { type: "int" } }),
    after: thing({ a: { type: "int" }, b: { type: "varchar", default: "x" } }),
    rows: insert(["1"]),
    becomes: [{ id: 1, a: 1, b: "x" }],
  },
  "changes a computed column": {
    before: thing({
      a: { type: "int" },
      b: { type: "int", asExpression: `"a" * 2`, generatedType: "STORED" },
    }),
    after: thing({
      a: { type: "int" },
      b: { type: "int", asExpression: `"a" * 3`, generatedType: "STORED" },
    }),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: 1, b: 3 },
      { id: 2, a: 2, b: 6 },
    ],
    remade: ["thing.b"],
  },
  "changes the type of a column that a computed one reads": {
    before: thing({
      a: { type: "int" },
      b: { type: "bigint", asExpression: `"a" * 2`, generatedType: "STORED" },
    }),
    after: thing({
      a: { type: "bigint" },
      b: { type: "bigint", asExpression: `"a" * 2`, generatedType: "STORED" },
    }),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: 1, b: 2 },
      { id: 2, a: 2, b: 4 },
    ],
    remade: ["thing.b"],
  },
  "makes a plain column a computed one": {
    before: thing({ a: { type: "int" }, b: { type: "int", nullable: true } }),
    after: thing({
      a: { type: "int" },
      b: { type: "int", nullable: true, asExpression: `"a" + 1`, generatedType: "STORED" },
    }),
    rows: TWO_NUMBERS,
    becomes: [
      { id: 1, b: 11 },
      { id: 2, b: 12 },
    ],
    remade: ["thing.b"],
  },
  "makes a computed column a plain one": {
    before: thing({
      a: { type: "int" },
      b: { type: "int", nullable: true, asExpression: `"a" + 1`, generatedType: "STORED" },
    }),
    after: thing({ a: { type: "int" }, b: { type: "int", nullable: true } }),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, b: 2 },
      { id: 2, b: 3 },
    ],
    remade: ["thing.b"],
  },
  "adds a value at the end of an enum": column(colours("red", "green"), colours("red", "green", "blue"), [
    "'red'",
    "'green'",
  ]),
  "adds values at the beginning and between": column(
    colours("red", "green"),
    colours("black", "white", "red", "blue", "grey", "green"),
    ["'red'", "'green'"],
  ),
  "adds a value that is the default from now on": column(
    { ...colours("red"), default: "red" },
    { ...colours("red", "blue"), default: "blue" },
    ["'red'"],
  ),
  "removes a value that nobody holds": column(
    { ...colours("red", "green", "blue"), default: "red" },
    { ...colours("red", "green"), default: "red" },
    ["'red'", "'green'"],
  ),
  "gives the values of an enum another order": column(colours("red", "green"), colours("green", "red"), [
    "'red'",
    "'green'",
  ]),
  "changes an enum that two tables share, one with lists": {
    before: [
      table("thing", { a: { ...shared("red", "green"), default: "red" } }),
      table("box", { a: { ...shared("red", "green"), array: true, default: "{green}" } }),
    ],
    after: [
      table("thing", { a: { ...shared("green", "red", "blue"), default: "red" } }),
      table("box", { a: { ...shared("green", "red", "blue"), array: true, default: "{green}" } }),
    ],
    rows: `${insert(["'red'"])}; INSERT INTO "box" VALUES (1, '{red,green}'), (2, '{}')`,
  },
  "makes a varchar an enum": column(
    { type: "varchar", length: 10, default: "red" },
    { ...colours("red", "green"), default: "green" },
    ["'red'", "'green'"],
  ),
  "makes an enum a varchar": column(
    { ...colours("red", "green"), default: "red" },
    { type: "varchar", default: "red" },
    ["'green'"],
  ),
  "makes an enum a list of it": column(
    { ...colours("red", "green"), default: "red" },
    { ...colours("red", "green"), array: true, default: "{red}" },
    ["'green'"],
    [["green"]],
  ),
  "gives an enum type another name": column(
    colours("red", "green"),
    { ...colours("red", "green"), enumName: "hue" },
    ["'green'"],
  ),
  "adds an index": {
    before: numbers(),
    after: numbers({ indices: [{ columns: ["a"] }] }),
    rows: TWO_NUMBERS,
  },
  "drops an index": {
    before: numbers({ indices: [{ columns: ["a"] }] }),
    after: numbers(),
    rows: TWO_NUMBERS,
  },
  "changes the columns of a named index": {
    before: numbers({ indices: [{ name: "i", columns: ["a"] }] }),
    after: numbers({ indices: [{ name: "i", columns: ["a", "b"] }] }),
    rows: TWO_NUMBERS,
  },
  "changes the order of the columns of a named index": {
    before: numbers({ indices: [{ name: "i", columns: ["a", "b"] }] }),
    after: numbers({ indices: [{ name: "i", columns: ["b", "a"] }] }),
    rows: TWO_NUMBERS,
  },
  "makes a named index unique": {
    before: numbers({ indices: [{ name: "i", columns: ["a"] }] }),
    after: numbers({ indices: [{ name: "i", columns: ["a"], unique: true }] }),
    rows: TWO_NUMBERS,
  },
  "changes the predicate of a named index": {
    before: numbers({ indices: [{ name: "i", columns: ["a"], where: `"b" > 1` }] }),
    after: numbers({ indices: [{ name: "i", columns: ["a"], where: `"b" > 2 AND "a" IS NOT NULL` }] }),
    rows: TWO_NUMBERS,
  },
  "changes the method of a named index": {
    before: numbers({ indices: [{ name: "i", columns: ["a"] }] }),
    after: numbers({ indices: [{ name: "i", columns: ["a"], type: "hash" } as IndexOptions] }),
    rows: TWO_NUMBERS,
  },
  "renames an index": {
    before: numbers({ indices: [{ name: "i", columns: ["a"] }] }),
    after: numbers({ indices: [{ name: "j", columns: ["a"] }] }),
    rows: TWO_NUMBERS,
  },
  "changes a unique constraint under the same name": {
    before: numbers({ uniques: [{ name: "u", columns: ["a"] }] }),
    after: numbers({ uniques: [{ name: "u", columns: ["a", "b"] }] }),
    rows: TWO_NUMBERS,
  },
  "makes a unique constraint deferrable": {
    before: numbers({ uniques: [{ name: "u", columns: ["a"] }] }),
    after: numbers({ uniques: [{ name: "u", columns: ["a"], deferrable: "INITIALLY DEFERRED" }] }),
    rows: TWO_NUMBERS,
  },
  "changes a check under the same name": {
    before: numbers({ checks: [{ name: "c", expression: `"a" > 1` }] }),
    after: numbers({ checks: [{ name: "c", expression: `"a" > 2` }] }),
    rows: TWO_NUMBERS,
  },
  "changes an exclusion": {
    before: numbers({ exclusions: [{ name: "e", expression: `USING btree ("a" WITH =)` }] }),
    after: numbers({ exclusions: [{ name: "e", expression: `USING btree ("a" WITH =, "b" WITH =)` }] }),
    rows: TWO_NUMBERS,
  },
};

describeEdits("an edit of entities on PostgreSQL", edits);
