/** Edits in which several things stand in each other's way. */
import "reflect-metadata";
import { EntitySchema, Index, ViewColumn, ViewEntity } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import type { Edit } from "../../support/edit";
import { describeEdits, insert, numbers, table, thing, TWO_NUMBERS } from "../../support/edit-cases";

const INT: EntitySchemaColumnOptions = { type: "int" };

function view(name: string, expression: string, more: object = {}): EntitySchema {
  return new EntitySchema({ name, type: "view", expression, columns: {}, ...more });
}

/** An enum type that two tables share, once with lists, with defaults and partial indexes that name values. */
function shared(values: readonly string[], first: string, schema?: string): readonly EntitySchema[] {
  const type = { type: "enum", enum: [...values], enumName: "colour" } as const;
  const place = schema === undefined ? {} : { schema };
  return [
    table(
      "thing",
      { a: { ...type, default: first }, list: { ...type, array: true, default: `{${first}}` } },
      {
        ...place,
        indices: [
          { name: "i1", columns: ["id"], where: `"a" = '${first}'` },
          { name: "i2", columns: ["a"], where: `"list" @> '{${first}}'`, unique: true },
          { name: "i3", columns: ["a", "id"] },
        ],
        checks: [{ name: "c1", expression: `"a" IN ('${first}', 'green') OR cardinality("list") > 0` }],
      },
    ),
    table(
      "box",
      { a: { ...type, nullable: true } },
      { ...place, indices: [{ name: "j", columns: ["a"], where: `"a" <> '${first}'` }] },
    ),
    view(
      "v",
      `SELECT "t"."a", "b"."id" FROM ${schema ? `"${schema}".` : ""}"thing" "t" JOIN ${schema ? `"${schema}".` : ""}"box" "b" ON "b"."a" = "t"."a" AND "b"."a" = ANY ("t"."list")`,
    ),
  ];
}
const SHARED = `INSERT INTO thing VALUES (1, 'red', '{red,green}'), (2, 'green', '{}'); INSERT INTO box VALUES (1, 'red'), (2, NULL)`;

/** Computed from `a`: a column with an index, a key and views over it. */
function computed(type: "int" | "bigint" | "varchar", expression: string): readonly EntitySchema[] {
  class Summed {
    b?: string;
  }
  ViewEntity({ name: "summed", materialized: true, expression: `SELECT "w"."b" FROM "w" "w"` })(Summed);
  ViewColumn()(Summed.prototype, "b");
  Index("by_b", ["b"], { unique: true })(Summed);
  return [
    table(
      "thing",
      {
        a: { type },
        b: { type: "varchar", asExpression: expression, generatedType: "STORED", nullable: true },
        c: { ...INT, default: 3 },
      },
      { indices: [{ name: "i", columns: ["b", "c"] }], uniques: [{ name: "u", columns: ["b"] }] },
    ),
    view("v", `SELECT "t"."b", "t"."c" FROM "thing" "t" WHERE "t"."b" IS NOT NULL`),
    view("w", `SELECT "v"."b" FROM "v" "v"`, { dependsOn: ["v"] }),
    Summed as unknown as EntitySchema,
  ];
}

/** Two tables with keys to each other, an enum type and a sequence. */
function pair(schema?: string): readonly EntitySchema[] {
  const id = { type: "int", primary: true, generated: "increment" } as const;
  const place = schema === undefined ? {} : { schema };
  return [
    new EntitySchema({
      name: "thing",
      ...place,
      columns: {
        id,
        a: { type: "enum", enum: ["x", "y"], default: "y" },
        box: { ...INT, nullable: true },
      },
      indices: [{ name: "i", columns: ["a"] }],
      foreignKeys: [{ name: "fk1", target: "box", columnNames: ["box"], referencedColumnNames: ["id"] }],
    }),
    new EntitySchema({
      name: "box",
      columns: { id, thing: { ...INT, nullable: true } },
      foreignKeys: [{ name: "fk2", target: "thing", columnNames: ["thing"], referencedColumnNames: ["id"] }],
    }),
  ];
}

