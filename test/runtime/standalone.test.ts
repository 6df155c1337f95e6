/** `Operations` and `MigrationContext` on a connection, as an application uses them: no revisions, no configuration. */
import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import { MigrationContext, Operations } from "../../src/index";
import { kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { failure } from "../support/error";
import { temporaryFolder } from "../support/sqlite";

const databases = kinds.filter(({ name }) => name !== "mssql").map((kind) => [kind.name, kind] as const);

describe.each(databases)("on %s", (name, kind) => {
  const place = temporaryFolder();
  let database: TestDatabase;
  let dataSource: DataSource;
  let queryRunner: QueryRunner;
  let made = 0;
  beforeEach(async () => {
    database = await kind.create(place.folder, `standalone${++made}`);
    dataSource = await new DataSource(database.options).initialize();
    queryRunner = dataSource.createQueryRunner();
  });
  afterEach(async () => {
    await queryRunner.release();
    await dataSource.destroy();
    await database.drop();
  });
  afterAll(() => place.remove());

  const isTransactional = !["mysql", "mariadb"].includes(name);
  const account = {
    columns: [
      { name: "id", type: "int" },
      { name: "name", type: "varchar", length: 40 },
    ],
    primaryKey: { columns: ["id"] },
  };
  const rows = async (): Promise<unknown> => await queryRunner.query("SELECT * FROM account ORDER BY id");

  test("each call of Operations.for stands for itself, with rows kept", async () => {
    const op = Operations.for(queryRunner);
    await op.createTable("account", account);
    await op.bulkInsert(op.table("account", { id: "int", name: "varchar" }), [{ id: 1, name: "Ünï'" }]);
    await op.alterColumn("account", "name", { newName: "title", length: 200, nullable: true });
    expect(await rows()).toEqual([{ id: 1, title: "Ünï'" }]);
    await op.batchAlterTable("account", (batch) => {
      batch.addColumn({ name: "note", type: "varchar", length: 9, nullable: true });
      batch.alterColumn("title", { nullable: false });
    });
    expect(await rows()).toEqual([{ id: 1, title: "Ünï'", note: null }]);
    expect(op.isOffline).toBe(false);
    expect(op.queryRunner).toBe(queryRunner);
    expect(queryRunner.isTransactionActive).toBe(false);
  });

  test("calls that nobody waits for run in order, and one that fails leaves the next alone", async () => {
    const op = Operations.for(queryRunner);
    const made = op.createTable("account", account);
    const failed = failure(op.dropTable("nowhere"));
    const renamed = op.alterColumn("account", "name", { newName: "title" });
    await Promise.all([made, renamed]);
    expect((await failed).code).toBe("UNKNOWN_OBJECT");
    expect(await rows()).toEqual([]);
  });

  test("calls inside the block of another call belong to it", async () => {
    const op = Operations.for(queryRunner);
    await op.createTable("account", account);
    await op.autocommitBlock(async () => {
      await op.createIndex(
        "account_name",
        "account",
        ["name"],
        name === "postgres" ? { concurrently: true } : {},
      );
    });
    const schema = await MigrationContext.configure(queryRunner).inspect();
    expect(schema.tables[0]?.indexes.map((index) => index.name)).toEqual(["account_name"]);
  });

  test("Operations.run is all or nothing where DDL is transactional", async () => {
    const answer = await Operations.run(queryRunner, async (op) => {
      await op.createTable("account", account);
      await op.bulkInsert("account", [{ id: 1, name: "one" }]);
      return (await op.query<{ name: string }>("SELECT name FROM account"))[0]?.name;
    });
    expect(answer).toBe("one");
    const error = await failure(
      Operations.run(queryRunner, async (op) => {
        await op.addColumn("account", { name: "note", type: "varchar", length: 9, nullable: true });
        await op.execute("INSERT INTO nowhere VALUES (1)");
      }),
    );
    expect(error.sql).toContain("nowhere");
    expect(await rows()).toEqual([
      isTransactional ? { id: 1, name: "one" } : { id: 1, name: "one", note: null },
    ]);
    expect(queryRunner.isTransactionActive).toBe(false);
  });

  test("a transaction of the caller's stays the caller's", async () => {
    await Operations.for(queryRunner).createTable("account", account);
    await queryRunner.startTransaction();
    await Operations.run(queryRunner, (op) => op.bulkInsert("account", [{ id: 1, name: "one" }]));
    expect(queryRunner.isTransactionActive).toBe(true);
    await queryRunner.rollbackTransaction();
    expect(await rows()).toEqual([]);
  });

  test("a context knows the version rows, and creates nothing to know them", async () => {
    const context = MigrationContext.configure(queryRunner);
    expect(await context.heads()).toEqual([]);
    expect((await context.inspect()).tables).toEqual([]);
    expect(await queryRunner.hasTable("limbeck_version")).toBe(false);
  });
});
