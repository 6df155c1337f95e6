/**
 * A process that is killed at any statement of a batch leaves the table as it was before or as it is after, never between,
 * whatever the transaction mode; and the next `upgrade` finishes.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";

const run = promisify(execFile);

const FIRST = `
export async function upgrade(op) {
  for (const sql of [
    "CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT, a text COLLATE NOCASE, b integer UNIQUE ON CONFLICT FAIL)",
    "CREATE TABLE c (p integer REFERENCES p (id) ON DELETE CASCADE)",
    "CREATE TRIGGER tr AFTER INSERT ON p BEGIN INSERT INTO c VALUES (new.id); END",
    "CREATE INDEX i ON p (a DESC) WHERE b > 0",
    "INSERT INTO p (a, b) VALUES ('x', 1), ('y', 2), ('z', 3)",
  ]) await op.execute(sql);
}
export async function downgrade() {}
`;
const BATCH = `
export async function upgrade(op) {
  await op.batchAlterTable("p", (batch) => {
    batch.alterColumn("a", { newName: "title", nullable: false });
    batch.addColumn({ name: "n", type: "integer", default: 7 }, { before: "b" });
    batch.createCheckConstraint("positive", "n > 0");
  });
}
export async function downgrade() {}
`;

function revision(id: string, parent: string | null, body: string, extra: string): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(parent)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
${extra}
${body}`;
}

/** Everything of the file that is not Limbeck's own. */
function stateOf(file: string): string {
  const database = new Database(file);
  try {
    const schema = database
      .prepare("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'limbeck%' AND sql > ''")
      .raw();
    const rows = ["p", "c", "sqlite_sequence"].map((name) =>
      database.prepare(`SELECT rowid, * FROM ${name}`).raw().all(),
    );
    expect(database.pragma("foreign_key_check")).toEqual([]);
    return JSON.stringify([schema.all(), rows]);
  } finally {
    database.close();
  }
}

/** The drivers, each with a TypeORM that has it: 1.x left sqlite3 out. */
const DRIVERS = [
  {
    type: "better-sqlite3",
    typeorm: "typeorm",
    name: "BetterSqlite3QueryRunner",
    module: "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner",
    stride: 1,
  },
  {
    type: "sqlite",
    typeorm: "typeorm-0.3",
    name: "SqliteQueryRunner",
    module: "typeorm-0.3/driver/sqlite/SqliteQueryRunner",
    // The statements are the same: each place is tried with one driver, and with both on demand.
    stride: process.env["LIMBECK_TEST_ALL"] ? 1 : 7,
  },
] as const;
const FORMS = [
  ["in one transaction", ""],
  ["without a transaction", "export const transaction = false;"],
] as const;

describe.each(
  DRIVERS.flatMap((driver) => FORMS.map(([form, extra]) => [form, driver.type, extra, driver] as const)),
)("a batch %s with %s", (_form, _type, extra, driver) => {
  let folder: string;
  let start: string;
  beforeAll(async () => {
    if (!existsSync("dist/index.js")) throw new Error("build the package first: npm run build");
    folder = mkdtempSync(join(tmpdir(), "limbeck-batch-"));
    start = join(folder, "start.db");
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "revisions", "versions", "a.js"), revision("a1", null, FIRST, ""));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(process.cwd(), "node_modules", driver.typeorm), join(folder, "node_modules", "typeorm"));
    await upgrade(start, 0);
    writeFileSync(join(folder, "revisions", "versions", "b.js"), revision("b2", "a1", BATCH, extra));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const upgrade = async (database: string, at: number): Promise<number | undefined> => {
    const argument = JSON.stringify({
      folder,
      options: { type: driver.type, database },
      driver,
      at,
      when: "after",
    });
    try {
      const { stdout } = await run(process.execPath, ["test/runtime/killed.js", argument]);
      return (JSON.parse(stdout) as { readonly count: number }).count;
    } catch (error) {
      if ((error as { readonly signal?: unknown }).signal === "SIGKILL") return undefined;
      throw error;
    }
  };

  it("is done or not done, wherever the process dies, and is taken up by the next run", async () => {
    const undisturbed = join(folder, "undisturbed.db");
    cpSync(start, undisturbed);
    const count = (await upgrade(undisturbed, 0)) ?? 0;
    const [before, after] = [stateOf(start), stateOf(undisturbed)];
    expect(after).not.toBe(before);
    const seen = new Set<string>();
    const places = Array.from({ length: count }, (_, place) => place + 1);
    for (const at of places.filter((place) => place === count || place % driver.stride === 0)) {
      const database = join(folder, `killed-${at}.db`);
      cpSync(start, database);
      expect(await upgrade(database, at)).toBeUndefined();
      const state = stateOf(database);
      expect([before, after]).toContain(state);
      const isNew = !seen.has(state);
      seen.add(state);
      // Each kind of state that is left behind is taken up once: a process more for every statement takes too long.
      if (isNew || at === count) await upgrade(database, 0);
      if (isNew || at === count) expect(stateOf(database)).toBe(after);
    }
    expect(seen.size).toBe(2);
    expect(count).toBeGreaterThan(15);
  }, 120_000);
});
