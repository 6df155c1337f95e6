import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import { open } from "../../src/open";
import { SqliteProject } from "../commands/sqlite-project";
import { failure } from "../support/error";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

let written: Map<string, string>;
beforeEach(() => {
  written = new Map();
});

/** Writes a revision file whose `upgrade` has this body; again under another name, as this process keeps what it loaded. */
function write(id: string, parent: string | null, body: string, extra = "", down = ""): void {
  const before = written.get(id);
  if (before !== undefined) project.removeRevision(before);
  const name = `${before === undefined ? "" : "_"}${before ?? `${id}.js`}`;
  written.set(id, name);
  project.writeRevision(
    name,
    `exports.revision = ${JSON.stringify(id)};
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "revision ${id}";
${extra}
exports.upgrade = async (op) => { ${body} };
exports.downgrade = async (op) => { ${down} };
`,
  );
}

const table = (name: string): string =>
  `await op.createTable("${name}", { columns: [{ name: "id", type: "integer" }], primaryKey: { columns: ["id"] } });`;

async function tables(): Promise<readonly string[]> {
  const rows = await project.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'limbeck%' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

async function versions(): Promise<readonly string[]> {
  const rows = await project.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE name = 'limbeck_version'",
  );
  if (rows.length === 0) return [];
  return (await project.query<{ version_num: string }>("SELECT version_num FROM limbeck_version")).map(
    ({ version_num }) => version_num,
  );
}

describe("a run whose third revision fails", () => {
  beforeEach(() => {
    write("a1", null, table("one"));
    write("b2", "a1", table("two"));
    write("c3", "b2", `${table("three")} await op.execute("INSERT INTO nowhere VALUES (1)");`);
  });

  test.each([
    ["all", [], [], "it was rolled back; the database is at base"],
    ["each", ["one", "two"], ["b2"], "it was rolled back; the database is at b2"],
    [
      "none",
      ["one", "three", "two"],
      ["b2"],
      "what ran outside a transaction stays done: the upgrade to c3 stopped half done, after 1 of its statements; the database is at b2",
    ],
  ] as const)("with transaction %s leaves %j at %j, and says so", async (transaction, left, at, says) => {
    const limbeck = await project.open([], { transaction });
    const error = await failure(limbeck.upgrade());
    expect(error.message).toContain('upgrade to c3 ("revision c3") failed at statement 2');
    expect(error.message).toContain("no such table: nowhere");
    expect(error.message).toContain(says);
    expect(error.sql).toBe("INSERT INTO nowhere VALUES (1)");
    expect(await tables()).toEqual(left);
    expect(await versions()).toEqual(at);
  });

  test.each([
    ["all", "running 3 revisions in one transaction"],
    ["each", "running 3 revisions, each in a transaction of its own"],
    ["none", "running 3 revisions without a transaction: a journal is kept"],
  ] as const)("with transaction %s says at the start what it will do", async (transaction, says) => {
    await failure((await project.open([], { transaction })).upgrade());
    expect(project.reported[1]).toBe(says);
  });

  test("with a revision that says it runs without one commits what came before", async () => {
    write("b2", "a1", table("two"), "exports.transaction = false;");
    await failure((await project.open([])).upgrade());
    expect(await tables()).toEqual(["one", "two"]);
    expect(await versions()).toEqual(["b2"]);
  });

  test("with an autocommit block keeps what the block and everything before it did, and goes on from there", async () => {
    write(
      "c3",
      "b2",
      `${table("three")} await op.autocommitBlock(async () => { ${table("four")} });
       ${table("five")} await op.execute("INSERT INTO nowhere VALUES (1)");`,
    );
    const limbeck = await project.open([]);
    const error = await failure(limbeck.upgrade());
    expect(error.message).toContain("failed at statement 4");
    expect(error.message).toContain(
      "what ran since the last commit was rolled back, what ran before stays done: the upgrade to c3 stopped half done, after 2 of its statements; the database is at b2",
    );
    expect(error.hint).toContain("run the same command again");
    expect(project.reported.filter((line) => line.includes("what ran so far is committed"))).toHaveLength(1);
    expect(await tables()).toEqual(["four", "one", "three", "two"]);
    expect(await versions()).toEqual(["b2"]);
    await limbeck.current();
    expect(project.reported.at(-1)).toContain(
      "the upgrade to c3 stopped half done, after 2 of its statements",
    );
    // At three in the morning the rest of the file is mended; what is done stays as it is.
    write(
      "c3",
      "b2",
      `${table("three")} await op.autocommitBlock(async () => { ${table("four")} }); ${table("six")}`,
    );
    await limbeck.upgrade();
    expect(await tables()).toEqual(["four", "one", "six", "three", "two"]);
    expect(await versions()).toEqual(["c3"]);
    expect(await project.query("SELECT * FROM limbeck_journal")).toEqual([]);
  });
});

