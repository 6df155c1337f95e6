/** `rebase`: two branches become one line, by a change of one constant in one file. */
import { readFileSync, writeFileSync } from "node:fs";
import { standing } from "../revisions/standing";
import { LimbeckError, messageOf } from "../errors";
import { renderValue } from "../render/literal";
import { headsOf } from "../revisions/plan";
import { planRebase } from "../revisions/rebase";
import type { Rebase } from "../revisions/rebase";
import type { Revision } from "../revisions/revision";
import { appliedBy } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { scanRevision } from "../revisions/scan";
import { resolveOne } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { demandKnownRows } from "./ahead";
import { writeRows } from "./stamp";

/** Which branch goes where. */
export interface RebaseOptions {
  /** A revision of the branch that moves, mostly its head. */
  readonly revision: string;
  /** The head that it goes on top of. */
  readonly onto: string;
  /** Asks no database whether it has run the branch. */
  readonly filesOnly?: boolean;
}

/** Which file was changed, and what it goes on top of now. */
export interface RebaseResult {
  /** The first revision of the branch. */
  readonly revision: string;
  readonly file: string;
  readonly from: readonly string[];
  readonly onto: readonly string[];
  /** The lines of the file that changed, as they were and as they are. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The version rows, where they followed. */
  readonly to?: readonly string[];
}

/**
 * Rewrites `downRevision` of the first revision of a branch. Allowed where the database has run neither the branch nor
 * what it goes on top of, or both: its version rows follow.
 *
 * Throws what `planRebase` throws, DATABASE_BEHIND where the database has run the branch alone.
 */
export async function rebase(environment: Environment, options: RebaseOptions): Promise<RebaseResult> {
  const map = await environment.revisions();
  const plan = planRebase(map, resolveOne(map, options.revision), resolveOne(map, options.onto));
  const rows = options.filesOnly ? [] : await rowsOf(environment, map);
  demandNeitherOrBoth(map, plan, rows);
  const { file, before, after } = rewrite(plan);
  const to = headsOf(plan.map, rows);
  const follows = to.length < rows.length;
  save(file, after);
  try {
    if (follows) await follow(environment, plan, { before: rows, after: to });
  } catch (error) {
    save(file, before);
    throw error;
  }
  return {
    revision: plan.first.id,
    file,
    from: plan.first.parents,
    onto: plan.parents,
    ...changedLines(before, after),
    ...(follows ? { to } : {}),
  };
}

/** The version rows; none where there is no database yet. */
async function rowsOf(environment: Environment, map: RevisionMap): Promise<readonly string[]> {
  const found = new Set<string>();
  try {
    await environment.run({ readsOnly: true }, async (context) => {
      const rows = await context.heads();
      await demandKnownRows(map, rows, context);
      for (const row of standing(map, rows).rows) found.add(row);
    });
  } catch (error) {
    if (!(error instanceof LimbeckError) || error.code !== "DATABASE_MISSING") throw error;
  }
  return [...found].sort();
}

/** A database that has run the branch alone would then claim what it goes on top of, and skip it for ever. */
function demandNeitherOrBoth(map: RevisionMap, { first, parents }: Rebase, rows: readonly string[]): void {
  const applied = appliedBy(map, rows);
  if (!applied.has(first.id)) return;
  const missing = map.sorted.filter(({ id }) => !applied.has(id) && appliedBy(map, parents).has(id));
  if (missing.length === 0) return;
  const ids = missing.map(({ id }) => id);
  throw new LimbeckError(
    "DATABASE_BEHIND",
    `the database has run ${first.id} but not ${ids.join(", ")}, which it would claim after the rebase`,
    { hint: `run \`limbeck upgrade ${parents.join(" ")}\` first, then rebase`, data: ids },
  );
}

/** The new graph is in the files now, so a fresh look at the rows is planned over it. */
async function follow(
  environment: Environment,
  plan: Rebase,
  change: { readonly before: readonly string[]; readonly after: readonly string[] },
): Promise<void> {
  await environment.run({}, async (context) => {
    await writeRows(environment, context, plan.map, change);
  });
}

interface Rewritten {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const CONSTANT =
  /((?:export\s+(?:const|let|var)\s+downRevision\b[^=;\n]*|exports\.downRevision\s*)=\s*)(null|undefined|void 0|"[^"\n]*"|'[^'\n]*'|\[[^\]]*\])/g;

/** The file with its one constant changed, and the line of its header that repeats it. */
function rewrite({ first, parents }: Rebase): Rewritten {
  const { id, file = "" } = first;
  const before = readFileSync(file, "utf8");
  const value = renderValue(parents.length === 1 ? parents[0] : parents);
  const header = new RegExp(`(Revises:[ \\t]*)${escaped(first.parents.join(", ") || "-")}[ \\t]*$`, "m");
  const after = before
    .replace(CONSTANT, (whole, start: string, old: string) =>
      // Minifiers and compilers export nothing first, all at once.
      old === "void 0" ? whole : start + value,
    )
    .replace(header, (_whole, start: string) => start + parents.join(", "));
  if (isWhole(first, parents, after)) return { file, before, after };
  throw new LimbeckError(
    "REVISION_FILE_INVALID",
    `\`downRevision\` of revision ${id} cannot be changed in ${file}`,
    {
      file,
      hint: `write \`downRevision = ${value}\` there by hand; nothing was changed`,
    },
  );
}

/** Whether the text is the revision with nothing but its parents changed. */
function isWhole(first: Revision, parents: readonly string[], text: string): boolean {
  const scanned = scanRevision(text);
  if (scanned.kind !== "revision") return false;
  const { revision, downRevision, branchLabels, dependsOn } = scanned.constants;
  return (
    revision === first.id &&
    downRevision.join() === parents.join() &&
    branchLabels.join() === first.labels.join() &&
    dependsOn.join() === first.dependsOn.join()
  );
}

function changedLines(before: string, after: string) {
  const [old, fresh] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  return {
    removed: old.filter((line) => !fresh.includes(line)),
    added: fresh.filter((line) => !old.includes(line)),
  };
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new LimbeckError("FILE_WRITE_FAILED", `${file} cannot be written: ${messageOf(cause)}`, {
      file,
      cause,
    });
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
