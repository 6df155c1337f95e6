/** A database on the server that speaks T-SQL, for tests that need no TypeORM: one connection, batch by batch. */
import { ConnectionPool } from "mssql";
import type { Queryable } from "../../src/dialects/dialect";
import { createMssqlDatabase, mssqlParts } from "./servers";

/** Runs a body on a database of its own, after some batches. */
export async function onMssql<T>(
  batches: readonly string[],
  body: (db: Queryable) => Promise<T>,
): Promise<T> {
  const database = await createMssqlDatabase();
  try {
    const { host, username, ...rest } = mssqlParts(database.url);
    const one = { min: 1, max: 1 };
    const pool = await new ConnectionPool({ ...rest, server: host, user: username, pool: one }).connect();
    try {
      for (const batch of batches) await pool.request().batch(batch);
      return await body(queryable(pool));
    } finally {
      await pool.close();
    }
  } finally {
    await database.drop();
  }
}

function queryable(pool: ConnectionPool): Queryable {
  return {
    query: async <Row>(sql: string) => {
      const { recordset } = await pool.request().batch<Row>(sql);
      // A statement that answers with no rows has no set of them either.
      return (recordset as readonly Row[] | undefined) ?? [];
    },
    change: async (sql) =>
      (await pool.request().batch(sql)).rowsAffected.reduce((sum, count) => sum + count, 0),
  };
}
