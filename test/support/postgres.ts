/** PostgreSQL databases for tests: each its own, on the server that the tests found or started. */
import { Client } from "pg";
import type { Queryable } from "../../src/dialects/dialect";
import { createPostgresDatabase } from "./servers";

/** A connection as dialects want it, with a count of the statements that went over it. */
export interface CountedQueryable extends Queryable {
  statements: number;
}

/** A connection as dialects want it. */
export function queryable(client: Client): CountedQueryable {
  const run = async (sql: string, parameters?: readonly unknown[]) => {
    db.statements++;
    return await client.query<Record<string, unknown>>(sql, parameters && [...parameters]);
  };
  const db: CountedQueryable = {
    statements: 0,
    query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
      (await run(sql, parameters)).rows as readonly Row[],
    change: async (sql, parameters) => (await run(sql, parameters)).rowCount ?? 0,
  };
  return db;
}

/** Runs a body on a database of its own, after some DDL. */
export async function onDatabase<T>(
  ddl: string,
  body: (db: CountedQueryable, client: Client, url: string) => Promise<T>,
): Promise<T> {
  const database = await createPostgresDatabase();
  try {
    return await connectedTo(database.url, async (client) => {
      await client.query(ddl);
      return await body(queryable(client), client, database.url);
    });
  } finally {
    await database.drop();
  }
}

/** Runs a body on one more connection. */
export async function connectedTo<T>(url: string, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}
