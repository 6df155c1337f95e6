/** Batches on a real database: what a rebuilt table keeps, and what the options of a batch do. */
import type Database from "better-sqlite3";
import { frame } from "../../../src/dialects/sqlite/frame";
import type { BatchOptions, BatchOperations } from "../../../src/operations/spec";
import { createOperations } from "../../../src/runtime/op";
import type { Operations, TableChangeSpec } from "../../../src/operations/spec";
import { contextOn, inMemory, queryable } from "../../support/sqlite";

type Body = (batch: BatchOperations) => void;

async function run(database: Database.Database, body: (op: Operations) => Promise<void>): Promise<void> {
  await createOperations(contextOn(database), { autocommit: (block) => block() }).run(body);
}

async function batch(database: Database.Database, table: string, options: BatchOptions, body: Body) {
  await run(database, (op) => op.batchAlterTable(table, options, body));
}

function opened(...statements: readonly string[]): Database.Database {
  const database = inMemory();
  for (const sql of statements) database.exec(sql);
  return database;
}

function textOf(database: Database.Database, name: string): string {
  const [row] = database.prepare("SELECT sql FROM sqlite_schema WHERE name = ?").all(name);
  return (row as { sql: string } | undefined)?.sql ?? "";
}

function rowsOf(database: Database.Database, sql: string): readonly unknown[] {
  return database.prepare(sql).raw().all();
}

const always: BatchOptions = { recreate: "always" };
const nothing: Body = () => undefined;
const added: Body = (t) => t.addColumn({ name: "extra", type: "integer", nullable: true });

describe("a table that is copied keeps its text", () => {
  it.each([
    ["AUTOINCREMENT", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a text)"],
    ["a collation of a column", "CREATE TABLE t (id integer primary key, a text COLLATE NOCASE NOT NULL)"],
    ["an unnamed check of a column", "CREATE TABLE t (a integer CHECK (a > 0), b text)"],
    ["an unnamed check of the table", "CREATE TABLE t (a integer, b integer, CHECK (a > b))"],
    ["UNIQUE inside a column", "CREATE TABLE t (a varchar(10) unique, b text)"],
    [
      "a collation and a direction inside UNIQUE",
      "CREATE TABLE t (a text, b text, UNIQUE (a COLLATE NOCASE DESC, b))",
    ],
    [
      "an inline reference with everything",
      "CREATE TABLE t (a integer CONSTRAINT fk REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
    ],
    [
      "ON CONFLICT everywhere",
      "CREATE TABLE t (a integer PRIMARY KEY ON CONFLICT REPLACE, b text NOT NULL ON CONFLICT IGNORE DEFAULT 'x', UNIQUE (b) ON CONFLICT FAIL)",
    ],
    ["WITHOUT ROWID and STRICT", "CREATE TABLE t (a TEXT PRIMARY KEY, b INT) STRICT, WITHOUT ROWID"],
    [
      "generated columns",
      "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c int AS (b * 2))",
    ],
    [
      "a default in parentheses",
      "CREATE TABLE t (a text DEFAULT ('x' || 'y'), b DEFAULT -1, c DEFAULT NULL)",
    ],
    [
      "a column without a type, and odd names",
      'CREATE TABLE t (a, "b c" [odd type], `d,` int, "CHECK" text)',
    ],
    ["a key that is no row id", "CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b text)"],
    ["NULL said in words", "CREATE TABLE t (a text NULL, b integer CONSTRAINT nn NOT NULL)"],
    [
      "comments, line by line",
      "CREATE TABLE t (\n  -- the first\n  a int, -- the a\n  b text /* the b */,\n  c text -- the last\n)",
    ],
    ["a check that names its own table", "CREATE TABLE t (a int, CHECK (a > 0 AND 1 = 1))"],
  ])("%s", async (_what, sql) => {
    const database = opened("CREATE TABLE p (id integer primary key)", sql);
    await batch(database, "t", always, nothing);
    expect(textOf(database, "t")).toBe(sql.replace("CREATE TABLE t", 'CREATE TABLE "t"'));
    database.close();
  });

  it("but for what changes", async () => {
    const database = opened(
      "CREATE TABLE t (\n  id INTEGER PRIMARY KEY, -- key\n  a text COLLATE NOCASE NOT NULL ON CONFLICT IGNORE, -- was text\n" +
        "  gone int CHECK (gone > 0), -- gone\n  CONSTRAINT u UNIQUE (a COLLATE RTRIM) ON CONFLICT FAIL\n)",
    );
    await batch(database, "t", {}, (t) => {
      t.alterColumn("a", { type: "varchar", length: 20 });
      t.dropColumn("gone");
      t.addColumn({ name: "b", type: "integer", default: 1 });
      t.renameConstraint("u", "v");
      t.createCheckConstraint("c", "b > 0");
    });
    expect(textOf(database, "t")).toBe(
      'CREATE TABLE "t" (\n  id INTEGER PRIMARY KEY, -- key\n  a varchar(20) COLLATE NOCASE NOT NULL ON CONFLICT IGNORE, -- was text\n' +
        '  "b" integer NOT NULL DEFAULT (1),\n  CONSTRAINT "v" UNIQUE (a COLLATE RTRIM) ON CONFLICT FAIL,\n  CONSTRAINT "c" CHECK (b > 0)\n)',
    );
    database.close();
  });

  it("and a check that names the table itself still holds", async () => {
    const database = opened("CREATE TABLE t (a int, CHECK (t.a > 0))");
    await batch(database, "t", always, added);
    expect(() => database.exec("INSERT INTO t (a) VALUES (0)")).toThrow("CHECK constraint failed");
    database.close();
  });
});