describe("a revision that was left half done", () => {
  const half = (last: string, extra = ""): void =>
    write("a1", null, `${table("one")} ${table("two")} ${last}`, `exports.transaction = false; ${extra}`);
  const fails = 'await op.execute("INSERT INTO nowhere VALUES (1)");';

  beforeEach(async () => {
    half(fails);
    await failure((await project.open([])).upgrade());
    expect(await tables()).toEqual(["one", "two"]);
  });

  test("is refused where what is done already was changed", async () => {
    write("a1", null, `${table("other")} ${table("two")}`, "exports.transaction = false;");
    const error = await failure((await project.open([])).upgrade());
    expect(error.code).toBe("RESUME_REFUSED");
    expect(error.message).toContain('statement 1 of revision a1 is done as "CREATE TABLE "one"');
    expect(error.hint).toContain("--from-start");
    expect(await tables()).toEqual(["one", "two"]);
  });

  test("is refused where it has fewer statements than are done", async () => {
    write("a1", null, table("one"), "exports.transaction = false;");
    const error = await failure((await project.open([])).upgrade());
    expect(error.message).toContain("revision a1 has 1 statements now, and 2 of it are done already");
  });

  test("is refused where it reads rows, unless it says that it is resumable", async () => {
    const reading = 'await op.query("SELECT 1");';
    half("");
    write("a1", null, `${table("one")} ${reading} ${table("two")}`, "exports.transaction = false;");
    const error = await failure((await project.open([])).upgrade());
    expect(error.code).toBe("RESUME_REFUSED");
    expect(error.message).toContain("reads rows");
    write(
      "a1",
      null,
      `${table("one")} ${reading} ${table("two")}`,
      "exports.transaction = false; exports.resumable = true;",
    );
    await (await project.open([])).upgrade();
    expect(await versions()).toEqual(["a1"]);
  });

  test("stops everything else until it is finished", async () => {
    write("z9", null, table("apart"));
    const error = await failure((await project.open([])).upgrade({ revisions: ["z9"] }));
    expect(error.code).toBe("HALF_DONE");
    expect(error.hint).toContain("limbeck upgrade a1");
    expect(await tables()).toEqual(["one", "two"]);
  });

  test("begins anew where that is said, after its work was undone by hand", async () => {
    half(table("three"));
    await project.query("DROP TABLE one");
    await project.query("DROP TABLE two");
    await (await project.open([])).upgrade({ fromStart: true });
    expect(await tables()).toEqual(["one", "three", "two"]);
    expect(await project.query("SELECT * FROM limbeck_journal")).toEqual([]);
  });

  test("is over with a stamp, after it was finished by hand", async () => {
    await (await project.open([])).stamp({ revisions: ["a1"] });
    expect(await project.query("SELECT * FROM limbeck_journal")).toEqual([]);
    expect((await (await project.open([])).upgrade()).steps).toEqual([]);
  });
});

