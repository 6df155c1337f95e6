/**
 * The deployer's lock: of several processes that upgrade one database at once, one runs, and the others wait and find
 * nothing to do. A lock of the server's session dies with its holder; the row of `lock: "table"` beats, for poolers and
 * clusters where a session is not to be trusted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describeDuration } from "../config/duration";
import type { Dialect, Statement } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { displayName } from "../model/names";
import type { MigrationContext } from "./context";
import { driverError } from "./executor";
import type { Reporter } from "./reporter";
import { TableLock } from "./table-lock";

export type LockMode = "session" | "table" | "none";

export interface LockOptions {
  readonly mode: LockMode;
  /** How long to wait for it, in milliseconds. */
  readonly wait: number;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** One way to keep others out. */
interface Lock {
  tryAcquire(): Promise<boolean>;
  release(): Promise<void>;
  holder(): Promise<string | undefined>;
}

/** Pauses between two tries grow to this, in milliseconds. */
const LONGEST_PAUSE = 2000;

/**
 * Runs a body while no other run of the same version table can. Throws LOCK_TIMEOUT, with the holder, where the lock
 * could not be had in time; then nothing was done.
 */
export async function withLock<T>(
  context: MigrationContext,
  options: LockOptions,
  body: () => Promise<T>,
): Promise<T> {
  const lock = lockOf(context, options.mode);
  if (!lock) return await body();
  await acquire(lock, context, options);
  try {
    return await body();
  } finally {
    // A connection that is gone has given up its lock already.
    await lock.release().catch(() => undefined);
  }
}

/** How long one try for a file's write lock may take, in milliseconds: the driver waits without letting go of the process. */
const ONE_TRY = 250;

/**
 * Begins a transaction that nobody else can write beside, where a file's write lock is all there is. `lockTimeout`, in
 * milliseconds, is what statements wait afterwards. Throws LOCK_TIMEOUT where it could not be had in time.
 */
export async function beginAlone(
  context: MigrationContext,
  { lockTimeout, ...options }: Omit<LockOptions, "mode"> & { readonly lockTimeout?: number | undefined },
): Promise<void> {
  const { dialect, executor } = context;
  const { session, writeLock } = dialect;
  if (context.isOffline || !writeLock) {
    await executor.begin();
    return;
  }
  const setAll = async (statements: readonly Statement[]): Promise<void> => {
    for (const statement of statements) await executor.run(statement);
  };
  await setAll(session.setTimeouts({ lock: Math.min(options.wait, ONE_TRY) }));
  try {
    await takeWriteLock(context, writeLock, options);
  } finally {
    await setAll(
      lockTimeout === undefined
        ? session.resetTimeouts({ lock: ONE_TRY })
        : session.setTimeouts({ lock: lockTimeout }),
    );
  }
}

async function takeWriteLock(
  context: MigrationContext,
  writeLock: NonNullable<Dialect["writeLock"]>,
  { wait, reporter, signal }: Omit<LockOptions, "mode">,
): Promise<void> {
  const { executor } = context;
  const { session } = context.dialect;
  const started = Date.now();
  let pause = 50;
  let isTold = false;
  for (;;) {
    const table = (await context.hasVersionTable()) ? context.parts.tables.version : undefined;
    await executor.begin();
    try {
      for (const statement of writeLock(table)) await executor.run(statement);
      return;
    } catch (error) {
      await executor.rollback();
      if (!(error instanceof LimbeckError) || !session.isLockTimeout(driverError(error))) throw error;
      const left = started + wait - Date.now();
      if (left <= 0) throw timedOut(context, "another process", wait);
      if (!isTold)
        reporter.info(
          `waiting for the database, which another process writes; giving up in ${describeDuration(left)}`,
        );
      isTold = true;
      await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }
}

function lockOf(context: MigrationContext, mode: LockMode): Lock | undefined {
  const { session } = context.dialect;
  if (mode === "none") return undefined;
  const { lock } = session;
  if (mode === "table") {
    if (lock) return new TableLock(context);
    throw new LimbeckError("UNSUPPORTED", `a lock in a table cannot be held on ${context.dialect.name}`, {
      hint: 'leave `lock: "table"` out of the configuration: the file itself is locked while it is written, and a killed process leaves nothing behind',
    });
  }
  if (!lock) return undefined;
  const key = displayName(context.parts.tables.version);
  return {
    tryAcquire: () => lock.tryAcquire(context.db, key),
    release: () => lock.release(context.db, key),
    holder: () => lock.holder(context.db, key),
  };
}

async function acquire(lock: Lock, context: MigrationContext, options: LockOptions): Promise<void> {
  const { reporter, wait, signal } = options;
  const started = Date.now();
  let pause = 50;
  let told: string | undefined;
  while (!(await lock.tryAcquire())) {
    const holder = (await lock.holder().catch(() => undefined)) ?? "another process";
    const left = started + wait - Date.now();
    if (left <= 0) throw timedOut(context, holder, wait);
    if (told !== holder) {
      reporter.info(
        `waiting for the lock on ${displayName(context.parts.tables.version)}, held by ${holder}; giving up in ${describeDuration(left)}`,
      );
      told = holder;
    }
    await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal });
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

function timedOut(context: MigrationContext, holder: string, wait: number): LimbeckError {
  return new LimbeckError(
    "LOCK_TIMEOUT",
    `the lock on ${displayName(context.parts.tables.version)} is held by ${holder}, and was not free within ${describeDuration(wait)}`,
    { hint: "nothing was done: run again, or wait longer with --lock-wait 10min" },
  );
}
