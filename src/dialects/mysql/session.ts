/** Sessions: named locks, timeouts, who blocks whom (MySQL 8.4 manual: 14.14, 7.1.8, 28.3.25). */
import { LimbeckError } from "../../errors";
import type { Session, Timeouts } from "../dialect";

// Names of locks hold for the whole server and are at most 64 characters long.
const NAME = "CONCAT('limbeck:', LEFT(SHA2(CONCAT(COALESCE(DATABASE(), ''), '/', ?), 256), 40))";

interface Process {
  readonly id: number;
  readonly user: string;
  readonly host: string;
  readonly seconds: number;
  readonly query: string | null;
}

/** The session of a type of data source; MariaDB alone limits the time of any statement. */
export function sessionNamed(name: "mysql" | "mariadb"): Session {
  return {
    lock: {
      tryAcquire: async (db, key) => {
        const [row] = await db.query<{ taken: number | string | null }>(
          `SELECT GET_LOCK(${NAME}, 0) AS taken`,
          [key],
        );
        return Number(row?.taken) === 1;
      },
      release: async (db, key) => {
        await db.query(`SELECT RELEASE_LOCK(${NAME})`, [key]);
      },
      holder: async (db, key) => {
        const [row] = await db.query<Process>(
          `SELECT ID AS id, USER AS user, HOST AS host, TIME AS seconds, NULL AS query
           FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(${NAME})`,
          [key],
        );
        return row && inWords(row);
      },
    },
    setTimeouts: ({ lock, statement }: Timeouts) => {
      if (statement !== undefined && name === "mysql") {
        throw new LimbeckError("UNSUPPORTED", "MySQL has no time limit for statements that change a schema", {
          hint: "use lockTimeout, which limits the wait for other transactions",
        });
      }
      return [
        // Whole seconds, at least one.
        ...(lock === undefined
          ? []
          : [{ sql: `SET SESSION lock_wait_timeout = ${Math.max(1, Math.ceil(lock / 1000))}` }]),
        ...(statement === undefined ? [] : [{ sql: `SET SESSION max_statement_time = ${statement / 1000}` }]),
      ];
    },
    resetTimeouts: ({ lock, statement }: Timeouts) => [
      ...(lock === undefined ? [] : [{ sql: "SET SESSION lock_wait_timeout = DEFAULT" }]),
      ...(statement === undefined || name === "mysql"
        ? []
        : [{ sql: "SET SESSION max_statement_time = DEFAULT" }]),
    ],
    // ER_LOCK_WAIT_TIMEOUT; a failed statement leaves the transaction as it was, so there is no savepoint.
    isLockTimeout: (error) => (error as { readonly errno?: unknown }).errno === 1205,
    blockers: async (db) => {
      const rows = await db.query<Process>(
        `SELECT p.ID AS id, p.USER AS user, p.HOST AS host, p.TIME AS seconds, LEFT(p.INFO, 200) AS query
         FROM information_schema.INNODB_TRX AS t JOIN information_schema.PROCESSLIST AS p
           ON p.ID = t.trx_mysql_thread_id
         WHERE p.ID <> CONNECTION_ID() ORDER BY t.trx_started`,
      );
      return rows.map(inWords);
    },
    hintFor,
    cancel: { id: "SELECT CONNECTION_ID() AS id", sql: (id) => `KILL QUERY ${id}` },
  };
}

/** What helps against an error that the server words for itself alone. */
function hintFor(error: unknown): string | undefined {
  // ER_FK_NO_UNIQUE_INDEX_PARENT, since MySQL 8.4 (manual, section 15.1.20.5).
  if ((error as { readonly errno?: unknown }).errno !== 6125) return undefined;
  return "make the columns that it refers to unique by themselves, or let the server take it: restrict_fk_on_non_standard_key = OFF";
}

function inWords({ id, user, host, seconds, query }: Process): string {
  return `connection ${id} of ${user} from ${host}, for ${seconds} s${query === null ? "" : ` (${query})`}`;
}
