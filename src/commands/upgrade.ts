/** `upgrade` and `downgrade`: moves a database, or writes the script that does. */
import { LimbeckError } from "../errors";
import { headsOf, planDowngrade, planUpgrade } from "../revisions/plan";
import type { Plan, Step } from "../revisions/revision";
import type { RevisionMap } from "../revisions/revision-map";
import { isRange, parseIdentifier, parseRange, resolve } from "../revisions/target";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { runPlan, stepTitle } from "../runtime/run";
import { version } from "../version";
import { demandKnownRows } from "./ahead";

export interface UpgradeOptions {
  /** One or several revisions, `head` unless said; `start:end` for a script. */
  readonly revisions?: readonly string[];
  /** Writes SQL instead of running. */
  readonly sql?: boolean;
  /** A database that is ahead of these files is no error. */
  readonly allowAhead?: boolean;
}

export interface DowngradeOptions {
  readonly revision: string;
  readonly sql?: boolean;
}

/** What ran. */
export interface RunResult {
  readonly steps: readonly {
    readonly direction: "up" | "down";
    readonly revision: string;
    readonly message: string;
  }[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

type Planner = (map: RevisionMap, rows: readonly string[]) => Plan;

/** Moves up to a revision, with everything that it needs. Throws what planning and running throw. */
export async function upgrade(environment: Environment, options: UpgradeOptions = {}): Promise<RunResult> {
  const revisions = options.revisions?.length ? options.revisions : ["head"];
  if (options.sql) {
    const { start, end } = scriptRange(revisions, "base");
    return await writeScript(environment, start, (map, rows) => planUpgrade(map, rows, end), revisions);
  }
  demandNoRange(revisions);
  return await runOnDatabase(
    environment,
    (map, rows) => planUpgrade(map, rows, revisions),
    options,
    revisions,
  );
}

/** Moves down to a revision. Throws IRREVERSIBLE_REVISION before the first step where one has no way back. */
export async function downgrade(
  environment: Environment,
  { revision, sql }: DowngradeOptions,
): Promise<RunResult> {
  if (sql) {
    const { start, end } = scriptRange([revision], undefined);
    return await writeScript(environment, start, (map, rows) => planDowngrade(map, rows, end[0] ?? "base"), [
      revision,
    ]);
  }
  demandNoRange([revision]);
  return await runOnDatabase(environment, (map, rows) => planDown(map, rows, revision), {}, [revision]);
}

/** `-1` with several rows would be a guess about which branch. */
function planDown(map: RevisionMap, rows: readonly string[], target: string): Plan {
  const { label, symbol, steps } = parseIdentifier(target);
  if (steps !== undefined && symbol === undefined && label === undefined && rows.length > 1) {
    throw new LimbeckError("INVALID_TARGET", `"${target}" could start from any of ${rows.join(", ")}`, {
      hint: `say which: ${rows.map((row) => `${row}@${target}`).join(" or ")}`,
      data: rows,
    });
  }
  return planDowngrade(map, rows, target);
}

async function runOnDatabase(
  environment: Environment,
  planner: Planner,
  { allowAhead = false }: { readonly allowAhead?: boolean },
  typed: readonly string[],
): Promise<RunResult> {
  const map = await environment.revisions();
  const results: RunResult[] = [];
  await environment.run({ revisionArgument: typed.join(" ") }, async (context, args) => {
    const { version: table } = context.parts.tables;
    await context.dialect.withLock(context.db, table.name, async () => {
      const rows = await context.heads();
      if (await isAhead(map, rows, context, environment, allowAhead)) {
        results.push({ steps: [], from: rows, to: rows });
        return;
      }
      const plan = planner(map, rows);
      await run(environment, context, plan, args);
      results.push(resultOf(plan, rows));
    });
  });
  return merged(results);
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

/** Writes a script that starts at some revisions and asserts, revision by revision, that it stands where it should. */
async function writeScript(
  environment: Environment,
  start: string,
  planner: Planner,
  typed: readonly string[],
): Promise<RunResult> {
  const map = await environment.revisions();
  const rowsOf = (graph: RevisionMap): readonly string[] => headsOf(graph, resolve(graph, start));
  const results: RunResult[] = [];
  const request = { offline: true, startsAt: rowsOf, revisionArgument: typed.join(" ") };
  await environment.run(request, async (context, args) => {
    const rows = rowsOf(map);
    const plan = planner(map, rows);
    for (const line of context.dialect.script.header) context.parts.writeRaw?.(`${line}\n`);
    await run(environment, context, plan, args);
    results.push(resultOf(plan, rows));
  });
  return merged(results);
}

async function run(
  environment: Environment,
  context: MigrationContext,
  plan: Plan,
  args: readonly unknown[],
): Promise<void> {
  await runPlan(context, plan, {
    load: (id) => environment.directory.load(id),
    now: environment.now,
    limbeckVersion: version,
    onStep: (step: Step) => environment.reporter.info(stepTitle(step)),
    args,
  });
}

function scriptRange(
  typed: readonly string[],
  fallback: string | undefined,
): { readonly start: string; readonly end: readonly string[] } {
  const [first = "head"] = typed;
  if (typed.length === 1 && isRange(first)) {
    const { from = fallback ?? "base", to = "head" } = parseRange(first);
    return { start: from, end: [to] };
  }
  if (fallback !== undefined) return { start: fallback, end: typed };
  throw new LimbeckError("USAGE", "downgrade --sql needs a range: it cannot ask the database where it is", {
    hint: `write start:end, such as head:${first}`,
  });
}

function demandNoRange(typed: readonly string[]): void {
  const range = typed.find(isRange);
  if (range === undefined) return;
  throw new LimbeckError("USAGE", `"${range}" is a range, and ranges are for scripts`, {
    hint: "add --sql, or name one revision: the database knows where it starts",
  });
}

function resultOf(plan: Plan, rows: readonly string[]): RunResult {
  return {
    steps: plan.steps.map(({ direction, revision }) => ({
      direction,
      revision: revision.id,
      message: revision.message,
    })),
    from: rows,
    to: plan.heads,
  };
}

/** Several databases in one run answer together. */
function merged(results: readonly RunResult[]): RunResult {
  return {
    steps: results.flatMap(({ steps }) => steps),
    from: [...new Set(results.flatMap(({ from }) => from))],
    to: [...new Set(results.flatMap(({ to }) => to))],
  };
}
