/** Sessions on PostgreSQL: advisory locks, timeouts, who blocks whom (manual: 13.3.5, 20.11.1, 27.2.3, 9.28). */
import { keyNumber } from "../ansi/key-number";
import type { Queryable, Session, Timeouts } from "../dialect";

interface Activity {
  readonly pid: number;
  readonly application_name: string | null;
  readonly client_addr: string | null;
  readonly since: string | null;
  readonly query: string | null;
}

export const session: Session = {
  lock: {
    // Polled, because a blocking wait holds a snapshot that CREATE INDEX CONCURRENTLY would wait for.
    tryAcquire: async (db, key) => {
      const [row] = await db.query<{ locked: boolean }>("SELECT pg_try_advisory_lock($1::bigint) AS locked", [
        keyNumber(key).toString(),
      ]);
      return row?.locked === true;
    },
    release: async (db, key) => {
      await db.query("SELECT pg_advisory_unlock($1::bigint)", [keyNumber(key).toString()]);
    },
    holder: async (db, key) => {
      const [row] = await db.query<Activity>(
        `SELECT a.pid, a.application_name, a.client_addr::text AS client_addr, a.backend_start::text AS since,
           NULL AS query
         FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
           AND (l.classid::bigint << 32) | l.objid::bigint = $1::bigint`,
        [keyNumber(key).toString()],
      );
      return row && inWords(row);
    },
  },
  setTimeouts: ({ lock, statement }: Timeouts) => [
    ...(lock === undefined ? [] : [{ sql: `SET lock_timeout = ${lock}` }]),
    ...(statement === undefined ? [] : [{ sql: `SET statement_timeout = ${statement}` }]),
  ],
  resetTimeouts: ({ lock, statement }: Timeouts) => [
    ...(lock === undefined ? [] : [{ sql: "RESET lock_timeout" }]),
    ...(statement === undefined ? [] : [{ sql: "RESET statement_timeout" }]),
  ],
  savepoint: {
    set: "SAVEPOINT limbeck",
    back: "ROLLBACK TO SAVEPOINT limbeck",
    release: "RELEASE SAVEPOINT limbeck",
  },
  // lock_not_available (appendix A)
  isLockTimeout: (error) => (error as { readonly code?: unknown }).code === "55P03",
  hintFor: outOfLocks,
  blockers: async (db: Queryable, table) => {
    if (table === undefined) return [];
    const name = table.schema === undefined ? [table.name] : [table.schema, table.name];
    const rows = await db.query<Activity>(
      `SELECT DISTINCT a.pid, a.application_name, a.client_addr::text AS client_addr, a.xact_start::text AS since,
         left(a.query, 200) AS query
       FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
       WHERE l.granted AND l.relation = to_regclass($1) AND l.pid <> pg_backend_pid()`,
      [name.map((part) => `"${part.replaceAll('"', '""')}"`).join(".")],
    );
    return rows.map(inWords);
  },
  cancel: {
    id: "SELECT pg_backend_pid() AS id",
    sql: (id) => `SELECT pg_cancel_backend(${id})`,
  },
};

/**
 * Every table and index that a transaction touches keeps its place in the server's one table of locks until COMMIT (manual,
 * 19.12). Its own hint names the setting in every language; other shortages of memory have the same code.
 */
function outOfLocks(error: unknown): string | undefined {
  const { code, hint } = error as { readonly code?: unknown; readonly hint?: unknown };
  if (code !== "53200" || !String(hint).includes("max_locks_per_transaction")) return undefined;
  return (
    "one transaction locks more tables and indexes than the server has room for: give each revision its own by " +
    '`transaction: "each"` and split the ones that are too large, or raise max_locks_per_transaction, which takes a restart'
  );
}

function inWords({
  pid,
  application_name: application,
  client_addr: address,
  since,
  query,
}: Activity): string {
  return [
    `process ${pid}`,
    ...(application ? [`of ${application}`] : []),
    ...(address ? [`from ${address}`] : []),
    ...(since ? [`since ${since}`] : []),
    ...(query ? [`(${query})`] : []),
  ].join(" ");
}
