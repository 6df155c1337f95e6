/** Putting one branch on top of another: which revision gets which parent. */
import { LimbeckError } from "../errors";
import type { Revision, RevisionId } from "./revision";
import { buildRevisionMap, reach } from "./revision-map";
import type { RevisionMap } from "./revision-map";

/** The one edge of the graph that a rebase changes. */
export interface Rebase {
  /** The first revision of the branch, as it was. */
  readonly first: Revision;
  readonly parents: readonly RevisionId[];
  /** The graph afterwards. */
  readonly map: RevisionMap;
}

/**
 * How the branch that leads to a revision comes to stand on another one.
 *
 * Throws INVALID_TARGET where one of them leads to the other already, or where the branch begins at several places or
 * with a merge; NOT_A_HEAD where something stands on the other one; REVISION_CYCLE where a dependency is in the way.
 */
export function planRebase(map: RevisionMap, branch: RevisionId, onto: RevisionId): Rebase {
  const below = ancestors(map, onto);
  const mine = ancestors(map, branch);
  if (mine.has(onto)) throw standing(branch, onto);
  if (below.has(branch)) throw standing(onto, branch);
  const [taken] = map.children.get(onto) ?? [];
  if (taken !== undefined) {
    throw new LimbeckError("NOT_A_HEAD", `revision ${onto} is not a head: ${taken} came after it`, {
      hint: `name a head of its branch, such as ${map.heads.find((head) => ancestors(map, head).has(onto)) ?? ""}`,
      data: map.heads,
    });
  }
  const own = [...mine].filter((id) => !below.has(id));
  const starts = own.filter((id) => (map.byId.get(id)?.parents ?? []).every((parent) => below.has(parent)));
  const entries = own.filter((id) => (map.byId.get(id)?.parents ?? []).some((parent) => below.has(parent)));
  const firsts = [...new Set([...starts, ...entries])];
  const first = map.byId.get(firsts[0] ?? "");
  if (first === undefined || firsts.length > 1) throw several(branch, firsts);
  if (first.parents.length > 1) throw several(branch, [first.id]);
  const moved = { ...first, parents: [onto] };
  const revisions = [...map.byId.values()].map((revision) => (revision.id === first.id ? moved : revision));
  return { first, parents: [onto], map: buildRevisionMap(revisions) };
}

function ancestors(map: RevisionMap, id: RevisionId): ReadonlySet<RevisionId> {
  return reach([id], (other) => map.byId.get(other)?.parents ?? []);
}

function standing(upper: RevisionId, lower: RevisionId): LimbeckError {
  return new LimbeckError("INVALID_TARGET", `revision ${upper} stands on ${lower} already`, {
    hint: "a rebase joins two branches: name the heads of both (`limbeck heads`)",
  });
}

function several(branch: RevisionId, firsts: readonly RevisionId[]): LimbeckError {
  return new LimbeckError(
    "INVALID_TARGET",
    `the branch of ${branch} does not begin with one revision of one parent: ${firsts.join(", ")}`,
    { hint: "it holds a merge: let the branches meet with `limbeck merge` instead", data: firsts },
  );
}
