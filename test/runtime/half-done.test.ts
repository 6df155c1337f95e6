/**
 * A process that is killed at any statement of a run leaves a database of which `current` tells the truth, and which the
 * next `upgrade` finishes: the rows and the schema are those of a run that nobody disturbed.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../src/open";
import { connected } from "../roundtrip/databases";

const run = promisify(execFile);

interface Place {
  readonly options: DataSourceOptions;
  /** A copy of the database as it is now; the answer takes the copy away. */
  readonly copy: () => Promise<{ readonly options: DataSourceOptions; readonly drop: () => Promise<void> }>;
}

/** Not repeatable: every statement done twice or not at all shows. */
const FIVE = `
export async function upgrade(op) {
  await op.bulkInsert("account", [{ id: 3, name: "third" }]);
  await op.renameTable("account", "customer");
  await op.alterColumn("customer", "name", { newName: "title" });
  await op.execute("INSERT INTO customer (id, title) SELECT max(id) + 1, 'next' FROM customer");
  await op.dropTable("old");
}
export async function downgrade(op) {}
`;
const FIRST = `
export async function upgrade(op) {
  for (const table of ["account", "old"]) {
    await op.createTable(table, {
      columns: [{ name: "id", type: "int" }, { name: "name", type: "varchar", length: 40 }],
      primaryKey: { columns: ["id"] },
    });
  }
  await op.bulkInsert("account", [{ id: 1, name: "first" }, { id: 2, name: "second" }]);
}
export async function downgrade(op) {}
`;

function revision(id: string, parent: string | null, body: string, extra = ""): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(parent)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
${extra}
${body}`;
}

const DRIVER = {
  name: "BetterSqlite3QueryRunner",
  module: "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner",
};

describe.each([
  ["in one transaction", FIVE, ""],
  ["without a transaction", FIVE, "export const transaction = false;"],
  [
    "with an autocommit block in the middle",
    FIVE.replace(
      "await op.renameTable",
      "await op.autocommitBlock(async () => {\n  await op.renameTable",
    ).replace(`  await op.execute`, `  });\n  await op.execute`),
    "",
  ],
])("a revision %s on better-sqlite3", (_name, body, extra) => {
  let folder: string;
  let place: Place;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-killed-"));
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "revisions", "versions", "a.js"), revision("a1", null, FIRST));
    place = sqlitePlace(folder);
    await (await open({ cwd: folder, config: { dataSource: place.options } })).upgrade();
    writeFileSync(join(folder, "revisions", "versions", "b.js"), revision("b2", "a1", body, extra));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const upgrade = async (
    options: DataSourceOptions,
    at: number,
    when: string,
  ): Promise<number | undefined> => {
    const request = JSON.stringify({ folder, options, driver: DRIVER, at, when });
    try {
      const { stdout } = await run(process.execPath, [join(__dirname, "killed.js"), request], {
        env: { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: "" },
      });
      return (JSON.parse(stdout) as { readonly count: number }).count;
    } catch (error) {
      if ((error as { readonly signal?: string }).signal === "SIGKILL") return undefined;
      throw error;
    }
  };

  test("killed at any of its statements is finished by the next upgrade", async () => {
    const undisturbed = await place.copy();
    const count = await upgrade(undisturbed.options, 0, "never");
    const expected = await stateOf(undisturbed.options);
    await undisturbed.drop();
    expect(expected.customer).toEqual([
      { id: 1, title: "first" },
      { id: 2, title: "second" },
      { id: 3, title: "third" },
      { id: 4, title: "next" },
    ]);
    expect(count).toBeGreaterThan(10);
    const places = Array.from({ length: count ?? 0 }, (_, index) => index + 1).flatMap((at) =>
      ["before", "after"].map((when) => ({ at, when })),
    );
    let halfDone = 0;
    const check = async ({ at, when }: { readonly at: number; readonly when: string }): Promise<void> => {
      const { options, drop } = await place.copy();
      try {
        expect({ at, when, count: await upgrade(options, at, when) }).toEqual({ at, when, count: undefined });
        const warnings: string[] = [];
        const limbeck = await open({
          cwd: folder,
          config: { dataSource: options },
          reporter: { info: () => undefined, warn: (line) => warnings.push(line) },
        });
        const rows = (await limbeck.current()).map((item) => item.revision);
        if (warnings.length > 0) {
          halfDone++;
          expect({ at, when, rows }).toEqual({ at, when, rows: ["a1"] });
          expect(warnings.join()).toContain("the upgrade to b2 stopped half done");
        }
        await limbeck.upgrade();
        expect({ at, when, state: await stateOf(options) }).toEqual({ at, when, state: expected });
        expect({ at, when, again: (await limbeck.upgrade()).steps }).toEqual({ at, when, again: [] });
      } finally {
        await drop();
      }
    };
    for (let index = 0; index < places.length; index += 2) {
      await Promise.all(places.slice(index, index + 2).map(check));
    }
    // What is in one transaction is never half done, everything else is at some place.
    expect(halfDone > 0).toBe(extra !== "" || body !== FIVE);
  }, 180_000);
});

/** The rows of every table that is not Limbeck's, the version rows, and that the journal is empty. */
async function stateOf(options: DataSourceOptions): Promise<Readonly<Record<string, unknown>>> {
  return await connected(options, async (dataSource) => {
    const queryRunner = dataSource.createQueryRunner();
    const tables = ["account", "customer", "old", "limbeck_version", "limbeck_journal"];
    const state: Record<string, unknown> = {};
    for (const table of tables) {
      const exists = await queryRunner.hasTable(table);
      if (exists) state[table] = await dataSource.query(`SELECT * FROM ${table} ORDER BY 1`);
    }
    await queryRunner.release();
    if (Array.isArray(state.limbeck_journal) && state.limbeck_journal.length === 0)
      delete state.limbeck_journal;
    return state;
  });
}

function sqlitePlace(folder: string): Place {
  const database = join(folder, "app.db");
  let copies = 0;
  return {
    options: { type: "better-sqlite3", database },
    copy: () => {
      const name = join(folder, `copy-${++copies}.db`);
      cpSync(database, name);
      return Promise.resolve({
        options: { type: "better-sqlite3", database: name },
        drop: () => {
          for (const end of ["", "-journal", "-wal", "-shm"]) rmSync(name + end, { force: true });
          return Promise.resolve();
        },
      });
    },
  };
}
