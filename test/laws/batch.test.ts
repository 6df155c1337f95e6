/**
 * Random tables (constraints, indexes, triggers, a view, foreign keys both ways, rows) and random batches on them, on a
 * real database: afterwards rows, the schema's text outside the change and foreign keys are what a model says, and the
 * way back leads back.
 */
import type Database from "better-sqlite3";
import * as fc from "../arbitrary/fast-check";
import { sqlite } from "../../src/dialects/sqlite";
import type { Schema } from "../../src/model/schema";
import { complete } from "../../src/operations/complete";
import { invert } from "../../src/operations/invert";
import type { BatchAlterTable } from "../../src/operations/operation";
import { refilled } from "../../src/operations/refill";
import { contextOn, inMemory, queryable } from "../support/sqlite";
import { batchOf } from "../../src/runtime/op/batch";
import type { BatchOperations } from "../../src/operations/spec";

/** What a column of the table says behind its name, with values that it takes. */
const COLUMNS: readonly { readonly text: string; readonly values: readonly (string | number | null)[] }[] = [
  { text: "text COLLATE NOCASE", values: ["a", "ä", "", null, "x'y"] },
  { text: "integer NOT NULL ON CONFLICT ROLLBACK DEFAULT 5", values: [0, -1, 9_007_199_254_740_991] },
  { text: "varchar(20) CHECK (length(1) > 0)", values: ["words", null] },
  { text: "/* odd */ numeric(10, 2) DEFAULT (1 + 1)", values: [1.5, 2, null] },
  { text: "real", values: [0.1, -1e300, null] },
  { text: "", values: ["untyped", 1, null] },
  { text: "blob NULL", values: [null] },
  {
    text: "integer REFERENCES p (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
    values: [1, 2, null],
  },
];

const KEYS = [
  { column: "id INTEGER PRIMARY KEY", tail: "", rowid: true },
  { column: "id INTEGER PRIMARY KEY ON CONFLICT ABORT AUTOINCREMENT", tail: "", rowid: true },
  { column: "id integer NOT NULL", tail: ", PRIMARY KEY (id DESC)", rowid: true },
  { column: "id text UNIQUE", tail: "", rowid: true },
  { column: "id integer PRIMARY KEY", tail: ") WITHOUT ROWID", rowid: false },
] as const;

interface Drawn {
  readonly key: (typeof KEYS)[number];
  readonly columns: readonly (typeof COLUMNS)[number][];
  readonly layout: string;
  readonly rows: readonly (readonly number[])[];
  readonly indexed: readonly number[];
  readonly changes: readonly Change[];
}

interface Change {
  readonly kind: "add" | "drop" | "rename" | "retype" | "null" | "check" | "uncheck" | "index";
  readonly pick: number;
  readonly other: number;
}

const small = fc.nat({ max: 20 });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  key: fc.constantFrom(...KEYS),
  columns: fc.array(fc.constantFrom(...COLUMNS), { minLength: 1, maxLength: 6 }),
  layout: fc.constantFrom(", ", ",\n  ", ", -- comment\n\t", " /* c */ , "),
  rows: fc.array(fc.array(small, { minLength: 6, maxLength: 6 }), { maxLength: 5 }),
  indexed: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 3 }),
  changes: fc.array(
    fc.record({
      kind: fc.constantFrom("add", "drop", "rename", "retype", "null", "check", "uncheck", "index"),
      pick: small,
      other: small,
    }),
    { minLength: 1, maxLength: 7 },
  ),
});

/** A column of the model: where its values come from, and whether its text is to be as it was. */
interface Known {
  name: string;
  readonly origin?: string;
  /** The default of a new one, which its rows get. */
  readonly value?: number;
  /** The text behind the name. */
  readonly text?: string;
  touched: boolean;
}

