/**
 * The graph of revisions: immutable, built once, linear in the number of revisions. It has two kinds of edges, from a
 * revision to its parents (`downRevision`) and to what it depends on (`dependsOn`); the second kind only says what must
 * be applied before.
 */
import { LimbeckError } from "../errors";
import { collapse } from "./replaces";
import type { Collapsed } from "./replaces";
import type { Revision, RevisionId } from "./revision";

export interface RevisionMap extends Pick<Collapsed, "replaced" | "replacedBy"> {
  /** What it was built from, with what others stand for. */
  readonly files: readonly Revision[];
  /** Revisions that are left out, because a database has run only some of what they stand for. */
  readonly spelledOut: ReadonlySet<RevisionId>;
  readonly byId: ReadonlyMap<RevisionId, Revision>;
  /** All revisions, each after its parents and dependencies, branch by branch; the same whatever order they came in. */
  readonly sorted: readonly Revision[];
  /** Which revision declares a label. */
  readonly labelled: ReadonlyMap<string, RevisionId>;
  /** The labels that a revision carries, inherited ones too, sorted. */
  readonly labelsOf: ReadonlyMap<RevisionId, readonly string[]>;
  /** Revisions by their parents. */
  readonly children: ReadonlyMap<RevisionId, readonly RevisionId[]>;
  /** Revisions that depend on one without descending from it. */
  readonly dependents: ReadonlyMap<RevisionId, readonly RevisionId[]>;
  /** What a revision depends on, as ids; revisions that depend on none are left out. */
  readonly dependencies: ReadonlyMap<RevisionId, readonly RevisionId[]>;
  /** Revisions without children. */
  readonly heads: readonly RevisionId[];
  /** Revisions without children and dependents: the rows of a database that has everything. */
  readonly realHeads: readonly RevisionId[];
  readonly bases: readonly RevisionId[];
  readonly branchPoints: readonly RevisionId[];
  readonly mergePoints: readonly RevisionId[];
}

/** Where a revision stands in the graph, for those who look at it. */
export interface RevisionPlace {
  /** Nothing revises it. */
  readonly isHead: boolean;
  /** It is a head that another revision depends on, so that a database with everything has no row of it. */
  readonly isEffectiveHead: boolean;
  /** Several revisions revise it. */
  readonly isBranchPoint: boolean;
  /** It revises several. */
  readonly isMergePoint: boolean;
}

const WORDS: ReadonlySet<string> = new Set(["head", "heads", "base", "current"]);
const LONGEST_ID = 128;

/**
 * Builds the graph, from the same revisions always the same one.
 *
 * Throws, naming the files: REVISION_FILE_INVALID for ids and labels that could not be typed, DUPLICATE_REVISION,
 * DUPLICATE_LABEL (labels and ids share one namespace), MISSING_PARENT for parents and dependencies that are nowhere,
 * REVISION_CYCLE.
 */
