/** Every kind of entity, said by decorators and said by an EntitySchema: both must be read as the same tables. */
import { hasForeignKeys } from "../../fixtures/entities/typeorm-line";
import { read } from "./build";
import { columns } from "./kinds/columns";
import { others } from "./kinds/others";
import { relations } from "./kinds/relations";
import { trees } from "./kinds/trees";
import { outlineOf } from "./outline";

const cases = Object.entries({ ...trees, ...columns, ...relations, ...others });

test.each(cases)("%s, by decorators", async (_title, { decorators, expected, type, options }) => {
  const { schema: found } = await read(type ?? "better-sqlite3", decorators(), options);
  expect(outlineOf(found)).toEqual(expected);
});

// 0.3.20 has no trees and no queries in an EntitySchema.
test.each(cases.filter(([, { isNewInSchemas }]) => hasForeignKeys || !isNewInSchemas))(
  "%s, by EntitySchema",
  async (_title, { schemas, expected, type, options }) => {
    const { schema: found } = await read(type ?? "better-sqlite3", schemas(), options);
    expect(outlineOf(found)).toEqual(expected);
  },
);
