import type { Queryable } from "../dialect";

/**
 * Runs a body in a transaction, or behind a savepoint where one is open, and rolls back: whatever the body sets or makes
 * is gone afterwards, and a transaction of the caller's stays as it was.
 */
export async function withoutTrace<T>(db: Queryable, readOnly: boolean, body: () => Promise<T>): Promise<T> {
  // A statement by itself is a transaction by itself: both began at the same moment (manual, section 9.9.5).
  const [state] = await db.query<{ open: boolean }>("SELECT now() <> statement_timestamp() AS open");
  const isOpen = state?.open === true;
  await db.query(isOpen ? "SAVEPOINT limbeck_judge" : `BEGIN ${readOnly ? "READ ONLY" : "READ WRITE"}`);
  try {
    return await body();
  } finally {
    await db.query(isOpen ? "ROLLBACK TO SAVEPOINT limbeck_judge" : "ROLLBACK");
    if (isOpen) await db.query("RELEASE SAVEPOINT limbeck_judge");
  }
}
