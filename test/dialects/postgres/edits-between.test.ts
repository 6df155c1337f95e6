/** Single edits of entities that reach beyond one table: keys, views, schemas, shared types. */
import "reflect-metadata";
import { EntitySchema, Index, ViewColumn, ViewEntity } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import type { Edit } from "../../support/edit";
import { describeEdits, insert, numbers, table, thing, TWO_NUMBERS } from "../../support/edit-cases";

const INT: EntitySchemaColumnOptions = { type: "int" };

function view(name: string, expression: string, more: object = {}): EntitySchema {
  return new EntitySchema({ name, type: "view", expression, columns: {}, ...more });
}

const KEY = { name: "fk", target: "box", columnNames: ["box"], referencedColumnNames: ["id"] };

/** A box for things: `thing.box` refers to `box.id`. */
function boxed(
  key: EntitySchemaColumnOptions,
  more: object = {},
  others: readonly (typeof KEY)[] = [],
): readonly EntitySchema[] {
  return [
    new EntitySchema({ name: "box", columns: { id: { ...key, primary: true } } }),
    new EntitySchema({
      name: "thing",
      columns: {
        id: { type: "int", primary: true },
        box: { type: key.type, nullable: true },
      },
      foreignKeys: [{ ...KEY, ...more }, ...others],
    }),
  ];
}

const BOXES = `INSERT INTO "box" ("id") VALUES ('1'), ('2'); INSERT INTO "thing" ("id", "box") VALUES (1, '1'), (2, NULL)`;

/** A name that the server cuts. */
const LONG = "a_name_that_is_longer_than_the_sixty_three_bytes_that_a_name_may_have_here";

const LONG_ENUM = { type: "enum", enumName: `enum_of_${LONG}` } as const;

