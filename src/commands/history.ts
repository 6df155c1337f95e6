/** `history`, `heads` and `show`: the graph of the revision files. They load neither the application nor a driver. */
import { readFileSync } from "node:fs";
import type { RevisionId } from "../revisions/revision";
import { historyRange } from "../revisions/plan";
import type { RevisionMap } from "../revisions/revision-map";
import { revisionOf } from "../revisions/revision-map";
import { parseRange, resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { demandKnownRows } from "./ahead";

/** A revision as people want to see it. */
export interface HistoryItem {
  readonly revision: RevisionId;
  readonly parents: readonly RevisionId[];
  readonly dependsOn: readonly string[];
  readonly labels: readonly string[];
  readonly message: string;
  readonly file?: string;
  readonly isHead: boolean;
  /** A head that another revision depends on, so that it is no row of its own. */
  readonly isEffectiveHead: boolean;
  readonly isBranchPoint: boolean;
  readonly isMergePoint: boolean;
  readonly isCurrent?: boolean;
  /** Not applied yet, in an answer that tells of both. */
  readonly isPending?: boolean;
}

export interface HistoryOptions {
  /** `start:end`; either end may be left out. */
  readonly range?: string;
  /** Marks where the database is, and asks it. */
  readonly indicateCurrent?: boolean;
}

/** All revisions, newest first. Asks a database only for `current` and `indicateCurrent`. */
export async function history(
  environment: Environment,
  options: HistoryOptions = {},
): Promise<readonly HistoryItem[]> {
  const map = await environment.revisions();
  const range = options.range === undefined ? {} : parseRange(options.range);
  const asks =
    [range.from, range.to].some((end) => end?.includes("current")) || (options.indicateCurrent ?? false);
  const rows = asks ? await currentRows(environment, map) : undefined;
  return historyRange(map, range, rows).map((id) => ({
    ...entryOf(map, id),
    ...(options.indicateCurrent ? { isCurrent: rows?.includes(id) ?? false } : {}),
  }));
}

/** The heads of the graph. */
export async function heads(environment: Environment): Promise<readonly HistoryItem[]> {
  const map = await environment.revisions();
  return map.heads.map((id) => entryOf(map, id));
}

/** What identifiers mean, with the text of their files. */
export async function show(
  environment: Environment,
  revisions: readonly string[],
): Promise<readonly (HistoryItem & { readonly source: string })[]> {
  const map = await environment.revisions();
  const rows = revisions.some((text) => text.includes("current"))
    ? await currentRows(environment, map)
    : undefined;
  const ids = revisions.flatMap((text) => resolve(map, text, rows === undefined ? {} : { current: rows }));
  return [...new Set(ids)].map((id) => {
    const entry = entryOf(map, id);
    return { ...entry, source: entry.file === undefined ? "" : readFileSync(entry.file, "utf8") };
  });
}

/** One revision of the graph. */
export function entryOf(map: RevisionMap, id: RevisionId): HistoryItem {
  const revision = revisionOf(map, id);
  const isHead = map.heads.includes(id);
  return {
    revision: id,
    parents: revision.parents,
    dependsOn: revision.dependsOn,
    labels: map.labelsOf.get(id) ?? [],
    message: revision.message,
    ...(revision.file === undefined ? {} : { file: revision.file }),
    isHead,
    isEffectiveHead: isHead && !map.realHeads.includes(id),
    isBranchPoint: (map.children.get(id)?.length ?? 0) > 1,
    isMergePoint: revision.parents.length > 1,
  };
}

async function currentRows(environment: Environment, map: RevisionMap): Promise<readonly RevisionId[]> {
  const rows: RevisionId[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const found = await context.heads();
    await demandKnownRows(map, found, context);
    rows.push(...found);
  });
  return rows;
}
