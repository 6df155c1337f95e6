/** Writing a script: the same run, with its statements going into a text. */
import { LimbeckError } from "../errors";
import { headsOf } from "../revisions/plan";
import type { Plan } from "../revisions/revision";
import type { RevisionMap } from "../revisions/revision-map";
import { isRange, parseRange, resolve } from "../revisions/target";
import type { MigrationContext, OutputPlace } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import type { RunRequest } from "../runtime/environment-run";
import { scriptLines } from "../runtime/executor";
import { runPlan } from "../runtime/run";
import type { Ran } from "../runtime/run";
import { version } from "../version";
import { timeoutsOf } from "./online";
import type { Planner } from "./online";

/**
 * Writes a script that starts at some revisions and asserts, revision by revision, that it stands where it should.
 *
 * With `rollback`, the script of the way back is handed to it as well.
 */
export async function writeScript(
  environment: Environment,
  start: string,
  planner: Planner,
  asked: Pick<RunRequest, "revisionArgument" | "tag">,
  rollback?: (text: string, place: OutputPlace) => void,
): Promise<readonly Ran[]> {
  const map = await environment.revisions();
  const rowsOf = (graph: RevisionMap): readonly string[] => headsOf(graph, resolve(graph, start));
  const results: Ran[] = [];
  const request = { ...asked, offline: true, startsAt: rowsOf };
  await environment.run(request, async (context, args) => {
    const { startingRevision } = context.parts;
    const rows = startingRevision === undefined ? rowsOf(map) : headsOf(map, resolve(map, startingRevision));
    const plan = planner(map, rows);
    results.push(await write(environment, context, { plan, rows, args, ...(rollback && { rollback }) }));
  });
  return results;
}

/** What is written: what a plan runs that starts at some version rows, and where asked for the way back. */
export interface Written {
  readonly plan: Plan;
  readonly rows: readonly string[];
  readonly args: readonly unknown[];
  readonly rollback?: (text: string, place: OutputPlace) => void;
}

/** Writes what a plan runs, on a context that has no database. */
export async function write(
  environment: Environment,
  context: MigrationContext,
  { plan, rows, args, rollback }: Written,
): Promise<Ran> {
  const ran = await writeOneWay(environment, context, { plan, rows, args });
  if (rollback) {
    const back = context.writingTo((text) => rollback(text, context.place));
    await writeOneWay(environment, back, { plan: reversed(plan, rows), rows: plan.heads, args });
  }
  return ran;
}

async function writeOneWay(
  environment: Environment,
  context: MigrationContext,
  { plan, rows, args }: Written,
): Promise<Ran> {
  const { script } = context.dialect;
  context.parts.writeRaw?.(scriptLines(script.header, script));
  const ran = await runPlan(context, {
    plan: () => plan,
    startsAt: rows,
    load: (id) => environment.directory.load(id),
    now: environment.now,
    limbeckVersion: version,
    reporter: environment.reporter,
    timeouts: timeoutsOf(environment.config),
    lockWait: 0,
    args,
  });
  context.parts.writeRaw?.(scriptLines(script.footer ?? [], script));
  return ran;
}

/** The same steps, backwards; `rows` is where they began. */
export function reversed(plan: Plan, rows: readonly string[]): Plan {
  return {
    steps: plan.steps
      .map(({ direction, revision, before, after }) => ({
        direction: direction === "up" ? ("down" as const) : ("up" as const),
        revision,
        before: after,
        after: before,
      }))
      .reverse(),
    heads: rows,
  };
}

/**
 * Where a script starts and where it ends. Throws USAGE for a downgrade without a start or an end, INVALID_TARGET for
 * `current`, which only a database knows.
 */
export function scriptRange(
  typed: readonly string[],
  fallback: string | undefined,
): { readonly start: string; readonly end: readonly string[] } {
  const [first = "head"] = typed;
  demandNoDatabase(typed);
  if (typed.length === 1 && isRange(first)) {
    const { from = fallback, to = fallback === undefined ? undefined : "head" } = parseRange(first);
    if (from !== undefined && to !== undefined) return { start: from, end: [to] };
  } else if (fallback !== undefined) return { start: fallback, end: typed };
  throw new LimbeckError("USAGE", "downgrade --sql needs a range: it cannot ask the database where it is", {
    hint: `write start:end, such as ${isRange(first) ? "head:base" : `head:${first}`}`,
  });
}

function demandNoDatabase(typed: readonly string[]): void {
  const asking = typed.find((text) => /(?:^|[@:])current(?![^-+:])/.test(text));
  if (asking === undefined) return;
  throw new LimbeckError("INVALID_TARGET", `"${asking}" asks the database, and a script has none`, {
    hint: "type the id; `limbeck current` tells it",
  });
}
