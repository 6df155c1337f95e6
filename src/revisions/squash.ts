/** Which revisions one revision may stand for. */
import { LimbeckError } from "../errors";
import type { Revision, RevisionId } from "./revision";
import { directlyAfter, directlyBefore, reach } from "./revision-map";
import type { RevisionMap } from "./revision-map";
import { parseRange, resolveOne } from "./target";

/** A range as one revision. */
export interface Squash {
  /** The revisions of the range, each after what it needs. */
  readonly ids: readonly RevisionId[];
  readonly last: RevisionId;
  /** The ids in the order of `replaces`, with what those of the range replace themselves. */
  readonly replaces: readonly RevisionId[];
  /** What the range comes after. */
  readonly parents: readonly RevisionId[];
  /** Labels and dependencies that the new revision keeps. */
  readonly kept: Pick<Revision, "labels" | "dependsOn">;
}

/**
 * The range `first:last`, both included.
 *
 * Throws INVALID_TARGET for a range of fewer than two revisions, for one whose first does not lead to its last, and where
 * something outside goes on from its middle; USAGE for no range.
 */
export function planSquash(map: RevisionMap, text: string): Squash {
  const { from, to = "head" } = parseRange(text);
  const last = resolveOne(map, to);
  const below = reach([last], (id) => map.byId.get(id)?.parents ?? []);
  const first = from === undefined || from === "base" ? undefined : resolveOne(map, from);
  if (first !== undefined && !below.has(first)) {
    throw new LimbeckError("INVALID_TARGET", `${first} does not lead to ${last}`, {
      hint: "write first:last, both of which the new revision then stands for",
    });
  }
  const above = first === undefined ? below : reach([first], (id) => map.children.get(id) ?? []);
  const within = map.sorted.filter(({ id }) => below.has(id) && above.has(id));
  const ids = within.map(({ id }) => id);
  if (ids.length < 2) {
    throw new LimbeckError(
      "INVALID_TARGET",
      `${text} is ${ids.length} revision: there is nothing to squash`,
      {
        hint: "name a range of at least two, such as first:last",
      },
    );
  }
  demandClosed(map, new Set(ids), last);
  const outside = (id: RevisionId): boolean => !ids.includes(id);
  const replaces = within.flatMap(({ id, replaces: inner = [] }) => [...inner, id]);
  return {
    ids,
    last,
    replaces: [...new Set(replaces)],
    parents: [...new Set(within.flatMap(({ parents }) => parents))].filter(outside),
    kept: {
      labels: within.flatMap(({ labels }) => labels),
      dependsOn: [...new Set(within.flatMap(({ id }) => map.dependencies.get(id) ?? []))].filter(outside),
    },
  };
}

/** What goes on from the middle would have nothing to stand on. */
function demandClosed(map: RevisionMap, within: ReadonlySet<RevisionId>, last: RevisionId): void {
  for (const id of within) {
    if (id === last) continue;
    const other = directlyAfter(map, id).find((after) => !within.has(after));
    if (other === undefined) continue;
    throw new LimbeckError(
      "INVALID_TARGET",
      `revision ${other} goes on from ${id}, in the middle of the range`,
      {
        hint: `squash up to ${id} and from there on, each for itself`,
      },
    );
  }
  // A dependency on something that itself comes after the range would go round in a circle.
  const needed = [...within].flatMap((id) => directlyBefore(map, id)).filter((id) => !within.has(id));
  const circle = needed.find((id) => reach([id], (other) => directlyBefore(map, other)).has(last));
  if (circle === undefined) return;
  throw new LimbeckError("INVALID_TARGET", `the range needs ${circle}, which comes after it`, {
    hint: "squash a smaller range",
  });
}
