import type Database from "better-sqlite3";
import { canonicalize } from "../../../src/dialects/sqlite/canonicalize";
import { inspect } from "../../../src/dialects/sqlite/inspect";
import { normalize } from "../../../src/dialects/sqlite/normalize";
import type { Schema, Table } from "../../../src/model/schema";
import { inMemory, queryable } from "../../support/sqlite";

const TABLE = "a INTEGER NOT NULL, b TEXT, c TEXT COLLATE NOCASE, d BLOB";

async function read(database: Database.Database): Promise<Schema> {
  return normalize(await inspect(queryable(database), { schemas: [] }));
}

/** Both texts as databases of their own; the answer is the target as the live one spells it. */
async function respell(
  target: string,
  live: string,
): Promise<{ readonly result: Schema; readonly live: Schema }> {
  const [wanted, database] = [inMemory(), inMemory()];
  try {
    wanted.exec(target);
    database.exec(live);
    const found = await read(database);
    return { result: await canonicalize(queryable(database), await read(wanted), found), live: found };
  } finally {
    wanted.close();
    database.close();
  }
}

const EQUAL: readonly (readonly [string, string])[] = [
  ["a > 0", '"a"  >  0 -- comment'],
  ["[a] <> 1", "a != 1"],
  ["b IN ('x', 'y')", "\"b\" IN ('x','y')"],
  ["b IS NOT NULL", "b NOTNULL"],
  ["(a > 0) AND (b = 'x')", "a > 0 AND b = 'x'"],
  ["t.a > 0", "a > 0"],
  ['"A" > 0', '"a" > 0'],
  ["a = 1 OR (a = 2 OR a = 3)", "a = 1 OR (a = (2) OR a = +3)"],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ["a > 0", "a >= 0"],
  ["b = 'x'", "b = 'X'"],
  ["b = 'x'", "c = 'x'"],
  ["b = 'x'", "b = 'x' COLLATE NOCASE"],
  ["b = 'x'", "b IS 'x'"],
  ["b IN ('x', 'y')", "b IN ('x', 'z')"],
  ["a > 0 AND b = 'x'", "a > 0 OR b = 'x'"],
  ["a = 1", "a = '1'"],
  ["length(b) > 1", "length(c) > 1"],
  ["d = X'00AB'", "d = X'00CD'"],
];

describe.each<[string, (expression: string) => string]>([
  ["a check", (text) => `CREATE TABLE t (${TABLE}, CONSTRAINT k CHECK (${text}\n))`],
  ["a check without a name", (text) => `CREATE TABLE t (${TABLE}, CHECK (${text}\n))`],
  ["a computed column", (text) => `CREATE TABLE t (${TABLE}, e AS (${text}\n))`],
  ["the condition of an index", (text) => `CREATE TABLE t (${TABLE}); CREATE INDEX i ON t (a) WHERE ${text}`],
  ["the expression of an index", (text) => `CREATE TABLE t (${TABLE}); CREATE INDEX i ON t ((${text}\n))`],
])("%s", (kind, ddl) => {
  // SQLite allows no table name in an index or a computed column.
  const allowed = ([target]: readonly [string, string]): boolean =>
    kind.includes("check") || !target.includes("t.a");

  test.each(EQUAL.filter(allowed))("%s is what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).toEqual(found);
  });

  test.each(DIFFERENT)("%s is not what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).not.toEqual(found);
  });
});

describe("an expression of an index", () => {
  const ddl = (part: string): string => `CREATE TABLE t (${TABLE}); CREATE INDEX i ON t (${part})`;

  test("is the same under another spelling", async () => {
    const { result, live } = await respell(ddl("lower(b) DESC"), ddl('LOWER("b") DESC'));
    expect(result).toEqual(live);
  });

  test("is another with another collation", async () => {
    const { result, live } = await respell(ddl("lower(b)"), ddl("lower(b) COLLATE NOCASE"));
    expect(result).not.toEqual(live);
  });
});

describe("a default", () => {
  const ddl = (text: string): string => `CREATE TABLE t (a${text === "" ? "" : ` DEFAULT ${text}`}, abc)`;

  test.each([
    ["(TRUE)", "1"],
    ["FALSE", "(0)"],
    ["", "NULL"],
    ["(NULL)", ""],
    ["current_timestamp", "CURRENT_TIMESTAMP"],
    ["(datetime('now'))", "( DateTime ( 'now' ) )"],
    ["'a'", "('a')"],
    ["0x10", "16"],
  ])("%s is what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).toEqual(found);
  });

  test.each([
    ["1", "'1'"],
    ["1", "1.5"],
    ["", "''"],
    ["(datetime('now'))", "CURRENT_TIMESTAMP"],
    ["'abc'", "'abd'"],
  ])("%s is not what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).not.toEqual(found);
  });
});

