/** The graph as a picture: lanes for a terminal, mermaid and dot for documents. */
import type { HistoryItem } from "../commands/history";
import { drawLanes } from "../revisions/lanes";

/** Lanes with one revision a line, cut at a width in characters. */
export function laneLines(items: readonly HistoryItem[], width: number): readonly string[] {
  const byId = new Map(items.map((item) => [item.revision, item]));
  const nodes = items.map(({ revision, parents }) => ({ id: revision, parents }));
  const rows = drawLanes(nodes, (id) => symbolOf(byId.get(id)));
  return [
    ...rows.map(({ id, text }) => {
      const item = id === undefined ? undefined : byId.get(id);
      return item === undefined ? text.trimEnd() : cut(`${text}  ${describe(item)}`, width);
    }),
    ...legend(items),
  ];
}

/** A flowchart in mermaid's language, oldest at the bottom; dependencies are dotted. */
export function mermaid(items: readonly HistoryItem[]): readonly string[] {
  const names = namesOf(items);
  return [
    "flowchart BT",
    ...items.map((item) => `  ${names.get(item.revision) ?? ""}["${mermaidText(describe(item))}"]`),
    ...edges(items, names).map(
      ({ from, to, isDependency }) => `  ${from} ${isDependency ? "-.->" : "-->"} ${to}`,
    ),
  ];
}

/** A graph in Graphviz's language, oldest at the bottom; dependencies are dashed. */
export function dot(items: readonly HistoryItem[]): readonly string[] {
  const names = namesOf(items);
  return [
    "digraph revisions {",
    "  rankdir=BT;",
    "  node [shape=box];",
    ...items.map((item) => `  ${names.get(item.revision) ?? ""} [label=${JSON.stringify(describe(item))}];`),
    ...edges(items, names).map(
      ({ from, to, isDependency }) => `  ${from} -> ${to}${isDependency ? " [style=dashed]" : ""};`,
    ),
    "}",
  ];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly isDependency: boolean;
}

function namesOf(items: readonly HistoryItem[]): ReadonlyMap<string, string> {
  return new Map(items.map(({ revision }, index) => [revision, `r${items.length - index}`]));
}

/** The lines between revisions that are in the picture. */
function edges(items: readonly HistoryItem[], names: ReadonlyMap<string, string>): readonly Edge[] {
  const declared = new Map(items.flatMap((item) => item.ownLabels.map((label) => [label, item.revision])));
  return items.flatMap(({ revision, parents, dependsOn }) => {
    const line =
      (isDependency: boolean) =>
      (before: string): readonly Edge[] => {
        const from = names.get(before) ?? names.get(declared.get(before) ?? "");
        const to = names.get(revision);
        return from === undefined || to === undefined ? [] : [{ from, to, isDependency }];
      };
    return [...parents.flatMap(line(false)), ...dependsOn.flatMap(line(true))];
  });
}

function symbolOf(item: HistoryItem | undefined): string {
  if (item?.isCurrent) return "@";
  return item?.isPending ? "o" : "*";
}

function describe(item: HistoryItem): string {
  const labels = item.labels.length === 0 ? "" : ` (${item.labels.join(", ")})`;
  const facts = [
    item.isHead ? "head" : "",
    item.isCurrent ? "current" : "",
    item.isPending ? "pending" : "",
    item.dependsOn.length === 0 ? "" : `needs ${item.dependsOn.join(", ")}`,
  ].filter((fact) => fact !== "");
  const known = facts.length === 0 ? "" : ` [${facts.join(", ")}]`;
  const [line = ""] = item.message.split("\n");
  return `${item.revision}${labels}${known} ${line === "" ? "(no message)" : line}`;
}

function legend(items: readonly HistoryItem[]): readonly string[] {
  const isKnown = items.some(({ isCurrent, isPending }) => isCurrent ?? isPending ?? false);
  return isKnown ? ["", "@ the database is here, * applied, o pending"] : [];
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
}

/** Mermaid reads entities in its texts. */
function mermaidText(text: string): string {
  return text
    .replaceAll("#", "#35;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;");
}
