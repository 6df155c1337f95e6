/** Names and values as SQL Server writes them, and the names of constraints that TypeORM looks for. */
import { createHash } from "node:crypto";
import { DefaultNamingStrategy } from "typeorm";
import { mssql } from "../../../src/dialects/mssql";
import { defaultName, enumCheckName } from "../../../src/dialects/mssql/names";
import { defaultLiteral } from "../../../src/dialects/mssql/quote";
import { sha1 } from "../../../src/dialects/mssql/sha1";
import { storedType, typeText } from "../../../src/dialects/mssql/types";
import type { ColumnType } from "../../../src/model/schema";
import type { RowValue } from "../../../src/operations/operation";

test.each([
  ["account", "[account]"],
  ["a]b[c", "[a]]b[c]"],
  ["größe 日本", "[größe 日本]"],
])("name %s", (name, expected) => {
  expect(mssql.quote(name)).toBe(expected);
  expect(mssql.quoteName({ schema: "s", name })).toBe(`[s].${expected}`);
});

test.each<[string, RowValue, string]>([
  ["null", null, "NULL"],
  ["true", true, "1"],
  ["a number", -1.5, "-1.5"],
  ["a bigint", 12345678901234567890n, "12345678901234567890"],
  ["a text", "it's größe 🦉", "N'it''s größe 🦉'"],
  ["a time in UTC", new Date(Date.UTC(2026, 10, 21, 2, 45, 27, 340)), "N'2026-11-21T02:45:27.340'"],
  ["bytes", new Uint8Array([0, 255]), "0x00ff"],
  ["no bytes", new Uint8Array(), "0x"],
  ["JSON", { a: ["it's"] }, `N'{"a":["it''s"]}'`],
  ["SQL", { sql: "NEWID()" }, "NEWID()"],
  // t-sql/language-elements/sql-server-utilities-statements-backslash: the two would become one line.
  ["a backslash before a line break", "a\\\nb", "(N'a\\' + N'\nb')"],
  ["what sqlcmd takes for a variable", "costs $(x)", "(N'costs $' + N'(x)')"],
])("literal: %s", (_name, value, expected) => {
  expect(mssql.literal(value)).toBe(expected);
});

test("a literal never holds a line that ends the batch", () => {
  const literal = mssql.literal("first\nGO\nlast");
  expect(literal.split("\n").some((line) => /^\s*GO\s*$/i.test(line))).toBe(false);
  expect(literal).toBe("(N'first\n' + N'GO\nlast')");
});

test("a long literal in pieces stays as long as it is", () => {
  expect(mssql.literal(`${"a".repeat(5000)}\\\nb`)).toMatch(/^\(CAST\(N'a+\\' AS nvarchar\(max\)\) \+ N'/);
});

test("there is no literal for a number that is none", () => {
  expect(() => mssql.literal(Number.NaN)).toThrow("SQL Server has no number NaN");
});

test.each<[RowValue, string]>([
  ["plain", "'plain'"],
  ["it's", "'it''s'"],
  ["größe", "N'größe'"],
  [5, "5"],
])("the default %p is written as TypeORM compares it", (value, expected) => {
  expect(defaultLiteral(value)).toBe(expected);
});

test.each(["", "abc", "größe 日本 🦉", "a".repeat(55), "a".repeat(56), "a".repeat(64), "a".repeat(1000)])(
  "sha1 of %p is that of everybody",
  (text) => {
    expect(sha1(text)).toBe(createHash("sha1").update(text).digest("hex"));
  },
);

test.each([
  ["account", "created_at"],
  ["my.table", "größe"],
])("the default of %s.%s is named as TypeORM names it", (table, column) => {
  const strategy = new DefaultNamingStrategy();
  expect(defaultName({ schema: "audit", name: table }, column)).toBe(
    strategy.defaultConstraintName(`audit.${table}`, column),
  );
});

test("the values of an enum are kept by a check that is named as TypeORM names it", () => {
  const column = {
    name: "colour",
    type: { name: "nvarchar", values: ["red", "green"] },
    nullable: false,
  };
  expect(enumCheckName({ name: "car" }, column)).toBe(
    new DefaultNamingStrategy().checkConstraintName("car", "colour IN ('red','green')", true),
  );
});

test.each<[ColumnType, string]>([
  [{ name: "varchar" }, "varchar(255)"],
  [{ name: "NVARCHAR", length: "MAX" }, "nvarchar(max)"],
  [{ name: "nvarchar(max)" }, "nvarchar(max)"],
  [{ name: "char" }, "char(1)"],
  [{ name: "integer" }, "int"],
  [{ name: "decimal", precision: 10 }, "decimal(10,0)"],
  [{ name: "dec", precision: 10, scale: 2 }, "decimal(10,2)"],
  [{ name: "datetime2" }, "datetime2"],
  [{ name: "datetime2", precision: 7 }, "datetime2"],
  [{ name: "datetime2", precision: 0 }, "datetime2(0)"],
  [{ name: "float", precision: 10 }, "real"],
  [{ name: "double precision" }, "float"],
  [{ name: "rowversion" }, "timestamp"],
  [{ name: "hr.Phone" }, "hr.Phone"],
])("type %p", (type, expected) => {
  expect(typeText(type)).toBe(expected);
  expect(storedType(storedType(type))).toEqual(storedType(type));
});
