/** The transaction of a run: begun and committed here, or the caller's, which is left alone. */
import { LimbeckError, messageOf } from "../errors";
import type { Frame } from "../dialects/dialect";
import type { MigrationContext } from "./context";

/** What became of a transaction that does not go on. */
export type Ended =
  /** It is its caller's, who must roll it back. */
  | { readonly kind: "callers" }
  /** There was none. */
  | { readonly kind: "none" }
  | { readonly kind: "rolledBack" }
  /** The connection is gone. */
  | { readonly kind: "lost"; readonly why: string };

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
  /** Hears of a commit in the middle of a revision. */
  onInterruption: () => void = () => undefined;

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

  /** Rolls back what is open. A connection that is gone is no second error. */
  async rollback(): Promise<Ended> {
    if (this.#isCallers) return { kind: "callers" };
    if (!this.#open) return { kind: "none" };
    this.#open = false;
    this.#context.parts.freshTypes?.clear();
    try {
      await this.#context.executor.rollback();
      return { kind: "rolledBack" };
    } catch (error) {
      return { kind: "lost", why: messageOf(error) };
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
    this.onInterruption();
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