describe("looking before leaping", () => {
  beforeEach(() => {
    write("a1", null, table("one"), "", 'await op.dropTable("one");');
    write("b2", "a1", table("two"), "", 'await op.dropTable("two");');
  });

  test("a dry run runs everything and leaves nothing", async () => {
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    const { steps } = await limbeck.upgrade({ dryRun: true });
    expect(steps.map(({ revision }) => revision)).toEqual(["b2"]);
    expect(await tables()).toEqual(["one"]);
    expect(await versions()).toEqual(["a1"]);
  });

  test("a dry run finds what would fail", async () => {
    write("b2", "a1", table("one"));
    const error = await failure((await project.open([])).upgrade({ dryRun: true }));
    expect(error.message).toContain("already exists");
    // The run itself made it.
    expect(error.hint).toBeUndefined();
    expect(await tables()).toEqual([]);
  });

  test("a table that was made in another way leads to stamp", async () => {
    await project.query("CREATE TABLE one (id int)");
    const error = await failure((await project.open([])).upgrade());
    expect(error.hint).toContain("`limbeck stamp a1`");
  });

  test("rows without a value lead to fill", async () => {
    write("b2", "a1", 'await op.addColumn("one", { name: "age", type: "integer" });');
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    await project.query("INSERT INTO one (id) VALUES (1)");
    const error = await failure(limbeck.upgrade());
    expect(error.hint).toContain("{ fill: … }");
  });

  test("a query that fails is told by the statement before it", async () => {
    write("b2", "a1", `${table("two")} await op.execute("SELECT * FROM nowhere");`);
    const error = await failure((await project.open([])).upgrade());
    expect(error.message).toContain('upgrade to b2 ("revision b2") failed after statement 1: ');
  });

  test("a plan writes the SQL from where the database is, and runs nothing", async () => {
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    await limbeck.upgrade({ plan: true });
    const text = project.written.join("");
    expect(text).toContain('CREATE TABLE "two"');
    expect(text).not.toContain('CREATE TABLE "one"');
    expect(await tables()).toEqual(["one"]);
  });

  test("a plan comes with its way back too, and a way back alone is refused", async () => {
    const back: string[] = [];
    const rollback = (sql: string): void => void back.push(sql);
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    await limbeck.upgrade({ plan: true, rollback });
    expect(back.join("")).toContain('DROP TABLE "two"');
    expect(back.join("")).not.toContain('DROP TABLE "one"');
    expect((await failure(limbeck.upgrade({ rollback }))).message).toContain(
      "--rollback writes the way back",
    );
    expect(await tables()).toEqual(["one"]);
  });

  test("current tells what is pending", async () => {
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    const items = await limbeck.current({ pending: true });
    expect(items.map(({ revision, isPending = false }) => [revision, isPending])).toEqual([
      ["a1", false],
      ["b2", true],
    ]);
  });

  test("an offline upgrade comes with its way back", async () => {
    const back: string[] = [];
    const limbeck = await project.open([]);
    await limbeck.upgrade({ sql: true, rollback: (sql) => back.push(sql) });
    const text = back.join("");
    expect(text.indexOf('DROP TABLE "two"')).toBeGreaterThan(0);
    expect(text.indexOf('DROP TABLE "one"')).toBeGreaterThan(text.indexOf('DROP TABLE "two"'));
    expect(text).toContain('DELETE FROM "limbeck_version" WHERE "version_num" = \'a1\'');
  });

  test("so does a plan", async () => {
    const limbeck = await project.open([]);
    await limbeck.upgrade({ revisions: ["a1"] });
    const back: string[] = [];
    await limbeck.upgrade({ plan: true, rollback: (sql) => back.push(sql) });
    const text = back.join("");
    expect(text).toContain('DROP TABLE "two"');
    expect(text).not.toContain('DROP TABLE "one"');
    expect(await versions()).toEqual(["a1"]);
  });

  test("on the database itself there is no way back to write", async () => {
    const limbeck = await project.open([]);
    const error = await failure(limbeck.upgrade({ rollback: () => undefined }));
    expect(error).toMatchObject({ code: "USAGE", hint: expect.stringContaining("--plan") as string });
    expect(await versions()).toEqual([]);
  });
});

