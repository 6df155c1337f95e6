/** What only servers have: locks that others hold, statements that can be cancelled, indexes that are built beside. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import type { Config } from "../../src/config/config";
import { open } from "../../src/open";
import type { Limbeck, OpenOptions } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { Kind, TestDatabase } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";
import { failure } from "../support/error";

class ServerProject {
  readonly #place = temporaryFolder();
  readonly #kind: Kind;
  readonly reported: string[] = [];
  #database: TestDatabase | undefined;
  #files = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  async database(): Promise<TestDatabase> {
    return (this.#database ??= await this.#kind.create(this.#place.folder, "app"));
  }

  async open(config: Partial<Config> = {}, options: Partial<OpenOptions> = {}): Promise<Limbeck> {
    const { options: dataSource } = await this.database();
    return await open({
      cwd: this.#place.folder,
      config: { dataSource, ...config },
      reporter: { info: (line) => this.reported.push(line), warn: (line) => this.reported.push(line) },
      ...options,
    });
  }

  /** A revision file; one that is written again comes under another name, because this process keeps what it loaded. */
  write(id: string, parent: string | null, body: string, extra = ""): string {
    const folder = join(this.#place.folder, "revisions", "versions");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${id}_${++this.#files}.js`);
    writeFileSync(
      file,
      `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "revision ${id}";
${extra}
exports.upgrade = async (op) => { ${body} };
exports.downgrade = async (op) => {};
`,
    );
    return file;
  }

  async query<Row>(sql: string): Promise<readonly Row[]> {
    const { options } = await this.database();
    return await connected(options, (dataSource) => dataSource.query<Row[]>(sql));
  }

  /** Runs a body while another connection is inside a transaction. */
  async beside<T>(sql: string, body: (other: QueryRunner) => Promise<T>): Promise<T> {
    const { options } = await this.database();
    const dataSource = await new DataSource(options).initialize();
    const other = dataSource.createQueryRunner();
    try {
      await other.startTransaction();
      await other.query(sql);
      return await body(other);
    } finally {
      if (other.isTransactionActive) await other.rollbackTransaction();
      await other.release();
      await dataSource.destroy();
    }
  }

  async remove(): Promise<void> {
    await this.#database?.drop();
    this.#place.remove();
  }
}

const servers = kinds.filter(({ name }) => ["postgres", "mariadb", "mysql"].includes(name));
const table = (name: string): string =>
  `await op.createTable("${name}", { columns: [{ name: "id", type: "int" }], primaryKey: { columns: ["id"] } });`;

describe.each(servers.map((kind) => [kind.name, kind] as const))("on %s", (name, kind) => {
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
    await limbeck.upgrade({ revisions: ["a1"] });
    await project.query("INSERT INTO one (id) VALUES (1)");
    await project.beside("SELECT * FROM one", async (other) => {
      const upgrade = limbeck.upgrade();
      await sleep(1500);
      await other.commitTransaction();
      expect((await upgrade).to).toEqual(["b2"]);
    });
    const told = project.reported.find((line) => line.startsWith("no lock within 1 s"));
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

  test("a failure in the middle says what stays done, and the next upgrade goes on from there", async () => {
    const broken = `${table("one")} ${table("two")} await op.execute("INSERT INTO nowhere VALUES (1)");`;
    project.write("a1", null, broken, "exports.transaction = false;");
    const error = await failure((await project.open()).upgrade());
    expect(error.message).toContain("failed at statement 3");
    expect(error.message).toContain("what ran outside a transaction stays done; the database is at base");
    expect(await project.query("SELECT number, state FROM limbeck_journal ORDER BY number")).toEqual([
      { number: 1, state: "done" },
      { number: 2, state: "done" },
    ]);
  });
});

const postgres = servers.filter(({ name }) => name === "postgres");

describe.each(postgres.map((kind) => [kind.name, kind] as const))(
  "CREATE INDEX CONCURRENTLY on %s",
  (_name, kind) => {
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
  },
);
