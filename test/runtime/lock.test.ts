/** Runs that cannot have the database at once, and what becomes of the locks of the dead. */
import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import { kinds } from "../roundtrip/databases";
import type { Kind } from "../roundtrip/databases";
import { describeOn } from "../support/describe-on";
import { failure } from "../support/error";
import { ServerProject, table } from "./server-project";

const named = (names: readonly string[]): readonly Kind[] => kinds.filter(({ name }) => names.includes(name));

let project: ServerProject;
afterEach(async () => project.remove());

describeOn(named(["better-sqlite3", "sqlite"]), "the write lock of a file with %s", (kind) => {
  beforeEach(() => {
    project = new ServerProject(kind);
    project.write("a1", null, table("one"));
  });

  /** Runs a body while another connection writes, or is about to. */
  async function whileAnotherWrites<T>(body: (other: QueryRunner) => Promise<T>): Promise<T> {
    const { options } = await project.database();
    const other = await new DataSource(options).initialize();
    const runner = other.createQueryRunner();
    try {
      await runner.query("BEGIN IMMEDIATE");
      return await body(runner);
    } finally {
      await runner.query("ROLLBACK").catch(() => undefined);
      await other.destroy();
    }
  }

  test("is waited for as long as `lockWait` says and not longer, and nothing is done without it", async () => {
    const limbeck = await project.open({ lockWait: "700ms" });
    await whileAnotherWrites(async () => {
      const started = Date.now();
      const error = await failure(limbeck.upgrade());
      expect(error.code).toBe("LOCK_TIMEOUT");
      expect(error.message).toContain("held by another process, and was not free within 700 ms");
      expect(Date.now() - started).toBeLessThan(4000);
    });
    expect(project.reported.some((line) => line.startsWith("waiting for the database"))).toBe(true);
    expect(await project.query("SELECT name FROM sqlite_master")).toEqual([]);
  });

  test("is taken as soon as the other lets go", async () => {
    const limbeck = await project.open({ lockWait: "20s" });
    await whileAnotherWrites(async (other) => {
      setTimeout(() => void other.query("ROLLBACK"), 600);
      expect((await limbeck.upgrade()).to).toEqual(["a1"]);
    });
  });

  test('is all that is needed, so that `lock: "table"` is refused before anything is done', async () => {
    const limbeck = await project.open({ lock: "table" });
    const error = await failure(limbeck.upgrade());
    expect(error.code).toBe("UNSUPPORTED");
    expect(error.message).toContain("a lock in a table cannot be held on sqlite");
    expect(await project.query("SELECT name FROM sqlite_master")).toEqual([]);
  });
});

describeOn(named(["postgres", "mariadb", "mysql"]), "a lock in a table on %s", (kind) => {
  beforeEach(() => {
    project = new ServerProject(kind);
    project.write("a1", null, table("one"));
  });
  afterEach(() => jest.restoreAllMocks());

  async function lockedBy(holder: string): Promise<void> {
    await (await project.open({ lock: "table" })).upgrade();
    await project.query(
      `INSERT INTO limbeck_lock (id, token, holder, beat) VALUES (1, 'of another', '${holder}', 7)`,
    );
    project.write("b2", "a1", table("two"));
  }

  test("that is held is waited for, and the holder is named", async () => {
    await lockedBy("process 1 on elsewhere");
    const error = await failure((await project.open({ lock: "table", lockWait: "300ms" })).upgrade());
    expect(error.message).toContain("held by process 1 on elsewhere, and was not free within 300 ms");
  });

  test("whose holder was silent for 20 s is taken over", async () => {
    await lockedBy("process 1 on elsewhere");
    const limbeck = await project.open({ lock: "table", lockWait: "60s" });
    const clock = Date.now.bind(Date);
    let ahead = 0;
    jest.spyOn(Date, "now").mockImplementation(() => clock() + ahead);
    setTimeout(() => (ahead = 21_000), 300);
    expect((await limbeck.upgrade()).to).toEqual(["b2"]);
    expect(await project.query("SELECT * FROM limbeck_lock")).toEqual([]);
  });

  test("whose holder still counts is not taken over, however long it takes", async () => {
    await lockedBy("process 1 on elsewhere");
    const limbeck = await project.open({ lock: "table", lockWait: "50s" });
    const clock = Date.now.bind(Date);
    let ahead = 0;
    jest.spyOn(Date, "now").mockImplementation(() => clock() + ahead);
    const beating = setInterval(() => {
      ahead += 15_000;
      void project.query("UPDATE limbeck_lock SET beat = beat + 1");
    }, 700);
    const error = await failure(limbeck.upgrade());
    clearInterval(beating);
    expect(error.code).toBe("LOCK_TIMEOUT");
  });
});
