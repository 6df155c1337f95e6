/** Carrying out a plan: revisions one after another, each with its version rows, in the transactions that were asked for. */
import { userInfo } from "node:os";
import { LimbeckError, messageOf } from "../errors";
import type { Frame } from "../dialects/dialect";
import type { Plan, Step } from "../revisions/revision";
import type { MigrationContext, TransactionMode } from "./context";
import { hashing } from "./executor";
import { createOperations } from "./op";
import type { RevisionModule } from "./directory";
import { expectVersions, writeHistory, writeVersions } from "./version-table";

/** What a run needs beside the context and the plan. */
export interface RunOptions {
  /** Loads the file of a revision. */
  readonly load: (id: string) => Promise<RevisionModule>;
  readonly now: () => Date;
  readonly limbeckVersion: string;
  /** Called before each step. */
  readonly onStep?: (step: Step) => void;
  /** What `runMigrations(...args)` was called with; reaches `upgrade(op, ...args)`. */
  readonly args?: readonly unknown[];
}

/** Runs the steps of a plan. Nothing is begun where there are none. */
export async function runPlan(context: MigrationContext, plan: Plan, options: RunOptions): Promise<void> {
  if (plan.steps.length === 0) return;
  const modules = await loadAll(plan, options);
  const frame = await context.frame();
  for (const statement of frame.before) await context.executor.run(statement);
  try {
    await transactions(context, plan, modules, options, frame);
  } finally {
    for (const statement of frame.after) await context.executor.run(statement);
  }
}

/** Every file is loaded, and every way back is there, before the first step is taken. */
async function loadAll(plan: Plan, options: RunOptions): Promise<ReadonlyMap<string, RevisionModule>> {
  const modules = new Map<string, RevisionModule>();
  for (const { revision, direction } of plan.steps) {
    const module = await options.load(revision.id);
    if (direction === "down" && !module.downgrade) {
      throw new LimbeckError("IRREVERSIBLE_REVISION", `revision ${revision.id} has no downgrade`, {
        hint: "stop before it, or write its `downgrade`",
        ...(revision.file === undefined ? {} : { file: revision.file }),
      });
    }
    modules.set(revision.id, module);
  }
  return modules;
}

async function transactions(
  context: MigrationContext,
  plan: Plan,
  modules: ReadonlyMap<string, RevisionModule>,
  options: RunOptions,
  frame: Frame,
): Promise<void> {
  const inside = new Transaction(context, frame);
  let done: readonly string[] = plan.steps[0]?.before ?? [];
  try {
    if (context.parts.transaction === "all") await inside.begin();
    await context.ensureTables();
    for (const step of plan.steps) {
      const module = modules.get(step.revision.id);
      if (!module) throw new LimbeckError("INTERNAL", `revision ${step.revision.id} was not loaded`);
      const mode = modeOf(context.parts.transaction, module);
      if (mode === "none") {
        await inside.commit();
        done = step.before;
      } else await inside.begin();
      options.onStep?.(step);
      await runStep(context, step, module, options, inside);
      if (mode === "each") await inside.commit();
      if (mode !== "all") done = step.after;
    }
    await inside.commit();
  } catch (error) {
    const rolledBack = inside.isOpen;
    await inside.rollback();
    throw positioned(error, done, rolledBack);
  }
}

/** The error with what became of the database, which is what one wants to know first. */
function positioned(error: unknown, done: readonly string[], rolledBack: boolean): unknown {
  if (!(error instanceof LimbeckError)) return error;
  const place = done.length === 0 ? "base" : done.join(", ");
  const state = rolledBack
    ? `it was rolled back and the database is at ${place}`
    : `what ran outside a transaction stays done; the version rows say ${place}`;
  return new LimbeckError(error.code, `${error.message}; ${state}`, {
    cause: error.cause ?? error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.sql === undefined ? {} : { sql: error.sql }),
    ...(error.file === undefined ? {} : { file: error.file }),
    ...(error.data === undefined ? {} : { data: error.data }),
  });
}

