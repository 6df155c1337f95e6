/** What the calls of `op` share: how an operation is handed on, and how names and options are read. */
import { LimbeckError } from "../../errors";
import { compact } from "../../model/equal";
import { parseName } from "../../model/names";
import type { QualifiedName } from "../../model/schema";
import type { Backfill, Operation, RunOptions } from "../../operations/operation";
import type { TableName } from "../../operations/spec";
import type { Revision } from "../../revisions/revision";

/** Takes an operation as it was called: into the queue, or into a batch. Building it may throw, at once. */
export type Perform = (operation: () => Operation) => Promise<void>;

/** What `op` needs beside the context. */
export interface OperationsOptions {
  /** The revision that runs, for messages; absent when `op` is used on its own. */
  readonly revision?: Revision;
  /** Runs a block outside the transaction. */
  readonly autocommit: (block: () => Promise<void>) => Promise<void>;
  /** Changes rows batch by batch; absent where it is one statement: in scripts, and where all will be taken back. */
  readonly backfill?: (operation: Backfill) => Promise<void>;
  /** Called before rows are read in a way that passes the executor by. */
  readonly onRead?: () => void;
}

/** A name that may be left to the database. */
export function named(name: string | null): { readonly name?: string } {
  return name === null ? {} : { name };
}

/** A new name stays in the schema of the old one unless it says another; an object means exactly what it says. */
export function renamed(from: TableName, to: TableName): QualifiedName {
  if (typeof to !== "string") return parseName(to);
  const old = parseName(from);
  const fresh = parseName(to);
  return fresh.schema === undefined && old.schema !== undefined
    ? { schema: old.schema, name: fresh.name }
    : fresh;
}

/** How an operation is run, out of all the options of its call. */
export function running(options: RunOptions | undefined): { readonly run?: RunOptions } {
  const { lockTimeout, statementTimeout, algorithm, lock } = options ?? {};
  const run = compact<RunOptions>({ lockTimeout, statementTimeout, algorithm, lock });
  return Object.keys(run).length === 0 ? {} : { run };
}

/** The error for what needs a live database, in a script. */
export function offline(what: string, { revision }: OperationsOptions): LimbeckError {
  const where = revision === undefined ? "" : ` in revision ${revision.id}`;
  return new LimbeckError("OFFLINE_UNAVAILABLE", `${what}, which a script does not have${where}`, {
    hint: "put it into `op.onlineOnly(reason, ...)`, or say the same in SQL with `op.execute`",
    ...(revision?.file === undefined ? {} : { file: revision.file }),
  });
}
