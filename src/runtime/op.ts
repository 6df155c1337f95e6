/** The `op` object of revision files: every call becomes an operation, queued in order and carried out by the context. */
import type { Operation } from "../operations/operation";
import type { Operations, TableName } from "../operations/spec";
import type { MigrationContext } from "./context";
import { batchOf } from "./op/batch";
import type { BatchArguments } from "./op/batch";
import type { OperationsOptions } from "./op/call";
import { columnOperations } from "./op/columns";
import { lendConnection } from "./op/connection";
import { constraintOperations } from "./op/constraints";
import { databaseOperations } from "./op/database";
import { indexOperations } from "./op/indexes";
import { rowOperations } from "./op/rows";
import { tableOperations } from "./op/tables";
import { typeormMigrations } from "./op/typeorm-migration";
import { viewOperations } from "./op/views";
import { OperationQueues } from "./queue";

/** An `op` and the way to run a function with it. */
export interface RunnableOperations {
  readonly op: Operations;
  /** Runs a function and drains what it called; the first failure is thrown. */
  run(body: (op: Operations) => void | Promise<void>): Promise<void>;
}

/** The `op` object over a context. */
export function createOperations(context: MigrationContext, options: OperationsOptions): RunnableOperations {
  const queues = new OperationQueues();
  const lent = lendConnection(context, options, queues);
  const perform = (operation: () => Operation): Promise<void> => {
    const built = operation();
    return queues.add(async () => {
      await context.perform(built);
    });
  };
  const own = {
    batchAlterTable: (table: TableName, ...rest: BatchArguments) =>
      queues.add(async () => {
        // A block, because the body may call what is not of the batch, and would wait for it.
        await queues.block(async () => {
          await context.perform(await batchOf(table, rest));
        });
      }),
    autocommitBlock: (body) => queues.add(() => options.autocommit(() => queues.block(body))),
    get dialect() {
      return context.dialect.name;
    },
    get isOffline() {
      return context.isOffline;
    },
    get queryRunner() {
      return lent.queryRunner();
    },
    get manager() {
      return lent.manager();
    },
    get context() {
      return context;
    },
  } satisfies Partial<Operations>;
  // To spread so many calls into a literal takes ten times as long, for each revision.
  const op: Operations = Object.assign(
    Object.assign(own, tableOperations(perform), columnOperations(perform), indexOperations(perform)),
    Object.assign(constraintOperations(perform), viewOperations(perform), databaseOperations(perform)),
    rowOperations(context, options, queues, perform),
    typeormMigrations(context, options, queues, () => lent.queryRunner()),
  );
  return {
    op,
    run: (body) => queues.run(() => body(op)),
  };
}