function make(database: Database.Database, { key, columns, layout, rows, indexed }: Drawn): void {
  const items = [key.column, ...columns.map(({ text }, place) => `c${place} ${text}`)];
  const tail =
    key.tail === "" || key.tail.startsWith(",")
      ? `${key.tail}, CONSTRAINT named CHECK (id IS NOT 'no'))`
      : key.tail;
  database.exec(
    "CREATE TABLE p (id integer PRIMARY KEY, t REFERENCES t (id)); INSERT INTO p VALUES (1, NULL), (2, NULL)",
  );
  database.exec(`CREATE TABLE t (${items.join(layout)}${tail}`);
  database.exec("CREATE TABLE c (t integer REFERENCES t (id) ON DELETE CASCADE)");
  database.exec("CREATE TABLE log (n)");
  for (const place of indexed.filter((number) => number < columns.length)) {
    database.exec(
      `CREATE INDEX i${place} ON t (c${place} DESC, lower(id)) WHERE c${place} IS NOT NULL -- why`,
    );
  }
  for (const [number, row] of rows.entries()) {
    const values = columns.map(({ values: own }, place) => own[(row[place] ?? 0) % own.length]);
    database.prepare(`INSERT INTO t VALUES (?${", ?".repeat(values.length)})`).run(number * 7 + 1, ...values);
    database.prepare("INSERT INTO c VALUES (?)").run(number * 7 + 1);
  }
  if (rows.length > 0) database.exec("UPDATE p SET t = 1 WHERE id = 1");
  database.exec("CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END");
  database.exec("CREATE VIEW v AS SELECT id FROM t");
}

/** Calls a batch for the changes that make sense, and follows them in the model. */
function call(batch: BatchOperations, { changes, columns, key }: Drawn): readonly Known[] {
  const known: Known[] = [
    { name: "id", origin: "id", touched: false },
    ...columns.map(({ text }, place) => ({ name: `c${place}`, origin: `c${place}`, text, touched: false })),
  ];
  let checks: string[] = [];
  let hasNamed = key.rowid;
  changes.forEach(({ kind, pick, other }, number) => {
    const free = known.filter(({ name }) => name !== "id");
    const column = free[pick % Math.max(free.length, 1)];
    const neighbour = known[other % known.length];
    if (kind === "add") {
      const [after] = [neighbour?.name ?? "id"];
      batch.addColumn({ name: `n${number}`, type: "integer", default: 40 + number }, { after });
      known.splice(known.findIndex(({ name }) => name === after) + 1, 0, {
        name: `n${number}`,
        touched: true,
      });
      return;
    }
    if (kind === "uncheck" && hasNamed) {
      batch.dropConstraint("named");
      hasNamed = false;
      return;
    }
    if (column === undefined || neighbour === undefined) return;
    if (kind === "drop" && free.length > 1 && !checks.includes(column.name)) {
      batch.dropColumn(column.name);
      known.splice(known.indexOf(column), 1);
    } else if (kind === "rename") {
      batch.alterColumn(column.name, { newName: `r${number} x` });
      checks = checks.map((name) => (name === column.name ? `r${number} x` : name));
      column.name = `r${number} x`;
      column.touched = true;
    } else if (kind === "null" && !checks.includes(column.name)) {
      batch.alterColumn(column.name, { nullable: true });
      column.touched = true;
    } else if (kind === "check") {
      batch.createCheckConstraint(`k${number}`, `"${column.name}" IS NOT 'never'`);
      checks.push(column.name);
    } else if (kind === "index") {
      batch.createIndex(`x${number}`, [column.name]);
    }
  });
  return known;
}

async function read(database: Database.Database): Promise<Schema> {
  return sqlite.normalize(await sqlite.inspect(queryable(database), { schemas: [] }));
}

function valuesOf(database: Database.Database, columns: readonly string[]): readonly unknown[] {
  const list = columns.map((name) => `"${name}", typeof("${name}")`).join(", ");
  return database.prepare(`SELECT ${list} FROM t ORDER BY id`).raw().all();
}

