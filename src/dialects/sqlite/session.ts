/** Sessions on SQLite: there are none; the file has one write lock, and whoever wants it waits. */
import { LimbeckError } from "../../errors";
import type { QualifiedName } from "../../model/schema";
import type { Session, Statement, Timeouts } from "../dialect";
import { quoteName } from "./quote";

export const session: Session = {
  setTimeouts: ({ lock, statement }: Timeouts) => {
    if (statement !== undefined) {
      throw new LimbeckError("UNSUPPORTED", "SQLite has no timeout for statements", {
        hint: "leave `statementTimeout` out of the configuration for this database",
      });
    }
    return lock === undefined ? [] : [{ sql: `PRAGMA busy_timeout=${lock}` }];
  },
  // What the drivers set when they connect: five seconds with better-sqlite3; the connection is closed after the run.
  resetTimeouts: ({ lock }) => (lock === undefined ? [] : [{ sql: "PRAGMA busy_timeout=5000" }]),
  isLockTimeout: (error) =>
    /^SQLITE_(?:BUSY|LOCKED)/.test(String((error as { readonly code?: unknown }).code)),
  // The file does not know who holds its lock.
  blockers: () => Promise.resolve([]),
};

/**
 * A write that changes nothing takes the lock that BEGIN IMMEDIATE would; TypeORM begins with BEGIN alone
 * (https://www.sqlite.org/lang_transaction.html#immediate).
 */
export function writeLock(table: QualifiedName | undefined): readonly Statement[] {
  if (table) return [{ sql: `DELETE FROM ${quoteName(table)} WHERE 0` }];
  return [{ sql: "CREATE TABLE limbeck_write_lock (held)" }, { sql: "DROP TABLE limbeck_write_lock" }];
}
