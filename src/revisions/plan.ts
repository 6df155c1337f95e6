/** Which revisions to run, in which order, and what the version table holds after each. Pure, and linear in the graph. */
import { LimbeckError } from "../errors";
import type { Plan, RevisionId, Step } from "./revision";
import { appliedBy, directlyAfter, directlyBefore, reach, revisionOf, unknownRows } from "./revision-map";
import type { RevisionMap } from "./revision-map";
import { branchOf, onBranch, parseIdentifier, resolveAbsolute } from "./target";
import type { Identifier, Range } from "./target";

/**
 * The way up to some targets, with everything they descend from or depend on. What is applied already is left out.
 *
 * Throws what resolving throws; INVALID_TARGET for a relative step that leads nowhere or several ways.
 */
export function planUpgrade(map: RevisionMap, rows: readonly RevisionId[], targets: readonly string[]): Plan {
  demandKnown(map, rows);
  const wanted = targets.flatMap((target) => {
    const ids = upgradeTarget(map, rows, parseIdentifier(target));
    demandIndependent(map, ids, target);
    return ids;
  });
  const applied = new Set(appliedBy(map, rows));
  const needed = appliedBy(map, wanted);
  const steps: Step[] = [];
  let heads = new Set(rows);
  for (const revision of map.sorted) {
    if (!needed.has(revision.id) || applied.has(revision.id)) continue;
    const before = sortedIds(heads);
    heads = new Set([...heads, revision.id]);
    for (const id of directlyBefore(map, revision.id)) heads.delete(id);
    steps.push({ direction: "up", revision, before, after: sortedIds(heads) });
  }
  return { steps, heads: sortedIds(heads) };
}

/**
 * The way down to a target: everything that descends from it or depends on what goes, newest first. Dependencies of
 * what goes stay.
 *
 * `-N` without a label counts from the first row; whoever types it while there are several should be asked which.
 *
 * Throws NOT_ANCESTOR where the target is not below what is applied, INVALID_TARGET for relative steps that lead nowhere.
 */
export function planDowngrade(map: RevisionMap, rows: readonly RevisionId[], target: string): Plan {
  demandKnown(map, rows);
  const applied = appliedBy(map, rows);
  const { label, id } = downgradeTarget(map, rows, parseIdentifier(target));
  const roots = rootsOf(map, id, label);
  const going = reach(roots, (revision) =>
    directlyAfter(map, revision).filter((other) => applied.has(other)),
  );
  const dropped = map.sorted
    .filter((revision) => going.has(revision.id) && applied.has(revision.id))
    .reverse();
  if (id !== undefined && dropped.length === 0 && !rows.includes(id)) {
    throw new LimbeckError("NOT_ANCESTOR", `revision ${id} is not below what is applied (${list(rows)})`, {
      hint: applied.has(id)
        ? "it is applied only because another revision depends on it: downgrade that one"
        : "`limbeck current` tells what is applied, `limbeck upgrade` goes up",
    });
  }
  return downSteps(
    map,
    rows,
    applied,
    dropped.map((revision) => revision.id),
  );
}

/** What the version table holds when revisions are said to be applied without running anything. */
export function planStamp(
  map: RevisionMap,
  rows: readonly RevisionId[],
  targets: readonly string[],
  { purge = false }: { readonly purge?: boolean } = {},
): { readonly before: readonly RevisionId[]; readonly after: readonly RevisionId[] } {
  if (!purge) demandKnown(map, rows);
  let kept: readonly RevisionId[] = purge ? [] : rows;
  const stamped: RevisionId[] = [];
  for (const target of targets) {
    const identifier = parseIdentifier(target);
    if (identifier.steps !== undefined) {
      throw new LimbeckError(
        "UNKNOWN_REVISION",
        `"${target}" is relative: stamp takes revisions themselves`,
        {
          hint: "type the id, a label, head, heads or base",
        },
      );
    }
    const ids = resolveAbsolute(map, identifier);
    if (identifier.symbol === "base") {
      const { label } = identifier;
      const gone = label === undefined ? kept : onBranch(map, kept, label, { dependencies: true });
      kept = kept.filter((row) => !gone.includes(row));
    }
    stamped.push(...ids);
  }
  const related = reach(stamped, (id) => directlyBefore(map, id));
  const above = reach(stamped, (id) => directlyAfter(map, id));
  const others = kept.filter((row) => !related.has(row) && !above.has(row));
  return { before: sortedIds(rows), after: headsOf(map, [...others, ...stamped]) };
}

