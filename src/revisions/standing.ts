/** Where a database stands whose version rows may name revisions that another one stands for by now. */
import { LimbeckError } from "../errors";
import type { Revision, RevisionId } from "./revision";
import { buildRevisionMap } from "./revision-map";
import type { RevisionMap } from "./revision-map";

/** The graph as it is for one database, and the rows of that database in it. */
export interface Standing {
  readonly map: RevisionMap;
  readonly rows: readonly RevisionId[];
}

/**
 * A row that is the last of those that a revision replaces counts as that revision: all of them have been applied. One in
 * their middle goes on with the old files, so that the graph of such a database has these instead.
 */
export function standing(map: RevisionMap, rows: readonly RevisionId[]): Standing {
  if (map.replacedBy.size === 0) return { map, rows };
  const middles = rows.flatMap((row) => {
    const squash = map.replacedBy.get(row);
    return squash && !isLast(map, squash, row) && hasFiles(map, squash) ? [squash.id] : [];
  });
  if (middles.length > 0) {
    return standing(buildRevisionMap(map.files, new Set([...map.spelledOut, ...middles])), rows);
  }
  const now = rows.map((row) => {
    const squash = map.replacedBy.get(row);
    return squash && isLast(map, squash, row) ? squash.id : row;
  });
  return { map, rows: [...new Set(now)].sort() };
}

/** Whether a row of a version table can be placed in the graph. */
function isKnown(map: RevisionMap, row: RevisionId): boolean {
  if (map.byId.has(row)) return true;
  const squash = map.replacedBy.get(row);
  return squash !== undefined && (isLast(map, squash, row) || hasFiles(map, squash));
}

/** Rows of a version table that no file knows. */
export function unknownRows(map: RevisionMap, rows: readonly RevisionId[]): readonly RevisionId[] {
  return rows.filter((row) => !isKnown(map, row));
}

/** Whether having applied a revision means having applied everything that another one stands for. */
export function isLast(map: RevisionMap, { replaces = [] }: Revision, row: RevisionId): boolean {
  const last = replaces.at(-1);
  if (last === undefined || last === row) return last === row;
  const inner = map.replaced.get(last);
  return inner !== undefined && isLast(map, inner, row);
}

function hasFiles(map: RevisionMap, { replaces = [] }: Revision): boolean {
  const inner = new Set(replaces.flatMap((id) => map.replaced.get(id)?.replaces ?? []));
  return replaces.every((id) => map.replaced.has(id) || inner.has(id));
}

/** Throws UNKNOWN_VERSION_ROW for a row among those that a revision stands for, where the way to their end is lost. */
export function demandNotMiddle({ replacedBy, replaced }: RevisionMap, row: RevisionId): void {
  const squash = replacedBy.get(row);
  if (!squash) return;
  const { id, replaces = [] } = squash;
  const gone = replaces.filter((other) => !replaced.has(other));
  throw new LimbeckError(
    "UNKNOWN_VERSION_ROW",
    `the database is at ${row}, in the middle of what revision ${id} replaces, and the files from there to ${replaces.at(-1) ?? id} are gone`,
    {
      hint: `bring the files back (${gone.join(", ")}), or upgrade it with a release that has them; then with this one`,
      data: [row],
    },
  );
}
