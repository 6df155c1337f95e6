/** Which revisions to run, in which order, and what the version table holds after each. Pure, and linear in the graph. */
import { LimbeckError } from "../errors";
import type { Plan, RevisionId, Step } from "./revision";
import { appliedBy, directlyAfter, directlyBefore, reach, revisionOf } from "./revision-map";
import type { RevisionMap } from "./revision-map";
import { demandNotMiddle, standing, unknownRows } from "./standing";
import { find, onBranch, parseIdentifier, resolveAbsolute } from "./target";
import type { Identifier, Range } from "./target";
import { levelBelow, nowhere, oneRow, startOf, startsOf, walk } from "./walk";

/**
 * The way up to some targets, with everything they descend from or depend on. What is applied already is left out.
 *
 * Throws what resolving throws; INVALID_TARGET for a relative step that leads nowhere or several ways.
 */
export function planUpgrade(
  files: RevisionMap,
  found: readonly RevisionId[],
  targets: readonly string[],
): Plan {
  demandKnown(files, found);
  const { map, rows } = standing(files, found);
  const wanted = targets.flatMap((target) => {
    const ids = upgradeTarget(map, rows, parseIdentifier(target));
    demandIndependent(map, ids, target);
    return ids;
  });
  const applied = appliedBy(map, rows);
  const needed = appliedBy(map, wanted);
  const steps: Step[] = [];
  const heads = new Set(rows);
  let before = sortedIds(heads);
  for (const revision of map.sorted) {
    if (!needed.has(revision.id) || applied.has(revision.id)) continue;
    heads.add(revision.id);
    for (const id of directlyBefore(map, revision.id)) heads.delete(id);
    const after = sortedIds(heads);
    steps.push({ direction: "up", revision, before, after });
    before = after;
  }
  return startingFrom(found, { steps, heads: before });
}

/** The first step takes the rows as they are, also where they name what another revision stands for. */
function startingFrom(found: readonly RevisionId[], { steps: [first, ...others], heads }: Plan): Plan {
  return { steps: first ? [{ ...first, before: sortedIds(found) }, ...others] : [], heads };
}

/**
 * The way down to a target: everything that descends from it or depends on what goes, newest first. Dependencies of
 * what goes stay.
 *
 * `-N` without a label counts from the first row; whoever types it while there are several should be asked which.
 *
 * Throws NOT_ANCESTOR where the target is not below what is applied, INVALID_TARGET for relative steps that lead nowhere.
 */
export function planDowngrade(files: RevisionMap, found: readonly RevisionId[], target: string): Plan {
  demandKnown(files, found);
  const { map, rows } = standing(files, found);
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
  const ids = dropped.map((revision) => revision.id);
  return startingFrom(found, downSteps(map, rows, applied, ids));
}

/**
 * What the version table holds when revisions are said to be applied without running anything: these, instead of all
 * rows above and below them; rows of other branches stay. `base` takes all rows away, `label@base` those of a branch.
 * `purge` forgets all rows first, unknown ones too.
 *
 * Throws what resolving throws; UNKNOWN_REVISION for relative identifiers.
 */
export function planStamp(
  files: RevisionMap,
  found: readonly RevisionId[],
  targets: readonly string[],
  { purge = false }: { readonly purge?: boolean } = {},
): { readonly before: readonly RevisionId[]; readonly after: readonly RevisionId[] } {
  if (!purge) demandKnown(files, found);
  const { map, rows } = purge ? { map: files, rows: found } : standing(files, found);
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
    const ids = resolveAbsolute(map, identifier, { current: rows });
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
  return { before: sortedIds(found), after: headsOf(map, [...others, ...stamped]) };
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
  const start = from === undefined ? undefined : parseIdentifier(from);
  const upper =
    to === undefined ? openEnd(map, start?.label) : rangeEnd(map, parseIdentifier(to), options, start);
  const within = appliedBy(map, upper);
  const all = map.sorted.map(({ id }) => id).filter((id) => within.has(id));
  if (start === undefined) return all.reverse();
  const lower = rangeStart(map, start, upper, options);
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
  let before = sortedIds(heads);
  for (const id of dropped) {
    heads.delete(id);
    for (const other of directlyBefore(map, id)) {
      const left = (waiting.get(other) ?? 0) - 1;
      waiting.set(other, left);
      if (left === 0) heads.add(other);
    }
    const after = sortedIds(heads);
    steps.push({ direction: "down", revision: revisionOf(map, id), before, after });
    before = after;
  }
  return { steps, heads: before };
}

