import { EntitySchema, Index, ViewColumn, ViewEntity } from "typeorm";
import { read, thing } from "./build";

describe("views", () => {
  @ViewEntity({ name: "base", expression: "\n  SELECT id FROM thing\n" })
  class Base {
    @ViewColumn()
    id!: number;
  }

  @ViewEntity({
    name: "top",
    materialized: true,
    dependsOn: [Base, "Thing"],
    expression: "SELECT id FROM base",
  })
  @Index("top_id", ["id"], { unique: true })
  class Top {
    @ViewColumn()
    id!: number;
  }

  test("have trimmed SQL, what they stand on, and indexes where they are materialized", async () => {
    const { schema } = await read("postgres", [Top, Base, thing({ type: Number })]);
    expect(schema.views).toEqual([
      { name: "base", sql: "SELECT id FROM thing" },
      {
        name: "top",
        sql: "SELECT id FROM base",
        materialized: true,
        indexes: [{ name: "top_id", parts: [{ column: "id" }], unique: true }],
        dependsOn: [{ name: "base" }, { name: "thing" }],
      },
    ]);
  });

  test("keep what TypeORM drops from an EntitySchema", async () => {
    const thingSchema = thing({ type: Number });
    const view = new EntitySchema({
      name: "Plain",
      tableName: "plain",
      type: "view",
      expression: "SELECT 1 AS id",
      columns: { id: { type: Number } },
      ...{ materialized: true, dependsOn: [thingSchema, Base] },
    });
    const { schema } = await read("postgres", [view, Base, thingSchema]);
    expect(schema.views[1]).toEqual({
      name: "plain",
      sql: "SELECT 1 AS id",
      materialized: true,
      dependsOn: [{ name: "thing" }, { name: "base" }],
    });
  });

  test.each([
    [
      (): never => {
        throw new Error("no connection");
      },
      "the expression of the view entity Broken fails: no connection",
    ],
    ["  ", "the view entity Broken has no expression"],
  ])("that cannot be read are named", async (expression, message) => {
    @ViewEntity({ name: "broken", expression })
    class Broken {
      @ViewColumn()
      id!: number;
    }
    await expect(read("postgres", [Broken])).rejects.toMatchObject({ code: "METADATA_INVALID", message });
  });
});

test("says where two view entities of one name differ", async () => {
  const view = (name: string, expression: string): EntitySchema =>
    new EntitySchema({
      name,
      tableName: "shown",
      type: "view",
      expression,
      columns: { id: { type: Number } },
    });
  const { schema, warnings } = await read("better-sqlite3", [view("B", "SELECT 2"), view("A", "SELECT 1")]);
  expect(schema.views).toEqual([{ name: "shown", sql: "SELECT 1" }]);
  expect(warnings).toEqual(["A and B want the view shown differently (sql); A counts"]);
});
