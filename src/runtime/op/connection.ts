/** TypeORM's own objects, lent to a revision: what they ask the database joins the queue. */
import type { EntityManager, QueryRunner } from "typeorm";
import type { MigrationContext } from "../context";
import { ownerOf } from "../queryable";
import type { OperationQueues } from "../queue";
import { offline } from "./call";
import type { OperationsOptions } from "./call";

/** What is lent, made when it is first asked for. */
interface Lent {
  readonly queryRunner: QueryRunner;
  readonly manager: EntityManager;
}

export function lendConnection(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
) {
  let made: Lent | undefined;
  const lent = (what: string): Lent => {
    const { queryRunner } = context.parts;
    if (!queryRunner) throw offline(what, options);
    if (!made) {
      options.onRead?.();
      made = queuing(queryRunner, (ask) =>
        queues.add(async () => {
          context.parts.schema.forget();
          await context.parts.settle?.();
          return await ask();
        }),
      );
    }
    return made;
  };
  return {
    queryRunner: (): QueryRunner => lent("op.queryRunner is a connection").queryRunner,
    manager: (): EntityManager => lent("op.manager needs a connection").manager,
  };
}

type Queue = (ask: () => Promise<unknown>) => Promise<unknown>;

/**
 * A view of a query runner whose queries join a queue, its methods' own among them. The runner itself is left as it is:
 * what is carried out at the head of the queue asks through it, and would wait for itself otherwise.
 */
function queuing(queryRunner: QueryRunner, queue: Queue): Lent {
  const query = (...args: Parameters<QueryRunner["query"]>): Promise<unknown> =>
    queue(() => queryRunner.query(...args));
  const view: QueryRunner = new Proxy(queryRunner, {
    get: (target, key, receiver): unknown => {
      if (key === "query") return query;
      if (key === "manager") return manager;
      return Reflect.get(target, key, receiver);
    },
  });
  const manager = ownerOf(queryRunner).createEntityManager(view);
  return { queryRunner: view, manager };
}
