import * as fc from "../arbitrary/fast-check";
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import { readDefault } from "../../src/metadata/default";
import type { Default } from "../../src/model/schema";
import { since1, typeormLine } from "../../fixtures/entities/typeorm-line";
import type { DatabaseType } from "./build";
import { build, databaseTypes, readValue, thing } from "./build";

type Case = readonly [DatabaseType, EntitySchemaColumnOptions, Default | undefined];

const json = { theme: "it's" };
const cases: readonly Case[] = [
  ["better-sqlite3", { type: "text", default: "it''s" }, { value: "it's" }],
  ["better-sqlite3", { type: "text", default: "it's" }, { value: "it's" }],
  ["better-sqlite3", { type: "text", default: "a \\ b" }, { value: "a \\ b" }],
  ["mysql", { type: "varchar", default: "it\\'s a \\\\ b\\n50\\%" }, { value: "it's a \\ b\n50\\%" }],
  ["mariadb", { type: "varchar", default: "it''s" }, { value: "it's" }],
  ["postgres", { type: "text", default: "" }, { value: "" }],
  ["postgres", { type: "text", default: "now()" }, { value: "now()" }],
  ["better-sqlite3", { type: Number, default: null }, undefined],
  ["better-sqlite3", { type: Number, default: 0 }, { value: 0 }],
  ["mysql", { type: "decimal", scale: 2, default: 1.5 }, { value: 1.5 }],
  ["postgres", { type: Number, default: -3 }, { value: -3 }],
  ["mssql", { type: Boolean, default: true }, { value: true }],
  ["postgres", { type: Boolean, default: false }, { value: false }],
  ["better-sqlite3", { type: "simple-enum", enum: ["a"], default: "a" }, { value: "a" }],
  ["better-sqlite3", { type: "simple-enum", enum: ["a", "b"], default: ["a", "b"] }, { value: "a,b" }],
  ["postgres", { type: "enum", enum: [1, 2], default: 2 }, { value: "2" }],
  ["mysql", { type: "enum", enum: [1, 2], default: 2 }, { value: "2" }],
  ["mysql", { type: "set", enum: ["a", "b"], default: ["a", "b"] }, { value: "a,b" }],
  ["postgres", { type: "text", array: true, default: ["a", "b"] }, { value: "{a,b}" }],
  ["postgres", { type: "text", array: true, default: "{}" }, { value: "{}" }],
  ["postgres", { type: "jsonb", default: json }, { value: '{"theme":"it\'s"}' }],
  ["better-sqlite3", { type: "json", default: json }, { value: '{"theme":"it\'s"}' }],
  ["better-sqlite3", { type: "simple-json", default: [] }, { value: "[]" }],
  ...since1<Case>([
    "better-sqlite3",
    { type: "jsonb", default: json },
    { sql: `jsonb('{"theme":"it''s"}')` },
  ]),
  ["mysql", { type: "json", default: json }, { value: '{"theme":"it\'s"}' }],
  ["mysql", { type: "simple-array", default: ["a", "b"] }, { value: "a,b" }],
  ["mssql", { type: "simple-json", default: [1] }, { value: "[1]" }],
  [
    "better-sqlite3",
    { type: "simple-array", default: ["a"] },
    { value: typeormLine === "1" ? '["a"]' : "a" },
  ],
  ["mysql", { type: "datetime", default: new Date(0) }, { value: "1970-01-01 00:00:00.000" }],
  ["better-sqlite3", { type: "datetime", default: () => "CURRENT_TIMESTAMP" }, { sql: "CURRENT_TIMESTAMP" }],
  ["better-sqlite3", { type: "datetime", default: () => " datetime('now') " }, { sql: "datetime('now')" }],
  ["postgres", { type: "timestamp", default: () => "CURRENT_TIMESTAMP" }, { sql: "now()" }],
  ["mysql", { type: "datetime", default: () => "NOW(6)" }, { sql: "CURRENT_TIMESTAMP(6)" }],
  ["mariadb", { type: "datetime", default: () => "CURRENT_TIMESTAMP" }, { sql: "CURRENT_TIMESTAMP()" }],
  ["mssql", { type: "datetime2", default: () => "CURRENT_TIMESTAMP" }, { sql: "getdate()" }],
  [
    "postgres",
    { type: "timestamp", default: () => "CURRENT_TIMESTAMP + interval '1 day'" },
    { sql: "CURRENT_TIMESTAMP + interval '1 day'" },
  ],
];

test.each(cases)("on %s the default of %p is %p", async (type, options, expected) => {
  expect((await readValue(type, options)).default).toEqual(expected);
});

test.each([
  ["in which it replaces words", "CURRENT_TIMESTAMP + interval 1 day", "CURRENT_TIMESTAMP()"],
  ["whose function it quotes", "lower('A')", "'() => \"lower('A')\"'"],
])("keeps an expression %s under TypeORM 0.3", async (_title, written, normalized) => {
  const dataSource = await build("mysql", [thing({ type: Number, default: (): string => written })]);
  jest.spyOn(dataSource.driver, "normalizeDefault").mockReturnValue(normalized);
  const column = dataSource.entityMetadatas[0]?.findColumnWithPropertyName("value");
  expect(column && readDefault(column, dataSource)).toEqual({ sql: written });
});

test.each(databaseTypes)("on %s a literal of TypeORM's holds the same text", async (type) => {
  const dataSource = await build(type, [
    new EntitySchema({ name: "Any", columns: { id: { type: Number, primary: true, default: "x" } } }),
  ]);
  const [column] = dataSource.entityMetadatas.flatMap(({ columns }) => columns);
  if (!column) throw new Error("the column is missing");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const escaped = text.replaceAll("\\", type === "mysql" || type === "mariadb" ? "\\\\" : "\\");
      column.default = escaped.replaceAll("'", "''");
      expect(dataSource.driver.normalizeDefault(column)).toBe(`'${column.default}'`);
      expect(readDefault(column, dataSource)).toEqual({ value: text });
    }),
  );
});