const PARTED = `DROP TABLE thing; CREATE TABLE thing (id int NOT NULL, a int NOT NULL, b int NOT NULL,
    CONSTRAINT "PK_d6f6b3ca1ed8a8a1a3e1a3b6a4b" PRIMARY KEY (id)) PARTITION BY RANGE (id);
  CREATE TABLE thing_1 PARTITION OF thing FOR VALUES FROM (0) TO (2);
  CREATE TABLE thing_2 PARTITION OF thing FOR VALUES FROM (2) TO (100) PARTITION BY RANGE (id);
  CREATE TABLE thing_21 PARTITION OF thing_2 DEFAULT; CREATE INDEX own ON thing_1 (b); ${TWO_NUMBERS}`;
const HEIRS = `CREATE TABLE heir (extra text) INHERITS (thing); CREATE INDEX heir_a ON heir (a);
  INSERT INTO heir (id, a, b, extra) VALUES (3, 12, 22, 'x'); ${TWO_NUMBERS}`;

const edits: Readonly<Record<string, Edit>> = {
  "rebuilds an enum type that tables share, with lists, defaults, partial indexes, a check and a view": {
    before: shared(["red", "green", "blue"], "red"),
    after: shared(["green", "red"], "red"),
    rows: SHARED,
  },
  "adds a value to a shared enum type and names it in indexes, a check and defaults": {
    before: shared(["red", "green"], "red"),
    after: shared(["red", "blue", "green"], "blue"),
    rows: SHARED,
  },
  "makes an identity column a bigint one": {
    before: [
      new EntitySchema({
        name: "thing",
        columns: { id: { type: "int", primary: true, generated: "identity" } as never, a: INT },
      }),
    ],
    after: [
      new EntitySchema({
        name: "thing",
        columns: { id: { type: "bigint", primary: true, generated: "identity" } as never, a: INT },
      }),
    ],
    rows: "INSERT INTO thing (a) VALUES (1), (2)",
  },
  "makes an identity column a text": {
    before: [
      new EntitySchema({
        name: "thing",
        columns: { id: { type: "int", primary: true, generated: "identity" } as never, a: INT },
      }),
    ],
    after: [new EntitySchema({ name: "thing", columns: { id: { type: "varchar", primary: true }, a: INT } })],
    rows: "INSERT INTO thing (a) VALUES (1), (2)",
    becomes: [
      { id: "1", a: 1 },
      { id: "2", a: 2 },
    ],
  },
  "makes a serial column a bigint identity": {
    before: [
      new EntitySchema({
        name: "thing",
        columns: { id: { type: "int", primary: true, generated: "increment" }, a: INT },
      }),
    ],
    after: [
      new EntitySchema({
        name: "thing",
        columns: { id: { type: "bigint", primary: true, generated: "identity" } as never, a: INT },
      }),
    ],
    rows: "INSERT INTO thing (a) VALUES (1), (2)",
  },
  "makes a scalar with a default, an index, a key and a partial index a list": {
    before: thing(
      { a: { ...INT, default: 5 } },
      {
        indices: [
          { name: "i", columns: ["a"] },
          { name: "p", columns: ["id"], where: `"a" IS NOT NULL` },
        ],
        uniques: [{ name: "u", columns: ["a"] }],
      },
    ),
    after: thing(
      { a: { ...INT, array: true, default: "{5}" } },
      {
        indices: [
          { name: "i", columns: ["a"] },
          { name: "p", columns: ["id"], where: `"a" IS NOT NULL` },
        ],
        uniques: [{ name: "u", columns: ["a"] }],
      },
    ),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: [1] },
      { id: 2, a: [2] },
    ],
  },
  "makes a scalar with an operator of scalars in check and index a list": {
    before: thing(
      { a: { ...INT, default: 5 } },
      {
        indices: [{ name: "p", columns: ["id"], where: `"a" > 0` }],
        checks: [{ name: "c", expression: `"a" > 0` }],
      },
    ),
    after: thing(
      { a: { ...INT, array: true, default: "{5}" } },
      {
        indices: [{ name: "p", columns: ["id"], where: `"a"[1] > 0` }],
        checks: [{ name: "c", expression: `"a"[1] > 0` }],
      },
    ),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: [1] },
      { id: 2, a: [2] },
    ],
  },
  "changes the type below a computed column with an index, a key and views on views": {
    before: computed("int", `"a"::text || 'x'`),
    after: computed("bigint", `"a"::text || 'x'`),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: 1, b: "1x", c: 3 },
      { id: 2, a: 2, b: "2x", c: 3 },
    ],
    remade: ["thing.b"],
  },
  "changes type and expression of such a column at once": {
    before: computed("int", `("a" + 1)::text`),
    after: computed("varchar", `upper("a")`),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: "1", b: "1", c: 3 },
      { id: 2, a: "2", b: "2", c: 3 },
    ],
    remade: ["thing.b"],
  },
  "drops a computed column whose source gets another type": {
    before: thing({ a: INT, b: { ...INT, asExpression: `"a" + 1`, generatedType: "STORED" } }),
    after: thing({ a: { type: "varchar" } }),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: "1" },
      { id: 2, a: "2" },
    ],
  },
  "adds a computed column whose source gets another type": {
    before: thing({ a: INT }),
    after: thing({
      a: { type: "varchar" },
      b: { type: "varchar", asExpression: `upper("a")`, generatedType: "STORED" },
    }),
    rows: insert(["1", "2"]),
    becomes: [
      { id: 1, a: "1", b: "1" },
      { id: 2, a: "2", b: "2" },
    ],
  },
  "computes a column of one that is added, and drops the one that it read": {
    before: thing({
      b: { ...INT, nullable: true, asExpression: `"z" + 1`, generatedType: "STORED" },
      z: { ...INT, default: 2 },
    }),
    after: thing({
      b: { ...INT, nullable: true, asExpression: `"y" + 1`, generatedType: "STORED" },
      y: { ...INT, default: 7 },
    }),
    rows: `INSERT INTO thing (id) VALUES (1)`,
    becomes: [{ id: 1, b: 8, y: 7 }],
    remade: ["thing.b"],
  },
  "changes a type in a table with partitions of partitions": {
    before: numbers(),
    after: [table("thing", { a: { type: "bigint" }, b: { type: "varchar" } })],
    rows: PARTED,
    becomes: [
      { id: 1, a: 10, b: "20" },
      { id: 2, a: 11, b: "21" },
    ],
  },
  "adds an index, a check and a key to a table with partitions": {
    before: [...numbers(), table("box", {})],
    after: [
      ...numbers({
        indices: [{ name: "i", columns: ["a"] }],
        checks: [{ name: "c", expression: `"a" > 0` }],
        foreignKeys: [{ name: "fk", target: "box", columnNames: ["b"], referencedColumnNames: ["id"] }],
      }),
      table("box", {}),
    ],
    rows: `${PARTED}; INSERT INTO box VALUES (20), (21)`,
  },
  "changes a type in a table that another one inherits from": {
    before: numbers({ checks: [{ name: "c", expression: `"a" > 0` }] }),
    after: [
      table(
        "thing",
        { a: { type: "bigint" }, b: { type: "varchar" } },
        { checks: [{ name: "c", expression: `"a" > 1` }] },
      ),
    ],
    rows: HEIRS,
    becomes: [
      { id: 1, a: 10, b: "20" },
      { id: 2, a: 11, b: "21" },
      { id: 3, a: 12, b: "22" },
    ],
  },
  "adds a column to a table that another one inherits from": {
    before: numbers(),
    after: [table("thing", { a: INT, b: { ...INT, nullable: true }, c: { ...INT, default: 4 } })],
    rows: HEIRS,
    becomes: [
      { id: 1, c: 4 },
      { id: 2, c: 4 },
      { id: 3, c: 4 },
    ],
  },
  "moves a table with an enum type, a sequence and keys both ways to another schema": {
    before: pair(),
    after: pair("other"),
    rows: `INSERT INTO box (id) VALUES (1); INSERT INTO thing (id, a, box) VALUES (1, 'x', 1); UPDATE box SET thing = 1`,
    rename: "thing:other.thing",
  },
};

const withNulls: Readonly<Record<string, Edit>> = {
  "makes a unique deferrable whose nulls are not distinct and whose index holds more": {
    before: numbers({ uniques: [{ name: "u", columns: ["a"] }] }),
    after: numbers({ uniques: [{ name: "u", columns: ["a"], deferrable: "INITIALLY DEFERRED" }] }),
    rows: `${TWO_NUMBERS}; ALTER TABLE thing DROP CONSTRAINT u; ALTER TABLE thing ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b)`,
  },
};

describeEdits("a combined edit on PostgreSQL", edits);
describeEdits("a combined edit on PostgreSQL", withNulls, "NULLS NOT DISTINCT");