export function buildRevisionMap(
  files: readonly Revision[],
  spelledOut: ReadonlySet<RevisionId> = new Set(),
): RevisionMap {
  const { revisions: shown, replaced, replacedBy } = collapse(files, spelledOut);
  const byId = collectIds(shown.map(withoutRepeats));
  const revisions = [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  const labelled = collectLabels(revisions, byId);
  const dependencies = new Map<RevisionId, readonly RevisionId[]>();
  for (const revision of revisions) {
    if (revision.dependsOn.length > 0) {
      dependencies.set(revision.id, dependenciesOf(revision, byId, labelled));
    }
  }
  const children = reversed(revisions, ({ parents }) => parents);
  const dependents = reversed(revisions, ({ id }) => dependencies.get(id) ?? []);
  for (const revision of revisions) checkParents(revision, byId);
  const ids = revisions.map(({ id }) => id);
  const heads = ids.filter((id) => !children.has(id));
  const realHeads = heads.filter((id) => !dependents.has(id));
  const isPlain = replacedBy.size === 0 && spelledOut.size === 0;
  return {
    files: isPlain ? revisions : files.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    spelledOut,
    replaced,
    replacedBy,
    byId,
    sorted: sort([...realHeads, ...ids], byId, dependencies),
    labelled,
    labelsOf: inheritLabels(revisions, { byId, children, dependents }),
    children,
    dependents,
    dependencies,
    heads,
    realHeads,
    bases: ids.filter((id) => byId.get(id)?.parents.length === 0),
    branchPoints: ids.filter((id) => (children.get(id)?.length ?? 0) > 1),
    mergePoints: ids.filter((id) => (byId.get(id)?.parents.length ?? 0) > 1),
  };
}

/** Where a revision stands, for `history` and `heads`. Throws UNKNOWN_REVISION. */
export function describeRevision(map: RevisionMap, id: RevisionId): RevisionPlace {
  const { parents } = revisionOf(map, id);
  const isHead = !map.children.has(id);
  return {
    isHead,
    isEffectiveHead: isHead && map.dependents.has(id),
    isBranchPoint: (map.children.get(id)?.length ?? 0) > 1,
    isMergePoint: parents.length > 1,
  };
}

/** Parents and dependencies: everything that must be applied right before. */
export function directlyBefore(map: RevisionMap, id: RevisionId): readonly RevisionId[] {
  const parents = map.byId.get(id)?.parents ?? [];
  const dependencies = map.dependencies.get(id) ?? [];
  return dependencies.length === 0 ? parents : distinct([...parents, ...dependencies]);
}

/** Children and dependents: everything that cannot stay without it. */
export function directlyAfter(map: RevisionMap, id: RevisionId): readonly RevisionId[] {
  const children = map.children.get(id) ?? [];
  const dependents = map.dependents.get(id) ?? [];
  return dependents.length === 0 ? children : distinct([...children, ...dependents]);
}

/** Everything that can be reached from some revisions, themselves included. */
export function reach(
  from: Iterable<RevisionId>,
  next: (id: RevisionId) => readonly RevisionId[],
): ReadonlySet<RevisionId> {
  const seen = new Set(from);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

/** All that must be applied for these revisions to be, themselves included. */
export function appliedBy(map: RevisionMap, rows: Iterable<RevisionId>): ReadonlySet<RevisionId> {
  return reach(rows, (id) => directlyBefore(map, id));
}

/** The revision of an id. Throws UNKNOWN_REVISION where it is not in the graph. */
export function revisionOf(map: RevisionMap, id: RevisionId): Revision {
  const revision = map.byId.get(id);
  if (revision) return revision;
  throw new LimbeckError("UNKNOWN_REVISION", `there is no revision ${id}`);
}

/** A parent that a file names twice is one edge. */
function withoutRepeats(revision: Revision): Revision {
  const parents = distinct(revision.parents);
  return parents === revision.parents ? revision : { ...revision, parents };
}

/** The list itself wherever nothing repeats in it, which is nearly always: there may be very many. */
function distinct<T>(values: readonly T[]): readonly T[] {
  if (values.length < 2) return values;
  const once = new Set(values);
  return once.size === values.length ? values : [...once];
}

function collectIds(revisions: readonly Revision[]): ReadonlyMap<RevisionId, Revision> {
  const byId = new Map<RevisionId, Revision>();
  for (const revision of revisions) {
    const { id } = revision;
    if (id === "" || id.length > LONGEST_ID || /[@+\-:\s]/.test(id) || WORDS.has(id)) {
      throw new LimbeckError(
        "REVISION_FILE_INVALID",
        `"${id}" cannot be the id of a revision${inFile(revision)}`,
        {
          hint: `an id has 1 to ${LONGEST_ID} characters without space and @ + - :, and is none of ${[...WORDS].join(", ")}`,
          ...fileOf(revision),
        },
      );
    }
    const other = byId.get(id);
    if (other) {
      throw new LimbeckError(
        "DUPLICATE_REVISION",
        `two files are revision ${id}: ${other.file ?? "one"} and ${revision.file ?? "another"}`,
        { hint: "one of them is probably a copy: give it another id, or delete it", ...fileOf(revision) },
      );
    }
    byId.set(id, revision);
  }
  return byId;
}

function collectLabels(
  revisions: readonly Revision[],
  byId: ReadonlyMap<RevisionId, Revision>,
): ReadonlyMap<string, RevisionId> {
  const labelled = new Map<string, RevisionId>();
  for (const revision of revisions) {
    for (const label of distinct(revision.labels)) {
      checkLabel(label, revision);
      const other = labelled.get(label);
      if (other !== undefined || byId.has(label)) {
        const what = other === undefined ? "the id of a revision" : `the label of ${placeOf(other, byId)}`;
        throw new LimbeckError(
          "DUPLICATE_LABEL",
          `branch label "${label}" of ${placeOf(revision.id, byId)} is already ${what}`,
          { hint: "choose another label", ...fileOf(revision) },
        );
      }
      labelled.set(label, revision.id);
    }
  }
  return labelled;
}

/** A label may hold a hyphen, but what it ends with must not read as a step down. */
function checkLabel(label: string, revision: Revision): void {
  if (!/[@+:\s]|^$|^-|-\d+$/.test(label) && !WORDS.has(label)) return;
  throw new LimbeckError("REVISION_FILE_INVALID", `"${label}" cannot be a branch label${inFile(revision)}`, {
    hint: `a label has no space and no @ + :, does not end like -1, and is none of ${[...WORDS].join(", ")}`,
    ...fileOf(revision),
  });
}

function dependenciesOf(
  revision: Revision,
  byId: ReadonlyMap<RevisionId, Revision>,
  labelled: ReadonlyMap<string, RevisionId>,
): readonly RevisionId[] {
  return revision.dependsOn.map((name) => {
    const id = byId.has(name) ? name : labelled.get(name);
    if (id === revision.id) throw circle([revision]);
    if (id !== undefined) return id;
    throw new LimbeckError(
      "MISSING_PARENT",
      `revision ${revision.id}${inFile(revision)} depends on ${name}, which is in no file`,
      {
        hint: "fetch the missing file, perhaps from another git branch, or mend `dependsOn`",
        ...fileOf(revision),
      },
    );
  });
}

function checkParents(revision: Revision, byId: ReadonlyMap<RevisionId, Revision>): void {
  for (const parent of revision.parents) {
    if (parent === revision.id) throw circle([revision]);
    if (byId.has(parent)) continue;
    throw new LimbeckError(
      "MISSING_PARENT",
      `revision ${revision.id}${inFile(revision)} revises ${parent}, which is in no file`,
      {
        hint: "fetch the missing file, perhaps from another git branch, or mend `downRevision`",
        ...fileOf(revision),
      },
    );
  }
}

function reversed(
  revisions: readonly Revision[],
  before: (revision: Revision) => readonly RevisionId[],
): ReadonlyMap<RevisionId, readonly RevisionId[]> {
  const map = new Map<RevisionId, RevisionId[]>();
  for (const revision of revisions) {
    for (const other of distinct(before(revision))) {
      const list = map.get(other);
      if (list) list.push(revision.id);
      else map.set(other, [revision.id]);
    }
  }
  return map;
}

/** Depth first from each head, so that a branch stays together; what no head leads to goes round in a circle. */
function sort(
  starts: readonly RevisionId[],
  byId: ReadonlyMap<RevisionId, Revision>,
  dependencies: ReadonlyMap<RevisionId, readonly RevisionId[]>,
): readonly Revision[] {
  const done = new Set<Revision>();
  const open = new Set<Revision>();
  const path: { readonly revision: Revision; readonly before: readonly RevisionId[]; next: number }[] = [];
  const enter = (revision: Revision): void => {
    const needed = dependencies.get(revision.id);
    const before = needed === undefined ? revision.parents : [...revision.parents, ...needed];
    open.add(revision);
    path.push({ revision, before, next: 0 });
  };
  for (const id of starts) {
    const start = byId.get(id);
    if (!start || done.has(start)) continue;
    enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const id = top.before[top.next++];
      if (id === undefined) {
        open.delete(top.revision);
        done.add(top.revision);
        path.pop();
        continue;
      }
      const revision = byId.get(id);
      if (!revision || done.has(revision)) continue;
      if (open.has(revision)) {
        const from = path.findIndex((step) => step.revision === revision);
        throw circle(path.slice(from).map((step) => step.revision));
      }
      enter(revision);
    }
  }
  return [...done];
}

/** A label goes to all descendants, and to the ancestors down to where the branch began. */
function inheritLabels(
  revisions: readonly Revision[],
  graph: Pick<RevisionMap, "byId" | "children" | "dependents">,
): ReadonlyMap<RevisionId, readonly string[]> {
  const labels = new Map<RevisionId, Set<string>>();
  for (const revision of revisions) {
    if (revision.labels.length === 0) continue;
    const carriers = [
      ...reach([revision.id], (id) => graph.children.get(id) ?? []),
      ...branchBelow(revision, graph),
    ];
    for (const id of carriers) {
      const carried = labels.get(id) ?? new Set();
      for (const label of revision.labels) carried.add(label);
      labels.set(id, carried);
    }
  }
  const none: readonly string[] = [];
  return new Map(revisions.map(({ id }) => [id, sortedOr(none, labels.get(id))]));
}

function sortedOr(none: readonly string[], labels: ReadonlySet<string> | undefined): readonly string[] {
  return labels === undefined ? none : [...labels].sort();
}

function branchBelow(
  revision: Revision,
  { byId, children, dependents }: Pick<RevisionMap, "byId" | "children" | "dependents">,
): readonly RevisionId[] {
  const branch: RevisionId[] = [];
  let current: Revision | undefined = revision;
  while (current) {
    const after = new Set([...(children.get(current.id) ?? []), ...(dependents.get(current.id) ?? [])]).size;
    if (after > 1 || current.parents.length > 1) break;
    branch.push(current.id);
    const [parent]: readonly RevisionId[] = current.parents;
    current = parent === undefined ? undefined : byId.get(parent);
  }
  return branch;
}

function circle(members: readonly Revision[]): LimbeckError {
  const names = members.map((revision) => `${revision.id}${inFile(revision)}`);
  const [first = "", ...others] = names;
  const message =
    others.length === 0
      ? `revision ${first} follows itself`
      : `these revisions follow each other in a circle: ${names.join(" -> ")} -> ${members[0]?.id ?? ""}`;
  return new LimbeckError("REVISION_CYCLE", message, {
    hint: "mend `downRevision` or `dependsOn` in one of them",
    ...(members[0] ? fileOf(members[0]) : {}),
    data: members.map(({ id }) => id),
  });
}

function placeOf(id: RevisionId, byId: ReadonlyMap<RevisionId, Revision>): string {
  const revision = byId.get(id);
  return revision ? `${id}${inFile(revision)}` : id;
}

function inFile({ file }: Revision): string {
  return file === undefined ? "" : ` (${file})`;
}

function fileOf({ file }: Revision): { readonly file?: string } {
  return file === undefined ? {} : { file };
}
