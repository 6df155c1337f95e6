/** `stamp`: says that revisions are applied, or not, without running them; and `ensure-version`. */
import { headsOf, planStamp } from "../revisions/plan";
import type { RevisionMap } from "../revisions/revision-map";
import { isRange, parseRange, resolve } from "../revisions/target";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { scriptLines } from "../runtime/executor";
import { describeHalfDone } from "../runtime/journal";
import { expectVersions, writeHistory, writeVersions } from "../runtime/version-table";
import { LimbeckError } from "../errors";
import { describeAll } from "./describe-all";
import { version } from "../version";
import { demandKnownRows } from "./ahead";
import { compare } from "./compare";

/** Which revisions are said to be applied. */
export interface StampOptions {
  readonly revisions: readonly string[];
  /** Forgets all rows first, unknown ones too. */
  readonly purge?: boolean;
  readonly sql?: boolean;
  /** Refuses unless the database is what the entities want. */
  readonly verify?: boolean;
  /** A text for env.ts. */
  readonly tag?: string;
}

/** The version rows before and after. */
export interface StampResult {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Sets the version rows. Throws DIFFERENCES_FOUND with `verify` where the database is not what the entities want. */
export async function stamp(environment: Environment, options: StampOptions): Promise<StampResult> {
  const map = await environment.revisions();
  const { sql = false, purge = false, verify = false } = options;
  if (sql && (purge || verify)) {
    throw new LimbeckError("USAGE", "a script cannot purge or verify: it has no database to ask", {
      hint: "leave --sql, or the other option, out",
    });
  }
  const { start, targets } = sql ? startOf(options.revisions) : { start: "base", targets: options.revisions };
  const results: StampResult[] = [];
  const request = { offline: sql, revisionArgument: options.revisions.join(" "), tag: options.tag };
  await environment.run(request, async (context) => {
    const rows = sql ? headsOf(map, resolve(map, start)) : await context.heads();
    if (!sql && !purge) await demandKnownRows(map, rows, context);
    if (verify) await demandEqual(environment, context);
    const change = planStamp(map, rows, targets, { purge });
    await writeRows(environment, context, map, change);
    results.push({ from: change.before, to: change.after });
  });
  return { from: results.flatMap(({ from }) => from), to: results.flatMap(({ to }) => to) };
}

/** Makes Limbeck's own tables where they are absent. */
export async function ensureVersion(
  environment: Environment,
  { sql = false }: { readonly sql?: boolean } = {},
): Promise<void> {
  await environment.run({ offline: sql }, async (context) => {
    const { script } = context.dialect;
    writeLines(context, script.header);
    await context.ensureTables();
    writeLines(context, script.footer ?? []);
  });
}

/** Sets the version rows in one transaction, and notes it in the history. */
export async function writeRows(
  environment: Environment,
  context: MigrationContext,
  map: RevisionMap,
  change: { readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  const { dialect, executor } = context;
  const tables = context.parts.tables;
  const { script } = dialect;
  const halfDone = await context.halfDone();
  writeLines(context, script.header);
  await executor.begin();
  try {
    await context.ensureTables();
    executor.comment(`stamp ${change.after.join(", ") || "base"}`);
    if (context.isOffline) {
      for (const statement of expectVersions(dialect, tables.version, change.before))
        await executor.run(statement);
    }
    await writeVersions(dialect, executor, tables.version, change);
    for (const id of change.after.filter((row) => !change.before.includes(row))) {
      const { parents = [], message = "" } = map.byId.get(id) ?? {};
      const record = {
        ...(context.isOffline ? {} : { appliedAt: environment.now() }),
        milliseconds: 0,
        hash: "",
        limbeckVersion: version,
        appliedBy: "stamp",
      };
      await writeHistory(dialect, executor, tables.history, [
        { revision: id, parents, message, direction: "stamp", record },
      ]);
    }
    await context.forgetHalfDone();
    const revisions = change.after.filter((row) => !change.before.includes(row));
    await context.applied({ direction: "stamp", revisions, ...change });
    await executor.commit();
    writeLines(context, script.footer ?? []);
    if (halfDone) environment.reporter.warn(`${describeHalfDone(halfDone)}: that is forgotten now`);
  } catch (error) {
    await executor.rollback();
    throw error;
  }
}

/** What stands at the top or the end of a script; a database is told nothing. */
function writeLines(context: MigrationContext, lines: readonly string[]): void {
  if (context.isOffline) context.parts.writeRaw?.(scriptLines(lines, context.dialect.script));
}

async function demandEqual(environment: Environment, context: MigrationContext): Promise<void> {
  const { operations, registry } = await compare(environment, context, { noRenames: true });
  if (operations.length === 0) return;
  const differences = describeAll(operations, registry);
  throw new LimbeckError(
    "DIFFERENCES_FOUND",
    `the database is not what the entities want (${differences.length} differences): ${differences.slice(0, 5).join("; ")}`,
    { hint: "`limbeck check` lists them all; nothing was stamped", data: differences },
  );
}

/** Where a script starts: at nothing, or at the one start that all of `start:end` share. */
function startOf(revisions: readonly string[]): {
  readonly start: string;
  readonly targets: readonly string[];
} {
  if (!revisions.some(isRange)) return { start: "base", targets: revisions };
  const ranges = revisions.map((text) => (isRange(text) ? parseRange(text) : { from: "base", to: text }));
  const starts = [...new Set(ranges.map(({ from = "base" }) => from))];
  const [start = "base"] = starts;
  if (starts.length === 1) return { start, targets: ranges.map(({ to = "head" }) => to) };
  throw new LimbeckError("USAGE", `a script starts at one place, not at ${starts.join(" and ")}`, {
    hint: `write each as start:end with the same start, such as ${start}:head`,
  });
}
