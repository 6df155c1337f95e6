/**
 * Where statements go: to a database, into a script, or into a list. Three consumers of one stream; nothing upstream
 * knows which of them listens.
 */
import { createHash } from "node:crypto";
import { LimbeckError, messageOf } from "../errors";
import { inlineParameters } from "../dialects/ansi/parameters";
import type { Dialect, Queryable, ScriptStyle, Statement } from "../dialects/dialect";

export interface Executor {
  /** Runs a statement and answers with its rows; a script and a list have none. */
  run<Row = Record<string, unknown>>(statement: Statement): Promise<readonly Row[]>;
  /** Runs a statement that must change exactly that many rows. */
  change(statement: Statement, rows: number): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** A line for people, which only a script keeps. */
  comment(text: string): void;
}

/** How the executor begins and ends transactions; TypeORM's query runner does, so that `op.manager` knows of it. */
export interface Transactions {
  startTransaction(): Promise<void>;
  commitTransaction(): Promise<void>;
  rollbackTransaction(): Promise<void>;
  readonly isTransactionActive: boolean;
}

/** The driver's own error behind that of a statement; TypeORM wraps it. */
export function driverError({ cause }: LimbeckError): unknown {
  return (cause as { readonly driverError?: unknown } | undefined)?.driverError ?? cause ?? {};
}

/** Runs statements on a connection. An error carries its statement. */
export function onlineExecutor(dialect: Dialect, db: Queryable, transactions: Transactions): Executor {
  const guarded = async <T>(
    statement: Statement,
    body: (values: readonly unknown[]) => Promise<T>,
  ): Promise<T> => {
    try {
      return await body((statement.parameters ?? []).map((value) => dialect.parameter(value)));
    } catch (cause) {
      if (cause instanceof LimbeckError) throw cause;
      throw failed(dialect, statement, cause);
    }
  };
  return {
    run: async <Row>(statement: Statement) =>
      await guarded(statement, async (values) => await db.query<Row>(statement.sql, values)),
    change: async (statement, rows) => {
      const changed = await guarded(statement, async (values) => await db.change(statement.sql, values));
      if (changed === rows) return;
      throw new LimbeckError(
        "VERSION_ROWS_CHANGED",
        `${changed} rows of the version table were changed where ${rows} should have been`,
        {
          hint: "somebody else changed it meanwhile: look with `limbeck current`, then run again",
          sql: statement.sql,
        },
      );
    },
    begin: () => transactions.startTransaction(),
    commit: () => transactions.commitTransaction(),
    rollback: async () => {
      if (transactions.isTransactionActive) await transactions.rollbackTransaction();
    },
    comment: () => undefined,
  };
}

function failed(dialect: Dialect, { sql }: Statement, cause: unknown): LimbeckError {
  const error = new LimbeckError("STATEMENT_FAILED", messageOf(cause), { sql, cause });
  const hint = dialect.session.hintFor?.(driverError(error));
  return hint === undefined ? error : new LimbeckError(error.code, error.message, { sql, cause, hint });
}

/** Writes statements as a script for the database's own client. */
export function scriptExecutor(dialect: Dialect, write: (text: string) => void): Executor {
  const { terminator, begin, commit, batches } = dialect.script;
  let inTransaction = false;
  const statementText = ({ sql, parameters = [] }: Statement): string =>
    inlineParameters(
      sql,
      parameters.map((value) => dialect.literal(value)),
      dialect.placeholder,
    ).trimEnd();
  const writeStatement = (statement: Statement): void => {
    writeText(statementText(statement));
  };
  const writeText = (text: string): void => {
    if (batches) demandOneBatch(text, batches.separator);
    const guard = batches && [batches.separator, batches.guard(inTransaction), batches.separator];
    write([terminated(text, terminator), ...(guard ?? []), "", ""].join("\n"));
  };
  return {
    run: (statement) => {
      writeStatement(statement);
      return Promise.resolve([]);
    },
    change: (statement) => {
      writeStatement(statement);
      return Promise.resolve();
    },
    begin: () => {
      inTransaction = true;
      writeText(begin);
      return Promise.resolve();
    },
    commit: () => {
      inTransaction = false;
      writeText(commit);
      return Promise.resolve();
    },
    rollback: () => Promise.resolve(),
    comment: (text) =>
      write(
        `${text
          .split("\n")
          .map((line) => `-- ${line}`.trimEnd())
          .join("\n")}\n`,
      ),
  };
}

/** A comment at the end would swallow what ends the statement. */
function terminated(text: string, terminator: string): string {
  if (/(--|#)[^\n]*$/.test(text)) return `${text}\n${terminator}`;
  return text.endsWith(terminator) ? text : text + terminator;
}

/** Lines of SQL at the top or the end of a script, as a batch of their own where there are batches. */
export function scriptLines(lines: readonly string[], { batches }: ScriptStyle): string {
  if (lines.length === 0) return "";
  return [...lines, ...(batches ? [batches.separator, ""] : []), ""].join("\n");
}

/** The client looks for its separator line by line, also inside of quotes and comments. */
function demandOneBatch(sql: string, separator: string): void {
  const line = sql
    .split(/\r?\n/)
    .find((text) => text.trim().split(/\s+/)[0]?.toUpperCase() === separator.toUpperCase());
  if (line === undefined) return;
  throw new LimbeckError(
    "INVALID_OPERATION",
    `a line of this SQL is "${line.trim()}", which would end the batch in a script`,
    {
      sql,
      hint: "make it several calls of `execute`, or choose another `batchSeparator` in the configuration",
    },
  );
}

/** An executor that only keeps what it was given. */
export interface Recorder extends Executor {
  readonly statements: readonly Statement[];
}

/** Keeps statements in a list, for a dry run or for looking at what a revision does. */
export function recorder(): Recorder {
  const statements: Statement[] = [];
  return {
    statements,
    run: (statement) => {
      statements.push(statement);
      return Promise.resolve([]);
    },
    change: (statement) => {
      statements.push(statement);
      return Promise.resolve();
    },
    begin: () => Promise.resolve(),
    commit: () => Promise.resolve(),
    rollback: () => Promise.resolve(),
    comment: () => undefined,
  };
}

/** A hash that grows with what an executor is given. */
export interface Hashing {
  readonly executor: Executor;
  /** Takes in a statement that goes another way. */
  readonly note: (statement: Statement) => void;
  /** The hash of all that came; asked once, at the end. */
  readonly hash: () => string;
}

/** An executor that passes everything on and keeps a hash of the SQL, so that a revision can be known again by it. */
export function hashing(executor: Executor): Hashing {
  const digest = createHash("sha256");
  const note = ({ sql }: Statement): void => {
    digest.update(sql).update("\0");
  };
  return {
    executor: {
      ...executor,
      run: async <Row>(statement: Statement) => {
        note(statement);
        return await executor.run<Row>(statement);
      },
    },
    note,
    hash: () => digest.digest("hex"),
  };
}
