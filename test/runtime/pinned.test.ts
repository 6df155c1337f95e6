/**
 * A run on SQL Server through one connection. TypeORM and `mssql` are the real ones; the connections that they are given
 * stand at the edge, where the network would be, and keep what each was sent.
 */
import { EventEmitter } from "node:events";
import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import { pinned } from "../../src/runtime/pinned";

interface SentRequest {
  readonly sqlTextOrProcedure: string;
  callback(error: Error | null, count: number, rows: readonly unknown[]): void;
}

/** What `mssql` asks of a connection of tedious. */
class Connection extends EventEmitter {
  readonly sent: string[] = [];
  closed = false;
  #inTransaction = false;
  /** The server has ended the transaction and not told. */
  #isGone = false;

  execSqlBatch(request: SentRequest): void {
    const sql = request.sqlTextOrProcedure;
    this.sent.push(sql);
    const fails = sql.startsWith("FAIL");
    if (sql === "FAIL UNTOLD") this.#isGone = true;
    // With XACT_ABORT the server ends the transaction, and tedious says so before the request ends.
    if (fails && this.#inTransaction && !this.#isGone) this.emit("rollbackTransaction");
    setImmediate(() => {
      request.callback(fails ? new Error("it failed") : null, 0, []);
    });
  }
  /** How a runner that is not pinned sends it: by sp_executesql. */
  execSql(request: SentRequest): void {
    this.sent.push("sp_executesql");
    setImmediate(() => {
      request.callback(null, 0, []);
    });
  }
  beginTransaction(callback: () => void): void {
    this.#inTransaction = true;
    this.sent.push("begin");
    setImmediate(callback);
  }
  commitTransaction(callback: () => void): void {
    this.#inTransaction = false;
    this.sent.push("commit");
    setImmediate(callback);
  }
  rollbackTransaction(callback: (error?: Error) => void): void {
    this.#inTransaction = false;
    this.sent.push("rollback");
    const error = this.#isGone ? Object.assign(new Error("there is none"), { number: 3903 }) : undefined;
    this.#isGone = false;
    setImmediate(callback, error);
  }
  close(): void {
    this.closed = true;
    this.emit("end");
  }
}

interface PoolClass {
  new (config: object): { connect(): Promise<object>; close(): Promise<void> };
}

let connections: Connection[];
let pool: InstanceType<PoolClass>;
let dataSource: DataSource;

beforeEach(async () => {
  connections = [];
  const { ConnectionPool } = jest.requireActual<{ ConnectionPool: PoolClass }>("mssql");
  class Pool extends ConnectionPool {
    _poolCreate(): Promise<Connection> {
      const connection = new Connection();
      connections.push(connection);
      return Promise.resolve(connection);
    }
    _poolValidate(): boolean {
      return true;
    }
    _poolDestroy(): Promise<void> {
      return Promise.resolve();
    }
  }
  pool = new Pool({ server: "nowhere", pool: { min: 3, max: 5 } });
  await pool.connect();
  dataSource = new DataSource({ type: "mssql", database: "main" });
  Object.assign(dataSource.driver, { master: pool });
});

afterEach(() => pool.close());

/** The connections that were sent any of these. */
function sentTo(...texts: readonly string[]): readonly Connection[] {
  return connections.filter(({ sent }) => texts.some((text) => sent.includes(text)));
}

async function run(body: (queryRunner: QueryRunner) => Promise<void>): Promise<void> {
  const queryRunner = dataSource.createQueryRunner();
  await pinned(queryRunner, "mssql", () => body(queryRunner));
}

test("what stands before, in and after a transaction goes through the same connection", async () => {
  await run(async (queryRunner) => {
    await queryRunner.query("EXEC sp_getapplock");
    await queryRunner.startTransaction();
    await queryRunner.query("CREATE TABLE t");
    await dataSource.createQueryRunner().query("SELECT 1 FROM somebody_else");
    await queryRunner.commitTransaction();
    await queryRunner.query("EXEC sp_releaseapplock");
  });
  const [connection] = sentTo("CREATE TABLE t");
  expect(connection?.sent).toEqual([
    "EXEC sp_getapplock",
    "begin",
    "CREATE TABLE t",
    "commit",
    "EXEC sp_releaseapplock",
  ]);
  expect(sentTo("sp_executesql")).toHaveLength(1);
  expect(sentTo("sp_executesql")).not.toContain(connection);
});

test("the connection goes back to the pool, and TypeORM's own runners are as they were", async () => {
  for (let number = 0; number < 10; number++)
    await run(async (queryRunner) => void (await queryRunner.query("SELECT 1")));
  expect(connections.length).toBeLessThanOrEqual(5);
  await dataSource.createQueryRunner().query("SELECT 2");
  expect(sentTo("sp_executesql")).toHaveLength(1);
});

test("a transaction that the server has ended counts as rolled back, and the lock is still there to be released", async () => {
  await run(async (queryRunner) => {
    await queryRunner.startTransaction();
    await expect(queryRunner.query("FAIL")).rejects.toThrow();
    await queryRunner.rollbackTransaction();
    expect(queryRunner.isTransactionActive).toBe(false);
    await queryRunner.query("EXEC sp_releaseapplock");
    await queryRunner.startTransaction();
    await queryRunner.commitTransaction();
  });
  expect(sentTo("FAIL")[0]?.sent).toEqual(["begin", "FAIL", "EXEC sp_releaseapplock", "begin", "commit"]);
});

test("a transaction that the server has ended without a word counts as rolled back too", async () => {
  await run(async (queryRunner) => {
    await queryRunner.startTransaction();
    await expect(queryRunner.query("FAIL UNTOLD")).rejects.toThrow();
    await queryRunner.rollbackTransaction();
    expect(queryRunner.isTransactionActive).toBe(false);
    await queryRunner.startTransaction();
    await queryRunner.commitTransaction();
  });
  expect(sentTo("FAIL UNTOLD")[0]?.sent).toEqual(["begin", "FAIL UNTOLD", "rollback", "begin", "commit"]);
});