function modeOf(mode: TransactionMode, module: RevisionModule): TransactionMode {
  return module.transaction === false ? "none" : mode;
}

/** The transaction of a run, if one is open. */
class Transaction {
  readonly #context: MigrationContext;
  readonly #frame: Frame;
  #open = false;

  constructor(context: MigrationContext, frame: Frame) {
    this.#context = context;
    this.#frame = frame;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  async begin(): Promise<void> {
    if (this.#open) return;
    await this.#context.executor.begin();
    this.#open = true;
  }

  /** Commits after the rules that were switched off have been checked. */
  async commit(): Promise<void> {
    if (!this.#open) return;
    if (!this.#context.isOffline) await this.#frame.verify?.(this.#context.db);
    else for (const statement of this.#frame.verifySql ?? []) await this.#context.executor.run(statement);
    await this.#context.executor.commit();
    this.#open = false;
  }

  async rollback(): Promise<void> {
    if (!this.#open) return;
    await this.#context.executor.rollback();
    this.#open = false;
  }

  /** Runs a body outside any transaction, between two. */
  async outside(body: () => Promise<void>): Promise<void> {
    const wasOpen = this.#open;
    await this.commit();
    await body();
    if (wasOpen) await this.begin();
  }
}

async function runStep(
  context: MigrationContext,
  step: Step,
  module: RevisionModule,
  options: RunOptions,
  transaction: Transaction,
): Promise<void> {
  const { version, history } = context.parts.tables;
  const { dialect } = context;
  const startedAt = options.now();
  context.executor.comment(stepTitle(step));
  if (context.isOffline) {
    for (const statement of expectVersions(dialect, version, step.before))
      await context.executor.run(statement);
  }
  const { executor, hash } = hashing(context.executor);
  try {
    const operations = createOperations(context.through(executor), {
      revision: step.revision,
      autocommit: (block) => transaction.outside(block),
    });
    const { args = [] } = options;
    await operations.run((op) =>
      step.direction === "up" ? module.upgrade(op, ...args) : module.downgrade?.(op, ...args),
    );
  } catch (cause) {
    throw stepFailure(step, cause);
  }
  await writeVersions(dialect, context.executor, version, step);
  const { id, parents, message } = step.revision;
  await writeHistory(
    dialect,
    context.executor,
    history,
    { revision: id, parents, message, direction: step.direction },
    {
      ...(context.isOffline ? {} : { appliedAt: startedAt }),
      milliseconds: context.isOffline ? 0 : options.now().getTime() - startedAt.getTime(),
      hash: hash(),
      limbeckVersion: options.limbeckVersion,
      appliedBy: context.isOffline ? "script" : userName(),
    },
  );
}

/** What a step does, for the terminal and the comments of a script: `upgrade a1 -> b2: add account table`. */
export function stepTitle({ direction, revision }: Step): string {
  const parents = revision.parents.length === 0 ? "base" : revision.parents.join(", ");
  return direction === "up"
    ? `upgrade ${parents} -> ${revision.id}: ${revision.message}`
    : `downgrade ${revision.id} -> ${parents}: ${revision.message}`;
}

function stepFailure({ direction, revision }: Step, cause: unknown): LimbeckError {
  const what = `${direction === "up" ? "upgrade to" : "downgrade from"} ${revision.id} ("${revision.message}") failed`;
  const inner = cause instanceof LimbeckError ? cause : undefined;
  return new LimbeckError(inner?.code ?? "MIGRATION_FAILED", `${what}: ${messageOf(cause)}`, {
    cause,
    ...(inner?.hint === undefined ? {} : { hint: inner.hint }),
    ...(inner?.sql === undefined ? {} : { sql: inner.sql }),
    ...(inner?.data === undefined ? {} : { data: inner.data }),
    ...(revision.file === undefined ? {} : { file: revision.file }),
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
