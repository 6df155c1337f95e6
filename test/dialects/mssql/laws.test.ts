/** What must hold for every schema (DESIGN section 2), on random ones, as SQL Server's rules shape it. */
import * as fc from "../../arbitrary/fast-check";
import { batched } from "../../../src/commands/batches";
import { diff } from "../../../src/diff/diff";
import { mssql } from "../../../src/dialects/mssql";
import { applyAll } from "../../../src/operations/apply";
import { invert, invertAll } from "../../../src/operations/invert";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import { emptySchema } from "../../../src/model/schema";
import type { Schema } from "../../../src/model/schema";
import { arbitrarySchema } from "../../arbitrary/schema";
import { grammarErrors } from "./grammar";

const options = { registry: emptyRegistry, names: "strategy", forwardReferences: false } as const;
const context = { registry: emptyRegistry, typeormMetadata: { name: "typeorm_metadata" } };
const difference = (from: Schema, to: Schema): readonly Operation[] => {
  const operations = diff(from, to, options);
  return batched(mssql.arrange?.(operations, from) ?? operations, from, mssql, emptyRegistry);
};
const sqlOf = (operations: readonly Operation[], from: Schema): readonly string[] =>
  mssql
    .rewrite?.(operations, from, emptyRegistry)
    .flatMap((one) => mssql.compile(one, context))
    .map(({ sql }) => sql) ?? [];

const schema = arbitrarySchema({ dialect: "mssql" }).map((drawn) => mssql.normalize(drawn));
const pairs = fc.tuple(schema, schema);
const runs = { numRuns: 150 };

test("the canonical form is its own canonical form, and a schema does not differ from itself", () => {
  fc.assert(
    fc.property(schema, (a) => {
      expect(mssql.normalize(a)).toEqual(a);
      expect(difference(a, a)).toEqual([]);
    }),
    runs,
  );
});

test("the difference leads from one schema to the other, and back", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const operations = difference(a, b);
      const there = applyAll(a, operations);
      expect(difference(mssql.normalize(there), b)).toEqual([]);
      expect(difference(mssql.normalize(applyAll(there, invertAll(operations))), a)).toEqual([]);
      for (const operation of operations) expect(invert(invert(operation))).toEqual(operation);
    }),
    runs,
  );
});

test("what is taken down is put back: the way round leads to the same schema", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const operations = difference(a, b);
      const rewritten = mssql.rewrite?.(operations, a, emptyRegistry) ?? [];
      const [plain, round] = [applyAll(a, operations), applyAll(a, rewritten)];
      expect(difference(mssql.normalize(plain), mssql.normalize(round))).toEqual([]);
    }),
    runs,
  );
});

test("every statement is one that the grammar takes", () => {
  fc.assert(
    fc.property(pairs, ([a, b]) => {
      const statements = [...sqlOf(difference(emptySchema, a), emptySchema), ...sqlOf(difference(a, b), a)];
      expect(statements.flatMap(grammarErrors)).toEqual([]);
    }),
    { numRuns: 8 },
  );
});
