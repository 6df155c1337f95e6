/** Running a plan on a database: under the deployer's lock, from where the database is when the lock is had. */
import { describeDuration, parseDuration } from "../config/duration";
import type { ResolvedConfig } from "../config/config";
import type { Timeouts } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { sameRows } from "../revisions/revision";
import type { Plan } from "../revisions/revision";
import type { RevisionMap } from "../revisions/revision-map";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { withLock } from "../runtime/lock";
import { runPlan } from "../runtime/run";
import type { Ran } from "../runtime/run";
import { statementTitle, stepTitle } from "../runtime/step";
import { version } from "../version";
import { ranByTypeorm, standingByTypeorm } from "./adopted";
import { demandKnownRows } from "./ahead";

export interface OnlineOptions {
  /** A database that is ahead of these files is no error. */
  readonly allowAhead?: boolean;
  /** How long to wait for the lock, such as `"10min"`; the configuration's `lockWait` unless said. */
  readonly lockWait?: string;
  /** Runs in a transaction and rolls it back. */
  readonly dryRun?: boolean;
  /** Forgets what an earlier run left half done, and begins the revision anew. */
  readonly fromStart?: boolean;
}

/** What leads from the rows of the version table to where the user wants to be. */
export type Planner = (map: RevisionMap, rows: readonly string[]) => Plan;

/**
 * Runs a plan on the context's database. A database that has nothing to do is not even locked.
 *
 * Throws LOCK_TIMEOUT where another run did not end in time, UNSUPPORTED for a dry run where DDL commits by itself.
 */
export async function runOnline(
  environment: Environment,
  context: MigrationContext,
  planner: Planner,
  options: OnlineOptions,
  args: readonly unknown[],
): Promise<Ran> {
  const map = await environment.revisions();
  const rows = await context.heads();
  if (await isAhead(map, rows, context, environment, options.allowAhead ?? false)) {
    return { steps: [], from: rows, to: rows };
  }
  const first = planner(map, rows);
  if (first.steps.length === 0)
    return await settled(environment, context, { map, rows, to: first.heads }, options);
  await demandUntold(map, rows, first, context);
  demandCanBeTried(context, options);
  const { config, reporter } = environment;
  const wait = waitOf(options.lockWait ?? config.lockWait);
  const signal = environment.signal;
  const lock = { mode: config.lock, wait, reporter, ...(signal ? { signal } : {}) };
  return await withLock(context, lock, async () => {
    if (options.fromStart) await context.forgetHalfDone();
    return await interruptible(
      context,
      signal,
      async () =>
        await runPlan(context, {
          plan: planFrom(first, rows, map, planner),
          load: (id) => environment.directory.load(id),
          now: environment.now,
          limbeckVersion: version,
          reporter,
          timeouts: timeoutsOf(config),
          lockWait: wait,
          dryRun: options.dryRun ?? false,
          args,
          ...(signal ? { signal } : {}),
          onStart: () => reporter.info(describeRun(context, first.steps.length, options)),
          onStep: (step, { number, of }) => reporter.info(`[${number}/${of}] ${stepTitle(step)}`),
          onStatement: (number, statement) => {
            if (config.logging.sql) reporter.info(statement.sql);
            reporter.progress?.(statementTitle(number, statement));
          },
        }),
    );
  });
}

/**
 * Nothing is to be run. A row whose revision another one stands for by now (`squash`) becomes that one, so that one day
 * no file needs to tell of it.
 */
async function settled(
  environment: Environment,
  context: MigrationContext,
  {
    map,
    rows,
    to,
  }: { readonly map: RevisionMap; readonly rows: readonly string[]; readonly to: readonly string[] },
  { lockWait, dryRun = false }: OnlineOptions,
): Promise<Ran> {
  if (sameRows(rows, to) || dryRun || context.parts.isInTransaction) return { steps: [], from: rows, to };
  const { config, reporter } = environment;
  const lock = { mode: config.lock, wait: waitOf(lockWait ?? config.lockWait), reporter };
  return await withLock(context, lock, async () => {
    const { writeRows } = require("./stamp") as typeof import("./stamp");
    const now = await context.heads();
    if (sameRows(now, rows)) await writeRows(environment, context, map, { before: rows, after: to });
    return { steps: [], from: rows, to };
  });
}

