import Database from "better-sqlite3";
import type { Queryable } from "../../../src/dialects/dialect";
import { inspect } from "../../../src/dialects/sqlite/inspect";
import { readType } from "../../../src/dialects/sqlite/inspect-table";
import { normalize } from "../../../src/dialects/sqlite/normalize";
import type { Column, ColumnType, Constraint, Index, Schema, Table } from "../../../src/model/schema";
import { inMemory, queryable } from "../../support/sqlite";

async function read(ddl: string, schemas: readonly string[] = []): Promise<Schema> {
  const database = inMemory();
  try {
    database.exec(ddl);
    return await inspect(queryable(database), { schemas });
  } finally {
    database.close();
  }
}

async function readTable(ddl: string, name = "t"): Promise<Table | undefined> {
  return (await read(ddl)).tables.find((table) => table.name === name);
}

test.each<[string, ColumnType]>([
  ["", { name: "" }],
  ["varchar(20)", { name: "varchar", length: 20 }],
  ["VARCHAR ( 20 )", { name: "VARCHAR", length: 20 }],
  ["varchar(max)", { name: "varchar", length: "max" }],
  ["decimal(10,2)", { name: "decimal", precision: 10, scale: 2 }],
  ["decimal (10 , 2)", { name: "decimal", precision: 10, scale: 2 }],
  ["datetime(6)", { name: "datetime", precision: 6 }],
  ["unsigned big int", { name: "unsigned big int" }],
  ["varchar array", { name: "varchar", array: true }],
  ["varchar(5) array", { name: "varchar", length: 5, array: true }],
  ["int(10) unsigned", { name: "int(10) unsigned" }],
  ["my(a,b)", { name: "my(a,b)" }],
])("the type %s", (text, expected) => {
  expect(readType(text)).toEqual(expected);
});

describe("a column", () => {
  const text = { name: "TEXT" };
  const integer = { name: "INTEGER" };
  test.each<[string, Column]>([
    ["c TEXT", { name: "c", type: text, nullable: true }],
    [
      "c TEXT NOT NULL DEFAULT ('it''s')",
      { name: "c", type: text, nullable: false, default: { sql: "'it''s'" } },
    ],
    [
      "c TEXT DEFAULT CURRENT_TIMESTAMP",
      { name: "c", type: text, nullable: true, default: { sql: "CURRENT_TIMESTAMP" } },
    ],
    ["c INTEGER PRIMARY KEY", { name: "c", type: integer, nullable: false }],
    [
      "c INTEGER PRIMARY KEY AUTOINCREMENT",
      { name: "c", type: integer, nullable: false, generated: { kind: "increment" } },
    ],
    [
      "c INTEGER, PRIMARY KEY (c AUTOINCREMENT)",
      { name: "c", type: integer, nullable: false, generated: { kind: "increment" } },
    ],
    ["c INTEGER, d INTEGER, PRIMARY KEY (c, d)", { name: "c", type: integer, nullable: true }],
    ["c TEXT PRIMARY KEY", { name: "c", type: text, nullable: true }],
    ["c TEXT COLLATE NOCASE", { name: "c", type: text, nullable: true, collation: "NOCASE" }],
    [
      "c TEXT AS (lower(d)) STORED, d",
      {
        name: "c",
        type: text,
        nullable: true,
        generated: { kind: "computed", sql: "lower(d)", stored: true },
      },
    ],
    [
      "c TEXT GENERATED ALWAYS AS (d || ')'), d",
      {
        name: "c",
        type: text,
        nullable: true,
        generated: { kind: "computed", sql: "d || ')'", stored: false },
      },
    ],
    [
      `c TEXT CHECK( "c" IN ('a','it''s') )`,
      { name: "c", type: { name: "TEXT", values: ["a", "it's"] }, nullable: true },
    ],
    [
      "c TEXT CHECK(`C` in (\n'a' , 'b'))",
      { name: "c", type: { name: "TEXT", values: ["a", "b"] }, nullable: true },
    ],
  ])("%s", async (body, expected) => {
    const table = await readTable(`CREATE TABLE t (${body})`);
    expect(table?.columns[0]).toEqual(expected);
    expect(table?.constraints.some(({ kind }) => kind === "check")).toBe(false);
  });

  test("of a key is never null where rows have no id of their own, nor in a strict table", async () => {
    for (const options of ["WITHOUT ROWID", "STRICT"]) {
      const table = await readTable(`CREATE TABLE t (c TEXT PRIMARY KEY) ${options}`);
      expect(table?.columns[0]?.nullable).toBe(false);
    }
  });
});

