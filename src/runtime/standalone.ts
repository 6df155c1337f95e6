/** The operations of revision files for any application or script: no revisions, no configuration, one connection. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { QueryRunner } from "typeorm";
import { LimbeckError } from "../errors";
import type { Operations } from "../operations/spec";
import { createOperations } from "./op";
import { standaloneContext } from "./online-context";
import type { StandaloneOptions } from "./online-context";
import { Transaction } from "./transaction";

/**
 * Runs a function with `op` on a connection: in one transaction where DDL takes part in transactions, or in the one that
 * the connection is in already, which stays the caller's. Throws the first failure; what ran before it is rolled back
 * where the database can.
 */
export async function runOperations<T>(
  queryRunner: QueryRunner,
  body: (op: Operations) => T | Promise<T>,
  options: StandaloneOptions = {},
): Promise<T> {
  const context = standaloneContext(queryRunner, options);
  const frame = await context.frame();
  const transaction = new Transaction(context, frame);
  for (const statement of frame.before) await context.executor.run(statement);
  try {
    const operations = createOperations(
      context.guardedBy(frame).atomic((together) => transaction.inside(together)),
      { autocommit: (block) => transaction.outside(block) },
    );
    let answer: { readonly value: T } | undefined;
    const answered = async (): Promise<void> => {
      await operations.run(async (op) => {
        answer = { value: await body(op) };
      });
    };
    if (context.dialect.traits.transactionalDdl) await inTransaction(transaction, answered);
    else await answered();
    if (answer) return answer.value;
    throw new LimbeckError("INTERNAL", "the operations ended without an answer");
  } finally {
    for (const statement of frame.after) await context.executor.run(statement).catch(() => undefined);
  }
}

async function inTransaction(transaction: Transaction, body: () => Promise<void>): Promise<void> {
  await transaction.begin();
  try {
    await body();
    await transaction.commit();
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

type Call = (...args: readonly unknown[]) => unknown;

/** What gives an answer at once, and asks nobody. */
const AT_ONCE: ReadonlySet<string> = new Set(["table"] satisfies (keyof Operations)[]);

/**
 * An `op` whose calls stand for themselves: each is done, in a transaction of its own where that is possible, when its
 * promise is. Calls run in the order in which they were made; one that fails leaves the next alone.
 */
export function operationsFor(queryRunner: QueryRunner, options: StandaloneOptions = {}): Operations {
  // A call inside the block of another one belongs to that one.
  const blocks = new AsyncLocalStorage<Operations>();
  let last: Promise<unknown> = Promise.resolve();
  const alone =
    (name: string): Call =>
    (...args) => {
      const block = blocks.getStore();
      if (block) return callOf(block, name)(...args);
      const result = last.then(
        async () =>
          await runOperations(
            queryRunner,
            async (op) => await blocks.run(op, async () => await callOf(op, name)(...args)),
            options,
          ),
      );
      last = result.catch(() => undefined);
      return result;
    };
  const { op } = createOperations(standaloneContext(queryRunner, options), {
    autocommit: (block) => block(),
  });
  const calls = Object.entries(Object.getOwnPropertyDescriptors(op))
    .filter(([name, { value }]) => typeof value === "function" && !AT_ONCE.has(name))
    .map(([name]) => [name, { value: alone(name), enumerable: true }] as const);
  const own = { queryRunner: { value: queryRunner }, manager: { value: queryRunner.manager } };
  return Object.create(op, { ...Object.fromEntries(calls), ...own }) as Operations;
}

function callOf(op: Operations, name: string): Call {
  const calls = op as unknown as Readonly<Record<string, Call | undefined>>;
  const call = calls[name];
  if (call) return call;
  throw new LimbeckError("INTERNAL", `op has no call ${name}`);
}
