/** Scratch databases on SQL Server (Transact-SQL reference: CREATE DATABASE, ALTER DATABASE SET options, DROP DATABASE). */
import type { ScratchDatabases } from "../dialect";
import { literal, quote } from "./quote";

export const scratch: ScratchDatabases = {
  current: "SELECT DB_NAME() AS name",
  fallback: "master",
  contains: (schema) => !schema.includes("."),
  create: async (db, name, like) => {
    const [row] = await db.query<{ readonly collation: string | null }>(
      `SELECT CONVERT(varchar(128), DATABASEPROPERTYEX(${literal(like ?? "")}, 'Collation')) AS collation`,
    );
    const collation = row?.collation == null ? "" : ` COLLATE ${row.collation}`;
    await db.query(`CREATE DATABASE ${quote(name)}${collation}`);
  },
  drop: async (db, name) => {
    // Azure SQL has no SINGLE_USER, and drops a database that is in use.
    await db
      .query(`ALTER DATABASE ${quote(name)} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`)
      .catch(() => undefined);
    await db.query(`DROP DATABASE IF EXISTS ${quote(name)}`);
  },
};
