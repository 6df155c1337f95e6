/** The transaction of a run: begun and committed here, or the caller's, which is left alone. */
import { LimbeckError, messageOf } from "../errors";
import type { Frame } from "../dialects/dialect";
import type { MigrationContext } from "./context";

export class Transaction {
  readonly #context: MigrationContext;
  readonly #frame: Frame;
  readonly #isCallers: boolean;
  readonly #begin: (() => Promise<void>) | undefined;
  #open = false;
  /** What must be written down before anything is committed. */
  beforeCommit: () => Promise<void> = () => Promise.resolve();
  /** What must be written down before a commit in the middle of a revision. */
  beforeInterruption: () => Promise<void> = () => Promise.resolve();

  /** Whether all of it will be taken back, so that nothing may be committed meanwhile. */
  readonly isTrial: boolean;

  /** `begin` begins a transaction where more is needed than a BEGIN. */
  constructor(context: MigrationContext, frame: Frame, begin?: () => Promise<void>, isTrial = false) {
    this.isTrial = isTrial;
    this.#context = context;
    this.#frame = frame;
    this.#begin = begin;
    this.#isCallers = context.parts.isInTransaction ?? false;
    this.#open = this.#isCallers;
  }

  /** Whether statements that run now could be rolled back together. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether it was begun by whoever gave us the connection, who also ends it. */
  get isCallers(): boolean {
    return this.#isCallers;
  }

  async begin(): Promise<void> {
    if (this.#open) return;
    if (this.#begin) await this.#begin();
    else await this.#context.executor.begin();
    this.#open = true;
  }

  /** Commits after the rules that were switched off have been checked. */
  async commit(): Promise<void> {
    if (!this.#open) return;
    await this.beforeCommit();
    if (!this.#context.isOffline) await this.#frame.verify?.(this.#context.db);
    else for (const statement of this.#frame.verifySql ?? []) await this.#context.executor.run(statement);
    if (this.#isCallers) return;
    await this.#context.executor.commit();
    this.#open = false;
    this.#context.parts.freshTypes?.clear();
  }

  /** Rolls back, and answers with what has become of it, in words. A connection that is gone is no second error. */
  async rollback(): Promise<string> {
    if (this.#isCallers)
      return "what was done is in the caller's transaction, which the caller must roll back";
    if (!this.#open) return "what ran outside a transaction stays done";
    this.#open = false;
    this.#context.parts.freshTypes?.clear();
    try {
      await this.#context.executor.rollback();
      return "it was rolled back";
    } catch (error) {
      return `it could not be rolled back (${messageOf(error)}), so the server does that when it finds the connection gone`;
    }
  }

  /** Runs a body outside any transaction, between two. */
  async outside(body: () => Promise<void>): Promise<void> {
    if (!this.#open || this.isTrial) {
      await body();
      return;
    }
    if (this.#isCallers) {
      throw new LimbeckError(
        "UNSUPPORTED",
        "the caller's transaction cannot be left, and this cannot run inside one",
        {
          hint: "hand over a query runner without a transaction",
        },
      );
    }
    await this.beforeInterruption();
    await this.commit();
    await body();
    await this.begin();
  }

  /** Runs a body in the open transaction, or in one of its own: all of it is done or nothing. */
  async inside(body: () => Promise<void>): Promise<void> {
    if (this.#open) {
      await body();
      return;
    }
    await this.begin();
    try {
      await body();
      await this.beforeInterruption();
      await this.commit();
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  /** Runs a body in a transaction of its own, where none is open. */
  async alone(body: () => Promise<void>): Promise<void> {
    const { executor } = this.#context;
    await executor.begin();
    try {
      await body();
      await executor.commit();
    } catch (error) {
      await executor.rollback().catch(() => undefined);
      throw error;
    }
  }
}
