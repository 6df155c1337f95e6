/** Carrying out a plan: revisions one after another, each with its version rows, in the transactions that were asked for. */
import { assertNever, LimbeckError } from "../errors";
import type { Frame, Statement, Timeouts } from "../dialects/dialect";
import { sameRows } from "../revisions/revision";
import type { Plan, Step } from "../revisions/revision";
import type { MigrationContext, TransactionMode } from "./context";
import type { RevisionModule } from "./directory";
import { describeHalfDone, halfDoneError } from "./journal";
import type { HalfDone } from "./journal";
import { beginAlone } from "./lock";
import { patient } from "./patient";
import { Ledger } from "./ledger";
import type { Reporter } from "./reporter";
import { runStep, stoppable } from "./step";
import { Transaction } from "./transaction";
import type { Ended } from "./transaction";

/** What a run needs beside the context. */
export interface RunOptions {
  /** What is to be done, given the version rows; asked again whenever somebody else may have moved the database. */
  readonly plan: (rows: readonly string[]) => Plan;
  /** The version rows of a script, which has no database to ask. */
  readonly startsAt?: readonly string[];
  /** Loads the file of a revision. */
  readonly load: (id: string) => Promise<RevisionModule>;
  readonly now: () => Date;
  readonly limbeckVersion: string;
  readonly reporter: Reporter;
  /** Called once, when everything that runs has been loaded. */
  readonly onStart?: () => void;
  readonly timeouts: Timeouts;
  /** How long to wait for the write lock of a file, in milliseconds. */
  readonly lockWait: number;
  /** Stops the run between two statements. */
  readonly signal?: AbortSignal;
  /** Runs everything and takes it back. */
  readonly dryRun?: boolean;
  /** Called before each step. */
  readonly onStep?: (step: Step, place: { readonly number: number; readonly of: number }) => void;
  /** Called before each statement of a revision. */
  readonly onStatement?: (number: number, statement: Statement) => void;
  /** What `runMigrations(...args)` was called with; reaches `upgrade(op, ...args)`. */
  readonly args?: readonly unknown[];
}

