/**
 * The deployer's lock: of several processes that upgrade one database at once, one runs, and the others wait and find
 * nothing to do. A lock of the server's session dies with its holder; the row of `lock: "table"` beats, for poolers and
 * clusters where a session is not to be trusted.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describeDuration } from "../config/duration";
import { LimbeckError } from "../errors";
import { displayName } from "../model/names";
import type { QualifiedName, Table } from "../model/schema";
import type { MigrationContext } from "./context";
import { driverError } from "./executor";
import type { Reporter } from "./reporter";

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

/**
 * Begins a transaction that nobody else can write beside, where a file's write lock is all there is. Throws LOCK_TIMEOUT
 * where it could not be had in time.
 */
export async function beginAlone(
  context: MigrationContext,
  { wait, reporter, signal }: Omit<LockOptions, "mode">,
): Promise<void> {
  const { dialect, executor } = context;
  const { session, writeLock } = dialect;
  if (context.isOffline || !writeLock) {
    await executor.begin();
    return;
  }
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
  if (mode === "table") return new TableLock(context);
  const { lock } = session;
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

/** How often the holder says that it lives, and after how long a silent one is taken for dead; in milliseconds. */
const BEAT = 2000;
const DEAD = 20_000;

/** The table of the lock: one row while somebody holds it. */
export function lockTable(name: QualifiedName): Table {
  return {
    ...name,
    columns: [
      { name: "id", type: { name: "integer" }, nullable: false },
      { name: "token", type: { name: "varchar", length: 36 }, nullable: false },
      { name: "holder", type: { name: "varchar", length: 255 }, nullable: false },
      { name: "beat", type: { name: "integer" }, nullable: false },
    ],
    constraints: [{ kind: "primaryKey", name: `${name.name}_pkc`, columns: ["id"] }],
    indexes: [],
  };
}

interface LockRow {
  readonly token: string;
  readonly holder: string;
  readonly beat: number;
}

/**
 * A row that its holder counts up on a connection of its own. Whoever waits measures the silence by its own clock, so no
 * clocks are compared; a row that was silent too long is taken over.
 */
class TableLock implements Lock {
  readonly #context: MigrationContext;
  readonly #token = randomUUID();
  #isMade = false;
  #seen: { readonly beat: string; readonly since: number } | undefined;
  #beating: NodeJS.Timeout | undefined;

  constructor(context: MigrationContext) {
    this.#context = context;
  }

  async tryAcquire(): Promise<boolean> {
    await this.#make();
    const found = await this.#row();
    const acquired = found === undefined ? await this.#insert() : await this.#takeOver(found);
    if (acquired) this.#beat();
    return acquired;
  }

  async release(): Promise<void> {
    clearInterval(this.#beating);
    await this.#change(`DELETE FROM ${this.#name} WHERE ${this.#isOwn}`);
  }

  async holder(): Promise<string | undefined> {
    return (await this.#row())?.holder;
  }

  async #make(): Promise<void> {
    if (this.#isMade) return;
    const { dialect, compileContext, db } = this.#context;
    const table = lockTable(this.#context.parts.tables.lock);
    for (const { sql } of dialect.compile(
      { kind: "createTable", table, ifNotExists: true },
      compileContext,
    )) {
      await db.query(sql);
    }
    this.#isMade = true;
  }

  async #row(): Promise<LockRow | undefined> {
    const [row] = await this.#context.db.query<LockRow>(`SELECT * FROM ${this.#name}`);
    return row;
  }

  async #insert(): Promise<boolean> {
    const { dialect } = this.#context;
    const holder = `process ${process.pid} on ${hostname()} since ${new Date().toISOString()}`.slice(0, 255);
    const values = [1, this.#token, holder, 0].map((value) => dialect.literal(value)).join(", ");
    const columns = ["id", "token", "holder", "beat"].map((column) => dialect.quote(column)).join(", ");
    try {
      await this.#context.db.query(`INSERT INTO ${this.#name} (${columns}) VALUES (${values})`);
      return true;
    } catch {
      // Somebody was quicker, and the primary key says so.
      return false;
    }
  }

  /** Removes the row of a holder that was silent too long; who removes it may try to insert. */
  async #takeOver({ token, beat }: LockRow): Promise<boolean> {
    const { dialect } = this.#context;
    const now = `${token} ${beat}`;
    if (this.#seen?.beat !== now) this.#seen = { beat: now, since: Date.now() };
    if (Date.now() - this.#seen.since < DEAD) return false;
    const removed = await this.#change(
      `DELETE FROM ${this.#name} WHERE ${dialect.quote("token")} = ${dialect.literal(token)}` +
        ` AND ${dialect.quote("beat")} = ${beat}`,
    );
    return removed === 1 && (await this.#insert());
  }

  #beat(): void {
    const { beside } = this.#context.parts;
    const column = this.#context.dialect.quote("beat");
    const sql = `UPDATE ${this.#name} SET ${column} = ${column} + 1 WHERE ${this.#isOwn}`;
    this.#beating = setInterval(() => void beside?.(sql).catch(() => undefined), BEAT);
    this.#beating.unref();
  }

  async #change(sql: string): Promise<number> {
    return await this.#context.db.change(sql);
  }

  get #name(): string {
    return this.#context.dialect.quoteName(this.#context.parts.tables.lock);
  }

  get #isOwn(): string {
    const { dialect } = this.#context;
    return `${dialect.quote("token")} = ${dialect.literal(this.#token)}`;
  }
}
