/**
 * All that differs between databases. A dialect knows SQL and catalogues; it opens no connection and reads no file.
 */
import type { QualifiedName, Schema } from "../model/schema";
import type { Operation, RowValue } from "../operations/operation";
import type { Registry } from "../operations/registry";

export type DialectName = "postgres" | "mysql" | "mariadb" | "sqlite" | "mssql";

/** SQL as data, with what caused it. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly RowValue[];
  /** Commits by itself or refuses to run in a transaction. */
  readonly outsideTransaction?: boolean;
  /** The operation that was compiled to it; absent for what Limbeck does on its own behalf (version rows, settings). */
  readonly operation?: Operation;
}

/** Where SQL goes: one pinned connection. */
export interface Queryable {
  /** Runs one statement and answers with its rows. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What is true of a database, as data. */
export interface Traits {
  /** Whether DDL takes part in transactions. */
  readonly transactionalDdl: boolean;
  /** The longest name, in characters. */
  readonly maxIdentifierLength: number;
  /** The schema that is meant when none is said, as entities and connection know it. */
  readonly defaultSchema?: string;
  /** Whether constraints of each kind are told apart by name. */
  readonly namedConstraints: boolean;
  /** Whether the order of columns is worth comparing (it never is worth a rebuild). */
  readonly typeormMetadataTable: boolean;
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
  readonly registry: Registry;
}

/** What frames a run or a script: settings that must change before BEGIN, and what must hold before COMMIT. */
export interface Frame {
  /** Statements before the first BEGIN. */
  readonly before: readonly Statement[];
  /** Statements after the last COMMIT or ROLLBACK. */
  readonly after: readonly Statement[];
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
  /** Reads the live schema in a fixed number of queries, however many tables there are. */
  inspect(db: Queryable, scope: Scope): Promise<Schema>;
  /** Canonical form: equal schemas become equal data. Pure, and the same for target and live. */
  normalize(schema: Schema): Schema;
  /**
   * Asks the database itself whether expressions that are spelt differently are equal, and answers with the target
   * respelt as the live schema has it wherever they are. Changes nothing in the database.
   */
  canonicalize?(db: Queryable, target: Schema, live: Schema): Promise<Schema>;
  /** The statements of one complete operation. Throws UNSUPPORTED for what the database does not have. */
  compile(operation: Operation, context: CompileContext): readonly Statement[];
  /** Folds what cannot be altered in place into `recreateTable`, given the schema before the operations. */
  rewrite?(operations: readonly Operation[], schema: Schema): readonly Operation[];
  /** Settings around a run, such as foreign keys that must be off before the first BEGIN (SQLite). */
  frame?(db: Queryable | undefined): Promise<Frame>;
  /** Throws when what was done breaks a rule that was switched off meanwhile; called before COMMIT. */
  verify?(db: Queryable): Promise<void>;
  /** Runs the body while no other run of the same version table can. */
  withLock<T>(db: Queryable, key: string, body: () => Promise<T>): Promise<T>;
}
