/** What only servers have: locks that others hold, statements that can be cancelled, indexes that are built beside. */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { kinds } from "../roundtrip/databases";
import { failure } from "../support/error";
import { ServerProject, table } from "./server-project";
import { describeOn } from "../support/describe-on";

const servers = kinds.filter(({ name }) => ["postgres", "mariadb", "mysql"].includes(name));
describeOn(servers, "on %s", (kind) => {
  const { name } = kind;
  let project: ServerProject;
  beforeEach(() => {
    project = new ServerProject(kind);
  });
  afterEach(async () => project.remove());

  const sleeping = name === "postgres" ? "SELECT pg_sleep(30)" : "DO SLEEP(30)";

  test("a table that others hold is tried again, and who holds it is said", async () => {
    project.write("a1", null, table("one"));
    project.write(
      "b2",
      "a1",
      'await op.addColumn("one", { name: "note", type: "varchar", length: 9, nullable: true });',
    );
    const limbeck = await project.open({ lockTimeout: "1s" });
    const tells = (line: string): boolean => line.startsWith("no lock within 1 s");
    await limbeck.upgrade({ revisions: ["a1"] });
    await project.query("INSERT INTO one (id) VALUES (1)");
    await project.beside("SELECT * FROM one", async (other) => {
      const upgrade = limbeck.upgrade();
      // However long a busy machine takes to get there.
      for (let waited = 0; waited < 300 && !project.reported.some(tells); waited++) await sleep(100);
      await other.commitTransaction();
      expect((await upgrade).to).toEqual(["b2"]);
    });
    const told = project.reported.find(tells);
    expect(told).toContain(name === "postgres" ? "in the way: process" : "in the way: connection");
    expect(told).toContain("trying again in 1 s");
    expect(await project.query("SELECT * FROM one")).toEqual([{ id: 1, note: null }]);
  }, 60_000);

  test("a statement that is running is ended by an interruption, and what is done is said", async () => {
    const controller = new AbortController();
    project.write("a1", null, `${table("one")} await op.execute("${sleeping}"); ${table("two")}`);
    const limbeck = await project.open({}, { signal: controller.signal });
    const started = Date.now();
    setTimeout(() => controller.abort("SIGTERM"), 1000);
    const error = await failure(limbeck.upgrade());
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(error.message).toContain("the database is at base");
    expect((await (await project.open()).current()).length).toBe(0);
    // The lock is free again.
    project.write("b2", null, table("three"));
  }, 60_000);

  test("a run that comes second says who holds the lock and how long it waits, and gives up with status 2", async () => {
    project.write("a1", null, `${table("one")} await op.execute("${sleeping.replace("30", "3")}");`);
    const [first, second] = [await project.open(), await project.open()];
    const running = first.upgrade();
    await sleep(700);
    const error = await failure(second.upgrade({ lockWait: "500ms" }));
    expect(error.code).toBe("LOCK_TIMEOUT");
    expect(error.message).toMatch(/the lock on limbeck_version is held by (?:process|connection) \d+/);
    expect(project.reported.some((line) => line.startsWith("waiting for the lock on limbeck_version"))).toBe(
      true,
    );
    expect((await running).to).toEqual(["a1"]);
    expect((await second.upgrade()).steps).toEqual([]);
  }, 60_000);

  describe("a connection that is lost in the middle", () => {
    const lost =
      name === "postgres" ? "SELECT pg_terminate_backend(pg_backend_pid())" : "KILL CONNECTION_ID()";

    test("is said with what is done, and the mended file goes on from there", async () => {
      project.write("a1", null, table("one"));
      const file = project.write(
        "b2",
        "a1",
        `${table("two")} await op.execute("${lost}"); ${table("three")}`,
      );
      const limbeck = await project.open();
      const error = await failure(limbeck.upgrade());
      expect(error.code).toBe("STATEMENT_FAILED");
      expect(error.message).toContain("revision b2");
      expect(error.message).toMatch(
        name === "postgres"
          ? /could not be rolled back .*; the database is at base/
          : /the database is at a1/,
      );
      const isTransactional = name === "postgres";
      expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(
        isTransactional ? [] : ["a1"],
      );
      rmSync(file);
      project.write("b2", "a1", `${table("two")} ${table("three")}`);
      expect((await limbeck.upgrade()).to).toEqual(["b2"]);
      expect(await project.query("SELECT * FROM one, two, three")).toEqual([]);
    });
  });

  test("a table that was made in another way leads to stamp", async () => {
    await project.query("CREATE TABLE one (id int)");
    project.write("a1", null, table("one"));
    expect((await failure((await project.open()).upgrade())).hint).toContain("`limbeck stamp ");
  });

  test("a failure in the middle says what stays done, and the next upgrade goes on from there", async () => {
    const broken = `${table("one")} ${table("two")} await op.execute("INSERT INTO nowhere VALUES (1)");`;
    project.write("a1", null, broken, "exports.transaction = false;");
    const error = await failure((await project.open()).upgrade());
    expect(error.message).toContain("failed at statement 3");
    expect(error.message).toContain(
      "what ran outside a transaction stays done: the upgrade to a1 stopped half done, after 2 of its statements; the database is at base",
    );
    expect(await project.query("SELECT number, state FROM limbeck_journal ORDER BY number")).toEqual([
      { number: 1, state: "done" },
      { number: 2, state: "done" },
    ]);
  });
});

