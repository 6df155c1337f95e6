/**
 * Single edits of a schema, on tables with rows: every row is kept, a second comparison finds nothing, and the way back
 * gives the old schema and the old rows.
 */
import type { Column, Table } from "../../../src/model/schema";
import { invertAll } from "../../../src/operations/invert";
import { mysqlServers, onMysql } from "../../support/mysql";
import {
  DDL,
  added,
  both,
  check,
  column,
  constraints,
  difference,
  expectKept,
  index,
  indexes,
  ordered,
  perform,
  read,
  recomputedBetween,
  rowsOf,
  table,
  type,
  without,
} from "./edit";
import type { Edit } from "./edit";
import { describeOn } from "../../support/describe-on";

const edits: readonly (readonly [string, Edit])[] = [
  ["widen a varchar", type("name", { name: "varchar", length: 40 })],
  ["narrow a varchar that fits", type("note", { name: "varchar", length: 30 })],
  ["varchar to text", type("note", { name: "text" })],
  ["text to varchar", type("body", { name: "varchar", length: 100 })],
  [
    "int to bigint under a foreign key",
    both(
      type("parent_id", { name: "bigint" }),
      table("parent", (one) => ({
        ...one,
        columns: one.columns.map((each) =>
          each.name === "id" ? { ...each, type: { name: "bigint" } } : each,
        ),
      })),
    ),
  ],
  [
    "a varchar under a foreign key",
    both(
      type("parent_code", { name: "varchar", length: 30 }),
      table("parent", (one) => ({
        ...one,
        columns: one.columns.map((each) =>
          each.name === "code" ? { ...each, type: { name: "varchar", length: 30 } } : each,
        ),
      })),
    ),
  ],
  ["the primary key's int to bigint", type("id", { name: "bigint" })],
  ["smallint to int", type("small", { name: "int" })],
  ["bigint to int that fits", type("big", { name: "int" })],
  ["int to zerofill that fits", type("count", { name: "int", unsigned: true, zerofill: true })],
  ["AUTO_INCREMENT goes", column("id", without<Column>("generated"))],
  [
    "AUTO_INCREMENT comes",
    table("plain", (one) => ({
      ...one,
      columns: one.columns.map((each) =>
        each.name === "id" ? { ...each, generated: { kind: "increment" } } : each,
      ),
    })),
  ],
  ["int to unsigned that fits", type("count", { name: "int", unsigned: true })],
  ["varchar to decimal that fits", type("price", { name: "decimal", precision: 10, scale: 2 })],
  ["precision of a decimal", type("amount", { name: "decimal", precision: 14, scale: 4 })],
  ["precision of a datetime", type("day", { name: "datetime", precision: 3 })],
  ["datetime to timestamp", type("day", { name: "timestamp" })],
  ["add a nullable column", added({ name: "extra", type: { name: "int" }, nullable: true })],
  [
    "add a column that is not null with a default",
    added({
      name: "extra",
      type: { name: "varchar", length: 9 },
      nullable: false,
      default: { value: "it's \\" },
    }),
  ],
  [
    "add a column with an expression for default",
    added({
      name: "extra",
      type: { name: "varchar", length: 36 },
      nullable: false,
      default: { sql: "uuid()" },
    }),
  ],
  [
    "add a text with a default",
    added({ name: "extra", type: { name: "text" }, nullable: false, default: { value: "x" } }),
  ],
  ["add a json", added({ name: "extra", type: { name: "json" }, nullable: true })],
  [
    "add a computed column",
    added({
      name: "extra",
      type: { name: "int" },
      nullable: true,
      generated: { kind: "computed", sql: "`small` + 1", stored: true },
    }),
  ],
  ["not null to nullable", column("name", { nullable: true })],
  ["nullable to not null with no null there", column("count", { nullable: false })],
  ["drop a default", column("digits", without<Column>("default"))],
  ["change a default", column("digits", { default: { value: "it's" } })],
  ["a default to an expression", column("digits", { default: { sql: "concat('a', 'b')" } })],
  ["a number's default", column("amount", { default: { value: 1.5 } })],
  ["add a default to a datetime", column("day", { default: { sql: "CURRENT_TIMESTAMP" } })],
  ["drop ON UPDATE", column("seen", without<Column>("onUpdate"))],
  ["add ON UPDATE", column("day", { onUpdate: "CURRENT_TIMESTAMP" })],
  ["comment of a column", column("name", { comment: "who's \\ 'that'" })],
  ["drop the comment of a column", column("name", without<Column>("comment"))],
  ["comment of a table", table("account", (one) => ({ ...one, comment: "it's" }))],
  ["drop the comment of a table", table("account", without<Table>("comment"))],
  ["collation", column("note", { collation: "utf8mb4_bin" })],
  ["character set", column("digits", { charset: "latin1" })],
  ["collation under an index and a computed column", column("name", { collation: "utf8mb4_bin" })],
  [
    "character set of a table",
    table("plain", (one) => ({
      ...one,
      options: { ...one.options, charset: "utf8mb4", collation: "utf8mb4_bin" },
    })),
  ],
  ["enum: add at the end", type("role", { name: "enum", values: ["admin", "it's", "user", "guest"] })],
  ["enum: add in the middle", type("role", { name: "enum", values: ["admin", "a,b", "it's", "user"] })],
  ["enum: other order", type("role", { name: "enum", values: ["user", "it's", "admin"] })],
  ["enum to varchar", type("role", { name: "varchar", length: 20 })],
  ["set: add a member", type("flags", { name: "set", values: ["a", "b", "c", "d"] })],
  ["set to varchar", type("flags", { name: "varchar", length: 20 })],
  ["set: other order", type("flags", { name: "set", values: ["c", "b", "a"] })],
  [
    "expression of a virtual column",
    column("doubled", { generated: { kind: "computed", sql: "`small` * 3", stored: false } }),
  ],
  [
    "expression of a stored column",
    column("label", { generated: { kind: "computed", sql: "concat(`name`,'?')", stored: true } }),
  ],
  [
    "virtual to stored",
    column("doubled", { generated: { kind: "computed", sql: "`small` * 2", stored: true } }),
  ],
  [
    "stored to virtual",
    column("label", { generated: { kind: "computed", sql: "concat(`name`,'!')", stored: false } }),
  ],
  ["a virtual column holds what it computed", column("doubled", without<Column>("generated"))],
  ["a stored column holds what it computed", column("label", without<Column>("generated"))],
  [
    "add an index",
    indexes((list) => [...list, { name: "ix_new", parts: [{ column: "big" }, { column: "small" }] }]),
  ],
  [
    "add an index on the column of a foreign key",
    indexes((list) => [...list, { name: "ix_new", parts: [{ column: "parent_id" }] }]),
  ],
  ["drop a unique", indexes((list) => list.filter(({ name }) => name !== "uq_name"))],
  ["drop an index", indexes((list) => list.filter(({ name }) => name !== "ix_pair"))],
  [
    "an index under the same name on other columns",
    index("ix_pair", { parts: [{ column: "small" }, { column: "name" }] }),
  ],
  ["an index becomes unique", index("ix_pair", { unique: true })],
  [
    "a unique index becomes plain",
    indexes((list) =>
      list.map((one) => (one.name === "uq_name" ? { name: one.name, parts: one.parts } : one)),
    ),
  ],
  ["rename an index", index("ix_note", { name: "ix_other" })],
  ["the prefix of an index", index("ix_note", { parts: [{ column: "note", length: 5 }] })],
  [
    "add a full-text index",
    indexes((list) => [...list, { name: "ft_body", parts: [{ column: "body" }], method: "fulltext" }]),
  ],
  [
    "a unique under the same name on other columns",
    index("uq_name", { parts: [{ column: "name" }, { column: "big" }] }),
  ],
  [
    "a check under the same name",
    constraints((list) => list.map((one) => (one.kind === "check" ? check("`small` > -1000") : one))),
  ],
  ["drop a check", constraints((list) => list.filter(({ kind }) => kind !== "check"))],
  [
    "rename a check",
    constraints((list) => list.map((one) => (one.kind === "check" ? { ...one, name: "ck_other" } : one))),
  ],
  [
    "the actions of a foreign key",
    constraints((list) =>
      list.map((one) =>
        one.kind === "foreignKey" && one.name === "fk_parent"
          ? { ...one, onDelete: "CASCADE" as const }
          : one,
      ),
    ),
  ],
  [
    "a foreign key refers to another table under its name",
    constraints((list) =>
      list.map((one) =>
        one.kind === "foreignKey" && one.name === "fk_parent"
          ? { ...one, references: { name: "account" } }
          : one,
      ),
    ),
  ],
  ["drop a foreign key", constraints((list) => list.filter(({ name }) => name !== "fk_parent"))],
  [
    "rename a foreign key",
    constraints((list) => list.map((one) => (one.name === "fk_parent" ? { ...one, name: "fk_other" } : one))),
  ],
  [
    "the primary key gets a column more",
    constraints((list) =>
      list.map((one) => (one.kind === "primaryKey" ? { ...one, columns: ["id", "name"] } : one)),
    ),
  ],
  ["engine", table("plain", (one) => ({ ...one, options: { ...one.options, engine: "MyISAM" } }))],
  [
    "the text of a view",
    (schema) => ({
      ...schema,
      views: schema.views.map((view) => ({ ...view, sql: "SELECT id, small FROM account" })),
    }),
  ],
  [
    "drop a column that an index and a computed column use",
    both(
      table("account", (one) => ({ ...one, columns: one.columns.filter(({ name }) => name !== "doubled") })),
    ),
  ],
];

