/** Results as text for people. */
import type { BranchPoint, HistoryItem } from "../commands/history";

/** One line: `1975ea83b712 -> 27c6a30d7c24 (cart) (head), add shopping cart`. */
export function historyLine(item: HistoryItem): string {
  const parents = item.parents.length === 0 ? "<base>" : item.parents.join(", ");
  const depends = item.dependsOn.length === 0 ? "" : ` (${item.dependsOn.join(", ")})`;
  return `${parents}${depends} -> ${item.revision}${marks(item)}, ${item.message || "(no message)"}`;
}

/** The revision with its labels and what it is in the graph. */
export function shortLine(item: HistoryItem): string {
  return `${item.revision}${marks(item)}`;
}

/** A branch point, and below it each branch that begins there. */
export function branchLines(
  point: BranchPoint,
  { isVerbose }: { readonly isVerbose: boolean },
): readonly string[] {
  const indent = " ".repeat(point.revision.length);
  const first = isVerbose ? verboseLines(point) : [shortLine(point)];
  const message = (child: HistoryItem): string => `, ${child.message || "(no message)"}`;
  return [...first, ...point.children.map((child) => `${indent} -> ${shortLine(child)}${message(child)}`)];
}

/** Everything about a revision, line by line. */
export function verboseLines(item: HistoryItem): readonly string[] {
  return [
    `Revision: ${item.revision}${marks({ ...item, labels: [] })}`,
    `Parent: ${item.parents.length === 0 ? "<base>" : item.parents.join(", ")}`,
    ...(item.dependsOn.length === 0 ? [] : [`Depends on: ${item.dependsOn.join(", ")}`]),
    ...(item.labels.length === 0 ? [] : [`Labels: ${item.labels.join(", ")}`]),
    ...(item.replaces ? [`Replaces: ${item.replaces.join(", ")}`] : []),
    ...(item.file === undefined ? [] : [`File: ${item.file}`]),
    "",
    `    ${item.message || "(no message)"}`,
    "",
  ];
}

function marks(item: HistoryItem): string {
  return [
    item.labels.length === 0 ? "" : ` (${item.labels.join(", ")})`,
    item.isEffectiveHead ? " (head that others depend on)" : item.isHead ? " (head)" : "",
    item.isImplied ? " (applied with what depends on it)" : "",
    item.isBranchPoint ? " (branchpoint)" : "",
    item.replaces ? ` (replaces ${item.replaces.length})` : "",
    item.isMergePoint ? " (mergepoint)" : "",
    item.isCurrent ? " (current)" : "",
    item.isPending ? " (pending)" : "",
  ].join("");
}
