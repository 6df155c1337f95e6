/**
 * Operations run in the order in which they were called, also where an `await` was forgotten. Blocks open a queue of
 * their own: what is called inside one runs inside it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { LimbeckError } from "../errors";

/** A line of work that is done piece by piece; the first failure ends it. */
export class OperationQueue {
  #last: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #ended = false;

  /** Puts work at the end of the line. Its promise may be left alone: a failure is reported by `drain` too. */
  add<T>(work: () => Promise<T>): Promise<T> {
    if (this.#ended) {
      throw new LimbeckError("OPERATION_AFTER_END", "an operation was called after its function had ended", {
        hint: "await everything that calls `op`, or call it before the function returns",
      });
    }
    const result = this.#last.then(async () => {
      if (this.#failure) throw this.#failure.error;
      try {
        return await work();
      } catch (error) {
        this.#failure ??= { error };
        throw error;
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Waits until all work is done, that which was added meanwhile too; throws the first failure, once. */
  async drain(): Promise<void> {
    let seen: Promise<unknown> | undefined;
    while (seen !== this.#last) {
      seen = this.#last;
      await seen;
    }
    this.#ended = true;
    if (this.#failure) throw this.#failure.error;
  }
}

/** A block that is running, and those around it. */
interface Block {
  readonly of: OperationQueues;
  readonly queue: OperationQueue;
  readonly around: Block | undefined;
}

/** One for all: each of these is asked at every promise of the process, for as long as it lives. */
const blocks = new AsyncLocalStorage<Block>();

/** The queues of one revision: the outer one, and inside a block that of the block. */
export class OperationQueues {
  readonly #root = new OperationQueue();

  add<T>(work: () => Promise<T>): Promise<T> {
    let block = blocks.getStore();
    while (block && block.of !== this) block = block.around;
    return (block?.queue ?? this.#root).add(work);
  }

  /** Runs a block with a queue of its own, drained before the block counts as done. */
  async block(body: () => void | Promise<void>): Promise<void> {
    const queue = new OperationQueue();
    await blocks.run({ of: this, queue, around: blocks.getStore() }, async () => {
      await finish(body, queue);
    });
  }

  /** Runs the function of a revision and drains what it called. */
  async run(body: () => void | Promise<void>): Promise<void> {
    await finish(body, this.#root);
  }
}

/** The body's own error comes second: what made it fail is usually an operation before. */
async function finish(body: () => void | Promise<void>, queue: OperationQueue): Promise<void> {
  let thrown: { readonly error: unknown } | undefined;
  try {
    await body();
  } catch (error) {
    thrown = { error };
  }
  await queue.drain();
  if (thrown) throw thrown.error;
}
