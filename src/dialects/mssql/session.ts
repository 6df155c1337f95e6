/**
 * What runs need of a session: the lock that keeps others out (sp_getapplock,
 * https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/sp-getapplock-transact-sql), timeouts, and
 * who is in the way. All of it belongs to one connection, so a run must keep to one.
 */
import { LimbeckError } from "../../errors";
import type { QualifiedName } from "../../model/schema";
import type { Queryable, Session, SessionLock, Statement, Timeouts } from "../dialect";
import { objectId } from "./lookup";
import { argument } from "./quote";

/** Characters of a resource that sys.dm_tran_locks shows. */
const SHOWN = 32;
/** Lock request time out period exceeded. */
const LOCK_TIMEOUT = 1222;

interface SessionRow {
  readonly id: number;
  readonly program: string | null;
  readonly host: string | null;
  readonly login: string | null;
  readonly since: string;
}

const resourceOf = (key: string): string => `limbeck ${key}`;

/** The owner is the session, so that the lock stands through commits and rollbacks and is gone with the connection. */
const lock: SessionLock = {
  tryAcquire: async (db, key) => {
    const [row] = await db.query<{ readonly result: number }>(
      "DECLARE @result int;\n" +
        `EXEC @result = sp_getapplock @Resource = ${argument(resourceOf(key))}, @LockMode = N'Exclusive',` +
        " @LockOwner = N'Session', @LockTimeout = 0;\nSELECT @result AS [result]",
    );
    // 0 and 1 are locks, -1 is somebody else's; everything below is a failure.
    if (row !== undefined && row.result >= -1) return row.result >= 0;
    throw new LimbeckError("STATEMENT_FAILED", `sp_getapplock answered ${row?.result ?? "nothing"}`, {
      hint: "see its return codes in the manual of SQL Server",
    });
  },
  release: async (db, key) => {
    await db.query(
      `EXEC sp_releaseapplock @Resource = ${argument(resourceOf(key))}, @LockOwner = N'Session'`,
    );
  },
  holder: async (db, key) => {
    const shown = argument(resourceOf(key).slice(0, SHOWN));
    const [row] = await sessions(
      db,
      `l.resource_type = N'APPLICATION' AND CHARINDEX(${shown}, l.resource_description) > 0`,
    );
    return row && inWords(row);
  },
};

export const session: Session = {
  lock,
  setTimeouts,
  resetTimeouts: ({ lock: wait }) => (wait === undefined ? [] : [{ sql: "SET LOCK_TIMEOUT -1" }]),
  isLockTimeout: (error) => (error as { readonly number?: unknown } | undefined)?.number === LOCK_TIMEOUT,
  savepoint: { set: "SAVE TRANSACTION limbeck", back: "ROLLBACK TRANSACTION limbeck" },
  blockers,
};

/** Throws UNSUPPORTED for the time of a whole statement, which only the client can end. */
function setTimeouts({ lock: wait, statement }: Timeouts): readonly Statement[] {
  if (statement !== undefined) {
    throw new LimbeckError("UNSUPPORTED", "SQL Server has no timeout for a statement", {
      hint: "leave out `statementTimeout`; `requestTimeout` in the options of the data source is the driver's",
    });
  }
  return wait === undefined ? [] : [{ sql: `SET LOCK_TIMEOUT ${Math.round(wait)}` }];
}

/** Whoever holds locks on the table, or on any object where no table is known. */
async function blockers(db: Queryable, table: QualifiedName | undefined): Promise<readonly string[]> {
  const on = table === undefined ? "" : ` AND l.resource_associated_entity_id = ${objectId(table)}`;
  const rows = await sessions(db, `l.resource_type = N'OBJECT' AND l.resource_database_id = DB_ID()${on}`);
  return rows.map(inWords);
}

/** Sessions of others that hold locks; reading them needs VIEW SERVER STATE. */
async function sessions(db: Queryable, condition: string): Promise<readonly SessionRow[]> {
  return await db.query<SessionRow>(
    "SELECT DISTINCT e.session_id AS [id], e.program_name AS [program], e.host_name AS [host]," +
      " e.login_name AS [login], CONVERT(nvarchar(30), e.login_time, 126) AS [since]" +
      " FROM sys.dm_tran_locks AS l JOIN sys.dm_exec_sessions AS e ON e.session_id = l.request_session_id" +
      ` WHERE l.request_status = N'GRANT' AND e.session_id <> @@SPID AND ${condition}`,
  );
}

function inWords({ id, program, host, login, since }: SessionRow): string {
  const what = [program, login, host].filter((part) => part !== null && part !== "").join(", ");
  return `session ${id}${what === "" ? "" : ` (${what})`}, since ${since}`;
}
