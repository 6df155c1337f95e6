/** What must hold for every schema (DESIGN section 2), on random ones. */
import * as fc from "../arbitrary/fast-check";
import { batched } from "../../src/commands/batches";
import { diff } from "../../src/diff/diff";
import { sqlite } from "../../src/dialects/sqlite";
import { applyAll } from "../../src/operations/apply";
import { flatten } from "../../src/operations/describe";
import { invert, invertAll } from "../../src/operations/invert";
import type { Operation } from "../../src/operations/operation";
import { emptyRegistry } from "../../src/operations/registry";
import { findColumn, findTable } from "../../src/model/schema";
import type { Schema } from "../../src/model/schema";
import { arbitrarySchema } from "../arbitrary/schema";
import { contextOn, inMemory, queryable } from "../support/sqlite";

const options = { registry: emptyRegistry, names: "strategy", forwardReferences: true } as const;
const difference = (from: Schema, to: Schema): readonly Operation[] => diff(from, to, options);

const schema = arbitrarySchema({ dialect: "sqlite" }).map((drawn) => sqlite.normalize(drawn));
const pairs = fc.tuple(schema, schema);
const runs = { numRuns: 200 };

test("a schema does not differ from itself", () => {
  fc.assert(
    fc.property(schema, (a) => {
      expect(difference(a, a)).toEqual([]);
    }),
    runs,
  );
});

test("the difference leads from one schema to the other", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      expect(difference(sqlite.normalize(applyAll(a, difference(a, b))), b)).toEqual([]);
    }),
    runs,
  );
});

test("what is equal in both is not touched, and a column that changes is never dropped", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      for (const operation of flatten(difference(a, b))) {
        if (operation.kind === "dropTable") expect(findTable(b, operation.table)).toBeUndefined();
        if (operation.kind !== "dropColumn") continue;
        const table = findTable(b, operation.table);
        expect(table && findColumn(table, operation.column)).toBeUndefined();
      }
    }),
    runs,
  );
});

test("inverting twice leads back to the same operation", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      for (const operation of difference(a, b)) expect(invert(invert(operation))).toEqual(operation);
    }),
    runs,
  );
});

test("the inverse of a difference leads back to the first schema", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const there = difference(a, b);
      const back = sqlite.normalize(applyAll(applyAll(a, there), invertAll(there)));
      expect(difference(back, a)).toEqual([]);
    }),
    runs,
  );
});

test("rewriting changes the route and not the destination", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const operations = batched(difference(a, b), a, sqlite, emptyRegistry);
      const direct = sqlite.normalize(applyAll(a, operations));
      const rewritten = sqlite.normalize(applyAll(a, sqlite.rewrite?.(operations, a) ?? []));
      expect(difference(rewritten, direct)).toEqual([]);
    }),
    runs,
  );
});

test("on a real database nothing differs after a migration, and the way down leads back", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, async ([a, b]) => {
      // STRICT stays where an entity, which cannot say it, does not; such a table refuses the other table's types.
      fc.pre(b.tables.every((table) => table.options?.strict || !findTable(a, table)?.options?.strict));
      const database = inMemory();
      try {
        const context = contextOn(database);
        const db = queryable(database);
        const read = async (): Promise<Schema> => sqlite.normalize(await sqlite.inspect(db, { schemas: [] }));
        const differs = async (wanted: Schema): Promise<readonly Operation[]> => {
          const live = await read();
          return difference(live, (await sqlite.canonicalize?.(db, wanted, live)) ?? wanted);
        };
        for (const operation of difference({ ...a, tables: [], views: [] }, a))
          await context.perform(operation);
        expect(await differs(a)).toEqual([]);
        const there = batched(difference(a, b), a, sqlite, emptyRegistry);
        for (const operation of there) await context.perform(operation);
        expect(await differs(b)).toEqual([]);
        for (const operation of invertAll(there)) await context.perform(operation);
        expect(await differs(a)).toEqual([]);
      } finally {
        database.close();
      }
    }),
    // Databases are slow, so these are few; raise the number, with LIMBECK_TEST_SEED=random, to search.
    { numRuns: 150 },
  );
});
