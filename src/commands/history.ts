/** `history`, `heads`, `branches` and `show`: the graph of the revision files. They load neither the application nor a driver. */
import { readFileSync } from "node:fs";
import type { RevisionId } from "../revisions/revision";
import { historyRange } from "../revisions/plan";
import type { RevisionMap } from "../revisions/revision-map";
import { LimbeckError } from "../errors";
import { appliedBy, describeRevision, revisionOf } from "../revisions/revision-map";
import { standing } from "../revisions/standing";
import type { Standing } from "../revisions/standing";
import { parseRange, resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { demandKnownRows } from "./ahead";
import { runEnvironment } from "./run-environment";

/** A revision as people want to see it. */
export interface HistoryItem {
  readonly revision: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly dependsOn: readonly string[];
  /** The labels that it carries, inherited ones too. */
  readonly labels: readonly string[];
  /** Those that its own file declares. */
  readonly ownLabels: readonly string[];
  readonly message: string;
  /** The revisions that it stands for; absent where it stands for none. */
  readonly replaces?: readonly RevisionId[];
  readonly file?: string;
  readonly isHead: boolean;
  /** A head that another revision depends on, so that it is no row of its own. */
  readonly isEffectiveHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  readonly isCurrent?: boolean;
  /** Applied without a row of its own, because a row depends on it. */
  readonly isImplied?: boolean;
  /** Not applied yet, in an answer that tells of both. */
  readonly isPending?: boolean;
}

/** Which revisions are listed, and what is told of them. */
export interface HistoryOptions {
  /** `start:end`; either end may be left out. */
  readonly range?: string;
  /** Marks where the database is and what is pending, and asks it. */
  readonly indicateCurrent?: boolean;
}

/**
 * All revisions, newest first. Asks a database only for `current` and `indicateCurrent`; with `revisionEnvironment` env.ts
 * runs in any case, without the database being asked for more.
 */
export async function history(
  environment: Environment,
  options: HistoryOptions = {},
): Promise<readonly HistoryItem[]> {
  const files = await environment.revisions();
  const range = options.range === undefined ? {} : parseRange(options.range);
  const asks =
    [range.from, range.to].some((end) => end?.includes("current")) || (options.indicateCurrent ?? false);
  const { map, rows } = asks ? await currentRows(environment, files) : { map: files, rows: undefined };
  if (!asks) await runEnvironment(environment);
  const ids = historyRange(map, range, rows);
  if (!options.indicateCurrent) return ids.map((id) => entryOf(map, id));
  const current = new Set(rows);
  const applied = appliedBy(map, current);
  return ids.map((id) => ({
    ...entryOf(map, id),
    isCurrent: current.has(id),
    isPending: !applied.has(id),
  }));
}

/** Which heads are listed. */
export interface HeadsOptions {
  /** Leaves out heads that another revision depends on: a database that has everything has no row of them. */
  readonly resolveDependencies?: boolean;
  /** Throws SEVERAL_HEADS where there is more than one. */
  readonly check?: boolean;
}

/** The heads of the graph. */
export async function heads(
  environment: Environment,
  options: HeadsOptions = {},
): Promise<readonly HistoryItem[]> {
  const map = await environment.revisions();
  const ids = options.resolveDependencies ? map.realHeads : map.heads;
  if (options.check && ids.length > 1) {
    throw new LimbeckError("SEVERAL_HEADS", `there are ${ids.length} heads: ${ids.join(", ")}`, {
      hint: "put one branch on top of the other with `limbeck rebase`, or let them meet with `limbeck merge heads`",
      data: ids,
    });
  }
  return ids.map((id) => entryOf(map, id));
}

/** A revision with several children, and these. */
export interface BranchPoint extends HistoryItem {
  readonly children: readonly HistoryItem[];
}

/** Where branches begin. */
export async function branches(environment: Environment): Promise<readonly BranchPoint[]> {
  const map = await environment.revisions();
  return map.branchPoints.map((id) => ({
    ...entryOf(map, id),
    children: (map.children.get(id) ?? []).map((child) => entryOf(map, child)),
  }));
}

/** What identifiers mean, with the text of their files. */
export async function show(
  environment: Environment,
  revisions: readonly string[],
): Promise<readonly (HistoryItem & { readonly source: string })[]> {
  const { map, ids } = await identified(environment, revisions);
  return ids.map((id) => {
    const entry = entryOf(map, id);
    return { ...entry, source: entry.file === undefined ? "" : readFileSync(entry.file, "utf8") };
  });
}

/** The revisions that identifiers mean, each once. A database is asked only for `current`. */
export async function identified(
  environment: Environment,
  revisions: readonly string[],
): Promise<{ readonly map: RevisionMap; readonly ids: readonly RevisionId[] }> {
  const files = await environment.revisions();
  const asks = revisions.some((text) => text.includes("current"));
  const { map, rows } = asks ? await currentRows(environment, files) : { map: files, rows: undefined };
  const options = rows ? { current: rows } : {};
  return { map, ids: [...new Set(revisions.flatMap((text) => resolve(map, text, options)))] };
}

/** One revision of the graph. */
export function entryOf(map: RevisionMap, id: RevisionId): HistoryItem {
  const revision = revisionOf(map, id);
  return {
    revision: id,
    parents: revision.parents,
    dependsOn: revision.dependsOn,
    labels: map.labelsOf.get(id) ?? [],
    ownLabels: revision.labels,
    message: revision.message,
    ...(revision.replaces ? { replaces: revision.replaces } : {}),
    ...(revision.file === undefined ? {} : { file: revision.file }),
    ...describeRevision(map, id),
  };
}

/** What is applied without a row of its own, and without a child that is: the ends of branches that others depend on. */
export function impliedBy(map: RevisionMap, rows: readonly RevisionId[]): readonly RevisionId[] {
  const applied = appliedBy(map, rows);
  const isEnd = (id: RevisionId): boolean =>
    !(map.children.get(id) ?? []).some((child) => applied.has(child));
  return [...applied].filter((id) => !rows.includes(id) && isEnd(id)).sort();
}

/** The rows of the database, in the graph as it is for that one. */
async function currentRows(environment: Environment, map: RevisionMap): Promise<Standing> {
  const rows: RevisionId[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const found = await context.heads();
    await demandKnownRows(map, found, context);
    rows.push(...found);
  });
  return standing(map, rows);
}
