/** What needs a connection alone: operations and version rows, loaded when they are first used. */
import type { QueryRunner } from "typeorm";
import type { Operations as OperationCalls } from "./operations/spec";
import type { MigrationContext as Context } from "./operations/migration-context";
import type { StandaloneOptions } from "./runtime/online-context";

/** The calls of revision files, and of any application that has a connection. */
export type Operations = OperationCalls;

/** The operations of revision files without revisions and without a configuration. */
export const Operations = {
  /**
   * An `op` on a connection, each of whose calls stands for itself: `await Operations.for(queryRunner).addColumn(...)`.
   * Every call reads the schema that it needs anew; for many of them, `Operations.run` is quicker.
   */
  for: (queryRunner: QueryRunner, options?: StandaloneOptions): OperationCalls =>
    (require("./runtime/standalone") as typeof import("./runtime/standalone")).operationsFor(
      queryRunner,
      options,
    ),

  /**
   * Runs a function with an `op`, all of whose calls are one transaction where DDL takes part in transactions; a
   * transaction that the connection is in stays its caller's. Answers with what the function answers; throws the first
   * failure.
   */
  run: async <T>(
    queryRunner: QueryRunner,
    body: (op: OperationCalls) => T | Promise<T>,
    options?: StandaloneOptions,
  ): Promise<T> =>
    await (require("./runtime/standalone") as typeof import("./runtime/standalone")).runOperations(
      queryRunner,
      body,
      options,
    ),
};

/** What is known of one database: its version rows, what ran on it, its schema. `op.context` is one. */
export interface MigrationContext extends Context {}

/** What is known of a database, without a project. */
export const MigrationContext = {
  /**
   * The context of a connection: `heads()` are its version rows, `history()` what ran, `inspect()` its schema. Reads
   * only what is asked for, and creates nothing.
   */
  configure: (queryRunner: QueryRunner, options?: StandaloneOptions): MigrationContext =>
    (require("./runtime/online-context") as typeof import("./runtime/online-context")).standaloneContext(
      queryRunner,
      options,
    ),
};