const postgres = servers.filter(({ name }) => name === "postgres");

describeOn(postgres, "CREATE INDEX CONCURRENTLY on %s", (kind) => {
  let project: ServerProject;
  beforeEach(async () => {
    project = new ServerProject(kind);
    project.write(
      "a1",
      null,
      `${table("one")} await op.bulkInsert("one", [{ id: 1 }, { id: 2 }]);
      await op.addColumn("one", { name: "tag", type: "int", nullable: true });
      await op.execute("UPDATE one SET tag = 7");`,
    );
    await (await project.open()).upgrade();
  });
  afterEach(async () => project.remove());
  const index = 'await op.createIndex("one_tag", "one", ["tag"], { unique: true, concurrently: true });';

  test("is refused inside a transaction, with both ways out", async () => {
    project.write("b2", "a1", index);
    const error = await failure((await project.open()).upgrade());
    expect(error.message).toContain("`concurrently` cannot run inside a transaction");
    expect(error.hint).toContain("op.autocommitBlock");
    expect(error.hint).toContain("export const transaction = false");
  });

  test("that failed leaves an invalid index, which is dropped before it is tried again", async () => {
    project.write(
      "b2",
      "a1",
      `${table("two")} await op.autocommitBlock(async () => { ${index} }); ${table("three")}`,
    );
    const limbeck = await project.open();
    const error = await failure(limbeck.upgrade());
    expect(error.message).toContain("could not create unique index");
    const invalid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_tag'::regclass";
    expect(await project.query(invalid)).toEqual([{ indisvalid: false }]);
    await limbeck.current();
    expect(project.reported.at(-1)).toContain(
      "the upgrade to b2 stopped half done, after 1 of its statements",
    );
    await project.query("UPDATE one SET tag = id");
    await limbeck.upgrade();
    expect(await project.query(invalid)).toEqual([{ indisvalid: true }]);
    expect(await project.query("SELECT * FROM limbeck_journal")).toEqual([]);
    expect(await project.query("SELECT count(*)::int AS rows FROM two, three")).toEqual([{ rows: 0 }]);
  });

  test("goes outside the transaction in a script", async () => {
    project.write("b2", "a1", `${table("two")} await op.autocommitBlock(async () => { ${index} });`);
    const written: string[] = [];
    const limbeck = await project.open({ dialect: "postgres" }, { write: (text) => written.push(text) });
    await limbeck.upgrade({ revisions: ["a1:b2"], sql: true });
    const script = written.join("");
    const at = (text: string): number => script.indexOf(text);
    expect(at("COMMIT")).toBeGreaterThan(at('CREATE TABLE "two"'));
    expect(at("CREATE UNIQUE INDEX CONCURRENTLY")).toBeGreaterThan(at("COMMIT"));
    await project.query("UPDATE one SET tag = id");
    (await project.database()).feed?.(script);
    expect((await limbeck.current()).map(({ revision }) => revision)).toEqual(["b2"]);
  });
});
