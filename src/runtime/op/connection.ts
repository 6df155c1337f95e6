/** TypeORM's own objects, lent to a revision: what they ask the database joins the queue. */
import type { EntityManager, QueryRunner } from "typeorm";
import type { MigrationContext } from "../context";
import type { OperationQueues } from "../queue";
import { offline } from "./call";
import type { OperationsOptions } from "./call";

export function lendConnection(
  context: MigrationContext,
  options: OperationsOptions,
  queues: OperationQueues,
) {
  let own: QueryRunner["query"] | undefined;
  const lend = (what: string): QueryRunner => {
    const { queryRunner } = context.parts;
    if (!queryRunner) throw offline(what, options);
    if (!own) {
      const original: QueryRunner["query"] = queryRunner.query.bind(queryRunner);
      own = original;
      options.onRead?.();
      const queued = (...args: Parameters<QueryRunner["query"]>): Promise<unknown> =>
        queues.add(async () => {
          context.parts.schema.forget();
          await context.parts.settle?.();
          const answer: unknown = await original(...args);
          return answer;
        });
      queryRunner.query = queued as QueryRunner["query"];
    }
    return queryRunner;
  };
  return {
    queryRunner: (): QueryRunner => lend("op.queryRunner is a connection"),
    manager: (): EntityManager => lend("op.manager needs a connection").manager,
    takeBack: (): void => {
      if (own && context.parts.queryRunner) Reflect.deleteProperty(context.parts.queryRunner, "query");
      own = undefined;
    },
  };
}
