import { readFileSync } from "node:fs";
import { entity, id, SqliteProject, text } from "./sqlite-project";
import { failure } from "../support/error";

let project: SqliteProject;
beforeEach(() => {
  project = new SqliteProject();
});
afterEach(() => project.remove());

const account = entity("account", { id, name: text });

describe("what looks like a rename", () => {
  const renamed = entity("account", { id, full_name: text });

  test("of a column is a question with the option that answers it", async () => {
    await project.migrate([account], "first");
    const error = await failure((await project.open([renamed])).revision({ autogenerate: true }));
    expect(error.code).toBe("RENAME_QUESTION");
    expect(error.hint).toContain("--rename account.name:full_name");
    expect(error.hint).toContain("--no-renames");
  });

  test("keeps every row when it is answered, and the way down too", async () => {
    await project.migrate([account], "first");
    await project.query("INSERT INTO account (name) VALUES ('Zoë')");
    const limbeck = await project.open([renamed]);
    await limbeck.revision({ autogenerate: true, message: "rename", renames: ["account.name:full_name"] });
    await limbeck.upgrade();
    expect(await project.query("SELECT full_name FROM account")).toEqual([{ full_name: "Zoë" }]);
    expect((await limbeck.check()).differences).toEqual([]);
    await limbeck.downgrade({ revision: "-1" });
    expect(await project.query("SELECT name FROM account")).toEqual([{ name: "Zoë" }]);
  });

  test("of a table keeps every row when it is answered", async () => {
    await project.migrate([account], "first");
    await project.query("INSERT INTO account (name) VALUES ('Zoë')");
    const limbeck = await project.open([entity("customer", { id, name: text })]);
    expect((await failure(limbeck.revision({ autogenerate: true }))).hint).toContain(
      "--rename account:customer",
    );
    await limbeck.revision({ autogenerate: true, message: "rename", renames: ["account:customer"] });
    await limbeck.upgrade();
    expect(await project.query("SELECT name FROM customer")).toEqual([{ name: "Zoë" }]);
    expect((await limbeck.check()).differences).toEqual([]);
  });

  test("is drop and add where that is said", async () => {
    await project.migrate([account], "first");
    const limbeck = await project.open([renamed]);
    const { differences } = await limbeck.revision({ autogenerate: true, noRenames: true });
    expect(differences).toEqual(expect.arrayContaining(["drop column account.name"]));
  });

  test("of something that is not there is an error of usage", async () => {
    await project.migrate([account], "first");
    const limbeck = await project.open([renamed]);
    const error = await failure(limbeck.revision({ autogenerate: true, renames: ["acount.name:full_name"] }));
    expect(error.code).toBe("USAGE");
  });
});

describe("what autogenerate may drop", () => {
  test("a table that no revision made is left alone and listed", async () => {
    await project.migrate([account], "first");
    await project.query("CREATE TABLE session (sid text)");
    const limbeck = await project.open([account]);
    const { differences, unmanaged } = await limbeck.check();
    expect(differences).toEqual([]);
    expect(unmanaged).toEqual([{ kind: "table", name: "session" }]);
    expect((await limbeck.check({ includeUnmanaged: true })).differences).toEqual(["drop table session"]);
  });

  test("a table that a revision made is proposed for dropping, and comes back on the way down", async () => {
    const log = entity("log", { id, line: text, at: { type: "datetime", nullable: true } });
    await project.migrate([account, log], "first");
    const limbeck = await project.open([account]);
    const { differences, losses } = await limbeck.revision({ autogenerate: true, message: "no log" });
    expect(differences).toEqual(["drop table log"]);
    expect(losses).toEqual(["loses every row of log (0 rows now)"]);
    await limbeck.upgrade();
    await limbeck.downgrade({ revision: "-1" });
    expect(await project.query("SELECT * FROM log")).toEqual([]);
  });

  test.each([
    ["a glob that excludes", { exclude: ["acc*"] }, []],
    ["a glob that includes", { include: ["log"] }, ["create table log (1 column)"]],
    [
      "a function",
      { includeObject: ({ name }: { name: string }) => name !== "account" },
      ["create table log (1 column)"],
    ],
  ])("%s narrows both sides", async (_name, config, expected) => {
    const wanted = [account, entity("log", { id })];
    const limbeck = await project.open(wanted, config);
    const { differences } = await limbeck.check();
    expect(differences.filter((line) => line.includes("account"))).toEqual([]);
    if (expected.length > 0) expect(differences).toEqual(expected);
  });
});