/** The version rows after one more step, from the rows before it. */
export function headsAfter(
  map: RevisionMap,
  rows: readonly RevisionId[],
  { direction, revision }: Pick<Step, "direction" | "revision">,
): readonly RevisionId[] {
  const applied = appliedBy(map, rows);
  const after = new Set(applied);
  if (direction === "up") after.add(revision.id);
  else after.delete(revision.id);
  return sortedIds([...after].filter((id) => !directlyAfter(map, id).some((other) => after.has(other))));
}

/**
 * The revisions of a range, newest first; all of them where both ends are left out.
 *
 * Throws NOT_ANCESTOR where the range starts somewhere that does not lead to its end.
 */
export function historyRange(
  map: RevisionMap,
  { from, to }: Range,
  current: readonly RevisionId[] | undefined,
): readonly RevisionId[] {
  const options = current === undefined ? {} : { current };
  const upper = to === undefined ? map.realHeads : rangeEnd(map, parseIdentifier(to), options, from);
  const within = appliedBy(map, upper);
  const all = map.sorted.map(({ id }) => id).filter((id) => within.has(id));
  if (from === undefined) return all.reverse();
  const lower = rangeStart(map, parseIdentifier(from), upper, options);
  if (lower.length === 0) return all.reverse();
  const outside = lower.filter((id) => !within.has(id));
  if (outside.length > 0 && to !== undefined) {
    throw new LimbeckError("NOT_ANCESTOR", `${list(outside)} does not lead to ${to}`, {
      hint: "turn the range round, or leave one end out",
    });
  }
  const above = reach(lower, (id) => directlyAfter(map, id));
  return all.filter((id) => above.has(id)).reverse();
}

/** The rows of a table in which these revisions are applied: those that no other of them implies. */
export function headsOf(map: RevisionMap, ids: readonly RevisionId[]): readonly RevisionId[] {
  const implied = appliedBy(
    map,
    ids.flatMap((id) => directlyBefore(map, id)),
  );
  return sortedIds(ids.filter((id) => !implied.has(id)));
}

function downSteps(
  map: RevisionMap,
  rows: readonly RevisionId[],
  applied: ReadonlySet<RevisionId>,
  dropped: readonly RevisionId[],
): Plan {
  const waiting = new Map<RevisionId, number>();
  for (const id of applied)
    for (const other of directlyBefore(map, id)) waiting.set(other, (waiting.get(other) ?? 0) + 1);
  const steps: Step[] = [];
  const heads = new Set(rows);
  for (const id of dropped) {
    const before = sortedIds(heads);
    heads.delete(id);
    for (const other of directlyBefore(map, id)) {
      const left = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, left);
      if (left === 0) heads.add(other);
    }
    steps.push({ direction: "down", revision: revisionOf(map, id), before, after: sortedIds(heads) });
  }
  return { steps, heads: sortedIds(heads) };
}

function upgradeTarget(
  map: RevisionMap,
  rows: readonly RevisionId[],
  identifier: Identifier,
): readonly RevisionId[] {
  const { text, label, symbol, steps } = identifier;
  if (steps === undefined) return resolveAbsolute(map, identifier, { current: rows });
  if (symbol !== undefined) {
    // Walking up the label picks the child at a branch point; walking down it says where to start.
    const start = startOf(
      map,
      steps < 0 ? { text, ...(label === undefined ? {} : { label }), symbol } : { text, symbol },
      rows,
    );
    return landed(walk(map, start, steps, label), identifier);
  }
  if (steps < 0) throw nowhere(identifier, "upgrade goes up");
  const starts = label === undefined ? rows : startsOnBranch(map, rows, label);
  if (starts.length > 1) throw several(identifier, starts);
  return landed(walk(map, starts[0], steps, label), identifier);
}

/** Where a walk along a branch starts: at its applied row, else at the applied tip below it, else at the very beginning. */
function startsOnBranch(map: RevisionMap, rows: readonly RevisionId[], label: string): readonly RevisionId[] {
  const direct = onBranch(map, rows, label);
  if (direct.length > 0) return direct;
  const active = onBranch(map, [...appliedBy(map, rows)], label);
  const below = new Set(active.flatMap((id) => map.byId.get(id)?.parents ?? []));
  return active.filter((id) => !below.has(id));
}

interface DowngradeTarget {
  readonly label?: string;
  /** Absent for the very beginning. */
  readonly id?: RevisionId;
}