describe("on the caller's connection", () => {
  const withRunner = async (body: (queryRunner: QueryRunner) => Promise<void>): Promise<void> => {
    const dataSource = await new DataSource({
      type: "better-sqlite3",
      database: project.database,
    }).initialize();
    const queryRunner = dataSource.createQueryRunner();
    try {
      await body(queryRunner);
    } finally {
      await queryRunner.release();
      await dataSource.destroy();
    }
  };
  const openOn = async (queryRunner: QueryRunner) =>
    await open({ queryRunner, cwd: project.folder, config: {} });

  test("a transaction stays the caller's, who may still roll it back", async () => {
    write("a1", null, table("one"));
    await withRunner(async (queryRunner) => {
      await queryRunner.startTransaction();
      await (await openOn(queryRunner)).upgrade();
      expect(queryRunner.isTransactionActive).toBe(true);
      await queryRunner.rollbackTransaction();
    });
    expect(await tables()).toEqual([]);
  });

  test("a failure is left in the caller's transaction, and says so", async () => {
    write("a1", null, `${table("one")} await op.execute("INSERT INTO nowhere VALUES (1)");`);
    await withRunner(async (queryRunner) => {
      await queryRunner.startTransaction();
      const error = await failure((await openOn(queryRunner)).upgrade());
      expect(error.message).toContain("in the caller's transaction, which the caller must roll back");
      await queryRunner.rollbackTransaction();
    });
  });

  test("an autocommit block is refused there", async () => {
    write("a1", null, `await op.autocommitBlock(async () => { ${table("one")} });`);
    await withRunner(async (queryRunner) => {
      await queryRunner.startTransaction();
      const error = await failure((await openOn(queryRunner)).upgrade());
      expect(error.message).toContain("the caller's transaction cannot be left");
      await queryRunner.rollbackTransaction();
    });
  });

  test("copying a table is refused where foreign keys are on and would delete rows", async () => {
    await project.query("CREATE TABLE parent (id integer PRIMARY KEY, a text)");
    await project.query(
      "CREATE TABLE child (id integer PRIMARY KEY, p integer REFERENCES parent ON DELETE CASCADE)",
    );
    await project.query("INSERT INTO parent VALUES (1, 'x')");
    await project.query("INSERT INTO child VALUES (1, 1)");
    write("a1", null, 'await op.alterColumn("parent", "a", { type: "integer" });');
    await withRunner(async (queryRunner) => {
      await queryRunner.query("PRAGMA foreign_keys = ON");
      await queryRunner.startTransaction();
      const error = await failure((await openOn(queryRunner)).upgrade());
      expect(error.code).toBe("UNSUPPORTED");
      expect(error.message).toContain('"child" refers to it with ON DELETE');
      await queryRunner.commitTransaction();
    });
    expect(await project.query("SELECT * FROM child")).toEqual([{ id: 1, p: 1 }]);
  });

  test("without a transaction it runs as ever, and the connection stays open", async () => {
    write("a1", null, table("one"));
    await withRunner(async (queryRunner) => {
      await (await openOn(queryRunner)).upgrade();
      expect(await queryRunner.query("SELECT count(*) AS rows FROM one")).toEqual([{ rows: 0 }]);
    });
    expect(await versions()).toEqual(["a1"]);
  });
});

test("an interruption ends the run between two statements, in good order", async () => {
  const controller = new AbortController();
  write("a1", null, table("one"));
  write("b2", "a1", `${table("two")} globalThis.limbeckInterrupts(); ${table("three")}`);
  (globalThis as { limbeckInterrupts?: () => void }).limbeckInterrupts = () => controller.abort("SIGINT");
  const limbeck = await project.open([], { transaction: "each" }, { signal: controller.signal });
  const error = await failure(limbeck.upgrade());
  expect(error.code).toBe("INTERRUPTED");
  expect(error.message).toContain("interrupted by SIGINT; it was rolled back; the database is at a1");
  expect(await tables()).toEqual(["one"]);
});

test("what somebody else has done meanwhile is not done again", async () => {
  write("a1", null, table("one"));
  const [first, second] = [await project.open([]), await project.open([])];
  const results = await Promise.all([first.upgrade(), second.upgrade()]);
  expect(results.map(({ steps }) => steps.length).sort()).toEqual([0, 1]);
  expect(await versions()).toEqual(["a1"]);
});
