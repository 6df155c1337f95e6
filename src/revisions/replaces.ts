/**
 * Revisions that stand for others (`squash`): the graph has the one revision, and the files of those that it replaces wait
 * for databases that have run only some of them.
 */
import { LimbeckError } from "../errors";
import type { Revision, RevisionId } from "./revision";

/** The revisions of a graph in which some stand for others. */
export interface Collapsed {
  readonly revisions: readonly Revision[];
  /** The files that another revision stands for. */
  readonly replaced: ReadonlyMap<RevisionId, Revision>;
  /** Which revision stands for an id, whether its file is still there or not. */
  readonly replacedBy: ReadonlyMap<RevisionId, Revision>;
}

/**
 * Leaves out what others stand for, and lets what came after it come after these. `spelledOut` names revisions that do not
 * stand for theirs: the graph then has the old files, and what came after the new revision comes after the last of them.
 *
 * Throws DUPLICATE_REVISION where two revisions stand for one, REVISION_CYCLE where one stands for itself.
 */
export function collapse(
  files: readonly Revision[],
  spelledOut: ReadonlySet<RevisionId> = new Set(),
): Collapsed {
  const replacedBy = replacements(files.filter(({ id }) => !spelledOut.has(id)));
  const replaced = new Map<RevisionId, Revision>();
  if (replacedBy.size === 0 && spelledOut.size === 0) return { revisions: files, replaced, replacedBy };
  const ends = new Map(
    files.filter(({ id }) => spelledOut.has(id)).map(({ id, replaces }) => [id, replaces?.at(-1) ?? id]),
  );
  const now = (id: RevisionId): RevisionId => {
    const old = ends.get(id) ?? id;
    return replacedBy.get(old)?.id ?? old;
  };
  const revisions: Revision[] = [];
  for (const file of files) {
    if (replacedBy.has(file.id)) replaced.set(file.id, file);
    else if (!spelledOut.has(file.id)) {
      revisions.push({ ...file, parents: file.parents.map(now), dependsOn: file.dependsOn.map(now) });
    }
  }
  return { revisions, replaced, replacedBy };
}

/** The outermost revision that stands for each: one that was squashed may be squashed again. */
function replacements(files: readonly Revision[]): ReadonlyMap<RevisionId, Revision> {
  const squashes = files.filter(({ replaces }) => replaces?.length);
  const inner = new Set(squashes.flatMap(({ replaces = [] }) => replaces));
  const replacedBy = new Map<RevisionId, Revision>();
  for (const squash of squashes) {
    if (squash.replaces?.includes(squash.id)) {
      throw new LimbeckError("REVISION_CYCLE", `revision ${squash.id} replaces itself`, about(squash));
    }
    if (inner.has(squash.id)) continue;
    for (const id of squash.replaces ?? []) {
      const other = replacedBy.get(id);
      if (other) {
        throw new LimbeckError(
          "DUPLICATE_REVISION",
          `two revisions replace ${id}: ${other.id} and ${squash.id}`,
          about(squash),
        );
      }
      replacedBy.set(id, squash);
    }
  }
  return replacedBy;
}

function about({ file }: Revision): { readonly hint: string; readonly file?: string } {
  return { hint: "mend `replaces` in its file", ...(file === undefined ? {} : { file }) };
}
