import { batched } from "../../src/commands/batches";
import { sqlite } from "../../src/dialects/sqlite";
import type { Dialect } from "../../src/dialects/dialect";
import { emptySchema } from "../../src/model/schema";
import type { Index, Schema, Table } from "../../src/model/schema";
import type { Operation } from "../../src/operations/operation";
import { emptyRegistry } from "../../src/operations/registry";

const index = (name: string, column: string): Index => ({ name, parts: [{ column }] });
const table = (name: string, indexes: readonly Index[]): Table => ({
  name,
  columns: [{ name: "a", type: { name: "int" }, nullable: true }],
  constraints: [],
  indexes,
});
const alter = (name: string): Operation => ({
  kind: "alterColumn",
  table: { name },
  column: "a",
  change: { type: { name: "text" } },
});
const add = (name: string): Operation => ({
  kind: "addColumn",
  table: { name },
  column: { name: "b", type: { name: "int" }, nullable: true },
});
const schema: Schema = {
  ...emptySchema,
  tables: [table("one", [index("x", "a")]), table("two", [index("y", "a")])],
};
const plain = {
  ...sqlite,
  traits: { ...sqlite.traits, batches: false, forwardReferences: false },
} as Dialect;
const kinds = (operations: readonly Operation[]): readonly string[] =>
  operations.map((operation) => ("table" in operation ? `${operation.kind} ${operation.table.name}` : ""));

describe("changes of a table", () => {
  it.each([
    [
      "are a batch where one of them copies it",
      sqlite,
      "auto",
      [add("one"), alter("one")],
      ["batchAlterTable one"],
    ],
    [
      "stay alone where none of them does",
      sqlite,
      "auto",
      [add("one"), add("two")],
      ["addColumn one", "addColumn two"],
    ],
    ["stay alone where batches are not wanted", sqlite, false, [alter("one")], ["alterColumn one"]],
    ["stay alone where the database alters in place", plain, "auto", [alter("one")], ["alterColumn one"]],
    [
      "are a batch on any database when asked",
      plain,
      true,
      [add("one"), alter("one")],
      ["batchAlterTable one"],
    ],
  ] as const)("%s", (_what, dialect, wanted, operations, expected) => {
    expect(kinds(batched(operations, schema, dialect, emptyRegistry, wanted))).toEqual(expected);
  });

  it("leave indexes that change tables out of both batches, because each name must be free before it is given", () => {
    const operations: readonly Operation[] = [
      { kind: "dropIndex", table: { name: "one" }, name: "x", was: index("x", "a") },
      { kind: "createIndex", table: { name: "one" }, index: index("y", "a") },
      alter("one"),
      { kind: "dropIndex", table: { name: "two" }, name: "y", was: index("y", "a") },
      { kind: "createIndex", table: { name: "two" }, index: index("x", "a") },
      alter("two"),
    ];
    const order = kinds(batched(operations, schema, sqlite, emptyRegistry));
    expect(order.toSorted()).toEqual([
      "batchAlterTable one",
      "batchAlterTable two",
      "createIndex one",
      "createIndex two",
      "dropIndex one",
      "dropIndex two",
    ]);
    expect(order.indexOf("dropIndex one")).toBeLessThan(order.indexOf("createIndex two"));
    expect(order.indexOf("dropIndex two")).toBeLessThan(order.indexOf("createIndex one"));
  });
});
