/**
 * Draws a graph as lanes of text, newest first. A lane stands for a line that leads down to a revision which is still
 * to come; it keeps its column until then, so that nothing moves sideways but where lines part and meet.
 */
import type { RevisionId } from "./revision";

/** A revision with the lines that lead down from it. */
export interface LaneNode {
  readonly id: RevisionId;
  readonly parents: readonly RevisionId[];
}

/** One row of the drawing: a revision with its column, or only lines that part and meet. */
export interface LaneRow {
  readonly id?: RevisionId;
  readonly text: string;
}

/** What each column waits for. */
type Lanes = readonly (RevisionId | undefined)[];

/**
 * The rows of a drawing. Each node must come after everything that descends from it; parents that are not drawn have no
 * line. `symbol` is one character for each node.
 */
export function drawLanes(
  nodes: readonly LaneNode[],
  symbol: (id: RevisionId) => string,
): readonly LaneRow[] {
  const drawn = new Set(nodes.map(({ id }) => id));
  const rows: LaneRow[] = [];
  let lanes: Lanes = [];
  for (const node of nodes) {
    const waiting = columnsOf(lanes, node.id);
    const column = waiting[0] ?? free(lanes);
    // Right below another one it would seem to descend from it.
    if (waiting.length === 0 && isTaken(rows.at(-1), column)) rows.push({ text: row(lanes, column, " ") });
    for (const other of waiting.slice(1)) {
      rows.push({ text: connection(lanes, column, other, { ends: true }) });
      lanes = replaced(lanes, other, undefined);
    }
    rows.push({ id: node.id, text: row(lanes, column, symbol(node.id)) });
    const [first, ...others] = node.parents.filter((parent) => drawn.has(parent));
    lanes = replaced(lanes, column, first);
    for (const parent of others) {
      const existing = lanes.indexOf(parent);
      const target = existing < 0 ? free(lanes) : existing;
      rows.push({ text: connection(lanes, column, target, { ends: existing < 0 }, true) });
      lanes = replaced(lanes, target, parent);
    }
  }
  return rows;
}

function columnsOf(lanes: Lanes, id: RevisionId): readonly number[] {
  return lanes.flatMap((waited, column) => (waited === id ? [column] : []));
}

function isTaken(above: LaneRow | undefined, column: number): boolean {
  return (above?.text.charAt(column * 2).trim() ?? "") !== "";
}

function free(lanes: Lanes): number {
  const gap = lanes.indexOf(undefined);
  return gap < 0 ? lanes.length : gap;
}

/** Lanes with one of them changed; none that is empty stays at the right end. */
function replaced(lanes: Lanes, column: number, id: RevisionId | undefined): Lanes {
  const next = [...lanes];
  while (next.length < column) next.push(undefined);
  next[column] = id;
  while (next.length > 0 && next.at(-1) === undefined) next.pop();
  return next;
}

function row(lanes: Lanes, column: number, symbol: string): string {
  const width = Math.max(lanes.length, column + 1);
  return Array.from({ length: width }, (_, index) =>
    index === column ? symbol : lanes[index] === undefined ? " " : "│",
  ).join(" ");
}

/** A line between two columns: one that ends or begins at the other column bends there, else it only touches it. */
function connection(
  lanes: Lanes,
  from: number,
  to: number,
  { ends }: { readonly ends: boolean },
  isDown = false,
): string {
  const [left, right] = from < to ? [from, to] : [to, from];
  const width = Math.max(lanes.length, right + 1);
  let text = "";
  for (let index = 0; index < width; index++) {
    text += cell(index);
    if (index < width - 1) text += index >= left && index < right ? "─" : " ";
  }
  return text;

  function cell(index: number): string {
    const isLane = lanes[index] !== undefined;
    if (index === to) return ends ? bend(to > from, isDown) : to > from ? "┤" : "├";
    if (index === from) return to > from ? "├" : "┤";
    if (index > left && index < right) return isLane ? "┼" : "─";
    return isLane ? "│" : " ";
  }
}

function bend(isRight: boolean, isDown: boolean): string {
  if (isDown) return isRight ? "╮" : "╭";
  return isRight ? "╯" : "╰";
}
