/** The words in which edits are written as tables, and the test of each. */
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions, EntitySchemaOptions } from "typeorm";
import type { Schema } from "../../src/model/schema";
import { edited } from "./edit";
import type { Edit } from "./edit";
import { testWith } from "./servers";

type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;
/** The types of TypeORM leave out the comment of a table and the method of an index. */
type More = Partial<Omit<EntitySchemaOptions<unknown>, "name" | "columns">> & { readonly comment?: string };
export type IndexOptions = NonNullable<More["indices"]>[number];

const ID: EntitySchemaColumnOptions = { type: "int", primary: true };

/** An entity whose columns are an `id` and these. */
export function table(name: string, columns: Columns, more: More = {}): EntitySchema {
  return new EntitySchema({ name, ...more, columns: { id: ID, ...columns } });
}

/** One entity, `thing`. */
export function thing(columns: Columns, more: More = {}): readonly EntitySchema[] {
  return [table("thing", columns, more)];
}

/** One column `a` that becomes another, in a table with these values (SQL, from id 1 on). */
export function column(
  before: EntitySchemaColumnOptions,
  after: EntitySchemaColumnOptions,
  values: readonly string[],
  becomes?: readonly unknown[],
): Edit {
  return {
    before: thing({ a: before }),
    after: thing({ a: after }),
    rows: insert(values),
    ...(becomes && { becomes: becomes.map((a, place) => ({ id: place + 1, a })) }),
  };
}

/** SQL that puts these values, SQL themselves, into the column `a`. */
export function insert(values: readonly string[]): string {
  return `INSERT INTO "thing" ("id", "a") VALUES ${values.map((value, place) => `(${place + 1}, ${value})`).join(", ")}`;
}

/** Rows for `numbers`. */
export const TWO_NUMBERS = `INSERT INTO "thing" ("id", "a", "b") VALUES (1, 10, 20), (2, 11, 21)`;
/** A thing with two numbers. */
export const numbers = (more: More = {}) => thing({ a: { type: "int" }, b: { type: "int" } }, more);

/**
 * One test an edit: every row stays, nothing differs afterwards, the way down gives the old schema and rows back. Edits
 * that need a capability of the server stand skipped where it is not there.
 */
export function describeEdits(
  title: string,
  edits: Readonly<Record<string, Edit>>,
  capability?: string,
): void {
  const run = capability === undefined ? test.concurrent : testWith(capability);
  describe(title, () => {
    run.each(Object.entries(edits))("%s", async (_name, edit) => {
      const { text, differences, typeorm, rows, schema, numbers: seen } = await edited(edit);
      expect({ text, differences }).toEqual({ text: expect.stringContaining("await op."), differences: [] });
      if (edit.isQuiet) expect(typeorm).toEqual([]);
      if (edit.becomes) {
        expect(rows.after["thing"]).toEqual(edit.becomes.map((row): unknown => expect.objectContaining(row)));
      } else expect(Object.values(rows.after)).toEqual(Object.values(rows.before));
      if (!edit.becomes) expect(rows.back).toEqual(rows.before);
      const remade = edit.remade ?? [];
      for (const [column, number] of Object.entries(seen.before)) {
        if (column in seen.after && !remade.includes(column)) {
          expect([column, seen.after[column]]).toEqual([column, number]);
        }
      }
      expect(sorted(schema.back)).toEqual(sorted(schema.before));
    });
  });
}

/** A column that was made anew stands at the end. */
function sorted(schema: Schema): Schema {
  return {
    ...schema,
    tables: schema.tables.map((one) => ({
      ...one,
      columns: one.columns.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    })),
  };
}