/**
 * The plan, made again for rows that somebody else has moved meanwhile: what is left of the way to the same place. What
 * was typed may be relative (`+1`), and would lead further from there.
 */
function planFrom(
  first: Plan,
  start: readonly string[],
  map: RevisionMap,
  planner: Planner,
): (rows: readonly string[]) => Plan {
  return (rows) => {
    if (sameRows(rows, start)) return first;
    if (sameRows(rows, first.heads)) return { steps: [], heads: rows };
    const place = first.steps.findIndex(({ before }) => sameRows(before, rows));
    if (place >= 0) return { ...first, steps: first.steps.slice(place) };
    const again = planner(map, rows);
    if (sameRows(again.heads, first.heads)) return again;
    throw new LimbeckError(
      "VERSION_ROWS_CHANGED",
      `the database was at ${start.join(", ") || "base"} and is at ${rows.join(", ") || "base"} now: somebody else has moved it`,
      { hint: "look with `limbeck current`, then run again" },
    );
  };
}

async function isAhead(
  map: RevisionMap,
  rows: readonly string[],
  context: MigrationContext,
  environment: Environment,
  allowed: boolean,
): Promise<boolean> {
  try {
    await demandKnownRows(map, rows, context);
    return false;
  } catch (error) {
    if (!allowed || !(error instanceof LimbeckError) || error.code !== "DATABASE_AHEAD") throw error;
    environment.reporter.warn(`${error.message}: nothing to do`);
    return true;
  }
}

/** Throws where TypeORM has run already what would be run first. */
async function demandUntold(
  map: RevisionMap,
  rows: readonly string[],
  { steps }: Plan,
  context: MigrationContext,
): Promise<void> {
  if (rows.length > 0) return;
  const standing = await standingByTypeorm(map, context);
  if (standing !== undefined && steps.some(({ revision }) => revision.id === standing))
    throw ranByTypeorm(standing);
}

function demandCanBeTried({ dialect }: MigrationContext, { dryRun = false }: OnlineOptions): void {
  if (!dryRun || dialect.traits.transactionalDdl) return;
  throw new LimbeckError(
    "UNSUPPORTED",
    `--dry-run rolls back what it ran, and ${dialect.name} commits DDL by itself`,
    {
      hint: "`--plan` prints the SQL without running it",
    },
  );
}

/** What will happen, said before it does. */
function describeRun(context: MigrationContext, count: number, { dryRun = false }: OnlineOptions): string {
  const revisions = count === 1 ? "1 revision" : `${count} revisions`;
  if (dryRun) return `trying ${revisions} in a transaction that will be rolled back`;
  if (context.parts.isInTransaction) return `running ${revisions} in the caller's transaction`;
  if (!context.dialect.traits.transactionalDdl) {
    return `running ${revisions} statement by statement: ${context.dialect.name} commits DDL by itself, so a journal is kept`;
  }
  switch (context.transactionMode) {
    case "all":
      return `running ${revisions} in one transaction`;
    case "each":
      return `running ${revisions}, each in a transaction of its own`;
    case "none":
      return `running ${revisions} without a transaction: a journal is kept`;
  }
}

function waitOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new LimbeckError("USAGE", `"${text}" is no duration`, {
    hint: `write "500ms", "60s", "10min" or "1h" (${describeDuration(60_000)} unless said)`,
  });
}

/** The timeouts of the configuration, in milliseconds. */
export function timeoutsOf({ lockTimeout, statementTimeout }: ResolvedConfig): Timeouts {
  const lock = lockTimeout === undefined ? undefined : parseDuration(lockTimeout);
  const statement = statementTimeout === undefined ? undefined : parseDuration(statementTimeout);
  return { ...(lock === undefined ? {} : { lock }), ...(statement === undefined ? {} : { statement }) };
}

/** Runs a body; an interruption ends the statement that is running, from another connection. */
async function interruptible<T>(
  context: MigrationContext,
  signal: AbortSignal | undefined,
  body: () => Promise<T>,
): Promise<T> {
  const { cancel } = context.dialect.session;
  const { beside } = context.parts;
  if (!signal || !cancel || !beside) return await body();
  const [session] = await context.db.query<{ readonly id: number }>(cancel.id);
  const stop = (): void => void beside(cancel.sql(Number(session?.id))).catch(() => undefined);
  signal.addEventListener("abort", stop);
  try {
    return await body();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
