/** Sessions on MySQL and MariaDB: GET_LOCK, timeouts, who blocks whom (MySQL manual: 14.14, 7.1.8, 28.4.28; MariaDB: max_statement_time). */
import { LimbeckError } from "../../errors";
import type { Queryable, Session, Timeouts } from "../dialect";

/** Locks by name are the server's, not the database's, and their names have at most 64 characters. */
const NAME = "SHA1(CONCAT('limbeck:', COALESCE(DATABASE(), ''), ':', ?))";

interface Process {
  readonly id: number;
  readonly who: string;
  readonly seconds: number | string;
  readonly query: string | null;
}

/** The session of a server; MySQL has no timeout for statements other than SELECT. */
export function sessionOf(server: "mysql" | "mariadb"): Session {
  return {
    lock: {
      tryAcquire: async (db, key) => {
        const [row] = await db.query<{ locked: number | string | null }>(
          `SELECT GET_LOCK(${NAME}, 0) AS locked`,
          [key],
        );
        return Number(row?.locked) === 1;
      },
      release: async (db, key) => {
        await db.query(`SELECT RELEASE_LOCK(${NAME})`, [key]);
      },
      holder: async (db, key) => {
        const [row] = await db.query<Process>(
          `SELECT p.ID AS id, CONCAT(p.USER, '@', p.HOST) AS who, p.TIME AS seconds, NULL AS query
           FROM information_schema.PROCESSLIST p WHERE p.ID = IS_USED_LOCK(${NAME})`,
          [key],
        );
        return row && inWords(row);
      },
    },
    setTimeouts: ({ lock, statement }: Timeouts) => [
      ...(lock === undefined ? [] : lockTimeouts(String(Math.max(1, Math.ceil(lock / 1000))))),
      ...(statement === undefined ? [] : [statementTimeout(server, String(statement / 1000))]),
    ],
    resetTimeouts: ({ lock, statement }: Timeouts) => [
      ...(lock === undefined ? [] : lockTimeouts("DEFAULT")),
      ...(statement === undefined ? [] : [statementTimeout(server, "DEFAULT")]),
    ],
    // ER_LOCK_WAIT_TIMEOUT, for rows and for metadata alike
    isLockTimeout: (error) => (error as { readonly errno?: unknown }).errno === 1205,
    blockers: async (db: Queryable) => {
      const rows = await db.query<Process>(
        `SELECT p.ID AS id, CONCAT(p.USER, '@', p.HOST) AS who, p.TIME AS seconds, LEFT(p.INFO, 200) AS query
         FROM information_schema.INNODB_TRX t
         JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
         WHERE p.ID <> CONNECTION_ID()`,
      );
      return rows.map(inWords);
    },
    cancel: {
      id: "SELECT CONNECTION_ID() AS id",
      sql: (id) => `KILL QUERY ${id}`,
    },
  };
}

function lockTimeouts(value: string) {
  return [
    { sql: `SET SESSION lock_wait_timeout = ${value}` },
    { sql: `SET SESSION innodb_lock_wait_timeout = ${value}` },
  ];
}

function statementTimeout(server: "mysql" | "mariadb", value: string) {
  if (server === "mariadb") return { sql: `SET SESSION max_statement_time = ${value}` };
  throw new LimbeckError("UNSUPPORTED", "MySQL has no timeout for statements other than SELECT", {
    hint: "leave `statementTimeout` out of the configuration for this database",
  });
}

function inWords({ id, who, seconds, query }: Process): string {
  return [`connection ${id}`, `of ${who}`, `for ${seconds} s`, ...(query ? [`(${query})`] : [])].join(" ");
}
