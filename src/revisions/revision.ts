/** The opaque identity of a revision: 12 hex digits, or any text of up to 128 characters without `@ + - :`. */
export type RevisionId = string;

/** A node of the revision graph, as the constants of its file say it. Knows nothing of files or databases. */
export interface Revision {
  readonly id: RevisionId;
  /** What it revises (`downRevision`): none for a base, several for a merge. */
  readonly parents: readonly RevisionId[];
  /** Revisions, or branch labels, that must be applied before it without being its parents. */
  readonly dependsOn: readonly string[];
  /** Branch labels that the file itself declares. */
  readonly labels: readonly string[];
  readonly message: string;
  /** Revisions that it stands for, in their order (`squash`): a database that has run the last of them has run it. */
  readonly replaces?: readonly RevisionId[];
  /** Where it was found, for messages; absent in memory. */
  readonly file?: string;
}

/** One revision to run, and in which direction. */
export interface Step {
  readonly direction: "up" | "down";
  readonly revision: Revision;
  /** The rows of the version table before and after this step, sorted. */
  readonly before: readonly RevisionId[];
  readonly after: readonly RevisionId[];
}

/** Which way a run goes through the graph. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The rows of the version table at the end. */
  readonly heads: readonly RevisionId[];
}

/** Whether two lists hold the same rows of a version table, in whatever order. */
export function sameRows(left: readonly RevisionId[], right: readonly RevisionId[]): boolean {
  return left.length === right.length && left.every((row) => right.includes(row));
}
