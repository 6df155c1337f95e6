/** Pieces of GitHub's Markdown, in which no text of ours turns into markup. */

/** Text as code in a line. */
export function code(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, " ");
  const fence = fenceAround(line, 1);
  // Spaces keep a backtick at an end apart, and are not shown (GFM 6.3).
  const pad = /^`|`$/.test(line) ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A block of code. */
export function fenced(language: string, text: string): readonly string[] {
  const fence = fenceAround(text, 3);
  return [`${fence}${language}`, text, fence];
}

/** A block that is folded until somebody opens it. */
export function details(summary: string, lines: readonly string[]): readonly string[] {
  return [`<details><summary>${summary}</summary>`, "", ...lines, "", "</details>"];
}

/** `1 change`, `2 changes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** More backticks than stand together anywhere in the text. */
function fenceAround(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}
