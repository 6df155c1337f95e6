/** The identifiers that people type: full and partial ids, labels, `head`, `base`, `+2`, `label@head`, `a:b`. */
import { LimbeckError } from "../errors";
import type { Revision, RevisionId } from "./revision";
import { directlyAfter, directlyBefore, reach } from "./revision-map";
import type { RevisionMap } from "./revision-map";
import { isLast } from "./standing";

/** An identifier taken apart: `label@symbol+2`. Any part may be missing. */
export interface Identifier {
  readonly text: string;
  readonly label?: string;
  /** An id, a part of one, a label, `head`, `heads`, `base` or `current`. */
  readonly symbol?: string;
  /** How far to walk, up or down; absent where the identifier is not relative. */
  readonly steps?: number;
}

/** A range as `history` and scripts take it; absent where an end was left out. */
export interface Range {
  readonly from?: string;
  readonly to?: string;
}

/** Takes an identifier apart. Throws INVALID_TARGET where there is nothing to take apart. */
export function parseIdentifier(text: string): Identifier {
  const relative = /^(?:(.+?)@)?([^@+:]+?)?([+-]\d+)$/.exec(text);
  if (relative) {
    const [, label, symbol, steps] = relative;
    return {
      text,
      ...(label === undefined ? {} : { label }),
      ...(symbol === undefined ? {} : { symbol }),
      steps: Number(steps),
    };
  }
  const at = text.lastIndexOf("@");
  const label = at < 0 ? undefined : text.slice(0, at);
  const symbol = text.slice(at + 1);
  if (symbol === "" || label === "" || text.includes(":")) {
    throw new LimbeckError("INVALID_TARGET", `"${text}" is not a revision`, {
      hint: "type an id, a part of one, a label, head, heads, base, +N, -N, or label@head",
    });
  }
  return label === undefined ? { text, symbol } : { text, label, symbol };
}