describe("constraints", () => {
  const foreignKey = { kind: "foreignKey", onDelete: "NO ACTION", onUpdate: "NO ACTION" } as const;
  test.each<[string, readonly Constraint[]]>([
    [
      "a TEXT UNIQUE, CONSTRAINT u UNIQUE (a)",
      [
        { kind: "unique", columns: ["a"] },
        { kind: "unique", name: "u", columns: ["a"] },
      ],
    ],
    ["A, b, CONSTRAINT k PRIMARY KEY (b, a)", [{ kind: "primaryKey", name: "k", columns: ["b", "A"] }]],
    [
      "a CHECK (a > 0), CONSTRAINT c CHECK (a  <  9), CHECK (a IN ('x'))",
      [
        { kind: "check", expression: "a > 0" },
        { kind: "check", name: "c", expression: "a  <  9" },
        { kind: "check", expression: "a IN ('x')" },
      ],
    ],
    ["a CONSTRAINT c CHECK (a IN ('x'))", [{ kind: "check", name: "c", expression: "a IN ('x')" }]],
    ["a CHECK (a IN ('x', 'y')) CHECK (a IN ('y', 'z'))", [{ kind: "check", expression: "a IN ('y', 'z')" }]],
    [
      "a CONSTRAINT f REFERENCES Parent ON DELETE CASCADE, b, c, " +
        "FOREIGN KEY (b, c) REFERENCES pair ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, " +
        "CONSTRAINT g FOREIGN KEY (c) REFERENCES PARENT (ID), FOREIGN KEY (c) REFERENCES nowhere (x)",
      [
        {
          ...foreignKey,
          name: "f",
          columns: ["a"],
          references: { name: "parent" },
          referencedColumns: ["Id"],
          onDelete: "CASCADE",
        },
        {
          ...foreignKey,
          columns: ["b", "c"],
          references: { name: "pair" },
          referencedColumns: ["y", "x"],
          onUpdate: "SET NULL",
          deferrable: "INITIALLY DEFERRED",
        },
        {
          ...foreignKey,
          name: "g",
          columns: ["c"],
          references: { name: "parent" },
          referencedColumns: ["Id"],
        },
        { ...foreignKey, columns: ["c"], references: { name: "nowhere" }, referencedColumns: ["x"] },
      ],
    ],
  ])("%s", async (body, expected) => {
    const table = await readTable(
      `CREATE TABLE parent ("Id" INTEGER PRIMARY KEY); CREATE TABLE pair (x, y, PRIMARY KEY (y, x));
       CREATE TABLE t (${body})`,
    );
    expect(table?.constraints).toEqual(expected);
  });
});

test.each<[string, Omit<Index, "name">]>([
  ["INDEX i ON t (a, b DESC)", { parts: [{ column: "a" }, { column: "b", order: "DESC" }] }],
  ["UNIQUE INDEX i ON t (a COLLATE nocase)", { parts: [{ column: "a", collation: "nocase" }], unique: true }],
  ["INDEX i ON t (b COLLATE NOCASE)", { parts: [{ column: "b" }] }],
  ["INDEX i ON t (b COLLATE binary)", { parts: [{ column: "b", collation: "binary" }] }],
  [
    "INDEX i ON t (lower(a) DESC) WHERE a > 0",
    { parts: [{ expression: "lower(a)", order: "DESC" }], where: "a > 0" },
  ],
  ["INDEX i ON t (lower(a) COLLATE nocase)", { parts: [{ expression: "lower(a)", collation: "nocase" }] }],
  ["INDEX i ON t (a || b COLLATE nocase)", { parts: [{ expression: "a || b COLLATE nocase" }] }],
])("%s is read in full", async (sql, expected) => {
  const table = await readTable(`CREATE TABLE t (a, b TEXT COLLATE nocase UNIQUE); CREATE ${sql}`);
  expect(table?.indexes).toEqual([{ name: "i", ...expected }]);
});

