import { schemasToRead } from "../../src/autogenerate/options";
import type { IncludeSchemas } from "../../src/autogenerate/options";
import type { Dialect, Queryable } from "../../src/dialects/dialect";
import { loadDialect } from "../../src/dialects/index";
import { onDatabase } from "../support/postgres";
import { mysqlServers, onMysql } from "../support/mysql";
import { inMemory, queryable } from "../support/sqlite";
import { describeOn } from "../support/describe-on";

/** What is asked for, and what is read of audit, sales_a and sales_b. */
const CASES: readonly (readonly [IncludeSchemas, readonly string[]])[] = [
  [false, []],
  [true, ["audit", "sales_a", "sales_b"]],
  [
    ["audit", "nowhere"],
    ["audit", "nowhere"],
  ],
  [
    ["sales_*", "audit"],
    ["audit", "sales_a", "sales_b"],
  ],
  [(name) => name.endsWith("_b"), ["sales_b"]],
];

async function expectAll(dialect: Dialect, db: Queryable): Promise<void> {
  for (const [includeSchemas, expected] of CASES) {
    expect(await schemasToRead(dialect, db, { includeSchemas })).toEqual(expected);
  }
  const named = await schemasToRead(
    dialect,
    db,
    { includeSchemas: true, includeName: (name, kind) => kind === "schema" && name !== "audit" },
    ["sales_b", "of_entities"],
  );
  expect(named).toEqual(["sales_b", "of_entities", "sales_a"]);
}

test("schemas of PostgreSQL are read by name, glob or function, without those of the system", async () => {
  await onDatabase("CREATE SCHEMA audit; CREATE SCHEMA sales_b; CREATE SCHEMA sales_a", async (db) => {
    await expectAll(loadDialect("postgres"), db);
  });
});

test("attached files of SQLite are read by name, glob or function", async () => {
  const database = inMemory();
  try {
    for (const name of ["sales_b", "audit", "sales_a"]) database.exec(`ATTACH ':memory:' AS ${name}`);
    await expectAll(loadDialect("sqlite"), queryable(database));
  } finally {
    database.close();
  }
});

// Other tests have databases on the server, too.
describeOn(mysqlServers, "on %s", (server) => {
  test("databases are listed without the own and the server's", async () => {
    await onMysql(server, [], async ({ db: other }) => {
      const [row] = await other.query<{ name: string }>("SELECT DATABASE() AS name");
      await onMysql(server, [], async ({ dialect, db }) => {
        const [own] = await db.query<{ name: string }>("SELECT DATABASE() AS name");
        const names = await dialect.schemas(db);
        expect(names).toContain(row?.name);
        for (const absent of [own?.name, "information_schema", "mysql", "performance_schema"])
          expect(names).not.toContain(absent);
      });
    });
  });
});
