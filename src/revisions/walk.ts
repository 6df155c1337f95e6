/** Relative steps: walks `+2` or `-1` through the graph, and says where that could mean several things. */
import { LimbeckError } from "../errors";
import type { RevisionId } from "./revision";
import type { RevisionMap } from "./revision-map";
import { branchOf, resolveAbsolute } from "./target";
import type { Identifier } from "./target";

/**
 * Walks up along the children, or down along the parents, as many steps as an identifier says. No revision stands for
 * the very beginning, below all bases. A label picks the way up at a branch point.
 *
 * Throws INVALID_TARGET where the way ends too early, or where it parts.
 */
export function walk(
  map: RevisionMap,
  start: RevisionId | undefined,
  identifier: Identifier,
): RevisionId | undefined {
  const { label, steps = 0 } = identifier;
  const isOnBranch = steps > 0 && label !== undefined ? branchOf(map, label) : () => true;
  let id = start;
  for (let step = 0; step < Math.abs(steps); step++) {
    if (steps < 0 && id === undefined && step > 0) throw tooFar(identifier);
    const choices = (steps > 0 ? above(map, id) : below(map, id)).filter(isOnBranch);
    if (choices.length > 1) throw parts(identifier, choices);
    if (choices.length === 0 && steps > 0) throw tooFar(identifier);
    id = choices[0];
  }
  return id;
}

/**
 * What a relative identifier counts from: all that stands before the sign. Going down, the label says which head or
 * row is meant; going up, it picks the way instead.
 */
export function startsOf(
  map: RevisionMap,
  { text, label, symbol, steps = 0 }: Identifier,
  options: { readonly current?: readonly RevisionId[] },
): readonly RevisionId[] {
  return resolveAbsolute(
    map,
    {
      text,
      ...(symbol === undefined ? {} : { symbol }),
      ...(label === undefined || steps > 0 ? {} : { label }),
    },
    options,
  );
}

/** The one revision that a relative identifier counts from; nothing for `base`. Throws INVALID_TARGET for several. */
export function startOf(
  map: RevisionMap,
  identifier: Identifier,
  rows: readonly RevisionId[],
): RevisionId | undefined {
  const ids = startsOf(map, identifier, { current: rows });
  const [first] = ids;
  if (ids.length <= 1) return first;
  throw several(identifier, ids, `name one, such as ${first ?? ""}${signed(identifier)}`);
}

/** The one row to count from. Throws INVALID_TARGET where there are several. */
export function oneRow(identifier: Identifier, rows: readonly RevisionId[]): RevisionId | undefined {
  const [first] = rows;
  if (rows.length <= 1) return first;
  throw several(identifier, rows, `say on which branch, such as ${first ?? ""}@${signed(identifier)}`);
}

/** The revisions so many steps below some, along all ways; the bases of ways that are not so long. */
export function levelBelow(
  map: RevisionMap,
  from: readonly RevisionId[],
  steps: number,
): readonly RevisionId[] {
  let level = new Set(from);
  for (let step = 0; step < steps; step++) {
    const next = new Set([...level].flatMap((id) => (isBase(map, id) ? [id] : below(map, id))));
    if (next.size === level.size && [...next].every((id) => level.has(id))) break;
    level = next;
  }
  return [...level];
}

/** The error for a relative step that leads nowhere, why, and what to type instead. */
export function nowhere({ text }: Identifier, why: string, hint: string): LimbeckError {
  return new LimbeckError("INVALID_TARGET", `"${text}" leads nowhere: ${why}`, { hint });
}

function above(map: RevisionMap, id: RevisionId | undefined): readonly RevisionId[] {
  return id === undefined ? map.bases : (map.children.get(id) ?? []);
}

function below(map: RevisionMap, id: RevisionId | undefined): readonly RevisionId[] {
  return id === undefined ? map.heads : (map.byId.get(id)?.parents ?? []);
}

function isBase(map: RevisionMap, id: RevisionId): boolean {
  return below(map, id).length === 0;
}

function tooFar(identifier: Identifier): LimbeckError {
  const { steps = 0 } = identifier;
  const end = steps < 0 ? "type `base` to go all the way down" : "type `heads` to go all the way up";
  return nowhere(identifier, "there are not so many revisions that way", `${end}, or fewer steps`);
}

function parts(identifier: Identifier, choices: readonly RevisionId[]): LimbeckError {
  const { symbol = "", steps = 0 } = identifier;
  const [first = ""] = choices;
  const hint =
    steps > 0
      ? `say which branch, such as ${first}@${symbol}${signed(identifier)}`
      : `name the revision itself, such as ${first}`;
  return several(identifier, choices, hint);
}

function several({ text }: Identifier, choices: readonly RevisionId[], hint: string): LimbeckError {
  return new LimbeckError("INVALID_TARGET", `"${text}" could mean several ways: ${choices.join(", ")}`, {
    hint,
    data: choices,
  });
}

function signed({ steps = 0 }: Identifier): string {
  return steps < 0 ? String(steps) : `+${steps}`;
}
