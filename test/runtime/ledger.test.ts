/** Version rows and history of several revisions in one transaction, and who may look at them meanwhile. */
import { sqlite } from "../../src/dialects/sqlite";
import { Ledger } from "../../src/runtime/ledger";
import { recorder } from "../../src/runtime/executor";
import { versionTables } from "../../src/runtime/version-table";
import { SqliteProject } from "../commands/sqlite-project";
import { failure } from "../support/error";

const tables = versionTables({ name: "limbeck_version" }, { name: "limbeck_history" });
const record = {
  appliedAt: new Date(0),
  milliseconds: 1,
  hash: "",
  limbeckVersion: "1",
  appliedBy: "somebody",
};

/** The first words of what is written when so many steps were noted, and then a statement comes. */
async function writtenBefore(sql: string, count = 2): Promise<readonly string[]> {
  const list = recorder();
  const ledger = new Ledger(sqlite, tables, list);
  for (let number = 1; number <= count; number++) {
    const revision = {
      id: `r${number}`,
      parents: number === 1 ? [] : [`r${number - 1}`],
      dependsOn: [],
      labels: [],
      message: "",
    };
    const step = { direction: "up" as const, revision, before: revision.parents, after: [revision.id] };
    await ledger.note(step, record);
  }
  await ledger.watching(list).run({ sql });
  return list.statements.map((statement) => statement.sql.split(" ").slice(0, 3).join(" "));
}

const ROWS = ['INSERT INTO "limbeck_version"', 'INSERT INTO "limbeck_history"'];

describe("what is done is written down before", () => {
  test.each([
    "SELECT 1",
    "COMMIT",
    "CREATE TABLE a AS SELECT 1",
    "CALL something()",
    "UPDATE limbeck_version SET version_num = 'x'",
    'DELETE FROM "limbeck_history"',
  ])("%s", async (sql) => {
    expect(await writtenBefore(sql)).toEqual([...ROWS, sql.split(" ").slice(0, 3).join(" ")]);
  });
});

describe("what is done waits behind", () => {
  test.each(["CREATE TABLE a (id integer)", "ALTER TABLE a ADD COLUMN b text", "UPDATE a SET b = 1"])(
    "%s",
    async (sql) => {
      expect(await writtenBefore(sql)).toEqual([sql.split(" ").slice(0, 3).join(" ")]);
    },
  );

  it("no longer than for a hundred revisions", async () => {
    expect(await writtenBefore("UPDATE a SET b = 1", 100)).toEqual([...ROWS, "UPDATE a SET"]);
  });
});

describe("on a database", () => {
  let project: SqliteProject;
  beforeEach(() => {
    project = new SqliteProject();
  });
  afterEach(() => project.remove());

  function write(id: string, parent: string | null, body: string): void {
    const constants = `exports.revision = ${JSON.stringify(id)};\nexports.downRevision = ${JSON.stringify(parent)};\n`;
    project.writeRevision(`${id}.js`, `${constants}exports.upgrade = async (op) => { ${body} };\n`);
  }

  test.each([
    ["op.query", 'await op.query("SELECT version_num FROM limbeck_version")'],
    ["op.execute", 'await op.execute("SELECT version_num FROM limbeck_version")'],
    ["op.queryRunner", 'await op.queryRunner.query("SELECT version_num FROM limbeck_version")'],
    ["op.manager", 'await op.manager.query("SELECT version_num FROM limbeck_version")'],
    ["op.context", "(await op.context.heads()).map((id) => ({ version_num: id }))"],
  ])("a revision that looks by %s sees those before it", async (_way, look) => {
    write("a1", null, 'await op.execute("CREATE TABLE seen (what text)");');
    write("b2", "a1", "");
    write(
      "c3",
      "b2",
      `const rows = ${look}; await op.bulkInsert("seen", rows.map((row) => ({ what: row.version_num })));`,
    );
    await (await project.open([])).upgrade();
    expect(await project.query("SELECT what FROM seen")).toEqual([{ what: "b2" }]);
  });

  it("more revisions than fit in one statement stand in the history one after another", async () => {
    const id = (number: number): string => `r${number}`;
    for (let number = 1; number <= 130; number++) {
      write(id(number), number === 1 ? null : id(number - 1), "");
    }
    await (await project.open([])).upgrade();
    expect(await project.query("SELECT version_num FROM limbeck_version")).toEqual([{ version_num: "r130" }]);
    expect(await project.query("SELECT revision, parents FROM limbeck_history ORDER BY position")).toEqual(
      Array.from({ length: 130 }, (_, index) => ({
        revision: id(index + 1),
        parents: index === 0 ? "" : id(index),
      })),
    );
  });

  test.each(["DELETE FROM limbeck_version", "UPDATE limbeck_version SET version_num = 'elsewhere'"])(
    "rows that are changed by %s stop the run, and nothing stays",
    async (sql) => {
      write("a1", null, 'await op.execute("CREATE TABLE a (id integer)");');
      write("b2", "a1", `await op.execute(${JSON.stringify(sql)});`);
      write("c3", "b2", "");
      const limbeck = await project.open([]);
      const { code, message } = await failure(limbeck.upgrade());
      expect(code).toBe("VERSION_ROWS_CHANGED");
      expect(message).toMatch(/^0 rows .* 1 should have been; it was rolled back; the database is at base$/);
      expect(await project.query("SELECT name FROM sqlite_schema")).toEqual([]);
    },
  );
});
