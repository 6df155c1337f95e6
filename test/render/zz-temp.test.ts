import Database from "better-sqlite3";
import * as fc from "fast-check";
import { sqlite } from "../../src/dialects/sqlite";
import { diff } from "../../src/diff/diff";
import { emptySchema } from "../../src/model/schema";
import { emptyRegistry } from "../../src/operations/registry";
import { arbitrarySchema } from "../arbitrary/schema";

test("sqlite takes it", async () => {
  let made = 0;
  await fc.assert(
    fc.asyncProperty(arbitrarySchema({ dialect: "sqlite" }), async (schema) => {
      const db = new Database(":memory:");
      const target = sqlite.normalize(schema);
      const all: string[] = [];
      try {
        for (const op of diff(emptySchema, target, { registry: emptyRegistry, names: "strategy", forwardReferences: true } as never))
          for (const s of sqlite.compile(op, { registry: emptyRegistry })) { all.push(s.sql); db.exec(s.sql); made++; }
      } catch (e) { throw new Error(String(e) + "\n" + all.join("\n")); }
    }),
    { numRuns: 400 },
  );
  console.log(made);
});