describe("a clause is changed alone", () => {
  it.each<readonly [string, string, Body, string]>([
    [
      "NOT NULL comes",
      "a text UNIQUE",
      (t) => t.alterColumn("a", { nullable: false }),
      "a text UNIQUE NOT NULL",
    ],
    [
      "NOT NULL goes",
      "a text NOT NULL UNIQUE",
      (t) => t.alterColumn("a", { nullable: true }),
      "a text UNIQUE",
    ],
    [
      "a default comes",
      "a text CHECK (a <> '')",
      (t) => t.alterColumn("a", { default: "x" }),
      "a text CHECK (a <> '') DEFAULT ('x')",
    ],
    [
      "a default goes",
      "a text DEFAULT 'x' COLLATE RTRIM",
      (t) => t.alterColumn("a", { default: null }),
      "a text COLLATE RTRIM",
    ],
    [
      "a collation changes",
      "a text COLLATE RTRIM UNIQUE",
      (t) => t.alterColumn("a", { collation: "NOCASE" }),
      "a text UNIQUE COLLATE NOCASE",
    ],
    [
      "an inline key goes",
      "a int CONSTRAINT f REFERENCES p (id) DEFERRABLE UNIQUE",
      (t) => t.dropConstraint("f"),
      "a int UNIQUE",
    ],
    [
      "values of an enum change",
      "a varchar CHECK( a IN ('x','y') ) NOT NULL",
      (t) => t.alterColumn("a", { enum: ["x"] }),
      "a varchar CHECK( \"a\" IN ('x') ) NOT NULL",
    ],
    [
      "an unnamed unique goes",
      "a text UNIQUE ON CONFLICT FAIL",
      (t) => t.dropConstraint(null, { type: "unique", columns: ["a"] }),
      "a text",
    ],
  ])("%s", async (_what, before, body, after) => {
    const database = opened("CREATE TABLE p (id integer primary key)", `CREATE TABLE t (${before})`);
    await batch(database, "t", {}, body);
    expect(textOf(database, "t")).toBe(`CREATE TABLE "t" (${after})`);
    database.close();
  });
});