function textOf(database: Database.Database, name: string): string {
  const row = database.prepare("SELECT sql FROM sqlite_schema WHERE name = ?").get(name);
  return (row as { readonly sql: string } | undefined)?.sql ?? "";
}

test("a batch keeps what it is not about, and the way back leads back", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.constantFrom("auto" as const, "always" as const), async (table, recreate) => {
      const database = inMemory();
      try {
        make(database, table);
        const before = await read(database);
        const violations = database.pragma("foreign_key_check");
        const context = contextOn(database);
        let known: readonly Known[] = [];
        const body = (batch: BatchOperations): void => {
          known = call(batch, table);
        };
        const kept = (): readonly Known[] => known.filter(({ origin }) => origin !== undefined);
        const called = (await batchOf("t", [{ recreate }, body])) as BatchAlterTable;
        const origins = kept().map(({ origin }) => origin ?? "");
        const rows = valuesOf(database, origins);
        const rowids = table.key.rowid ? database.prepare("SELECT rowid FROM t ORDER BY id").raw().all() : [];
        const operation = complete(called, await sqlite.inspect(queryable(database), { schemas: [] }));
        await context.perform(called);
        // Rows, in the order of the model's columns.
        expect(
          valuesOf(
            database,
            kept().map(({ name }) => name),
          ),
        ).toEqual(rows);
        expect(columnNames(database)).toEqual(known.map(({ name }) => name));
        if (table.key.rowid)
          expect(database.prepare("SELECT rowid FROM t ORDER BY id").raw().all()).toEqual(rowids);
        for (const { name, value } of known) {
          if (value === undefined) continue;
          expect(valuesOf(database, [name])).toEqual(rows.map(() => [value, "integer"]));
        }
        // Text of what was not touched.
        for (const { name, text, touched } of known)
          if (!touched && text !== undefined)
            expect(textOf(database, "t")).toContain(`${name} ${text}`.trim());
        expect(textOf(database, "t")).toContain(table.key.column);
        expect(textOf(database, "tr")).toContain("INSERT INTO log VALUES (new.id)");
        expect(textOf(database, "v")).toBe("CREATE VIEW v AS SELECT id FROM t");
        expect(textOf(database, "c")).toBe("CREATE TABLE c (t integer REFERENCES t (id) ON DELETE CASCADE)");
        for (const { name, origin, touched } of known) {
          const place = Number(origin?.slice(1));
          if (touched || !table.indexed.includes(place) || origin === undefined) continue;
          expect(textOf(database, `i${place}`)).toMatch(
            new RegExp(`ON "?t"? \\(${name} DESC, lower\\(id\\)\\) WHERE ${name} IS NOT NULL`),
          );
        }
        // Rows of others, and what refers to what.
        expect(database.pragma("foreign_key_check")).toEqual(violations);
        expect(database.prepare("SELECT count(*) FROM c").pluck().get()).toBe(table.rows.length);
        expect(database.prepare("SELECT count(*) FROM log").pluck().get()).toBe(0);
        expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
        // Back.
        const [back] = refilled([invert(operation)]);
        if (back) await context.perform(back);
        expect(withoutOrder(await read(database))).toEqual(withoutOrder(before));
        expect(valuesOf(database, origins)).toEqual(rows);
        expect(database.prepare("SELECT count(*) FROM c").pluck().get()).toBe(table.rows.length);
      } finally {
        database.close();
      }
    }),
    // Raise the number, with LIMBECK_TEST_SEED=random, to search.
    { numRuns: 150 },
  );
});

function columnNames(database: Database.Database): readonly unknown[] {
  return database.prepare("SELECT name FROM pragma_table_info('t')").pluck().all();
}

/** A column that comes back without its checks has its default; what SQLite itself rewrote is spelt with quotes. */
function withoutOrder(schema: Schema): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('\\"', ""));
}
