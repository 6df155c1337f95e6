/**
 * All that differs between databases. A dialect knows SQL and catalogues; it opens no connection and reads no file.
 */
import type { ColumnType, QualifiedName, Schema } from "../model/schema";
import type { Operation, RowValue } from "../operations/operation";
import type { Registry } from "../operations/registry";
import type { DialectName } from "../operations/spec";

export type { DialectName } from "../operations/spec";

/** SQL as data, with what caused it. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly RowValue[];
  /** Commits by itself or refuses to run in a transaction. */
  readonly outsideTransaction?: boolean;
  /** Changes the session and nothing else, for the statement after it: to be run anew by every session. */
  readonly sessionOnly?: boolean;
  /** The operation that was compiled to it; absent for what Limbeck does on its own behalf (version rows, settings). */
  readonly operation?: Operation;
}

/** Where SQL goes: one pinned connection. */
export interface Queryable {
  /** Runs one statement and answers with its rows. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Runs one statement that changes rows and answers with their number. */
  change(sql: string, parameters?: readonly unknown[]): Promise<number>;
}

/** What is true of a database, as data. */
export interface Traits {
  /** Whether DDL takes part in transactions. */
  readonly transactionalDdl: boolean;
  /** Whether a table may name another in a foreign key before that one exists. */
  readonly forwardReferences: boolean;
  /** The type of a text of any length. */
  readonly longText: string;
  /** SQL of the current time in UTC as text, where CURRENT_TIMESTAMP would not be put as ISO 8601 has it. */
  readonly nowText?: string;
  /** Whether changes of one table are best written as one batch, because some of them copy the table. */
  readonly batches: boolean;
}

/** What `inspect` reads. */
export interface Scope {
  /** Schemas (or databases) to read beside the default one. */
  readonly schemas: readonly string[];
}

/** What the compiler must know beside the operation. */
export interface CompileContext {
  /** Where TypeORM keeps the text of views and generated columns; absent when these rows are not to be kept. */
  readonly typeormMetadata?: QualifiedName;
  /** Version of the server, such as `"15.4"`, where what is written depends on it. */
  readonly serverVersion?: string;
  /** The connection's own database, where it is known and names in other databases need it (MySQL). */
  readonly database?: string;
  readonly registry: Registry;
  /**
   * Whether values may go to a driver beside the statement, and the types of the table's columns where the dialect asks for
   * them: absent in scripts, and where rows are too few to be worth it.
   */
  readonly columnTypes?: Readonly<Record<string, string>>;
}

/** A lock that a session of the server holds: whoever dies loses it. */
export interface SessionLock {
  /** Tries once, without waiting. */
  tryAcquire(db: Queryable, key: string): Promise<boolean>;
  release(db: Queryable, key: string): Promise<void>;
  /** Who holds it, in words: process, application, address, since when. Nothing where the server does not tell. */
  holder(db: Queryable, key: string): Promise<string | undefined>;
}

/** How long the server may wait or work, in milliseconds. */
export interface Timeouts {
  /** For a lock on a table. */
  readonly lock?: number;
  /** For a whole statement. */
  readonly statement?: number;
}

/** What runs need of a session of the database. */
export interface Session {
  /** Absent where a file's write lock is all there is (SQLite). */
  readonly lock?: SessionLock;
  /** Sets timeouts for this session. Throws UNSUPPORTED where the database has no such thing. */
  setTimeouts(timeouts: Timeouts): readonly Statement[];
  /** Puts back what the server has by default. */
  resetTimeouts(timeouts: Timeouts): readonly Statement[];
  /** Whether the driver's error says that a lock could not be had in time. */
  isLockTimeout(error: unknown): boolean;
  /** What to do next about the driver's error, where the server's own words do not say enough. */
  hintFor?(error: unknown): string | undefined;
  /**
   * Marks a place in a transaction, goes back to it, and forgets it, where it can be forgotten; absent where a failed
   * statement leaves the transaction as it was.
   */
  readonly savepoint?: { readonly set: string; readonly back: string; readonly release?: string };
  /** Who stands in the way of a lock on a table, in words; none where the database does not tell. */
  blockers(db: Queryable, table: QualifiedName | undefined): Promise<readonly string[]>;
  /** The query for this session's number, as `id`, and what ends the statement that a session runs, from another one. */
  readonly cancel?: { readonly id: string; sql(id: number): string };
}

/** Whole databases on a server, made for one purpose and removed after it. */
export interface ScratchDatabases {
  /** The query for the database that the connection is on, as `name`. */
  readonly current: string;
  /** Where to connect when the application's own database is not there (yet); without any database where it is not said. */
  readonly fallback?: string;
  /** Whether a schema, as it stands in names, lies inside of one database and not beside it. */
  readonly contains: (schema: string) => boolean;
  /** Makes an empty database that encodes and sorts text as the database `like` does, where that exists. */
  create(db: Queryable, name: string, like: string | undefined): Promise<void>;
  /** Removes a database, also where somebody is still connected to it. */
  drop(db: Queryable, name: string): Promise<void>;
}

/** What stands around a run: settings that must change before the first BEGIN, and what must hold before COMMIT. */
export interface Frame {
  readonly before: readonly Statement[];
  /** Statements after the last COMMIT or ROLLBACK. */
  readonly after: readonly Statement[];
  /** Throws when what was done breaks a rule that was switched off meanwhile; called before each COMMIT. */
  readonly verify?: (db: Queryable) => Promise<void>;
  /** Throws for an operation that would lose rows in the transaction that the caller has begun. */
  readonly refuse?: (operation: Operation, schema: Schema) => void;
  /** The same check as SQL that stops the client, for scripts. */
  readonly verifySql?: readonly Statement[];
}

