/** One revision of a run, with its version rows and its line in the history. */
import { userInfo } from "node:os";
import type { Statement } from "../dialects/dialect";
import type { Backfill } from "../operations/operation";
import type { Step } from "../revisions/revision";
import type { MigrationContext } from "./context";
import type { RevisionModule } from "./directory";
import { backfillInBatches } from "./backfill";
import { demandMeant } from "./commits";
import { hashing } from "./executor";
import type { Executor } from "./executor";
import { firstLine } from "./journal";
import type { HalfDone } from "./journal";
import { JournaledExecutor } from "./journaled";
import { resumedSchema } from "./known-schema";
import type { Ledger } from "./ledger";
import { createOperations } from "./op";
import type { Reporter } from "./reporter";
import type { Transaction } from "./transaction";
import { stepFailure } from "./step-failure";
import { expectVersions } from "./version-table";

/** What a step needs beside the context. */
export interface StepOptions {
  readonly module: RevisionModule;
  readonly transaction: Transaction;
  readonly ledger: Ledger;
  readonly halfDone?: HalfDone;
  readonly now: () => Date;
  readonly limbeckVersion: string;
  readonly args: readonly unknown[];
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  readonly onStatement?: (number: number, statement: Statement) => void;
}

/** Runs one revision, up or down. Throws what failed, with the revision, its file and the number of the statement. */
export async function runStep(context: MigrationContext, step: Step, options: StepOptions): Promise<void> {
  context.executor.comment(stepTitle(step));
  if (context.isOffline) await assertVersions(context, step);
  const startedAt = options.now();
  const journaled = context.isOffline ? undefined : journal(context, step, options);
  const { executor, hash, note } = hashing(journaled ?? interrupting(context.executor, options.transaction));
  try {
    const knowing = journaled?.isResuming ? resuming(context, journaled) : context;
    const atomic = knowing.through(executor).atomic((body) => options.transaction.inside(body));
    const backfill = async (operation: Backfill): Promise<void> => {
      if (!journaled || options.transaction.isTrial) await atomic.perform(operation);
      else await backfillInBatches(knowing, journaled, operation, { ...options, note });
    };
    await callRevision(atomic, step, options, { journaled, backfill });
  } catch (cause) {
    throw stepFailure(step, cause, { at: journaled?.place ?? "", isOffline: context.isOffline });
  }
  await finish(context, step, { ...options, startedAt, hash: hash(), journaled });
}

function journal(context: MigrationContext, step: Step, options: StepOptions): JournaledExecutor {
  const { module, transaction, halfDone, onStatement = () => undefined } = options;
  return new JournaledExecutor({
    context,
    step,
    transaction,
    ...(halfDone === undefined ? {} : { halfDone }),
    resumable: module.resumable ?? false,
    onStatement,
  });
}

function resuming(context: MigrationContext, journaled: JournaledExecutor): MigrationContext {
  const { schema, registry } = context.parts;
  return context.knowing(
    resumedSchema(
      schema,
      () => journaled.startSchema(),
      () => journaled.isResuming,
      registry,
    ),
  );
}

async function assertVersions(context: MigrationContext, { before }: Step): Promise<void> {
  for (const statement of expectVersions(context.dialect, context.parts.tables.version, before)) {
    await context.executor.run(statement);
  }
}

/** What a revision's operations need of the step. */
interface Carried {
  readonly journaled: JournaledExecutor | undefined;
  readonly backfill: (operation: Backfill) => Promise<void>;
}

async function callRevision(
  context: MigrationContext,
  { direction, revision }: Step,
  { module, transaction, args }: StepOptions,
  { journaled, backfill }: Carried,
): Promise<void> {
  const operations = createOperations(context, {
    revision,
    autocommit: (block) => transaction.outside(block),
    onRead: () => journaled?.readsRows(),
    backfill,
  });
  await operations.run((op) =>
    direction === "up" ? module.upgrade(op, ...args) : module.downgrade?.(op, ...args),
  );
}

interface Finished extends StepOptions {
  readonly startedAt: Date;
  readonly hash: string;
  readonly journaled: JournaledExecutor | undefined;
}

/** The version rows, the history and the end of the journal, in one transaction wherever that is possible. */
async function finish(context: MigrationContext, step: Step, finished: Finished): Promise<void> {
  const { transaction, ledger, startedAt, now, hash, limbeckVersion, journaled } = finished;
  const { isOffline } = context;
  await ledger.note(step, {
    ...(isOffline ? {} : { appliedAt: startedAt }),
    milliseconds: isOffline ? 0 : now().getTime() - startedAt.getTime(),
    hash,
    limbeckVersion,
    appliedBy: isOffline ? "script" : userName(),
  });
  const { direction, before, after, revision } = step;
  const write = async (): Promise<void> => {
    // Whoever is told that version rows were written must find them.
    if (isOffline || journaled?.hasRows || context.isHeard) await ledger.write();
    await journaled?.clear();
    await context.applied({ direction, revisions: [revision.id], before, after });
  };
  if (transaction.isOpen || isOffline) await write();
  else
    await transaction.alone(async () => {
      await ledger.write();
      await write();
    });
}

/** What a step does, for the terminal and the comments of a script: `upgrade a1 -> b2: add account table`. */
export function stepTitle({ direction, revision }: Step): string {
  const parents = revision.parents.length === 0 ? "base" : revision.parents.join(", ");
  const message = revision.message || "(no message)";
  return direction === "up"
    ? `upgrade ${parents} -> ${revision.id}: ${message}`
    : `downgrade ${revision.id} -> ${parents}: ${message}`;
}

/** In a script, a statement that cannot run in a transaction stands between two; nothing is journaled there. */
function interrupting(executor: Executor, transaction: Transaction): Executor {
  return {
    ...executor,
    run: async <Row>(statement: Statement) => {
      if (!statement.outsideTransaction || !transaction.isOpen) return await executor.run<Row>(statement);
      demandMeant(statement);
      let rows: readonly Row[] = [];
      await transaction.outside(async () => {
        rows = await executor.run<Row>(statement);
      });
      return rows;
    },
  };
}

/** A statement on one line, for people who wait for it. */
export function statementTitle(number: number, { sql }: Statement): string {
  return `statement ${number}: ${firstLine(sql)}`;
}

/** Passes statements on, and asks before each whether the run is to go on. */
export function stoppable(executor: Executor, demandGoing: () => void): Executor {
  return {
    ...executor,
    run: async <Row>(statement: Statement) => {
      demandGoing();
      return await executor.run<Row>(statement);
    },
  };
}

let knownName: string | undefined;

/** The user of this process; the system is asked once. */
function userName(): string {
  if (knownName !== undefined) return knownName;
  try {
    knownName = userInfo().username;
  } catch {
    knownName = "unknown";
  }
  return knownName;
}
