/**
 * A process that is killed at any statement of a run leaves a database of which `current` tells the truth, and which the
 * next `upgrade` finishes: the rows and the schema are those of a run that nobody disturbed.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { statementKind } from "../../src/dialects/ansi/statement-kind";
import { open } from "../../src/open";
import { connected } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { killable, upgradeKilled } from "./upgrade-killed";
import type { Killed } from "./upgrade-killed";

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

/** The query runner of each driver, whose statements are counted. */

const forms = [
  { form: "in one transaction", body: FIVE, extra: "" },
  { form: "without a transaction", body: FIVE, extra: "export const transaction = false;" },
  {
    form: "with an autocommit block in the middle",
    body: FIVE.replace(
      "await op.renameTable",
      "await op.autocommitBlock(async () => {\n  await op.renameTable",
    ).replace("  await op.execute", "  });\n  await op.execute"),
    extra: "",
  },
];
const CONCURRENTLY = {
  form: "with an index made concurrently",
  body: FIVE.replace(
    "  await op.execute",
    `  await op.autocommitBlock(async () => {
    await op.createIndex("customer_title", "customer", ["title"], { unique: true, concurrently: true });
  });
  await op.execute`,
  ),
  extra: "",
};
const places = killable.flatMap((kind) =>
  [...forms, ...(kind.name === "postgres" ? [CONCURRENTLY] : [])].map((form) => ({
    kind,
    kindName: kind.name,
    ...form,
  })),
);

describe.each(places)("a revision $form on $kindName", ({ kind, body, extra }) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-killed-"));
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    writeFileSync(join(folder, "revisions", "versions", "a.js"), revision("a1", null, FIRST));
    writeFileSync(join(folder, "revisions", "versions", "b.js"), revision("b2", "a1", body, extra));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A database at a1. */
  let made = 0;
  const prepared = async (): Promise<TestDatabase> => {
    const database = await kind.create(folder, `copy${++made}`);
    const limbeck = await open({ cwd: folder, config: { dataSource: database.options } });
    await limbeck.upgrade({ revisions: ["a1"] });
    return database;
  };

  const upgrade = async (
    options: DataSourceOptions,
    at: number,
    when: Killed["when"],
  ): Promise<readonly string[] | undefined> => await upgradeKilled({ kind, folder, options, at, when });

  /** Kills a run at a place and finishes it; answers whether it was half done in between. */
  const killAndFinish = async (at: number, when: Killed["when"], expected: object): Promise<boolean> => {
    const { options, drop } = await prepared();
    try {
      expect({ at, when, ran: await upgrade(options, at, when) }).toEqual({ at, when, ran: undefined });
      const warnings: string[] = [];
      const limbeck = await open({
        cwd: folder,
        config: { dataSource: options },
        reporter: { info: () => undefined, warn: (line) => warnings.push(line) },
      });
      const rows = (await limbeck.current()).map((item) => item.revision);
      if (warnings.length > 0) {
        expect({ at, when, rows }).toEqual({ at, when, rows: ["a1"] });
        expect(warnings.join()).toContain("the upgrade to b2 stopped half done");
      }
      await limbeck.upgrade();
      expect({ at, when, state: await stateOf(options) }).toEqual({ at, when, state: expected });
      expect({ at, when, again: (await limbeck.upgrade()).steps }).toEqual({ at, when, again: [] });
      return warnings.length > 0;
    } finally {
      await drop();
    }
  };

  test("killed at any of its statements is finished by the next upgrade", async () => {
    const undisturbed = await prepared();
    const statements = (await upgradeKilled({ ...undisturbed, kind, folder, at: 0, when: "before" })) ?? [];
    const expected = await stateOf(undisturbed.options);
    await undisturbed.drop();
    expect(expected.customer).toEqual([
      { id: 1, title: "first" },
      { id: 2, title: "second" },
      { id: 3, title: "third" },
      { id: 4, title: "next" },
    ]);
    expect(statements.length).toBeGreaterThan(8);
    const moments = momentsOf(statements);
    // What is special about a form shows at some of its places; every one is tried where every statement counts.
    const stride = extra === "" && !process.env.LIMBECK_TEST_ALL ? 3 : 1;
    let halfDone = 0;
    const workers = Array.from({ length: 2 }, async () => {
      for (let moment = moments.pop(); moment; moment = moments.pop()) {
        if (moments.length % stride !== 0) continue;
        if (await killAndFinish(moment.at, moment.when, expected)) halfDone++;
      }
    });
    await Promise.all(workers);
    // What is in one transaction is never half done, where DDL takes part in transactions.
    const isOne = extra === "" && body === FIVE && !["mysql", "mariadb"].includes(kind.name);
    expect(halfDone > 0).toBe(!isOne);
  }, 300_000);
});

/**
 * Where a process is killed: before a statement is sent, which is also after the answer to the one before, and while it
 * runs, on a server. Where that one changed nothing for good, the database is as it was: these are for a run on demand.
 */
function momentsOf(statements: readonly string[]): { at: number; when: Killed["when"] }[] {
  const isAll = Boolean(process.env.LIMBECK_TEST_ALL);
  const places = statements.map((_, index) => index + 1);
  const telling = placesAfterChanges(statements);
  return [
    ...(isAll ? places : telling).map((at) => ({ at, when: "before" as const })),
    ...(isAll ? places.map((at) => ({ at, when: "sent" as const })) : []),
    { at: statements.length, when: "after" },
  ];
}

/** The numbers of the statements before which something was committed that no earlier place shows. */
function placesAfterChanges(statements: readonly string[]): readonly number[] {
  const places = [1];
  let isOpen = false;
  for (const [index, sql] of statements.entries()) {
    const kind = statementKind(sql);
    if (/^(?:BEGIN|START TRANSACTION)/.test(sql)) isOpen = true;
    else if (!sql.startsWith("SET") && (kind === "other" || (kind === "write" && !isOpen)))
      places.push(index + 2);
    if (/^(?:COMMIT|ROLLBACK)/.test(sql)) isOpen = false;
  }
  return places.filter((place) => place <= statements.length);
}

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
