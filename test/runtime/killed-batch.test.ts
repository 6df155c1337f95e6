/**
 * A process that is killed at any statement of a batch leaves the table as it was before or as it is after, never between,
 * whatever the transaction mode; and the next `upgrade` finishes.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { open } from "../../src/open";
import { makeProject, removeProjects, writeIn } from "../support/project";

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
  },
  {
    type: "sqlite",
    typeorm: "typeorm-0.3",
    name: "SqliteQueryRunner",
    module: "typeorm-0.3/driver/sqlite/SqliteQueryRunner",
  },
] as const;
const FORMS = [
  ["in one transaction", ""],
  ["without a transaction", "export const transaction = false;"],
] as const;

let folder: string;
let start: string;
beforeAll(async () => {
  if (!existsSync("dist/index.js")) throw new Error("build the package first: npm run build");
  folder = makeProject({
    "package.json": '{"type":"module"}',
    "first/revisions/versions/a.js": revision("a1", null, FIRST, ""),
  });
  start = join(folder, "start.db");
  const options = { type: "better-sqlite3", database: start } as const;
  await (await open({ cwd: join(folder, "first"), config: { dataSource: options } })).upgrade();
});
afterAll(removeProjects);

describe.each(
  DRIVERS.flatMap((driver) => FORMS.map(([form, extra]) => [form, driver.type, extra, driver] as const)),
)("a batch %s with %s", (form, type, extra, driver) => {
  let place: string;
  beforeAll(() => {
    place = join(folder, type, form);
    mkdirSync(join(place, "node_modules"), { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules", driver.typeorm), join(place, "node_modules", "typeorm"));
    writeIn(place, "revisions/versions/a.js", revision("a1", null, FIRST, ""));
    writeIn(place, "revisions/versions/b.js", revision("b2", "a1", BATCH, extra));
  });

  /** How many statements an upgrade took; nothing where the process was killed. */
  const upgrade = async (database: string, how: { at?: number; keep?: string } = {}) => {
    const options = { type, database };
    const argument = JSON.stringify({ folder: place, options, driver, at: 0, when: "after", ...how });
    try {
      const { stdout } = await run(process.execPath, ["test/runtime/killed.js", argument]);
      return (JSON.parse(stdout) as { readonly count: number }).count;
    } catch (error) {
      if ((error as { readonly signal?: unknown }).signal === "SIGKILL") return undefined;
      throw error;
    }
  };
  const copied = (name: string): string => {
    cpSync(start, join(place, name));
    return join(place, name);
  };

  it("is done or not done, wherever the process dies, and is taken up by the next run", async () => {
    const undisturbed = copied("undisturbed.db");
    const keep = mkdtempSync(join(place, "kept-"));
    const count = (await upgrade(undisturbed, { keep })) ?? 0;
    const [before, after] = [stateOf(start), stateOf(undisturbed)];
    expect(after).not.toBe(before);
    expect(count).toBeGreaterThan(15);
    const places = Array.from({ length: count }, (_, index) => index + 1);
    const states = places.map((at) => stateOf(join(keep, `${at}.db`)));
    expect(new Set(states)).toEqual(new Set([before, after]));
    // A process takes a second to start: those that really die do so in the midst of the batch, and at the end.
    const deadly = process.env["LIMBECK_TEST_ALL"] ? places : [states.indexOf(after), count];
    for (const at of deadly) {
      const database = copied(`killed-${at}.db`);
      expect(await upgrade(database, { at })).toBeUndefined();
      expect(stateOf(database)).toBe(states[at - 1]);
      await upgrade(database);
      expect(stateOf(database)).toBe(after);
    }
  }, 240_000);
});
