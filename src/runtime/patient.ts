/** An executor with timeouts, and with patience where a lock on a table cannot be had. */
import { setTimeout as sleep } from "node:timers/promises";
import { describeDuration, parseDuration } from "../config/duration";
import { LimbeckError } from "../errors";
import type { Session, Statement, Timeouts } from "../dialects/dialect";
import type { QualifiedName } from "../model/schema";
import type { MigrationContext } from "./context";
import { driverError } from "./executor";
import type { Executor } from "./executor";
import type { Reporter } from "./reporter";

export interface PatientOptions {
  /** What the configuration says for every statement. */
  readonly timeouts: Timeouts;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** Whether a transaction is open, which a failed statement would spoil. */
  readonly isInTransaction: () => boolean;
  /** Pauses between the tries, in milliseconds; when they are used up, the failure stands. */
  readonly pauses?: readonly number[];
}

const PAUSES = [1000, 2000, 4000, 8000, 16_000];

/**
 * Sets an operation's own timeouts around its statements, and tries a statement again that waited too long for a lock,
 * with growing pauses: each try lets others pass that would queue behind it.
 */
export function patient(context: MigrationContext, options: PatientOptions): Executor {
  const { executor } = context;
  return {
    ...executor,
    run: async <Row>(statement: Statement) => {
      const own = ownTimeouts(statement);
      if (own === NONE) return await tried<Row>(context, statement, options.timeouts, options);
      const timeouts = { ...options.timeouts, ...own };
      await runAll(executor, context.dialect.session.setTimeouts(own));
      const rows = await tried<Row>(context, statement, timeouts, options);
      await putBack(context, own, options.timeouts);
      return rows;
    },
  };
}

const NONE: Timeouts = {};

/** The timeouts that an operation was given. Throws INVALID_OPERATION for what is no duration. */
function ownTimeouts({ operation, sql }: Statement): Timeouts {
  const run = operation && "run" in operation ? operation.run : undefined;
  if (run === undefined) return NONE;
  const read = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined) return milliseconds;
    throw new LimbeckError("INVALID_OPERATION", `"${text}" is no duration`, {
      hint: 'write "500ms", "5s", "2min" or "1h"',
      sql,
    });
  };
  const lock = read(run.lockTimeout);
  const statement = read(run.statementTimeout);
  return { ...(lock === undefined ? {} : { lock }), ...(statement === undefined ? {} : { statement }) };
}

async function putBack(
  { dialect, executor }: MigrationContext,
  own: Timeouts,
  general: Timeouts,
): Promise<void> {
  await runAll(executor, dialect.session.resetTimeouts(own));
  const again = {
    ...(own.lock === undefined || general.lock === undefined ? {} : { lock: general.lock }),
    ...(own.statement === undefined || general.statement === undefined
      ? {}
      : { statement: general.statement }),
  };
  await runAll(executor, dialect.session.setTimeouts(again));
}

async function runAll(executor: Executor, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await executor.run(statement);
}

async function tried<Row>(
  context: MigrationContext,
  statement: Statement,
  timeouts: Timeouts,
  options: PatientOptions,
): Promise<readonly Row[]> {
  const { executor, dialect } = context;
  const { session } = dialect;
  if (timeouts.lock === undefined || context.isOffline) return await executor.run<Row>(statement);
  const { pauses = PAUSES, reporter, signal } = options;
  const savepoint = options.isInTransaction() && !isOfEnum(statement) ? session.savepoint : undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await behind<Row>(savepoint, statement, executor);
    } catch (error) {
      if (!(error instanceof LimbeckError) || !session.isLockTimeout(driverError(error))) throw error;
      if (savepoint) await executor.run({ sql: savepoint.back });
      const blockers = await session.blockers(context.db, tableOf(statement)).catch(() => []);
      const pause = pauses[attempt];
      if (pause === undefined) throw blocked(error, attempt + 1, blockers);
      const by = blockers.length === 0 ? "" : `, in the way: ${blockers.join("; ")}`;
      reporter.info(
        `no lock within ${describeDuration(timeouts.lock)}${by}; trying again in ${describeDuration(pause)}`,
      );
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** A statement behind a savepoint, which is forgotten when it has run. */
async function behind<Row>(
  savepoint: Session["savepoint"],
  statement: Statement,
  executor: Executor,
): Promise<readonly Row[]> {
  if (savepoint) await executor.run({ sql: savepoint.set });
  const rows = await executor.run<Row>(statement);
  if (savepoint?.release !== undefined) await executor.run({ sql: savepoint.release });
  return rows;
}

/** Behind a savepoint, PostgreSQL would not know a type for one of this transaction; and nothing waits for a new type. */
function isOfEnum({ operation }: Statement): boolean {
  return (
    operation?.kind === "createEnum" || (operation?.kind === "alterEnum" && operation.adding === "inside")
  );
}

function tableOf({ operation }: Statement): QualifiedName | undefined {
  if (operation === undefined) return undefined;
  if ("table" in operation) return operation.table;
  return operation.kind === "renameTable" ? operation.from : undefined;
}

function blocked(error: LimbeckError, tries: number, blockers: readonly string[]): LimbeckError {
  const by = blockers.length === 0 ? "" : `, because of ${blockers.join("; ")}`;
  return new LimbeckError(error.code, `no lock after ${tries} tries${by} (${error.message})`, {
    cause: error.cause,
    hint: "end what is in the way, or run again when it is quieter",
    ...(error.sql === undefined ? {} : { sql: error.sql }),
  });
}