function downgradeTarget(
  map: RevisionMap,
  rows: readonly RevisionId[],
  identifier: Identifier,
): DowngradeTarget {
  const { label, symbol, steps } = identifier;
  if (steps === undefined) {
    // The label says which branch goes, not where the target is.
    const ids = resolveAbsolute(
      map,
      { text: identifier.text, ...(symbol === undefined ? {} : { symbol }) },
      { current: rows },
    );
    if (ids.length > 1) throw severalHeads(identifier, ids);
    return target(label, ids[0]);
  }
  if (symbol !== undefined) {
    const start = startOf(
      map,
      { text: identifier.text, symbol, ...(label === undefined ? {} : { label }) },
      rows,
    );
    return target(label, landed(walk(map, start, steps, label), identifier)[0]);
  }
  if (steps >= 0) throw nowhere(identifier, "downgrade goes down");
  const starts = label === undefined ? rows.toSorted().slice(0, 1) : rowsOnBranch(map, rows, label);
  if (starts.length > 1) throw several(identifier, starts);
  const [start] = starts;
  if (start === undefined) throw nowhere(identifier, "nothing is applied there");
  return target(label ?? start, landed(walk(map, start, steps, undefined), identifier)[0]);
}

function target(label: string | undefined, id: RevisionId | undefined): DowngradeTarget {
  return { ...(label === undefined ? {} : { label }), ...(id === undefined ? {} : { id }) };
}

/** The rows on a branch, or the applied heads of it that other rows imply by depending on them. */
function rowsOnBranch(map: RevisionMap, rows: readonly RevisionId[], label: string): readonly RevisionId[] {
  const direct = onBranch(map, rows, label);
  if (direct.length > 0) return direct;
  const applied = appliedBy(map, rows);
  const tips = [...applied].filter((id) => !(map.children.get(id) ?? []).some((child) => applied.has(child)));
  return onBranch(map, tips, label);
}

/** What a downgrade takes away first: the children of its target, or all bases; on a branch only those that lead to it. */
function rootsOf(
  map: RevisionMap,
  id: RevisionId | undefined,
  label: string | undefined,
): readonly RevisionId[] {
  const roots = id === undefined ? map.bases : (map.children.get(id) ?? []);
  if (label === undefined || roots.length <= 1) return roots;
  const branch = reach([branchOf(map, label)], (other) => map.byId.get(other)?.parents ?? []);
  const leading = roots.filter((root) => branch.has(root));
  if (leading.length > 0) return leading;
  throw new LimbeckError("INVALID_TARGET", `the branch "${label}" does not pass ${id ?? "base"}`, {
    hint: `above it are ${roots.join(", ")}`,
  });
}

/** The revision that a walk starts from; nothing for `base`. */
function startOf(
  map: RevisionMap,
  identifier: Identifier,
  rows: readonly RevisionId[],
): RevisionId | undefined {
  const ids = resolveAbsolute(map, identifier, { current: rows });
  if (ids.length > 1) throw several(identifier, ids);
  return ids[0];
}

/** Nothing where the walk ends at the very beginning; `too far` where it would go on beyond an end. */
type Landing =
  { readonly id: RevisionId | undefined } | "too far" | { readonly choices: readonly RevisionId[] };

function walk(
  map: RevisionMap,
  start: RevisionId | undefined,
  steps: number,
  label: string | undefined,
): Landing {
  let id = start;
  for (let step = 0; step < Math.abs(steps); step++) {
    const choices = steps > 0 ? walkUp(map, id, label) : walkDown(map, id, step);
    if (choices === "too far" || choices.length === 0) {
      if (choices === "too far" || steps > 0) return "too far";
      id = undefined;
      continue;
    }
    if (choices.length > 1) return { choices };
    id = choices[0];
  }
  return { id };
}

function walkUp(
  map: RevisionMap,
  id: RevisionId | undefined,
  label: string | undefined,
): readonly RevisionId[] {
  const next = id === undefined ? map.bases : (map.children.get(id) ?? []);
  return label === undefined ? next : onBranch(map, next, label);
}

function walkDown(
  map: RevisionMap,
  id: RevisionId | undefined,
  step: number,
): readonly RevisionId[] | "too far" {
  if (id !== undefined) return map.byId.get(id)?.parents ?? [];
  return step === 0 ? map.heads : "too far";
}