test("triggers, options and views are read as they were written", async () => {
  const trigger = "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = 1; END";
  const schema = await read(
    `CREATE TABLE t (a INTEGER PRIMARY KEY) WITHOUT ROWID, STRICT; ${trigger}; CREATE VIEW v AS SELECT  a FROM t`,
  );
  expect(schema.tables[0]?.triggers).toEqual([{ name: "tr", sql: trigger }]);
  expect(schema.tables[0]?.options).toEqual({ withoutRowid: true, strict: true });
  expect(schema.views).toEqual([{ name: "v", sql: "SELECT  a FROM t" }]);
});

test("SQLite's own tables and virtual ones with their shadows are left out, tables of a like name are not", async () => {
  const schema = await read(
    `CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE VIRTUAL TABLE docs USING fts5 (body);
     CREATE TABLE docs_backup (a); CREATE TABLE sqliteish (a); ANALYZE`,
  );
  expect(schema.tables.map(({ name }) => name)).toEqual(["docs_backup", "sqliteish", "t"]);
});

test("a virtual table whose module is missing stops nothing", async () => {
  const database = inMemory();
  database.unsafeMode(true);
  database.exec(`CREATE TABLE t (a); PRAGMA writable_schema = ON;
    INSERT INTO sqlite_schema VALUES ('table', 'gone', 'gone', 0, 'CREATE VIRTUAL TABLE gone USING missing(x)');`);
  const copy = new Database(database.serialize());
  expect(() => copy.prepare("SELECT * FROM gone")).toThrow("no such module");
  expect((await inspect(queryable(copy), { schemas: [] })).tables.map(({ name }) => name)).toEqual(["t"]);
});

test("attached databases are read under their names", async () => {
  const schema = await read(
    `CREATE TABLE t (a); ATTACH ':memory:' AS "my audit"; CREATE TABLE "my audit".t (b INTEGER PRIMARY KEY);
     CREATE TABLE "my audit".u (t REFERENCES t); CREATE VIEW "my audit".v AS SELECT b FROM t;
     CREATE INDEX "my audit".i ON t (b)`,
    ["my audit"],
  );
  expect(schema.tables.map(({ schema: file, name }) => [file, name])).toEqual([
    [undefined, "t"],
    ["my audit", "t"],
    ["my audit", "u"],
  ]);
  expect(schema.tables[1]?.columns.map(({ name }) => name)).toEqual(["b"]);
  expect(schema.tables[1]?.indexes.map(({ name }) => name)).toEqual(["i"]);
  expect(schema.tables[2]?.constraints[0]).toMatchObject({
    references: { schema: "my audit", name: "t" },
    referencedColumns: ["b"],
  });
  expect(schema.views).toEqual([{ schema: "my audit", name: "v", sql: "SELECT b FROM t" }]);
});

test("the number of queries is the same for 10 and for 200 tables", async () => {
  const queriesFor = async (tables: number): Promise<number> => {
    const database = inMemory();
    for (let table = 0; table < tables; table++) {
      database.exec(`CREATE TABLE t${table} (id INTEGER PRIMARY KEY, up REFERENCES t0 UNIQUE CHECK (up > 0));
        CREATE INDEX i${table} ON t${table} (up) WHERE up > 1`);
    }
    const db = queryable(database);
    let queries = 0;
    const counting: Queryable = {
      ...db,
      query: (sql, parameters) => {
        queries++;
        return db.query(sql, parameters);
      },
    };
    expect((await inspect(counting, { schemas: [] })).tables).toHaveLength(tables);
    return queries;
  };
  expect(await queriesFor(10)).toBe(await queriesFor(200));
});

test("hand-written and quoted spellings of one table come to the same", async () => {
  const plain = await read("CREATE TABLE t (a varchar(20) NOT NULL UNIQUE, b int DEFAULT 1 CHECK (b > 0))");
  const quoted = await read(
    'CREATE TABLE [t] ("a" VARCHAR (20) NOT NULL, `b` INT DEFAULT (1), UNIQUE ("a"), CHECK ((b > 0)))',
  );
  expect(normalize(quoted)).toEqual(normalize(plain));
});
