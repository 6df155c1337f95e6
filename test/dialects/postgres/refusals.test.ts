/** Edits that rows stand against: PostgreSQL refuses them, and nothing has changed. */
import "reflect-metadata";
import type { EntitySchemaColumnOptions } from "typeorm";
import { insert, thing } from "../../support/edit-cases";
import { withRows } from "../../support/edit";

interface Refusal {
  readonly before: EntitySchemaColumnOptions;
  readonly after: EntitySchemaColumnOptions;
  /** Columns that the edit adds. */
  readonly more?: Readonly<Record<string, EntitySchemaColumnOptions>>;
  readonly values: readonly string[];
  readonly message: RegExp;
}

const refusals: Readonly<Record<string, Refusal>> = {
  "narrowing a varchar below a value that is there": {
    before: { type: "varchar", length: 10 },
    after: { type: "varchar", length: 3 },
    values: ["'abc'", "'abcd'"],
    message: /value too long for type character varying\(3\)/,
  },
  "narrowing a bigint below a value that is there": {
    before: { type: "bigint" },
    after: { type: "int" },
    values: ["2147483648"],
    message: /integer out of range/,
  },
  "making a varchar an int where a value is none": {
    before: { type: "varchar" },
    after: { type: "int" },
    values: ["'1'", "'one'"],
    message: /invalid input syntax for type integer: "one"/,
  },
  "refusing nulls that are there": {
    before: { type: "int", nullable: true },
    after: { type: "int" },
    values: ["1", "NULL"],
    message: /contains null values/,
  },
  "adding a column that takes no nulls and has no default": {
    before: { type: "int" },
    after: { type: "int" },
    more: { b: { type: "int" } },
    values: ["1", "2"],
    message: /column "b" of relation "thing" contains null values/,
  },
  "removing a value of an enum that rows hold": {
    before: { type: "enum", enum: ["red", "green", "blue"], default: "red" },
    after: { type: "enum", enum: ["red", "green"], default: "red" },
    values: ["'blue'", "'red'", "'blue'"],
    message: /2 rows of "thing"\."a" hold a value that is taken away \(blue\)/,
  },
  "removing a value of an enum that lists hold": {
    before: { type: "enum", enum: ["red", "green", "blue"], array: true },
    after: { type: "enum", enum: ["red", "green"], array: true },
    values: ["'{red,blue}'", "'{}'"],
    message: /1 rows of "thing"\."a" hold a value that is taken away \(blue\)/,
  },
};

describe("rows stand against", () => {
  test.concurrent.each(Object.entries(refusals))("%s", async (_name, refusal) => {
    const { after, more = {}, values, message } = refusal;
    await withRows(
      { before: thing({ a: refusal.before }), rows: insert(values) },
      async ({ project, query }) => {
        const state = async (): Promise<unknown> => [
          await query(`SELECT * FROM "thing" ORDER BY "id"`),
          await query(`SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull FROM pg_attribute
          WHERE attrelid = '"thing"'::regclass AND attnum > 0 ORDER BY attnum`),
          await query(`SELECT enumlabel FROM pg_enum ORDER BY enumsortorder`),
          await query(`SELECT * FROM "limbeck_version"`),
        ];
        const before = await state();
        const later = await project(thing({ a: after, ...more }));
        await later.revision({ autogenerate: true, message: "edit", noRenames: true });
        await expect(later.upgrade()).rejects.toThrow(message);
        expect(await state()).toEqual(before);
      },
    );
  });
});