/** How a script is written for the database's own client. */
export interface ScriptStyle {
  /** Lines at the very top, such as what makes the client stop at the first error. */
  readonly header: readonly string[];
  /** What ends a statement. */
  readonly terminator: string;
  readonly begin: string;
  readonly commit: string;
  /** Where the client sends what is between two separators at once, and goes on after errors (SQL Server). */
  readonly batches?: ScriptBatches;
  /** Lines at the very end. */
  readonly footer?: readonly string[];
}

/** How a script is cut into batches: each statement is one. */
export interface ScriptBatches {
  /** The line that ends a batch. */
  readonly separator: string;
  /** A batch after each statement that keeps the rest from running where that one failed. */
  guard(inTransaction: boolean): string;
}

export interface Dialect {
  readonly name: DialectName;
  readonly traits: Traits;
  /** A name quoted by the rules of the database. */
  quote(name: string): string;
  /** A table or view name, quoted, with its schema where it has one. */
  quoteName(name: QualifiedName): string;
  /** A value as a literal of the database. */
  literal(value: RowValue): string;
  /** The names of the schemas (databases, attached files) beside the connection's default one, without the server's own. */
  schemas(db: Queryable): Promise<readonly string[]>;
  /**
   * Whether a table is there, also where this role may not read it; absent where TypeORM's own question tells. What hides
   * such a table would make a database that is in use look like one that is empty.
   */
  hasTable?(db: Queryable, table: QualifiedName): Promise<boolean>;
  /** Reads the live schema in a fixed number of queries, however many tables there are. */
  inspect(db: Queryable, scope: Scope): Promise<Schema>;
  /** Throws METADATA_INVALID where two things that the entities want would have one name; absent where nothing cuts names. */
  checkNames?(target: Schema): void;
  /** Canonical form: equal schemas become equal data. Pure, and the same for target and live. */
  normalize(schema: Schema): Schema;
  /**
   * Asks the database itself whether expressions that are spelt differently are equal, and answers with the target
   * respelt as the live schema has it wherever they are. Changes nothing in the database. `warn` hears, in sentences, of
   * what the database would not judge (a role without the rights, a replica).
   */
  canonicalize?(
    db: Queryable,
    target: Schema,
    live: Schema,
    warn?: (sentence: string) => void,
  ): Promise<Schema>;
  /**
   * The live schema with what the target changes or lacks in the words of TypeORM's own table, so that a downgrade brings
   * back what TypeORM knows; where `inspect` does not read these words already.
   */
  remembered?(db: Queryable, live: Schema, target: Schema, table: QualifiedName): Promise<Schema>;
  /** The statements of one complete operation. Throws UNSUPPORTED for what the database does not have. */
  compile(operation: Operation, context: CompileContext): readonly Statement[];
  /**
   * The operation in the words of the database, where it has others (a unique that is an index), given the schema before
   * it; for operations that need no schema, an empty one. Applied twice is applied once.
   */
  understand?(operation: Operation, schema: Schema): Operation;
  /** An operation with what the database would be told without a word, such as a cast, for whoever reads a generated file. */
  spellOut?(operation: Operation): Operation;
  /** Folds what cannot be altered in place into `recreateTable`, given the schema before the operations. */
  rewrite?(operations: readonly Operation[], schema: Schema, registry?: Registry): readonly Operation[];
  /**
   * The operation with all that its statements need, in a script that cannot know what it changes; nothing where they
   * would have to repeat what is there before.
   */
  unseen(operation: Operation): Operation | undefined;
  /** The schema with what the operation is about read anew, where a simulation cannot know all that `rewrite` needs. */
  reread?(db: Queryable, operation: Operation, schema: Schema): Promise<Schema>;
  /**
   * The operations of a generated revision, given the schema before them, with what stands in their way taken down
   * before and put back after: foreign keys, where the database changes no column under one.
   */
  arrange?(operations: readonly Operation[], schema: Schema): readonly Operation[];
  /** The types of a table's columns as a cast takes them, where many rows are written faster with them. */
  columnTypes?(db: Queryable, table: QualifiedName): Promise<Readonly<Record<string, string>>>;
  /** What stands around a run on this connection, or around a script where there is none. */
  frame?(db: Queryable | undefined, isInTransaction: boolean): Promise<Frame>;
  readonly script: ScriptStyle;
  /** Whether a value can be used in the transaction that adds it, where its type was made in the same one. */
  usesFreshValues?(serverVersion: string | undefined): boolean;
  /** Makes a schema where it is absent, by a role that may not make any where it is there. */
  ensureSchema?(name: string): string;
  /** Plain SQL that fails unless the version table holds exactly these rows (DESIGN 4.6). */
  expectVersions(table: QualifiedName, column: string, rows: readonly string[]): readonly Statement[];
  /** A parameter as the driver takes it. */
  parameter(value: RowValue): unknown;
  /**
   * SQL for the value of a column as text that is a literal of it, exactly: to remember a place among rows and to come
   * back to it.
   */
  literalOf(column: string, type: ColumnType): string;
  /** How parameters stand in a statement, for writing them into scripts. */
  readonly placeholder: "?" | "$1" | "@0";
  readonly session: Session;
  /** Absent where a database in memory is as good (SQLite). */
  readonly scratch?: ScratchDatabases;
  /**
   * Takes the write lock of the file, as the first statements of a transaction, by a write that changes nothing; where
   * that is all there is. The table is one that exists, if any does.
   */
  readonly writeLock?: (table: QualifiedName | undefined) => readonly Statement[];
  /** Takes away what a failed statement of an operation left behind, before it is tried again. */
  clearFailed?(db: Queryable, operation: Operation): Promise<void>;
}