describe("a view", () => {
  const ddl = (select: string): string =>
    `CREATE TABLE t (${TABLE}); CREATE TABLE u (a); CREATE VIEW v AS ${select}`;

  test.each([
    ["SELECT a FROM t", "select  t.a from t -- all"],
    ["SELECT a AS x FROM t WHERE b IS NOT NULL", 'SELECT "t"."a" AS "x" FROM "t" "t" WHERE "t"."b" NOTNULL'],
    ["SELECT x.a FROM t x JOIN u y ON y.a = x.a", "SELECT p.a FROM t AS p INNER JOIN u AS q ON (q.a = p.a)"],
    ["SELECT count(*) AS n FROM t GROUP BY b", "SELECT COUNT(*) n FROM t GROUP BY t.b"],
  ])("%s is what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).toEqual(found);
  });

  test.each([
    ["SELECT a AS x FROM t", "SELECT a AS y FROM t"],
    ["SELECT a FROM t", "SELECT a FROM u"],
    ["SELECT a FROM t", "SELECT DISTINCT a FROM t"],
    ["SELECT a FROM t UNION SELECT a FROM u", "SELECT a FROM t UNION ALL SELECT a FROM u"],
    ["SELECT a FROM t LIMIT 1", "SELECT a FROM t LIMIT 2"],
    ["SELECT t.a FROM t LEFT JOIN u ON u.a = 1", 'SELECT "left".a FROM t "left" JOIN u ON u.a = 1'],
  ])("%s is not what %s is", async (target, live) => {
    const { result, live: found } = await respell(ddl(target), ddl(live));
    expect(result).not.toEqual(found);
  });

  test("may end with a comment or a semicolon in the entity", async () => {
    const database = inMemory();
    database.exec(ddl("SELECT t.a FROM t"));
    const live = await read(database);
    for (const sql of ["SELECT a FROM t;", "SELECT a FROM t -- all of them", "SELECT a FROM t /* ; */ ;"]) {
      const target = { ...live, views: [{ name: "v", sql }] };
      expect(await canonicalize(queryable(database), target, live)).toEqual(live);
    }
  });

  test("is not run to be judged", async () => {
    const database = inMemory();
    let calls = 0;
    database.function("counted", { deterministic: false }, () => ++calls);
    database.exec(
      "CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT counted() AS n FROM t",
    );
    const live = await read(database);
    const target = { ...live, views: [{ name: "v", sql: "SELECT counted ( ) AS n FROM t AS x" }] };
    expect(await canonicalize(queryable(database), target, live)).toEqual(live);
    expect(calls).toBe(0);
  });
});

test("a check, a condition and an expression under another name are spelt as their equals are", async () => {
  const ddl = (check: string, index: string, text: string): string =>
    `CREATE TABLE t (a, CONSTRAINT x CHECK (a < 9), CONSTRAINT ${check} CHECK (${text}));
     CREATE INDEX other ON t (a) WHERE a < 5; CREATE INDEX ${index} ON t (abs(${text})) WHERE ${text}`;
  const { result } = await respell(ddl("c2", "i2", '"a" > 0'), ddl("c1", "i1", "a>0"));
  expect(result.tables[0]?.constraints).toContainEqual({ kind: "check", name: "c2", expression: "a>0" });
  expect(result.tables[0]?.indexes[0]).toEqual({
    name: "i2",
    parts: [{ expression: "abs(a>0)" }],
    where: "a>0",
  });
});

test("what names a column that the live table lacks counts as changed and stops nothing", async () => {
  const { result } = await respell(
    `CREATE TABLE t (a, n, CONSTRAINT k CHECK (n > 0)); CREATE VIEW v AS SELECT n FROM t`,
    `CREATE TABLE t (a, CONSTRAINT k CHECK (a > 0)); CREATE VIEW v AS SELECT a FROM t`,
  );
  expect(result.tables[0]?.constraints).toEqual([{ kind: "check", name: "k", expression: "n > 0" }]);
  expect(result.views).toEqual([{ name: "v", sql: "SELECT n FROM t" }]);
});

test("objects of the target alone stay as they are", async () => {
  const ddl = `CREATE TABLE t (a CHECK (a > 0)); CREATE VIEW v AS SELECT a FROM t`;
  const { result } = await respell(ddl, "CREATE TABLE u (a)");
  const database = inMemory();
  database.exec(ddl);
  expect(result).toEqual(await read(database));
});

test("tokens that agree cost no query", async () => {
  const database = inMemory();
  database.exec(
    `CREATE TABLE t (a DEFAULT (1), CHECK (a > 0)); CREATE INDEX i ON t (abs(a)) WHERE a > 1; CREATE VIEW v AS SELECT a FROM t`,
  );
  const live = await read(database);
  const spelt = JSON.parse(
    JSON.stringify(live).replaceAll("a > ", "A  > ").replaceAll("SELECT a", "select a"),
  ) as Schema;
  const refuses = (): never => {
    throw new Error("asked");
  };
  expect(spelt).not.toEqual(live);
  expect(await canonicalize({ query: refuses, change: refuses }, spelt, live)).toEqual(live);
});

test("nothing is created, and a database that may only be read can be judged", async () => {
  const database = inMemory();
  database.exec(
    `CREATE TABLE t (a, CHECK (a > 0)); CREATE INDEX i ON t (a) WHERE a NOTNULL; CREATE VIEW v AS SELECT t.a FROM t`,
  );
  const live = await read(database);
  database.pragma("query_only = ON");
  const [table] = live.tables as readonly [Table];
  const target: Schema = {
    ...live,
    tables: [
      {
        ...table,
        constraints: [{ kind: "check", expression: "t.a > 0" }],
        indexes: [{ name: "i", parts: [{ column: "a" }], where: "a IS NOT NULL" }],
      },
    ],
    views: [{ name: "v", sql: "SELECT a FROM t" }],
  };
  expect(await canonicalize(queryable(database), target, live)).toEqual(live);
  expect(database.prepare("SELECT name FROM sqlite_temp_schema").all()).toEqual([]);
  expect(await read(database)).toEqual(live);
});

test("the expressions of attached databases are judged there", async () => {
  const database = inMemory();
  database.exec(`ATTACH ':memory:' AS audit; CREATE TABLE audit.t (a, CHECK (a > 0)); CREATE TABLE t (b)`);
  const live = normalize(await inspect(queryable(database), { schemas: ["audit"] }));
  const target = {
    ...live,
    tables: live.tables.map((table) => ({
      ...table,
      constraints: table.constraints.map((constraint) => ({ ...constraint, expression: "t.a > 0" })),
    })),
  };
  expect(await canonicalize(queryable(database), target, live)).toEqual(live);
});
