/** Scratch databases on MySQL and MariaDB (manuals: CREATE DATABASE, KILL, INFORMATION_SCHEMA SCHEMATA and PROCESSLIST). */
import type { ScratchDatabases } from "../dialect";
import { quote } from "./quote";

interface Charset {
  readonly charset: string;
  readonly collation: string;
}

export const scratch: ScratchDatabases = {
  current: "SELECT DATABASE() AS name",
  // What is called a schema here is a database (manual, 14.1.12).
  contains: () => false,
  create: async (db, name, like) => {
    const [row] = await db.query<Charset>(
      `SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
       FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
      [like ?? ""],
    );
    const text = row ? ` CHARACTER SET ${row.charset} COLLATE ${row.collation}` : "";
    await db.query(`CREATE DATABASE ${quote(name)}${text}`);
  },
  drop: async (db, name) => {
    const sessions = await db.query<{ readonly id: number | string }>(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = ?",
      [name],
    );
    // A statement that still runs would hold its tables. A session may have ended since.
    for (const { id } of sessions) await db.query(`KILL ${Number(id)}`).catch(() => undefined);
    await db.query(`DROP DATABASE IF EXISTS ${quote(name)}`);
  },
};