function landed(landing: Landing, identifier: Identifier): readonly RevisionId[] {
  if (landing === "too far") throw nowhere(identifier, "there are not so many revisions that way");
  if ("choices" in landing) throw several(identifier, landing.choices);
  return landing.id === undefined ? [] : [landing.id];
}

function rangeEnd(
  map: RevisionMap,
  identifier: Identifier,
  options: { readonly current?: readonly RevisionId[] },
  from: string | undefined,
): readonly RevisionId[] {
  const { label, symbol, steps } = identifier;
  if (steps === undefined) return resolveAbsolute(map, identifier, options);
  const base = symbol ?? (steps > 0 ? (from ?? "base") : undefined);
  if (base === undefined) return belowHeads(map, identifier);
  const starts = resolveAbsolute(map, { text: identifier.text, symbol: base }, options);
  return (starts.length === 0 ? [undefined] : starts).flatMap((start) =>
    landed(walk(map, start, steps, label), identifier),
  );
}

function rangeStart(
  map: RevisionMap,
  identifier: Identifier,
  upper: readonly RevisionId[],
  options: { readonly current?: readonly RevisionId[] },
): readonly RevisionId[] {
  const { symbol, steps, label } = identifier;
  if (steps === undefined) {
    return symbol === "base" && label !== undefined
      ? branchBases(map, label)
      : resolveAbsolute(map, identifier, options);
  }
  if (symbol === undefined) return belowHeads(map, { ...identifier, steps }, upper);
  const starts = resolveAbsolute(map, { text: identifier.text, symbol }, options);
  return starts.flatMap((start) => landed(walk(map, start, steps, label), identifier));
}

function branchBases(map: RevisionMap, label: string): readonly RevisionId[] {
  return onBranch(map, map.bases, label);
}

/** `-3` in a range: three steps below each end; the very beginning where there are not so many. */
function belowHeads(
  map: RevisionMap,
  { steps = 0 }: Identifier,
  upper: readonly RevisionId[] = map.realHeads,
): readonly RevisionId[] {
  return upper.flatMap((head) => {
    let ids: readonly RevisionId[] = [head];
    for (let step = 0; step < Math.abs(steps); step++) {
      const below = ids.flatMap((id) => map.byId.get(id)?.parents ?? []);
      if (below.length === 0) break;
      ids = below;
    }
    return ids;
  });
}

/** Heads of a branch of which one needs another are no set of heads: whoever typed that should know. */
function demandIndependent(map: RevisionMap, ids: readonly RevisionId[], text: string): void {
  if (ids.length <= 1) return;
  const independent = headsOf(map, ids);
  const implied = ids.filter((id) => !independent.includes(id));
  if (implied.length === 0) return;
  throw new LimbeckError("INVALID_TARGET", `"${text}" names ${list(implied)}, which others of it depend on`, {
    hint: `name ${list(independent)} instead: that brings the rest`,
  });
}

function demandKnown(map: RevisionMap, rows: readonly RevisionId[]): void {
  const unknown = unknownRows(map, rows);
  if (unknown.length === 0) return;
  throw new LimbeckError(
    "UNKNOWN_VERSION_ROW",
    `the database is at ${list(unknown)}, which no revision file has`,
    {
      hint: "the file is on another branch or was deleted",
      data: unknown,
    },
  );
}

function nowhere({ text }: Identifier, why: string): LimbeckError {
  return new LimbeckError("INVALID_TARGET", `"${text}" leads nowhere: ${why}`, {
    hint: "`limbeck current` and `limbeck history` tell where you are",
  });
}

function several({ text }: Identifier, choices: readonly RevisionId[]): LimbeckError {
  return new LimbeckError("INVALID_TARGET", `"${text}" could mean several ways: ${list(choices)}`, {
    hint: `name one: ${choices[0] ?? ""}, or count on a branch: ${choices[0] ?? "label"}@${text}`,
    data: choices,
  });
}

function severalHeads({ text }: Identifier, heads: readonly RevisionId[]): LimbeckError {
  return new LimbeckError("MULTIPLE_HEADS", `"${text}" means ${heads.length} revisions: ${list(heads)}`, {
    hint: "a downgrade goes to one of them: name it",
    data: heads,
  });
}

function list(ids: readonly RevisionId[]): string {
  return ids.length === 0 ? "base" : ids.join(", ");
}

function sortedIds(ids: Iterable<RevisionId>): readonly RevisionId[] {
  return [...ids].sort();
}