describe("what stands around a table that is copied", () => {
  it("keeps indexes: partial, on expressions, descending, unique, with their own words", async () => {
    const indexes = [
      "CREATE INDEX i1 ON t (a DESC, lower(b)) WHERE a > 0 /* why */",
      "CREATE UNIQUE INDEX i2 ON t (b COLLATE NOCASE)",
    ];
    const database = opened("CREATE TABLE t (a int, b text)", ...indexes);
    await batch(database, "t", always, added);
    expect(textOf(database, "i1")).toBe('CREATE INDEX "i1" ON "t" (a DESC, lower(b)) WHERE a > 0 /* why */');
    expect(textOf(database, "i2")).toBe('CREATE UNIQUE INDEX "i2" ON "t" (b COLLATE NOCASE)');
    database.close();
  });

  it("keeps triggers, those of views that refer to it, and the views", async () => {
    const trigger = "CREATE TRIGGER tr AFTER INSERT ON T BEGIN INSERT INTO log VALUES (new.a); END";
    const view = "CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1";
    const instead = "CREATE TRIGGER io INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a, new.b); END";
    const other = "CREATE TRIGGER o AFTER INSERT ON log BEGIN UPDATE t SET b = 'logged'; END";
    const database = opened(
      "CREATE TABLE log (a)",
      "CREATE TABLE t (a int, b text)",
      trigger,
      view,
      instead,
      other,
    );
    database.exec("INSERT INTO v VALUES (5, 'x')");
    await batch(database, "t", always, nothing);
    expect(["tr", "v", "io", "o"].map((name) => textOf(database, name))).toEqual([
      trigger,
      view,
      instead,
      other,
    ]);
    database.exec("INSERT INTO v VALUES (7, 'y')");
    expect(rowsOf(database, "SELECT * FROM v")).toEqual([
      [5, "logged"],
      [7, "logged"],
    ]);
    expect(rowsOf(database, "SELECT * FROM log")).toEqual([[5], [7]]);
    database.close();
  });

  it("keeps row ids that are no column, and the counter of AUTOINCREMENT", async () => {
    const database = opened(
      "CREATE TABLE t (a text)",
      "INSERT INTO t (rowid, a) VALUES (7, 'x'), (90, 'y')",
      "CREATE TABLE n (id integer primary key autoincrement, a text)",
      "INSERT INTO n VALUES (5, 'x'), (1000, 'y')",
      "DELETE FROM n WHERE id = 1000",
    );
    await batch(database, "t", always, added);
    await batch(database, "n", always, added);
    expect(rowsOf(database, "SELECT rowid, a FROM t")).toEqual([
      [7, "x"],
      [90, "y"],
    ]);
    database.exec("INSERT INTO n (a) VALUES ('z')");
    expect(rowsOf(database, "SELECT id FROM n")).toEqual([[5], [1001]]);
    expect(rowsOf(database, "SELECT name FROM sqlite_sequence")).toEqual([["n"]]);
    database.close();
  });

  it("loses no row of a table that refers to it, nor of its own", async () => {
    const database = opened(
      "CREATE TABLE p (id integer primary key, up int REFERENCES p (id) ON DELETE CASCADE, a text)",
      "CREATE TABLE c (id int, p int REFERENCES p (id) ON DELETE CASCADE)",
      "INSERT INTO p VALUES (1, NULL, 'x'), (2, 1, 'y')",
      "INSERT INTO c VALUES (1, 1), (2, 2)",
    );
    await batch(database, "p", {}, (t) => t.alterColumn("a", { type: "varchar", nullable: false }));
    database.pragma("foreign_keys = ON");
    expect(rowsOf(database, "SELECT * FROM p")).toEqual([
      [1, null, "x"],
      [2, 1, "y"],
    ]);
    expect(rowsOf(database, "SELECT * FROM c")).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(database.pragma("foreign_key_check")).toEqual([]);
    database.exec("DELETE FROM p WHERE id = 1");
    expect(rowsOf(database, "SELECT count(*) FROM c")).toEqual([[0]]);
    database.close();
  });

  it("lives in an attached database with its indexes and triggers", async () => {
    const database = opened(
      "ATTACH ':memory:' AS other",
      "CREATE TABLE other.t (a int, b text)",
      "CREATE INDEX other.i ON t (a)",
      "CREATE TRIGGER other.tr AFTER INSERT ON t BEGIN UPDATE t SET b = 'seen'; END",
      "INSERT INTO other.t VALUES (1, 'x')",
    );
    const context = contextOn(database, ["other"]);
    await createOperations(context, { autocommit: (block) => block() }).run((op) =>
      op.batchAlterTable("other.t", always, (t) => t.alterColumn("b", { newName: "c" })),
    );
    expect(rowsOf(database, "SELECT name FROM other.sqlite_schema ORDER BY name")).toEqual([
      ["i"],
      ["t"],
      ["tr"],
    ]);
    expect(rowsOf(database, "SELECT count(*) FROM main.sqlite_schema")).toEqual([[0]]);
    expect(rowsOf(database, "SELECT a, c FROM other.t")).toEqual([[1, "seen"]]);
    database.close();
  });
});

