import { sqlite } from "../../../src/dialects/sqlite";
import { tableFromSpec } from "../../../src/operations/from-spec";
import { tableToSpec } from "../../../src/operations/to-spec";
import { emptyRegistry } from "../../../src/operations/registry";
import { inMemory, queryable } from "../../support/sqlite";

test("a table that was dropped comes back with its triggers through the call of a revision file", async () => {
  const database = inMemory();
  database.exec(
    "CREATE TABLE t (a INTEGER PRIMARY KEY); CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = 1; END",
  );
  const before = await sqlite.inspect(queryable(database), { schemas: [] });
  const [table] = before.tables;
  if (!table) throw new Error("there is no table t");
  database.exec("DROP TABLE t");
  const said = tableFromSpec("t", tableToSpec(table));
  for (const { sql } of sqlite.compile({ kind: "createTable", table: said }, { registry: emptyRegistry })) {
    database.exec(sql);
  }
  expect(sqlite.normalize(await sqlite.inspect(queryable(database), { schemas: [] }))).toEqual(
    sqlite.normalize(before),
  );
});