describeOn(mysqlServers, "on %s", (server) => {
  test.each(edits)("%s", async (_title, edit) => {
    await onMysql(server, DDL, async (on) => {
      const from = await read(on);
      const rows = await rowsOf(on);
      const operations = await difference(on, from, edit(from));
      expect(operations).not.toEqual([]);
      await perform(on, operations);
      expect(await difference(on, await read(on), edit(from))).toEqual([]);
      expectKept(rows, await rowsOf(on), recomputedBetween(from, edit(from)));
      await perform(on, invertAll(operations));
      expect(ordered(await read(on))).toEqual(ordered(from));
      expectKept(rows, await rowsOf(on));
    });
  });

  test.each<[string, Edit, string]>([
    [
      "a varchar too short for a row",
      type("name", { name: "varchar", length: 4 }),
      "2 rows of account.name do not fit varchar(4)",
    ],
    [
      "an enum without a value in use",
      type("role", { name: "enum", values: ["admin", "user"] }),
      "1 rows of account.role do not fit enum of admin | user",
    ],
    [
      "a set without a member in use",
      type("flags", { name: "set", values: ["a", "b"] }),
      "1 rows of account.flags do not fit set of a | b",
    ],
    ["not null where there are nulls", column("big", { nullable: false }), "1 rows of account.big are null"],
    ["a bigint to tinyint", type("big", { name: "tinyint" }), "2 rows of account.big do not fit tinyint"],
    [
      "a signed column to unsigned",
      type("small", { name: "smallint", unsigned: true }),
      "1 rows of account.small do not fit unsigned smallint",
    ],
    [
      "a decimal with fewer places",
      type("amount", { name: "decimal", precision: 10, scale: 1 }),
      "2 rows of account.amount do not fit decimal(10,1)",
    ],
    ["text to int", type("body", { name: "int" }), "2 rows of account.body do not fit int"],
    ["a datetime to date", type("day", { name: "date" }), "1 rows of account.day do not fit date"],
    [
      "letters that a character set lacks",
      column("name", { charset: "latin1" }),
      "1 rows of account.name hold letters that latin1 lacks",
    ],
    [
      "fewer digits of a moment",
      column("seen", { type: { name: "datetime", precision: 3 }, default: { sql: "CURRENT_TIMESTAMP(3)" } }),
      "3 rows of account.seen do not fit datetime(3)",
    ],
  ])("refuses, before anything is changed, %s", async (_title, edit, message) => {
    await onMysql(server, DDL, async (on) => {
      await on.connection.query("SET SESSION sql_mode = ''");
      const from = await read(on);
      const rows = await rowsOf(on);
      const operations = await difference(on, from, edit(from));
      await expect(perform(on, operations)).rejects.toThrow(message);
      expect(await rowsOf(on)).toEqual(rows);
    });
  });
});