describe("what would refer to nothing", () => {
  it("is found in every database file, and what was wrong before is nobody's fault", async () => {
    const database = opened(
      "ATTACH ':memory:' AS other",
      "CREATE TABLE other.p (id integer primary key)",
      "CREATE TABLE other.c (p integer REFERENCES p (id))",
      "INSERT INTO other.c VALUES (1)",
    );
    const db = queryable(database);
    const { verify } = await frame(db, false);
    await expect(verify?.(db)).resolves.toBeUndefined();
    database.exec("INSERT INTO other.c VALUES (2)");
    await expect(verify?.(db)).rejects.toThrow(
      "1 row would refer to a row that does not exist: other.c (row 2) -> p",
    );
    database.close();
  });
});

describe("a column that is renamed while its table is copied", () => {
  const start = [
    "CREATE TABLE p (a integer, b integer, c integer, UNIQUE (a), CHECK (a > 0))",
    "CREATE TABLE child (x integer REFERENCES p (a))",
    "CREATE INDEX i ON p (a) WHERE a > 1",
    "CREATE VIEW v AS SELECT a FROM p",
    "CREATE TRIGGER tr AFTER INSERT ON p BEGIN UPDATE p SET c = new.a WHERE a = new.a; END",
    "INSERT INTO p VALUES (1, 2, 3)",
  ] as const;

  it("has its new name in all that mentions it", async () => {
    const database = opened(...start);
    await batch(database, "p", {}, (t) => {
      t.alterColumn("a", { newName: "key", nullable: false });
      t.alterColumn("c", { type: "text" });
    });
    expect(textOf(database, "child")).toContain('REFERENCES p ("key")');
    expect(textOf(database, "v")).toContain('SELECT "key" FROM p');
    database.exec("INSERT INTO p VALUES (5, 6, NULL)");
    expect(rowsOf(database, 'SELECT "key", b, c FROM p')).toEqual([
      [1, 2, "1"],
      [5, 6, "5"],
    ]);
    expect(rowsOf(database, "PRAGMA foreign_key_check")).toEqual([]);
    database.close();
  });

  it("may swap names with another, or leave its name to a new one", async () => {
    const database = opened(...start);
    await batch(database, "p", always, (t) => {
      t.alterColumn("a", { newName: "x" });
      t.alterColumn("b", { newName: "a" });
      t.alterColumn("x", { newName: "b" });
      t.alterColumn("c", { newName: "d" });
      t.addColumn({ name: "c", type: "integer", default: 9 });
    });
    expect(rowsOf(database, "SELECT b, a, d, c FROM p")).toEqual([[1, 2, 1, 9]]);
    expect(textOf(database, "child")).toContain('REFERENCES p ("b")');
    database.close();
  });

  it("is renamed in place where it need not be copied", async () => {
    const database = opened(...start);
    await batch(database, "p", {}, (t) => t.alterColumn("a", { newName: "key" }));
    await batch(database, "p", {}, (t) => t.alterColumn("b", { type: "text" }));
    database.exec("INSERT INTO p VALUES (5, 6, NULL)");
    expect(rowsOf(database, 'SELECT "key", b, c FROM p')).toEqual([
      [1, "2", 1],
      [5, "6", 5],
    ]);
    database.close();
  });
});