describe("a version row that no file has", () => {
  test("descends from a known revision: the database is ahead, and an older release may say so", async () => {
    await project.migrate([account], "first");
    await project.migrate([account, entity("log", { id })], "second");
    project.removeRevision("second_second.ts");
    const limbeck = await project.open([account]);
    const error = await failure(limbeck.upgrade());
    expect(error.code).toBe("DATABASE_AHEAD");
    expect(error.hint).toContain("bring the file back");
    expect(error.message).toContain('"second"');
    expect((await limbeck.upgrade({ allowAhead: true })).steps).toEqual([]);
  });

  test("descends from nothing that is known: an error that tells what the history knows of it", async () => {
    await project.migrate([account], "first");
    project.removeRevision("first_first.ts");
    const error = await failure((await project.open([account])).upgrade({ allowAhead: true }));
    expect(error.code).toBe("UNKNOWN_VERSION_ROW");
    expect(error.message).toMatch(/first \("first", applied 2026-11-21/);
  });
});

describe("commands that only read", () => {
  test("create no database file and no table", async () => {
    const limbeck = await project.open([account]);
    await limbeck.check();
    await limbeck.current();
    await limbeck.revision({ autogenerate: true, message: "first" });
    expect(project.hasDatabase).toBe(false);
    await project.query("CREATE TABLE mine (a)");
    await (await project.open([account])).current();
    await failure((await project.open([account])).check());
    expect(await project.query("SELECT name FROM sqlite_schema")).toEqual([{ name: "mine" }]);
  });
});

describe("revision", () => {
  test("writes no file where nothing differs, unless it may be empty", async () => {
    await project.migrate([account], "first");
    const limbeck = await project.open([account]);
    expect((await limbeck.revision({ autogenerate: true })).file).toBeUndefined();
    expect((await limbeck.revision({ autogenerate: true, allowEmpty: true })).file).toBeDefined();
  });

  test("writes the same bytes for the same entities", async () => {
    const write = async (): Promise<string> => {
      const { file = "" } = await (await project.open([account])).revision({ autogenerate: true, id: "a1" });
      const written = readFileSync(file, "utf8");
      project.removeRevision("a1.ts");
      return written;
    };
    expect(await write()).toBe(await write());
  });

  test("never overwrites a file", async () => {
    const limbeck = await project.open([account], { fileTemplate: "same" });
    const { file = "" } = await limbeck.revision({ id: "a1" });
    const before = readFileSync(file, "utf8");
    expect((await failure(limbeck.revision({ id: "b2" }))).code).toBe("FILE_EXISTS");
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

describe("the operations of a revision", () => {
  const revision = (body: string): string => `
    export const revision = "a1"; export const downRevision = null; export const branchLabels = null;
    export const dependsOn = null; export const message = "by hand";
    export async function upgrade(op: any): Promise<void> { ${body} }
    export async function downgrade(op: any): Promise<void> {}`;

  test("run in the order of their calls where an await is forgotten, the query runner's too", async () => {
    project.writeRevision(
      "a.ts",
      revision(`
        op.createTable("t", { columns: [{ name: "a", type: "integer" }] });
        op.bulkInsert("t", [{ a: 1 }]);
        const rows = await op.queryRunner.query("SELECT a FROM t");
        op.bulkInsert("t", [{ a: rows[0].a + 1 }]);`),
    );
    await (await project.open([account])).upgrade();
    expect(await project.query("SELECT a FROM t ORDER BY a")).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("stop at the first failure, which is reported once and undoes everything", async () => {
    project.writeRevision(
      "a.ts",
      revision(`
        op.createTable("t", { columns: [{ name: "a", type: "integer" }] });
        op.execute("INSERT INTO nowhere VALUES (1)");
        op.execute("INSERT INTO neither VALUES (1)");`),
    );
    const error = await failure((await project.open([account])).upgrade());
    expect(error.message).toContain("no such table: nowhere");
    expect(error.message).toContain("rolled back");
    expect(await project.query("SELECT name FROM sqlite_schema")).toEqual([]);
  });

  test("cannot ask for rows in a script, and the error names the revision", async () => {
    project.writeRevision("a.ts", revision(`await op.query("SELECT 1");`));
    const error = await failure((await project.open([account])).upgrade({ sql: true }));
    expect(error.code).toBe("OFFLINE_UNAVAILABLE");
    expect(error.message).toContain("a1");
    expect(project.written).toEqual([]);
  });

  test("an autocommit block commits what came before it", async () => {
    project.writeRevision(
      "a.ts",
      revision(`
        await op.createTable("t", { columns: [{ name: "a", type: "integer" }] });
        await op.autocommitBlock(async () => { await op.execute("VACUUM"); });
        await op.bulkInsert("t", [{ a: 1 }]);`),
    );
    const limbeck = await project.open([account]);
    await limbeck.upgrade();
    expect(await project.query("SELECT a FROM t")).toEqual([{ a: 1 }]);
    expect((await limbeck.current()).map(({ revision: head }) => head)).toEqual(["a1"]);
  });
});