const edits: Readonly<Record<string, Edit>> = {
  "changes a table and an enum whose names are beyond 63 bytes": {
    before: [table(LONG, { a: { ...LONG_ENUM, enum: ["x", "y"] }, [`${LONG}_b`]: INT })],
    after: [table(LONG, { a: { ...LONG_ENUM, enum: ["y", "x", "z"] }, [`${LONG}_b`]: { type: "bigint" } })],
    rows: `INSERT INTO ${LONG} VALUES (1, 'x', 2)`,
  },
  "changes the actions of a foreign key": {
    before: boxed(INT),
    after: boxed(INT, { onDelete: "CASCADE", onUpdate: "SET NULL" }),
    rows: BOXES,
  },
  "makes a foreign key deferrable": {
    before: boxed(INT),
    after: boxed(INT, { deferrable: "INITIALLY DEFERRED" }),
    rows: BOXES,
  },
  "points a foreign key under the same name to another table": {
    before: [table("shelf", {}), ...boxed(INT)],
    after: [table("shelf", {}), ...boxed(INT, { target: "shelf" })],
    rows: `INSERT INTO "shelf" ("id") VALUES (1); ${BOXES}`,
  },
  "points a second foreign key from the same column to another table": {
    before: [table("shelf", {}), ...boxed(INT)],
    after: [table("shelf", {}), ...boxed(INT, {}, [{ ...KEY, name: "fk2", target: "shelf" }])],
    rows: `INSERT INTO "shelf" ("id") VALUES (1); ${BOXES}`,
  },
  "gives a foreign key another name": {
    before: boxed(INT),
    after: boxed(INT, { name: "fk_other" }),
    rows: BOXES,
  },
  "changes the order of the columns of an index whose name does not say it": {
    before: numbers({ indices: [{ columns: ["a", "b"] }] }),
    after: numbers({ indices: [{ columns: ["b", "a"] }] }),
    rows: TWO_NUMBERS,
  },
  "renames a column of an enum, whose type follows": {
    before: thing({ a: { type: "enum", enum: ["x", "y"], default: "x" } }),
    after: thing({ b: { type: "enum", enum: ["x", "y"], default: "x" } }),
    rows: insert(["'x'", "'y'"]),
    becomes: [
      { id: 1, b: "x" },
      { id: 2, b: "y" },
    ],
    rename: "thing.a:b",
    isQuiet: true,
  },
  "widens a primary key and the keys that refer to it": {
    before: boxed(INT),
    after: boxed({ type: "bigint" }),
    rows: BOXES,
  },
  "makes a numeric primary key a text, with the keys that refer to it": {
    before: boxed(INT),
    after: boxed({ type: "varchar" }),
    rows: BOXES,
    becomes: [
      { id: 1, box: "1" },
      { id: 2, box: null },
    ],
  },
  "makes serial keys identities": {
    before: boxed({ type: "int", generated: "increment" }),
    after: boxed({ type: "int", generated: "identity" } as never),
    rows: BOXES,
  },
  "makes plain keys serial": {
    before: boxed(INT),
    after: boxed({ type: "int", generated: "increment" }),
    rows: BOXES,
  },
  "makes serial keys plain": {
    before: boxed({ type: "bigint", generated: "increment" }),
    after: boxed({ type: "bigint" }),
    rows: BOXES,
  },
  "adds a column to a primary key": {
    before: thing({ a: INT }),
    after: thing({ a: { ...INT, primary: true } }),
    rows: insert(["1", "2"]),
  },
  "takes a column from a primary key": {
    before: thing({ a: { ...INT, primary: true } }),
    after: thing({ a: INT }),
    rows: insert(["1", "2"]),
  },
  "changes the text of a view": {
    before: [...numbers(), view("v", `SELECT "t"."a" FROM "thing" "t"`)],
    after: [...numbers(), view("v", `SELECT "t"."b", "t"."a" FROM "thing" "t" WHERE "t"."a" > 1`)],
    rows: TWO_NUMBERS,
    isQuiet: true,
  },
  "makes a view materialized": {
    before: [...numbers(), view("v", `SELECT "t"."a" FROM "thing" "t"`)],
    after: [...numbers(), view("v", `SELECT "t"."a" FROM "thing" "t"`, { materialized: true })],
    rows: TWO_NUMBERS,
  },
  "changes the text of a materialized view that has an index": {
    before: [...numbers(), summed('SELECT "t"."a", "t"."b" FROM "thing" "t"')],
    after: [...numbers(), summed('SELECT "t"."a", "t"."b" + 1 AS "b" FROM "thing" "t"')],
    rows: TWO_NUMBERS,
    isQuiet: true,
  },
  "changes the type of a column below views that stand on each other": {
    before: [
      ...numbers({ indices: [{ name: "i", columns: ["a"] }] }),
      view("v", `SELECT "t"."id", "t"."a" AS "x" FROM "thing" "t"`),
      view("w", `SELECT "v"."x" FROM "v" WHERE "v"."x" > 1`, { dependsOn: ["v"], materialized: true }),
      view("other", `SELECT "t"."b" FROM "thing" "t"`),
    ],
    after: [
      table("thing", { a: { type: "bigint" }, b: INT }, { indices: [{ name: "i", columns: ["a"] }] }),
      view("v", `SELECT "t"."id", "t"."a" AS "x" FROM "thing" "t"`),
      view("w", `SELECT "v"."x" FROM "v" WHERE "v"."x" > 1`, { dependsOn: ["v"], materialized: true }),
      view("other", `SELECT "t"."b" FROM "thing" "t"`),
    ],
    rows: TWO_NUMBERS,
    isQuiet: true,
  },
  "removes a value of an enum below a view, a check, a partial index and a computed column": {
    before: enumWithDependents("red", "green", "blue"),
    after: enumWithDependents("green", "red"),
    rows: insert(["'red'", "'green'"]),
    remade: ["thing.c"],
    isQuiet: true,
  },
  "moves a table to another schema": {
    before: numbers({ indices: [{ name: "i", columns: ["a"] }] }),
    after: numbers({ indices: [{ name: "i", columns: ["a"] }], schema: "other" }),
    rows: TWO_NUMBERS,
    rename: "thing:other.thing",
  },
  "renames a table": {
    before: numbers(),
    after: [table("item", { a: INT, b: INT })],
    rows: TWO_NUMBERS,
    rename: "thing:item",
  },
};

/** A materialized view with an index, which a schema of its own cannot say. */
function summed(expression: string): EntitySchema {
  class Summed {
    a?: number;
  }
  ViewEntity({ name: "summed", materialized: true, expression })(Summed);
  ViewColumn()(Summed.prototype, "a");
  Index("by_a", ["a"])(Summed);
  return Summed as unknown as EntitySchema;
}

function enumWithDependents(...values: string[]): readonly EntitySchema[] {
  return [
    table(
      "thing",
      {
        a: { type: "enum", enum: values, default: "red" },
        c: { type: "boolean", asExpression: `"a" = 'red'`, generatedType: "STORED" },
      },
      {
        checks: [{ name: "c1", expression: `"a" <> 'green' OR "id" > 1` }],
        indices: [{ name: "i", columns: ["id"], where: `"a" = 'red'` }],
      },
    ),
    view("v", `SELECT "t"."a" FROM "thing" "t" WHERE "t"."a" = 'red'`),
  ];
}

describeEdits("an edit of entities on PostgreSQL that reaches beyond one table", edits);
