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
import { databaseOperations, enumOperations, sequenceOperations } from "./op/database";
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

/** TypeORM's own objects, which a revision takes when it asks for them. */
class Lent {
  readonly #connection: ReturnType<typeof lendConnection>;

  constructor(connection: ReturnType<typeof lendConnection>) {
    this.#connection = connection;
  }

  get queryRunner(): Operations["queryRunner"] {
    return this.#connection.queryRunner();
  }

  get manager(): Operations["manager"] {
    return this.#connection.manager();
  }
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
  // One by one into one object: to spread so many calls into a literal takes ten times as long, for each revision.
  const own = {
    batchAlterTable: (table: TableName, ...rest: BatchArguments) =>
      queues.add(async () => {
        // A block, because the body may call what is not of the batch, and would wait for it.
        await queues.block(async () => {
          await context.perform(await batchOf(table, rest));
        });
      }),
    autocommitBlock: (body: () => Promise<void>) =>
      queues.add(() => options.autocommit(() => queues.block(body))),
    dialect: context.dialect.name,
    isOffline: context.isOffline,
    context,
  };
  const onTables = Object.assign(new Lent(lent), own, tableOperations(perform), columnOperations(perform));
  const onKeys = Object.assign(onTables, indexOperations(perform), constraintOperations(perform));
  const onObjects = Object.assign(onKeys, viewOperations(perform), enumOperations(perform));
  const onDatabase = Object.assign(onObjects, sequenceOperations(perform), databaseOperations(perform));
  const op: Operations = Object.assign(
    onDatabase,
    rowOperations(context, options, queues, perform),
    typeormMigrations(context, options, queues, () => lent.queryRunner()),
  );
  return {
    op,
    run: (body) => queues.run(() => body(op)),
  };
}
