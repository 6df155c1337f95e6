/** The identifiers that people type: full and partial ids, labels, `head`, `base`, `+2`, `label@head`, `a:b`. */
import { LimbeckError } from "../errors";
import type { RevisionId } from "./revision";
import { reach } from "./revision-map";
import type { RevisionMap } from "./revision-map";

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
  const relative = /^(?:(.+?)@)?([^@+\-:]+)?([+-]\d+)$/.exec(text);
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

/** The revisions of an identifier that is not relative. */
export function resolveAbsolute(
  map: RevisionMap,
  { text, label, symbol = "head" }: Identifier,
  { current }: { readonly current?: readonly RevisionId[] } = {},
): readonly RevisionId[] {
  switch (symbol) {
    case "base":
      if (label !== undefined) branchOf(map, label);
      return [];
    case "heads":
      return label === undefined ? map.realHeads : onBranch(map, map.heads, label);
    case "head":
      return oneHead(map, label === undefined ? map.heads : onBranch(map, map.heads, label), text);
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
  const starting = [...map.byId.keys()].filter((id) => id.startsWith(symbol));
  const candidates = label === undefined ? starting : onBranch(map, starting, label);
  const [first] = candidates;
  if (first !== undefined && candidates.length === 1) return first;
  if (candidates.length === 0) throw unknown(map, symbol);
  throw new LimbeckError(
    "AMBIGUOUS_REVISION",
    `${candidates.length} revisions begin with "${symbol}": ${candidates.toSorted().slice(0, 10).join(", ")}`,
    { hint: "type more of the id" },
  );
}

/** Those revisions that are on the branch of a label or id: they carry the label, or descend from it, or lead to it. */
export function onBranch(
  map: RevisionMap,
  ids: readonly RevisionId[],
  label: string,
  options: { readonly dependencies?: boolean } = {},
): readonly RevisionId[] {
  const branch = lineage(map, branchOf(map, label), options.dependencies ?? false);
  const isLabel = map.labelled.has(label);
  return ids.filter((id) => branch.has(id) || (isLabel && (map.labelsOf.get(id) ?? []).includes(label)));
}

/** The revision that a branch is named after. */
export function branchOf(map: RevisionMap, label: string): RevisionId {
  return find(map, label);
}

/** All ancestors and descendants of a revision, itself included. */
export function lineage(map: RevisionMap, id: RevisionId, dependencies: boolean): ReadonlySet<RevisionId> {
  const before = (other: RevisionId): readonly RevisionId[] => [
    ...(map.byId.get(other)?.parents ?? []),
    ...(dependencies ? (map.dependencies.get(other) ?? []) : []),
  ];
  const after = (other: RevisionId): readonly RevisionId[] => [
    ...(map.children.get(other) ?? []),
    ...(dependencies ? (map.dependents.get(other) ?? []) : []),
  ];
  return new Set([...reach([id], before), ...reach([id], after)]);
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
        `-${steps} could mean several ways below ${id}: ${parents.join(", ")}`,
        {
          hint: "name one of them",
        },
      );
    });
  }
  return [...new Set(ids)];
}

function oneHead(map: RevisionMap, heads: readonly RevisionId[], text: string): readonly RevisionId[] {
  if (heads.length <= 1) return heads;
  throw new LimbeckError(
    "MULTIPLE_HEADS",
    `"${text}" could be any of ${heads.length} heads: ${heads.map((id) => named(map, id)).join(", ")}`,
    {
      hint: "name one of them, say `heads` for all, or bring them together with `limbeck merge heads`",
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
