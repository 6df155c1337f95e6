/** MySQL and MariaDB databases for tests: each its own, on the servers that the tests found or started. */
import { createConnection } from "mysql2/promise";
import type { Connection, ResultSetHeader } from "mysql2/promise";
import type { Dialect, Queryable } from "../../src/dialects/dialect";
import { mariadb, mysql } from "../../src/dialects/mysql";
import { emptyRegistry } from "../../src/operations/registry";
import { MigrationContext } from "../../src/runtime/context";
import { onlineExecutor } from "../../src/runtime/executor";
import { liveSchema } from "../../src/runtime/known-schema";
import { createMysqlDatabase, hasServer } from "./servers";

export type ServerName = "mysql" | "mariadb";

/** The servers that are there; the setup has said which are not. */
export const mysqlServers: readonly ServerName[] = (["mariadb", "mysql"] as const).filter(hasServer);

/** A connection as dialects want it, with a count of the statements that went over it. */
export interface CountedQueryable extends Queryable {
  statements: number;
}

/** A database of its own for one test, with what tests do with it. */
export interface MysqlTest {
  readonly server: ServerName;
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly db: CountedQueryable;
  /** A context that knows the database by reading it, in strict mode as runs are. */
  context(): MigrationContext;
}

/** Runs a body on a database of its own, after some DDL. */
export async function onMysql<T>(
  server: ServerName,
  ddl: readonly string[],
  body: (test: MysqlTest) => Promise<T>,
): Promise<T> {
  const database = await createMysqlDatabase(server);
  const connection = await createConnection(database.url);
  const dialect = server === "mysql" ? mysql : mariadb;
  const db = queryable(connection);
  try {
    for (const sql of ddl) await connection.query(sql);
    return await body({ server, dialect, connection, db, context: () => contextOn(dialect, db) });
  } finally {
    await connection.end();
    await database.drop();
  }
}

function queryable(connection: Connection): CountedQueryable {
  const run = async (sql: string, parameters?: readonly unknown[]): Promise<unknown> => {
    db.statements++;
    const [result] = await connection.query(sql, parameters && [...parameters]);
    return result;
  };
  const db: CountedQueryable = {
    statements: 0,
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
      const rows = await run(sql, parameters);
      return (Array.isArray(rows) ? rows : []) as readonly Row[];
    },
    change: async (sql, parameters) => ((await run(sql, parameters)) as ResultSetHeader).affectedRows,
  };
  return db;
}

function contextOn(dialect: Dialect, db: Queryable): MigrationContext {
  return new MigrationContext({
    dialect,
    db,
    executor: onlineExecutor(dialect, db, {
      startTransaction: () => Promise.resolve(),
      commitTransaction: () => Promise.resolve(),
      rollbackTransaction: () => Promise.resolve(),
      isTransactionActive: false,
    }),
    schema: liveSchema(() => dialect.inspect(db, { schemas: [] }), emptyRegistry),
    registry: emptyRegistry,
    transaction: "none",
    typeormMetadata: { name: "typeorm_metadata" },
    tables: {
      version: { name: "limbeck_version" },
      history: { name: "limbeck_history" },
      journal: { name: "limbeck_journal" },
      lock: { name: "limbeck_lock" },
    },
  });
}