describe("the options of a batch", () => {
  const names = (database: Database.Database): readonly unknown[] =>
    rowsOf(database, "SELECT name FROM pragma_table_info('t')").flat();

  it.each<readonly [string, BatchOptions, Body, readonly string[]]>([
    [
      "before another",
      {},
      (t) => t.addColumn({ name: "n", type: "int", nullable: true }, { before: "b" }),
      ["a", "n", "b", "c"],
    ],
    [
      "before the first",
      {},
      (t) => t.addColumn({ name: "n", type: "int", nullable: true }, { before: "a" }),
      ["n", "a", "b", "c"],
    ],
    [
      "behind another",
      {},
      (t) => t.addColumn({ name: "n", type: "int", nullable: true }, { after: "a" }),
      ["a", "n", "b", "c"],
    ],
    [
      "first",
      {},
      (t) => t.addColumn({ name: "n", type: "int", nullable: true }, { first: true }),
      ["n", "a", "b", "c"],
    ],
    ["an old one elsewhere", {}, (t) => t.alterColumn("a", {}, { after: "c" }), ["b", "c", "a"]],
    [
      "an old one with a new name elsewhere",
      {},
      (t) => t.alterColumn("c", { newName: "z" }, { before: "b" }),
      ["a", "z", "b"],
    ],
    ["an old one first", {}, (t) => t.alterColumn("c", {}, { first: true }), ["c", "a", "b"]],
    ["as a list says", { reorder: [["c", "b", "a"]] }, nothing, ["c", "b", "a"]],
    [
      "as some lists say of some",
      {
        reorder: [
          ["c", "a"],
          ["b", "a"],
        ],
      },
      nothing,
      ["b", "c", "a"],
    ],
    ["as they stood, where the list agrees", { reorder: [["a", "c"]] }, nothing, ["a", "b", "c"]],
  ])("put columns %s", async (_where, options, body, expected) => {
    const database = opened("CREATE TABLE t (a int, b int, c int)", "INSERT INTO t VALUES (1, 2, 3)");
    await batch(database, "t", options, body);
    expect(names(database)).toEqual(expected);
    database.close();
  });

  it("refuse an order that contradicts itself, or names nothing", async () => {
    const database = opened("CREATE TABLE t (a int, b int)");
    await expect(
      batch(
        database,
        "t",
        {
          reorder: [
            ["a", "b"],
            ["b", "a"],
          ],
        },
        nothing,
      ),
    ).rejects.toThrow("contradict");
    await expect(batch(database, "t", { reorder: [["a", "z"]] }, nothing)).rejects.toThrow('no column "z"');
    await expect(batch(database, "t", { recreate: "some" as "auto" }, nothing)).rejects.toThrow('"some"');
    await expect(batch(database, "t", { namingConvention: { index: "x" } }, nothing)).rejects.toThrow(
      '"index"',
    );
    await expect(
      batch(database, "t", { namingConvention: { unique: "{x}" } }, nothing),
    ).resolves.toBeUndefined();
    database.close();
  });

  it("name constraints that have no name, so that they can be dropped by name", async () => {
    const database = opened(
      "CREATE TABLE p (id integer primary key)",
      "CREATE TABLE t (a int UNIQUE ON CONFLICT FAIL, b int REFERENCES p (id), CHECK (a > 0), CHECK (b > 0), CONSTRAINT mine CHECK (a < 9))",
    );
    const namingConvention = {
      unique: "UQ_{table}_{columns}",
      check: "CHK_{table}",
      foreignKey: "FK_{table}_{columns}_{references}",
    };
    await batch(database, "t", { namingConvention }, (t) => {
      t.dropConstraint("FK_t_b_p");
      t.dropConstraint("CHK_t_2");
    });
    expect(textOf(database, "t")).toBe(
      'CREATE TABLE "t" (a int CONSTRAINT "UQ_t_a" UNIQUE ON CONFLICT FAIL, b int, CONSTRAINT "CHK_t" CHECK (a > 0), CONSTRAINT mine CHECK (a < 9))',
    );
    database.close();
  });

  it("bring what the table is to have besides", async () => {
    const database = opened("CREATE TABLE t (a INTEGER NOT NULL, b TEXT)", "INSERT INTO t VALUES (1, 'x')");
    const tableArgs = {
      primaryKey: { columns: ["a"] },
      checks: [{ name: "c", expression: "a > 0" }],
      indexes: [{ name: "i", parts: ["b"] }],
      strict: true,
      withoutRowid: true,
    };
    await batch(database, "t", { tableArgs }, nothing);
    expect(textOf(database, "t")).toBe(
      'CREATE TABLE "t" (a INTEGER NOT NULL PRIMARY KEY, b TEXT, CONSTRAINT "c" CHECK (a > 0)) STRICT, WITHOUT ROWID',
    );
    expect(rowsOf(database, "SELECT * FROM t")).toEqual([[1, "x"]]);
    expect(textOf(database, "i")).toContain('("b")');
    database.close();
  });

  it("take a table as it is said instead of reading it, and keep its triggers", async () => {
    const trigger = "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET b = 1; END";
    const database = opened("CREATE TABLE t (a int, b int)", trigger);
    const copyFrom = {
      columns: [
        { name: "a", type: "text" },
        { name: "b", type: "integer", nullable: true },
      ],
    };
    await batch(database, "t", { copyFrom }, (t) => t.createUniqueConstraint("u", ["a"]));
    expect(textOf(database, "t")).toBe(
      'CREATE TABLE "t" ("a" text NOT NULL, "b" integer, CONSTRAINT "u" UNIQUE ("a"))',
    );
    expect(textOf(database, "tr")).toBe(trigger);
    database.close();
  });

  it("forbid to copy, and alter in place where that is enough", async () => {
    const database = opened("CREATE TABLE t (a int /* stays */)");
    await batch(database, "t", { recreate: "never" }, added);
    expect(textOf(database, "t")).toBe('CREATE TABLE t (a int /* stays */, "extra" integer)');
    await expect(
      batch(database, "t", { recreate: "never" }, (t) => t.alterColumn("a", { type: "text" })),
    ).rejects.toThrow("forbids to copy it");
    database.close();
  });

  it("replace the primary key, of which a table has one", async () => {
    const database = opened("CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL)");
    await batch(database, "t", {}, (t) => t.createPrimaryKey(null, ["a", "b"]));
    expect(textOf(database, "t")).toBe(
      'CREATE TABLE "t" (a integer, b integer NOT NULL, PRIMARY KEY ("a", "b"))',
    );
    database.close();
  });
});