function upgradeTarget(
  map: RevisionMap,
  rows: readonly RevisionId[],
  identifier: Identifier,
): readonly RevisionId[] {
  const { label, symbol, steps } = identifier;
  if (steps === undefined) return resolveAbsolute(map, identifier, { current: rows });
  if (symbol !== undefined) {
    return listOf(walk(map, startOf(map, identifier, rows), identifier));
  }
  if (steps < 0) {
    throw nowhere(identifier, "upgrade goes up", `type \`limbeck downgrade ${identifier.text}\` to go down`);
  }
  const starts = label === undefined ? rows : startsOnBranch(map, rows, label);
  return listOf(walk(map, oneRow(identifier, starts), identifier));
}

function listOf(id: RevisionId | undefined): readonly RevisionId[] {
  return id === undefined ? [] : [id];
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
    const { text } = identifier;
    const unlabelled = { text, ...(symbol === undefined ? {} : { symbol }) };
    const ids = resolveAbsolute(map, unlabelled, { current: rows });
    if (ids.length > 1) throw severalHeads(identifier, ids);
    return target(label, ids[0]);
  }
  if (symbol !== undefined) {
    return target(label, walk(map, startOf(map, identifier, rows), identifier));
  }
  if (steps >= 0) {
    throw nowhere(identifier, "downgrade goes down", `type \`limbeck upgrade ${identifier.text}\` to go up`);
  }
  const starts = label === undefined ? rows.toSorted().slice(0, 1) : rowsOnBranch(map, rows, label);
  const start = oneRow(identifier, starts);
  if (start === undefined) {
    throw nowhere(identifier, "nothing is applied there", "`limbeck current` tells what is applied");
  }
  return target(label ?? start, walk(map, start, identifier));
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
  const branch = reach([find(map, label)], (other) => map.byId.get(other)?.parents ?? []);
  const leading = roots.filter((root) => branch.has(root));
  if (leading.length > 0) return leading;
  throw new LimbeckError("INVALID_TARGET", `the branch "${label}" does not pass ${id ?? "base"}`, {
    hint: `above it are ${roots.join(", ")}`,
  });
}

/** Where a range without an end leads to: all heads, or those of the branch on which it starts. */
function openEnd(map: RevisionMap, label: string | undefined): readonly RevisionId[] {
  return label === undefined ? map.realHeads : onBranch(map, map.heads, label);
}

function rangeEnd(
  map: RevisionMap,
  identifier: Identifier,
  options: CurrentRows,
  start: Identifier | undefined,
): readonly RevisionId[] {
  const { symbol, steps } = identifier;
  if (steps === undefined) return resolveAbsolute(map, identifier, options);
  if (symbol !== undefined) return walkAll(map, startsOf(map, identifier, options), identifier);
  if (steps <= 0) return levelBelow(map, map.realHeads, -steps);
  const isOpen = start === undefined || start.symbol === "base";
  return walkAll(map, isOpen ? [] : rangeStart(map, start, map.realHeads, options), identifier);
}

function rangeStart(
  map: RevisionMap,
  identifier: Identifier,
  upper: readonly RevisionId[],
  options: CurrentRows,
): readonly RevisionId[] {
  const { symbol, steps, label } = identifier;
  if (steps !== undefined) {
    return symbol === undefined
      ? levelBelow(map, upper, Math.abs(steps))
      : walkAll(map, startsOf(map, identifier, options), identifier);
  }
  return symbol === "base" && label !== undefined
    ? onBranch(map, map.bases, label)
    : resolveAbsolute(map, identifier, options);
}

/** Where a walk ends from each of some revisions; from the very beginning where there is none. */
function walkAll(
  map: RevisionMap,
  starts: readonly RevisionId[],
  identifier: Identifier,
): readonly RevisionId[] {
  return (starts.length === 0 ? [undefined] : starts).flatMap((start) =>
    listOf(walk(map, start, identifier)),
  );
}

interface CurrentRows {
  readonly current?: readonly RevisionId[];
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
  for (const row of unknown) demandNotMiddle(map, row);
  throw new LimbeckError(
    "UNKNOWN_VERSION_ROW",
    `the database is at ${list(unknown)}, which no revision file has`,
    {
      hint: "fetch its file, perhaps from another git branch, or say with `limbeck stamp --purge` where the database is",
      data: unknown,
    },
  );
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