/** What ran, and what the version rows were and are. */
export interface Ran {
  readonly steps: readonly Step[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Runs what the plan says. Nothing is begun where there is nothing to do. */
export async function runPlan(context: MigrationContext, options: RunOptions): Promise<Ran> {
  const rows = options.startsAt ?? (await context.heads());
  const plan = options.plan(rows);
  if (plan.steps.length === 0) return { steps: [], from: rows, to: rows };
  const modules = new Modules(options.load);
  // A script is handed out only when all of it is there, so its revisions may be read one by one, and let go.
  if (!context.isOffline) for (const step of plan.steps) await modules.keep(step);
  const halfDone = await context.halfDone();
  demandFits(plan, halfDone);
  options.onStart?.();
  const frame = await context.frame();
  const { session } = context.dialect;
  const before = [...frame.before, ...session.setTimeouts(options.timeouts)];
  const after = [...frame.after, ...(context.isOffline ? [] : session.resetTimeouts(options.timeouts))];
  for (const statement of before) await context.executor.run(statement);
  try {
    return await new Run(context.guardedBy(frame), options, modules, frame, halfDone).all(plan, rows);
  } finally {
    for (const statement of after) await context.executor.run(statement).catch(() => undefined);
  }
}

/** The files of the revisions that run. On a database all are loaded, and all ways back there, before the first step. */
class Modules {
  readonly #load: RunOptions["load"];
  readonly #kept = new Map<string, RevisionModule>();

  constructor(load: RunOptions["load"]) {
    this.#load = load;
  }

  /** Loads the file of a step for later. Throws IRREVERSIBLE_REVISION for a step down without a way. */
  async keep(step: Step): Promise<void> {
    this.#kept.set(step.revision.id, await this.of(step));
  }

  /** The functions of a step. Throws IRREVERSIBLE_REVISION for a step down without a way. */
  async of({ revision, direction }: Step): Promise<RevisionModule> {
    const module = this.#kept.get(revision.id) ?? (await this.#load(revision.id));
    if (direction === "up" || module.downgrade) return module;
    throw new LimbeckError("IRREVERSIBLE_REVISION", `revision ${revision.id} has no downgrade`, {
      hint: "stop before it, or write its `downgrade`",
      ...(revision.file === undefined ? {} : { file: revision.file }),
    });
  }
}

/** A revision that is half done must be finished before anything else runs. */
function demandFits({ steps: [first] }: Plan, halfDone: HalfDone | undefined): void {
  if (!halfDone || !first) return;
  if (first.revision.id === halfDone.revision && first.direction === halfDone.direction) return;
  throw halfDoneError(halfDone);
}

/** One run: the plan may be made again while it goes on. */
class Run {
  readonly #database: MigrationContext;
  readonly #context: MigrationContext;
  readonly #options: RunOptions;
  readonly #modules: Modules;
  readonly #transaction: Transaction;
  readonly #mode: TransactionMode;
  readonly #halfDone: HalfDone | undefined;
  readonly #ledger: Ledger;
  readonly #steps: Step[] = [];
  /** What the version rows are once everything that is open has been rolled back. */
  #certain: readonly string[] = [];
  /** Whether it was said that the revision that runs has left its transaction. */
  #hasSaidLeft = false;

  constructor(
    context: MigrationContext,
    options: RunOptions,
    modules: Modules,
    frame: Frame,
    halfDone: HalfDone | undefined,
  ) {
    const begin = (): Promise<void> =>
      beginAlone(context, { ...options, wait: options.lockWait, lockTimeout: options.timeouts.lock });
    const transaction = new Transaction(context, frame, begin, options.dryRun);
    const waiting = patient(context, { ...options, isInTransaction: () => transaction.isOpen });
    const going = stoppable(waiting, () => demandGoing(options.signal));
    const ledger = new Ledger(context.dialect, context.parts.tables, going);
    transaction.beforeCommit = () => ledger.write();
    transaction.onInterruption = () => this.#sayLeft();
    this.#database = context;
    this.#ledger = ledger;
    this.#context = context.through(ledger.watching(going)).settling(() => ledger.write());
    this.#options = options;
    this.#modules = modules;
    this.#halfDone = halfDone;
    this.#transaction = transaction;
    this.#mode = options.dryRun ? "all" : context.transactionMode;
  }

  async all(plan: Plan, rows: readonly string[]): Promise<Ran> {
    this.#certain = rows;
    try {
      if (this.#mode === "all") await this.#transaction.begin();
      await this.#context.ensureTables();
      const end = await this.#each((await this.#movedPlan(rows)) ?? plan);
      await this.#ledger.write();
      if (this.#options.dryRun) await this.#transaction.rollback();
      else await this.#transaction.commit();
      return { steps: this.#steps, from: rows, to: end };
    } catch (error) {
      const ended = await this.#transaction.rollback();
      // A script has done nothing to any database.
      if (this.#database.isOffline) throw error;
      const isStopped = this.#options.signal?.aborted ?? false;
      throw positioned(error, await this.#left(ended), isStopped ? GO_ON : undefined);
    }
  }

  /** What a failed run leaves, as the database has it where it can still be asked. */
  async #left(ended: Ended): Promise<Left> {
    const isAsked = ended.kind === "none" || ended.kind === "rolledBack";
    const found = isAsked
      ? await stateOf(this.#database).catch(() => undefined)
      : { rows: this.#certain, halfDone: undefined };
    const { rows, halfDone } = found ?? { rows: this.#certain, halfDone: undefined };
    const kept = this.#mode === "none" || this.#steps.length > 0;
    return { ended, kept, rows, halfDone };
  }

  #sayLeft(): void {
    if (this.#hasSaidLeft || this.#database.isOffline) return;
    this.#hasSaidLeft = true;
    this.#options.reporter.info(
      "  what ran so far is committed: the next statement cannot run in a transaction, so a journal is kept",
    );
  }

  async #each(plan: Plan): Promise<readonly string[]> {
    let { steps, heads } = plan;
    for (let place = 0, step = steps[0]; step; step = steps[place]) {
      const module = await this.#modules.of(step);
      const mode = this.#modeOf(module);
      if (mode === "none") await this.#commit(step.before);
      else if (!this.#transaction.isOpen) {
        await this.#transaction.begin();
        const now = await this.#movedPlan(step.before);
        if (now) {
          ({ steps, heads } = now);
          place = 0;
          continue;
        }
      }
      await this.#run(step, module, steps.length - place);
      if (mode === "each") await this.#commit(step.after);
      if (mode === "none") this.#certain = step.after;
      place++;
    }
    return heads;
  }

  async #commit(rows: readonly string[]): Promise<void> {
    if (this.#transaction.isCallers) return;
    await this.#transaction.commit();
    this.#certain = rows;
  }

  async #run(step: Step, module: RevisionModule, left: number): Promise<void> {
    const { onStep, onStatement, now, limbeckVersion, args = [], reporter, signal } = this.#options;
    const number = this.#steps.length + 1;
    onStep?.(step, { number, of: number + left - 1 });
    this.#hasSaidLeft = false;
    const halfDone = number === 1 ? this.#halfDone : undefined;
    await runStep(this.#context, step, {
      module,
      transaction: this.#transaction,
      ledger: this.#ledger,
      now,
      limbeckVersion,
      args,
      reporter,
      ...(signal ? { signal } : {}),
      ...(halfDone ? { halfDone } : {}),
      ...(onStatement ? { onStatement } : {}),
    });
    this.#steps.push(step);
  }

  /**
   * The plan made again where it has to be, now that nobody else can write any more: where a file's write lock is all
   * there is, somebody may have moved the database before it was had.
   */
  async #movedPlan(expected: readonly string[]): Promise<Plan | undefined> {
    const { dialect } = this.#context;
    if (this.#context.isOffline || !dialect.writeLock || !this.#transaction.isOpen) return undefined;
    const rows = await this.#context.heads();
    return sameRows(rows, expected) ? undefined : this.#options.plan(rows);
  }

  #modeOf(module: RevisionModule): TransactionMode {
    if (this.#options.dryRun) return "all";
    return module.transaction === false ? "none" : this.#mode;
  }
}

function demandGoing(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new LimbeckError("INTERRUPTED", `interrupted by ${String(signal.reason)}`, {
    hint: GO_ON,
  });
}

/** What a failed run leaves behind. */
interface Left {
  readonly ended: Ended;
  /** Whether something may be done that was in no transaction, or in one that is committed. */
  readonly kept: boolean;
  readonly rows: readonly string[];
  readonly halfDone: HalfDone | undefined;
}

async function stateOf(database: MigrationContext): Promise<Pick<Left, "rows" | "halfDone">> {
  return { rows: await database.heads(), halfDone: await database.halfDone() };
}

const GO_ON = "run the same command again to go on";
const GOES_ON = "put right what failed, and run the same command again: it goes on where it stopped";

/** The error with what became of the database, which is what one wants to know first. */
function positioned(error: unknown, left: Left, otherwise: string | undefined): unknown {
  if (!(error instanceof LimbeckError)) return error;
  const hint = error.hint ?? otherwise ?? (left.halfDone ? GOES_ON : undefined);
  const message = `${error.message}; ${became(left)}; the database is at ${left.rows.join(", ") || "base"}`;
  return new LimbeckError(error.code, message, {
    cause: error.cause ?? error,
    ...(hint === undefined ? {} : { hint }),
    ...(error.sql === undefined ? {} : { sql: error.sql }),
    ...(error.file === undefined ? {} : { file: error.file }),
    ...(error.data === undefined ? {} : { data: error.data }),
  });
}

function became({ ended, kept, halfDone }: Left): string {
  switch (ended.kind) {
    case "callers":
      return "what was done is in the caller's transaction, which the caller must roll back";
    case "lost":
      return `it could not be rolled back (${ended.why}), so the server does that when it finds the connection gone`;
    case "rolledBack":
      return halfDone
        ? `what ran since the last commit was rolled back, what ran before stays done: ${describeHalfDone(halfDone)}`
        : "it was rolled back";
    case "none":
      if (halfDone) return `what ran outside a transaction stays done: ${describeHalfDone(halfDone)}`;
      return kept ? "what ran outside a transaction stays done" : "nothing was done";
    default:
      return assertNever(ended);
  }
}
