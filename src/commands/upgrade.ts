/** `upgrade` and `downgrade`: moves a database, or writes the script that does. */
import { LimbeckError } from "../errors";
import { planDowngrade, planUpgrade } from "../revisions/plan";
import type { Plan } from "../revisions/revision";
import type { RevisionMap } from "../revisions/revision-map";
import { isRange, parseIdentifier } from "../revisions/target";
import type { OutputPlace } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import type { RunRequest } from "../runtime/environment-run";
import type { Ran } from "../runtime/run";
import { demandKnownRows } from "./ahead";
import { runOnline } from "./online";
import type { OnlineOptions, Planner } from "./online";
import { reversed, scriptRange, write, writeScript } from "./script";

/** What `upgrade` and `downgrade` take alike. */
interface MoveOptions extends OnlineOptions {
  /** Writes SQL instead of running. */
  readonly sql?: boolean;
  /** Writes the SQL that would run on the database as it is, and runs nothing. */
  readonly plan?: boolean;
  /** A text for env.ts. */
  readonly tag?: string;
}

export interface UpgradeOptions extends MoveOptions {
  /** One or several revisions, `head` unless said; `start:end` for a script. */
  readonly revisions?: readonly string[];
  /** With `sql` or `plan`: takes the script of the way back. */
  readonly rollback?: (text: string, place: OutputPlace) => void;
}

export interface DowngradeOptions extends MoveOptions {
  readonly revision: string;
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

/** Moves up to a revision, with everything that it needs. Throws what planning and running throw. */
export async function upgrade(environment: Environment, options: UpgradeOptions = {}): Promise<RunResult> {
  const revisions = options.revisions?.length ? options.revisions : ["head"];
  demandOneMode(options);
  if (options.sql) {
    const { start, end } = scriptRange(revisions, "base");
    const planner: Planner = (map, rows) => planUpgrade(map, rows, end);
    return merged(
      await writeScript(environment, start, planner, asked(revisions, options), options.rollback),
    );
  }
  demandNoRange(revisions);
  if (options.rollback && !options.plan) throw rollbackAlone();
  const planner: Planner = (map, rows) => planUpgrade(map, rows, revisions);
  return await runOnDatabase(environment, planner, options, revisions);
}

/** Moves down to a revision. Throws IRREVERSIBLE_REVISION before the first step where one has no way back. */
export async function downgrade(environment: Environment, options: DowngradeOptions): Promise<RunResult> {
  const { revision } = options;
  demandOneMode(options);
  if (options.sql) {
    const { start, end } = scriptRange([revision], undefined);
    const planner: Planner = (map, rows) => planDown(map, rows, end[0] ?? "base");
    return merged(await writeScript(environment, start, planner, asked([revision], options)));
  }
  demandNoRange([revision]);
  return await runOnDatabase(environment, (map, rows) => planDown(map, rows, revision), options, [revision]);
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
  options: MoveOptions & Pick<UpgradeOptions, "rollback">,
  typed: readonly string[],
): Promise<RunResult> {
  const results: Ran[] = [];
  const request = { ...asked(typed, options), readsOnly: options.plan ?? false };
  await environment.run(request, async (context, args) => {
    if (!options.plan) {
      results.push(await runOnline(environment, context, planner, options, args));
      return;
    }
    const map = await environment.revisions();
    const rows = await context.heads();
    await demandKnownRows(map, rows, context);
    const plan = planner(map, rows);
    const imagined = context.imagined();
    results.push(await write(environment, imagined, plan, rows, args));
    const { rollback } = options;
    if (!rollback) return;
    const back = imagined.writingTo((text) => rollback(text, context.place));
    await write(environment, back, reversed(plan, rows), plan.heads, args);
  });
  return merged(results);
}

/** What env.ts may know of the command line. */
function asked(typed: readonly string[], { tag }: MoveOptions): Pick<RunRequest, "revisionArgument" | "tag"> {
  return { revisionArgument: typed.join(" "), tag };
}

function demandOneMode({ sql, plan, dryRun }: MoveOptions): void {
  const chosen = Object.entries({ "--sql": sql, "--plan": plan, "--dry-run": dryRun })
    .filter(([, value]) => value)
    .map(([name]) => name);
  if (chosen.length < 2) return;
  throw new LimbeckError("USAGE", `${chosen.join(" and ")} exclude each other`, {
    hint: "--sql asks no database, --plan prints what would run on it, --dry-run runs it and takes it back",
  });
}

function rollbackAlone(): LimbeckError {
  return new LimbeckError("USAGE", "--rollback writes the way back of a script, and there is none", {
    hint: "add --sql or --plan; `limbeck downgrade` runs the way back",
  });
}

function demandNoRange(typed: readonly string[]): void {
  const range = typed.find(isRange);
  if (range === undefined) return;
  throw new LimbeckError("USAGE", `"${range}" is a range, and ranges are for scripts`, {
    hint: "add --sql, or name one revision: the database knows where it starts",
  });
}

/** Several databases in one run answer together. */
function merged(results: readonly Ran[]): RunResult {
  return {
    steps: results.flatMap(({ steps }) =>
      steps.map(({ direction, revision: { id, message } }) => ({ direction, revision: id, message })),
    ),
    from: [...new Set(results.flatMap(({ from }) => from))],
    to: [...new Set(results.flatMap(({ to }) => to))],
  };
}
