/**
 * Names of enum types beyond 63 bytes: unless one is named, its name begins with the table's, so what is left of it may be
 * the name of the table itself or of another type.
 */
import "reflect-metadata";
import type { EntitySchema, EntitySchemaColumnOptions } from "typeorm";
import { open } from "../../../src/open";
import { describeEdits, table, thing } from "../../support/edit-cases";
import type { Edit } from "../../support/edit";
import { withRows } from "../../support/edit";
import { createPostgresDatabase } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

const enumOf = (...values: string[]): EntitySchemaColumnOptions => ({
  type: "enum",
  enum: values,
  default: values[0],
});
const long = (bytes: number): string => "t".repeat(bytes);
/** 63 bytes in 32 characters. */
const OWLS = `${"é".repeat(31)}a`;

/** An entity of that name with these values for its column `a`. */
const named = (name: string, ...values: string[]): readonly EntitySchema[] => [
  table(name, { a: enumOf(...values), list: { ...enumOf(...values), array: true, default: "{x}" } }),
];
const rowsOf = (name: string): string => `INSERT INTO "${name}" (id, a, list) VALUES (1, 'y', '{y,x}')`;
/** The values added, then reordered. */
const changed = (name: string): Edit => ({
  before: named(name, "x", "y"),
  after: named(name, "z", "y", "x"),
  rows: rowsOf(name),
});

const edits: Readonly<Record<string, Edit>> = {
  "rebuilds enums whose names are cut behind the column": changed(long(58)),
  "rebuilds enums whose names are cut in the column": changed(long(61)),
  "adds a value to an enum whose name is cut": {
    before: named(long(60), "x", "y"),
    after: named(long(60), "x", "y", "z"),
    rows: rowsOf(long(60)),
  },
  "makes a column an enum whose name is cut": {
    before: [table(long(60), { a: { type: "varchar" } })],
    after: [table(long(60), { a: enumOf("x", "y") })],
    rows: `INSERT INTO "${long(60)}" VALUES (1, 'y')`,
  },
  "rebuilds an enum of a table beyond 63 bytes that is named": {
    before: [table(long(70), { a: { ...enumOf("x", "y"), enumName: "short" } })],
    after: [table(long(70), { a: { ...enumOf("y", "x"), enumName: "short" } })],
    rows: `INSERT INTO "${long(63)}" VALUES (1, 'y')`,
  },
  "rebuilds an enum of 63 bytes in fewer characters": {
    before: thing({ a: { ...enumOf("x", "y"), enumName: OWLS } }),
    after: thing({ a: { ...enumOf("y", "x"), enumName: OWLS } }),
    rows: "INSERT INTO thing VALUES (1, 'y')",
  },
};

describeEdits("an edit of enums with long names", edits);

interface Collision {
  readonly entities: readonly EntitySchema[];
  readonly message: string;
  readonly hint: string;
}

const sentence = (first: string, second: string, name: string): string =>
  `${first} and ${second} would have one name, "${name}", because PostgreSQL cuts names at 63 bytes`;
const hint = (columns: string): string => `name the enum type of ${columns}: \`enumName\` beside \`enum\``;

const collisions: Readonly<Record<string, Collision>> = {
  "with the rows of its own table": {
    entities: [table(long(63), { a: enumOf("x") })],
    message: sentence(
      `the table "${long(63)}"`,
      `the enum type "${long(63)}_a_enum" of ${long(63)}.a`,
      long(63),
    ),
    hint: hint(`${long(63)}.a`),
  },
  "with the rows of its own table, whose name is cut as well": {
    entities: [table(long(70), { a: enumOf("x") })],
    message: sentence(
      `the table "${long(70)}"`,
      `the enum type "${long(70)}_a_enum" of ${long(70)}.a`,
      long(63),
    ),
    hint: hint(`${long(70)}.a`),
  },
  "with the type of another column": {
    entities: [table(long(60), { ab: enumOf("x"), abc: enumOf("x") })],
    message: sentence(
      `the enum type "${long(60)}_ab_enum" of ${long(60)}.ab`,
      `the enum type "${long(60)}_abc_enum" of ${long(60)}.abc`,
      `${long(60)}_ab`,
    ),
    hint: hint(`${long(60)}.abc or ${long(60)}.ab`),
  },
  "with the rows of another table": {
    entities: [table(long(62), { a: enumOf("x") }), table(`${long(62)}_`, {})],
    message: sentence(
      `the table "${long(62)}_"`,
      `the enum type "${long(62)}_a_enum" of ${long(62)}.a`,
      `${long(62)}_`,
    ),
    hint: hint(`${long(62)}.a`),
  },
  "with the type of a column of another table": {
    entities: [table(`${long(59)}_b`, { a: enumOf("x") }), table(long(59), { b_ax: enumOf("x") })],
    message: sentence(
      `the enum type "${long(59)}_b_a_enum" of ${long(59)}_b.a`,
      `the enum type "${long(59)}_b_ax_enum" of ${long(59)}.b_ax`,
      `${long(59)}_b_a`,
    ),
    hint: hint(`${long(59)}.b_ax or ${long(59)}_b.a`),
  },
  "and is not cut": {
    entities: [table("thing", {}), table("box", { a: { ...enumOf("x"), enumName: "thing" } })],
    message: `the table "thing" and the enum type "thing" of box.a would have one name, "thing", because the rows of a table have a type of its name`,
    hint: hint("box.a"),
  },
  "and is a table": {
    entities: [table(`${long(63)}1`, {}), table(`${long(63)}2`, {})],
    message: sentence(`the table "${long(63)}1"`, `the table "${long(63)}2"`, long(63)),
    hint: "give one of them a shorter name",
  },
};

describe("refused before anything is written is a name that collides", () => {
  test.concurrent.each(Object.entries(collisions))("%s", async (_name, { entities, message, hint: next }) => {
    const place = temporaryFolder();
    const database = await createPostgresDatabase();
    const limbeck = async () =>
      await open({
        cwd: place.folder,
        config: { dataSource: { type: "postgres", url: database.url, entities: [...entities] } },
      });
    try {
      const refused = { code: "METADATA_INVALID", message, hint: next };
      const project = await limbeck();
      await expect(project.revision({ autogenerate: true, message: "first" })).rejects.toMatchObject(refused);
      await expect(
        project.revision({ autogenerate: true, message: "first", against: "empty" }),
      ).rejects.toMatchObject(refused);
      await expect(project.check()).rejects.toMatchObject(refused);
      expect(await project.history()).toEqual([]);
    } finally {
      await database.drop();
      place.remove();
    }
  });

  test("and the same columns work when their enum types are named", async () => {
    const both = (...values: string[]) => [
      table(long(63), {
        a: { ...enumOf(...values), enumName: "one" },
        b: { ...enumOf(...values), enumName: "two" },
      }),
    ];
    await withRows(
      { before: both("x", "y"), rows: `INSERT INTO "${long(63)}" VALUES (1, 'x', 'y')` },
      async ({ project, query }) => {
        expect((await (await project(both("x", "y"))).check()).differences).toEqual([]);
        const later = await project(both("y", "x"));
        await later.revision({ autogenerate: true, message: "edit" });
        await later.upgrade();
        expect((await later.check()).differences).toEqual([]);
        expect(await query(`SELECT a::text, b::text FROM "${long(63)}"`)).toEqual([{ a: "x", b: "y" }]);
        await later.downgrade({ revision: "base" });
        expect(await query(`SELECT typname FROM pg_type WHERE typtype = 'e'`)).toEqual([]);
      },
    );
  });
});