describe("with rows in the table,", () => {
  const PARENT = ["CREATE TABLE p (id integer primary key)", "INSERT INTO p VALUES (1)"];
  it.each<readonly [string, readonly string[], Body, string, readonly unknown[]]>([
    [
      "a dropped column takes its index, key and check along, and nothing else",
      [
        ...PARENT,
        "CREATE TABLE t (a int, b int REFERENCES p (id), c int, PRIMARY KEY (a, b), CONSTRAINT u UNIQUE (c, b), CHECK (b > c), CONSTRAINT k CHECK (a > 0))",
        "CREATE INDEX i1 ON t (c, b)",
        "CREATE INDEX i2 ON t (c) WHERE b > 0",
        "CREATE INDEX i3 ON t (c)",
        "INSERT INTO t VALUES (1, 1, 0)",
      ],
      (t) => t.dropColumn("b"),
      'CREATE TABLE "t" (a int, c int, CONSTRAINT k CHECK (a > 0)); i3',
      [[1, 0]],
    ],
    [
      "computed columns are computed again",
      [
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c AS (b * 2))",
        "INSERT INTO t VALUES (1), (5)",
      ],
      (t) => t.alterColumn("a", { nullable: false }),
      'CREATE TABLE "t" (a int NOT NULL, b int GENERATED ALWAYS AS (a + 1) STORED, c AS (b * 2))',
      [
        [1, 2, 4],
        [5, 6, 12],
      ],
    ],
    [
      "a new name reaches partial indexes and computed columns",
      [
        "CREATE TABLE t (a int, b AS (a + 1))",
        "CREATE INDEX i ON t (b) WHERE a > 0",
        "INSERT INTO t VALUES (1)",
      ],
      (t) => t.alterColumn("a", { newName: "z", nullable: false }),
      'CREATE TABLE "t" ("z" int NOT NULL, b AS ("z" + 1) VIRTUAL); i',
      [[1, 2]],
    ],
    [
      "the check of an enum follows a new name",
      ["CREATE TABLE t (a varchar CHECK( a IN ('x','y') ) NOT NULL)", "INSERT INTO t VALUES ('x')"],
      (t) => t.alterColumn("a", { newName: "z", default: "y" }),
      `CREATE TABLE "t" ("z" varchar CHECK( "z" IN ('x','y') ) NOT NULL DEFAULT ('y'))`,
      [["x"]],
    ],
    [
      "the check of an enum goes with its column",
      ["CREATE TABLE t (a varchar CHECK( a IN ('x','y') ) NOT NULL, b int)", "INSERT INTO t VALUES ('x', 1)"],
      (t) => t.dropColumn("a"),
      'CREATE TABLE "t" ( b int)',
      [[1]],
    ],
    [
      "values follow the affinity of a new type as far as they can",
      ["CREATE TABLE t (a text)", "INSERT INTO t VALUES ('5'), ('five'), (NULL)"],
      (t) => t.alterColumn("a", { type: "integer" }),
      'CREATE TABLE "t" (a integer)',
      [[5], ["five"], [null]],
    ],
    [
      "a key to its own table refers to it under its name",
      ["CREATE TABLE t (a integer primary key, b int REFERENCES t (a))", "INSERT INTO t VALUES (1, 1)"],
      (t) => t.alterColumn("b", { nullable: false }),
      'CREATE TABLE "t" (a integer primary key, b int REFERENCES t (a) NOT NULL)',
      [[1, 1]],
    ],
  ])("%s", async (_what, statements, body, text, rows) => {
    const database = opened(...statements);
    await batch(database, "t", {}, body);
    const indexes = rowsOf(
      database,
      "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql > '' ORDER BY name",
    );
    expect([textOf(database, "t"), ...indexes.flat()].join("; ")).toBe(text);
    expect(rowsOf(database, "SELECT * FROM t")).toEqual(rows);
    expect(database.pragma("foreign_key_check")).toEqual([]);
    database.close();
  });

  it.each<readonly [string, Body, string]>([
    ["constraint", (t) => t.dropConstraint("no"), 'there is no constraint "no" on "t"'],
    ["index", (t) => t.dropIndex("no"), 'there is no index "no" on "t"'],
    ["column", (t) => t.dropColumn("no"), 'there is no column "t.no"'],
    ["column to change", (t) => t.alterColumn("no", { nullable: true }), 'there is no column "t.no"'],
  ])("nothing is done where there is no such %s", async (_what, body, message) => {
    const database = opened("CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
    const both: Body = (t) => {
      t.addColumn({ name: "b", type: "integer", default: 1 });
      body(t);
    };
    await expect(batch(database, "t", always, both)).rejects.toThrow(message);
    expect(textOf(database, "t")).toBe("CREATE TABLE t (a int)");
    database.close();
  });
});

describe("the options of a table", () => {
  const change = (text: string, what: TableChangeSpec): Promise<readonly [unknown, unknown]> => {
    const database = opened(`CREATE TABLE t (a int)${text}`, "CREATE TABLE other (a int)");
    const place = (): unknown => rowsOf(database, "SELECT rootpage, sql FROM sqlite_schema WHERE name = 't'");
    const before = place();
    return run(database, (op) => op.alterTable("t", what)).then(() => {
      const after = place();
      database.close();
      return [before, after];
    });
  };

  it.each<readonly [string, string, TableChangeSpec]>([
    ["an engine", "", { engine: "InnoDB" }],
    ["a character set", "", { charset: "utf8mb4", collation: "utf8mb4_bin" }],
    ["a form that it has", " STRICT", { strict: true, engine: null }],
    ["a form that it has not", "", { strict: null, withoutRowid: false }],
  ])("copy nothing for %s", async (_what, text, what) => {
    const [before, after] = await change(text, what);
    expect(after).toEqual(before);
  });

  it("copy the table for another form", async () => {
    const [before, after] = await change("", { strict: true });
    expect(after).not.toEqual(before);
    expect(JSON.stringify(after)).toContain("STRICT");
  });
});
