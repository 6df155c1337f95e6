/** A version row that no file knows: is the database ahead of these files, or is a file missing? */
import { LimbeckError } from "../errors";
import type { RevisionMap } from "../revisions/revision-map";
import { demandNotMiddle, unknownRows } from "../revisions/standing";
import type { HistoryEntry } from "../operations/migration-context";
import type { MigrationContext } from "../runtime/context";

/**
 * Throws where a row is in no file: DATABASE_AHEAD when the history shows that it descends from a revision that is
 * (an older image of the application was started again), UNKNOWN_VERSION_ROW otherwise, with what the history tells of it.
 */
export async function demandKnownRows(
  map: RevisionMap,
  rows: readonly string[],
  context: MigrationContext,
): Promise<void> {
  const unknown = unknownRows(map, rows);
  const [row] = unknown;
  if (row === undefined) return;
  for (const id of unknown) demandNotMiddle(map, id);
  const entries = (await context.history()).filter(({ direction }) => direction !== "down");
  const last = entries.findLast(({ revision }) => revision === row);
  if (unknown.every((id) => descendsFromKnown(id, map, entries))) {
    throw new LimbeckError(
      "DATABASE_AHEAD",
      `the database is ahead of these files: it is at ${unknown.join(", ")}${told(last)}, which descends from what is here`,
      {
        hint: "run a newer release, bring the file back if it was deleted, or say `limbeck upgrade --allow-ahead` where an older release may start",
        data: unknown,
      },
    );
  }
  throw new LimbeckError(
    "UNKNOWN_VERSION_ROW",
    `the version table holds ${unknown.join(", ")}${told(last)}, which is in no revision file`,
    {
      hint: "its file is on another branch (git switch to it and downgrade there) or was deleted (get it back, or `limbeck stamp --purge` a revision that matches)",
      data: unknown,
    },
  );
}

function told(entry: HistoryEntry | undefined): string {
  return entry === undefined ? "" : ` ("${entry.message || "no message"}", applied ${entry.appliedAt})`;
}

/** Goes down the parents that the history remembers until it meets a revision that is in a file. */
function descendsFromKnown(id: string, map: RevisionMap, entries: readonly HistoryEntry[]): boolean {
  const seen = new Set([id]);
  for (const current of seen) {
    const entry = entries.findLast(({ revision }) => revision === current);
    for (const parent of entry?.parents ?? []) {
      if (map.byId.has(parent)) return true;
      seen.add(parent);
    }
  }
  return false;
}
