/** What a revision, or any code with a connection, may ask of the database that it runs on. */
import type { Schema } from "../model/schema";

/** One line of the history: a revision that ran. */
export interface HistoryEntry {
  readonly revision: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly direction: "up" | "down" | "stamp";
  readonly appliedAt: string;
}

/** What is known of one database: its version rows, what ran on it, its schema. `op.context` is one. */
export interface MigrationContext {
  /** Whether a script is written; it has no database to ask. */
  readonly isOffline: boolean;
  /** The rows of the version table, sorted; none where there is no table. Creates nothing. */
  heads(): Promise<readonly string[]>;
  /** What ran on this database, oldest first; nothing where there is no table. Creates nothing. */
  history(): Promise<readonly HistoryEntry[]>;
  /** Reads the whole schema from the database. */
  inspect(): Promise<Schema>;
}
