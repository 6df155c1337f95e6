/**
 * SQL Server's query runner on one connection. TypeORM's takes any connection of the pool for each query outside a
 * transaction, and another one for the transaction, so that locks of the session, SET options and temporary tables would
 * be lost between two statements.
 */
import type { QueryRunner } from "typeorm";

/** What is used of a pool of the package `mssql`. */
interface Pool {
  readonly config: unknown;
  acquire(requester: object): Promise<object>;
  release(connection: object): unknown;
}

/** A request of `mssql`, with what was bound to it. */
interface Request {
  readonly parameters: Readonly<Record<string, unknown>>;
  query(sql: string): Promise<unknown>;
  batch(sql: string): Promise<unknown>;
}

interface Driver {
  /** The package itself. */
  readonly mssql: { readonly Request: new (parent: unknown) => Request };
  obtainMasterConnection(): Promise<Pool>;
}

/** The parts of SQL Server's query runner that TypeORM's types leave out; the same on 0.3 and 1.x. */
interface SqlServerRunner {
  driver: Driver;
  isTransactionActive: boolean;
  transactionDepth: number;
  databaseConnection: object | null;
  rollbackTransaction(): Promise<void>;
}

/**
 * Runs a body with a query runner whose statements all go through one connection of the pool, which is given back
 * afterwards. Other databases' runners do that by themselves.
 */
export async function pinned<T>(queryRunner: QueryRunner, type: string, body: () => Promise<T>): Promise<T> {
  if (type !== "mssql") return await body();
  const runner = queryRunner as unknown as SqlServerRunner;
  const pool = await runner.driver.obtainMasterConnection();
  const connection = await pool.acquire(runner);
  runner.driver = withMembers(runner.driver, {
    obtainMasterConnection: () => Promise.resolve(poolOfOne(pool, connection)),
    obtainSlaveConnection: () => Promise.resolve(poolOfOne(pool, connection)),
    mssql: withMembers(runner.driver.mssql, { Request: batching(runner.driver.mssql.Request) }),
  });
  forgiveAborted(runner);
  try {
    return await body();
  } finally {
    pool.release(connection);
  }
}

/** The pool as requests and transactions see it: it lends the same connection to each, which never goes back. */
function poolOfOne(pool: Pool, connection: object): Pool {
  return withMembers(pool, {
    acquire: (_requester: object, callback?: (error: null, lent: object, config: unknown) => void) => {
      if (!callback) return Promise.resolve(connection);
      // Whoever asks counts on hearing of it later.
      process.nextTick(callback, null, connection, pool.config);
      return undefined;
    },
    release: () => undefined,
  });
}

/**
 * Requests that send a statement without parameters as it is. `query` wraps each in sp_executesql, at whose end SET
 * options are what they were before (remarks of t-sql/statements/set-statements-transact-sql).
 */
function batching(Base: Driver["mssql"]["Request"]): Driver["mssql"]["Request"] {
  return class extends Base {
    override query(sql: string): Promise<unknown> {
      return Object.keys(this.parameters).length === 0 ? this.batch(sql) : super.query(sql);
    }
  };
}

/** Everything that the object has, with some of it replaced; the object itself stays as it is for everybody else. */
function withMembers<T extends object>(object: T, members: Readonly<Record<string, unknown>>): T {
  return Object.assign(Object.create(object) as T, members);
}

/** How `mssql` hands on what the server answers to a ROLLBACK. */
interface RollbackError {
  readonly code?: unknown;
  readonly originalError?: { readonly number?: unknown };
}

/** "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION." */
const NOTHING_TO_ROLL_BACK = 3903;

/**
 * A failure that takes the transaction with it leaves nothing to roll back, which `mssql` answers with an error (EABORT),
 * the server itself where it has not told the driver of it, and TypeORM with a runner that counts itself inside a
 * transaction for ever.
 */
function forgiveAborted(runner: SqlServerRunner): void {
  const rollback = runner.rollbackTransaction.bind(runner);
  runner.rollbackTransaction = async () => {
    try {
      await rollback();
    } catch (error) {
      const { code, originalError } = error as RollbackError;
      if (code !== "EABORT" && originalError?.number !== NOTHING_TO_ROLL_BACK) throw error;
      runner.isTransactionActive = false;
      runner.transactionDepth = 0;
      runner.databaseConnection = null;
    }
  };
}
