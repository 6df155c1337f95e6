/**
 * Tables that a revision makes one after another, on a server whose DDL commits by itself: one line of the journal
 * announces all of them, and a run that is killed anywhere is finished by the next one all the same.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { describeOn } from "../support/describe-on";
import { failure } from "../support/error";
import { upgradeKilled } from "./upgrade-killed";

const servers = kinds.filter(({ name }) => name === "mariadb" || name === "mysql");
/** One place of so many is tried, because each costs two processes; all of them on demand. */
const STRIDE = process.env["LIMBECK_TEST_ALL"] ? 1 : 5;
const JOURNAL = /^INSERT INTO `limbeck_journal`/;

const table = (name: string, parent?: string, column = "note"): string => `
  await op.createTable("${name}", {
    columns: [{ name: "id", type: "int" }, { name: "${column}", type: "varchar", length: 9, nullable: true }, { name: "parent", type: "int", nullable: true }],
    primaryKey: { columns: ["id"] },
    ${parent === undefined ? "" : `foreignKeys: [{ name: "fk_${name}", columns: ["parent"], references: "${parent}", referencedColumns: ["id"] }],`}
  });`;
const line = (...names: readonly string[]): string =>
  names.map((name, place) => table(name, names[place - 1])).join("");
/** Lines of tables with everything between them that can be there. */
const BODY = `${line("a", "b", "c", "d")}
  await op.bulkInsert("d", [{ id: 1 }]);
  await op.bulkInsert("d", [{ id: 2 }]);
  ${line("e", "f", "g")}
  await op.alterColumn("f", "note", { newName: "text" });
  ${table("h", "f")}
  ${table("i", "h")}
  await op.dropTable("g");
  ${line("j", "k", "l")}`;

describeOn(servers, "on %s", (kind) => {
  let folder: string;
  let made = 0;
  const write = (body: string): void => {
    const text = `export const revision = "a1";
export const downRevision = null;
export const branchLabels = null;
export const dependsOn = null;
export const message = "tables";
export async function upgrade(op) {${body}}
export async function downgrade(op) {}
`;
    writeFileSync(join(folder, "revisions", "versions", "a1.js"), text);
  };
  const prepared = async (): Promise<TestDatabase> => await kind.create(folder, `copy${++made}`);
  const here = async ({ options }: TestDatabase) =>
    await open({ cwd: folder, config: { dataSource: options } });
  const statementsOf = async (database: TestDatabase): Promise<readonly string[]> =>
    (await upgradeKilled({ ...database, kind, folder, at: 0, when: "before" })) ?? [];
  /** Kills the run before the statement that a pattern fits. */
  const killedAt = async (database: TestDatabase, pattern: RegExp): Promise<void> => {
    const other = await prepared();
    const at = (await statementsOf(other)).findIndex((sql) => pattern.test(sql)) + 1;
    await other.drop();
    expect(at).toBeGreaterThan(1);
    expect(await upgradeKilled({ ...database, kind, folder, at, when: "before" })).toBeUndefined();
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-tables-"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("a run killed at any statement is finished", async () => {
    write(BODY);
    const undisturbed = await prepared();
    const statements = await statementsOf(undisturbed);
    const expected = await stateOf(undisturbed.options);
    await undisturbed.drop();
    const places = statements.flatMap((sql, place) =>
      /^(?:CREATE|ALTER|DROP|INSERT|DELETE|UPDATE)/.test(sql) ? [place + 1] : [],
    );
    expect(places.length).toBeGreaterThan(20);
    const tried = places.filter((_, place) => place % STRIDE === 0);
    const kill = async (at: number): Promise<void> => {
      const database = await prepared();
      try {
        expect(await upgradeKilled({ ...database, kind, folder, at, when: "before" })).toBeUndefined();
        // The second one is killed too: what it has passed over must be known to the third.
        await upgradeKilled({ ...database, kind, folder, at: at > 30 ? at - 12 : at + 2, when: "before" });
        await (await here(database)).upgrade();
        expect({ at, sql: statements[at - 1], ...(await stateOf(database.options)) }).toEqual({
          at,
          sql: statements[at - 1],
          ...expected,
        });
      } finally {
        await database.drop();
      }
    };
    await Promise.all(
      [1, 2].map(async () => {
        for (let at = tried.pop(); at !== undefined; at = tried.pop()) await kill(at);
      }),
    );
  }, 300_000);

  test("a hundred tables take three lines of the journal", async () => {
    write(line(...Array.from({ length: 100 }, (_, n) => `t${n}`)));
    const database = await prepared();
    const statements = await statementsOf(database);
    expect(statements.filter((sql) => sql.startsWith("CREATE TABLE `t"))).toHaveLength(100);
    expect(statements.filter((sql) => JOURNAL.test(sql))).toHaveLength(3);
    await database.drop();
  });

  test("the journal of a run that fails says all that is done, and what failed is tried again", async () => {
    write(line("a", "b", "c", "d") + table("b"));
    const database = await prepared();
    await expect((await here(database)).upgrade()).rejects.toThrow(/already exists/);
    const done = await connected(database.options, (dataSource) =>
      dataSource.query<unknown[]>(
        "SELECT number, state FROM limbeck_journal WHERE number < 5 ORDER BY number",
      ),
    );
    expect(done).toEqual([1, 2, 3, 4].map((number) => ({ number, state: "done" })));
    write(line("a", "b", "c", "d", "e"));
    // A process of its own reads the file anew.
    await statementsOf(database);
    expect((await stateOf(database.options)).journal).toEqual([]);
    await database.drop();
  });

  test("a table that was there before is not taken for one that the run made", async () => {
    write(line("a", "b", "c", "d"));
    const database = await prepared();
    await connected(database.options, (dataSource) =>
      dataSource.query("CREATE TABLE d (id int PRIMARY KEY, note varchar(9), parent int)"),
    );
    await killedAt(database, /^CREATE TABLE `d`/);
    await expect((await here(database)).upgrade()).rejects.toThrow(/already exists/);
    await database.drop();
  });

  test("a table that reads otherwise than it was made is refused", async () => {
    write(line("a", "b", "c", "d"));
    const database = await prepared();
    await killedAt(database, /^CREATE TABLE `d`/);
    write(line("a", "b") + table("c", "b", "text") + table("d", "c"));
    expect(await failure((await here(database)).upgrade())).toMatchObject({
      code: "RESUME_REFUSED",
      message: expect.stringContaining("table c is neither as before nor as after") as unknown,
    });
    write(line("a", "b", "c") + table("d", "c", "text"));
    await statementsOf(database);
    expect((await stateOf(database.options)).columns).toContainEqual({ tbl: "d", name: "text" });
    await database.drop();
  });
});

/** The columns, the rows of one table, the version rows and the journal. */
async function stateOf(options: DataSourceOptions) {
  return await connected(options, async (dataSource) => ({
    columns: await dataSource.query<unknown[]>(
      "SELECT TABLE_NAME AS tbl, COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2",
    ),
    rows: await dataSource.query<unknown[]>("SELECT * FROM d ORDER BY id"),
    versions: await dataSource.query<unknown[]>("SELECT * FROM limbeck_version"),
    journal: await dataSource.query<unknown[]>("SELECT number FROM limbeck_journal"),
  }));
}