/** Takes `a:b` apart; an end that was left out is absent. Throws INVALID_TARGET for more than one colon. */
export function parseRange(text: string): Range {
  const parts = text.split(":");
  if (parts.length !== 2) {
    throw new LimbeckError("INVALID_TARGET", `"${text}" is not a range`, {
      hint: "write start:end, start: or :end",
    });
  }
  const [from = "", to = ""] = parts;
  return { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
}

/** Whether a text is a range rather than one revision. */
export function isRange(text: string): boolean {
  return text.includes(":");
}

/**
 * The revisions that an identifier means without a way through the graph: for `show`, `merge`, `stamp` and `--head`.
 * None for `base`. `current` needs the rows of a database.
 *
 * Throws UNKNOWN_REVISION, AMBIGUOUS_REVISION or MULTIPLE_HEADS, each with what could be typed instead.
 */
export function resolve(
  map: RevisionMap,
  text: string,
  options: { readonly current?: readonly RevisionId[] } = {},
): readonly RevisionId[] {
  const identifier = parseIdentifier(text);
  const { label, symbol, steps } = identifier;
  if (steps !== undefined && steps < 0 && symbol === undefined) {
    return belowHeads(map, label === undefined ? map.realHeads : onBranch(map, map.realHeads, label), -steps);
  }
  if (steps !== undefined) {
    throw new LimbeckError(
      "UNKNOWN_REVISION",
      `"${text}" is relative, and there is nothing here to count from`,
      {
        hint: "type the id itself; relative ones work in upgrade, downgrade and history",
      },
    );
  }
  return resolveAbsolute(map, identifier, options);
}

/** The same for what must be one revision. Throws INVALID_TARGET where it is none or several. */
export function resolveOne(map: RevisionMap, text: string): RevisionId {
  const ids = resolve(map, text);
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  const found = ids.join(", ") || "base";
  throw new LimbeckError("INVALID_TARGET", `"${text}" must be one revision, not ${found}`, {
    hint: "name one by its id (`limbeck heads`, `limbeck history`)",
    data: ids,
  });
}

/** The revisions of an identifier that is not relative. */
export function resolveAbsolute(
  map: RevisionMap,
  { text, label, symbol = "head" }: Identifier,
  { current }: { readonly current?: readonly RevisionId[] } = {},
): readonly RevisionId[] {
  switch (symbol) {
    case "base":
      if (label !== undefined) find(map, label);
      return [];
    case "heads":
      return label === undefined ? map.realHeads : onBranch(map, map.heads, label);
    case "head":
      return oneHead(map, text, label);
    case "current":
      if (current) return label === undefined ? current : onBranch(map, current, label);
      throw new LimbeckError("INVALID_TARGET", "`current` needs a database to ask", {
        hint: "type the id; `limbeck current` tells it",
      });
    default: {
      const id = find(map, symbol, label);
      if (label === undefined || onBranch(map, [id], label).length > 0) return [id];
      throw new LimbeckError("UNKNOWN_REVISION", `revision ${id} is not on the branch "${label}"`, {
        hint: `that branch has the heads ${onBranch(map, map.heads, label).join(", ")}`,
      });
    }
  }
}

/** The one revision that a symbol stands for: an id, a label, or the beginning of an id. */
export function find(map: RevisionMap, symbol: string, label?: string): RevisionId {
  if (map.byId.has(symbol)) return symbol;
  const labelled = map.labelled.get(symbol);
  if (labelled !== undefined) return labelled;
  const squash = map.replacedBy.get(symbol);
  if (squash) return standingFor(map, squash, symbol);
  const starting = [...map.byId.keys()].filter((id) => id.startsWith(symbol)).sort();
  const candidates = label === undefined || starting.length === 1 ? starting : onBranch(map, starting, label);
  const [first] = candidates;
  if (first !== undefined && candidates.length === 1) return first;
  if (candidates.length === 0) throw unknown(map, symbol);
  const shown = [...candidates.slice(0, 10), ...(candidates.length > 10 ? ["..."] : [])];
  throw new LimbeckError(
    "AMBIGUOUS_REVISION",
    `${candidates.length} revisions begin with "${symbol}": ${shown.join(", ")}`,
    { hint: "type more of the id", data: candidates },
  );
}

/** The revision that stands for another: the last one that it replaces is the same place, and no other is a place. */
function standingFor(map: RevisionMap, squash: Revision, symbol: string): RevisionId {
  if (isLast(map, squash, symbol)) return squash.id;
  throw new LimbeckError("UNKNOWN_REVISION", `revision ${symbol} is replaced by ${squash.id}`, {
    hint: `name ${squash.id}, which stands for ${(squash.replaces ?? []).join(", ")}`,
  });
}

/** Those revisions that are on the branch of a label or id. Throws what `find` throws. */
export function onBranch(
  map: RevisionMap,
  ids: readonly RevisionId[],
  label: string,
  options: { readonly dependencies?: boolean } = {},
): readonly RevisionId[] {
  return ids.filter(branchOf(map, label, options));
}

/**
 * Tells whether a revision is on the branch of a label or id: it carries the label, descends from it, or leads to it.
 * Asked for once and used often, because it walks the whole branch. Throws what `find` throws.
 */
export function branchOf(
  map: RevisionMap,
  label: string,
  { dependencies = false }: { readonly dependencies?: boolean } = {},
): (id: RevisionId) => boolean {
  const start = [find(map, label)];
  const before = reach(start, (id) =>
    dependencies ? directlyBefore(map, id) : (map.byId.get(id)?.parents ?? []),
  );
  const after = reach(start, (id) => (dependencies ? directlyAfter(map, id) : (map.children.get(id) ?? [])));
  const isLabel = map.labelled.has(label);
  return (id) => before.has(id) || after.has(id) || (isLabel && (map.labelsOf.get(id) ?? []).includes(label));
}

/** `-N` where nothing is current: N steps below each head, as far as there are so many. */
function belowHeads(map: RevisionMap, heads: readonly RevisionId[], steps: number): readonly RevisionId[] {
  let ids: readonly RevisionId[] = heads;
  for (let step = 0; step < steps; step++) {
    ids = ids.flatMap((id) => {
      const parents = map.byId.get(id)?.parents ?? [];
      if (parents.length <= 1) return parents;
      throw new LimbeckError(
        "INVALID_TARGET",
        `-${steps} could go several ways below the merge ${id}: ${parents.join(", ")}`,
        { hint: "type the id itself", data: parents },
      );
    });
  }
  return [...new Set(ids)];
}

function oneHead(map: RevisionMap, text: string, label: string | undefined): readonly RevisionId[] {
  const heads = label === undefined ? map.heads : onBranch(map, map.heads, label);
  if (heads.length <= 1) return heads;
  const all = label === undefined ? "heads" : `${label}@heads`;
  throw new LimbeckError(
    "MULTIPLE_HEADS",
    `"${text}" could be any of ${heads.length} heads: ${heads.map((id) => named(map, id)).join(", ")}`,
    {
      hint: `name one, or \`${all}\` for all, or merge them with \`limbeck merge ${all}\``,
      data: heads,
    },
  );
}

function named(map: RevisionMap, id: RevisionId): string {
  const labels = map.labelsOf.get(id) ?? [];
  return labels.length === 0 ? id : `${id} (${labels.join(", ")})`;
}

function unknown(map: RevisionMap, symbol: string): LimbeckError {
  const known = [...map.heads];
  const shown =
    known.length === 0 ? "there are no revisions yet" : `the heads are ${known.slice(0, 5).join(", ")}`;
  return new LimbeckError("UNKNOWN_REVISION", `there is no revision or label "${symbol}"`, {
    hint: `${shown}; \`limbeck history\` lists all`,
  });
}
