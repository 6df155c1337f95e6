/** A page of the documentation as its blocks of code, and what each block asks the tests to do. */
import MarkdownIt from "markdown-it";

/** One thing to do, in the page's order. `line` is where the block begins, for messages. */
export type Step =
  | { readonly kind: "file"; readonly path: string; readonly text: string; readonly line: number }
  /** Statements of a revision's function, which may use `op`. */
  | { readonly kind: "operations"; readonly text: string; readonly line: number }
  /** Keys of the configuration. */
  | { readonly kind: "config"; readonly text: string; readonly line: number }
  | {
      readonly kind: "command";
      readonly command: string;
      readonly output: readonly string[];
      readonly status: number;
      readonly line: number;
    };

/** What a page begins with: `<!-- project: empty -->` in it asks for entities and a data source alone. */
export type Start = "ready" | "empty";

export interface Page {
  readonly start: Start;
  /** Whether its commands want an empty database of PostgreSQL, at DATABASE_URL: `<!-- needs: postgres -->`. */
  readonly needsPostgres: boolean;
  readonly steps: readonly Step[];
}

const NOT_RUN = new Set(["sql", "text", "sh", "yaml", "mermaid", "markdown", ""]);
const STATUS = /^# exit (\d+)$/;

/**
 * Reads a page of Markdown. A block of TypeScript is a file (`ts file=src/a.ts`), statements for `op` (`ts op`), keys of
 * the configuration (`ts config`), or no example but a declaration (`ts signature`).
 *
 * @throws Error for a block that could neither be run nor is of a kind that is never run
 */
export function readPage(text: string): Page {
  const steps = new MarkdownIt()
    .parse(text, {})
    .filter(({ type }) => type === "fence")
    .flatMap(({ info, content, map }) => stepsOf(info, content.replace(/\n$/, ""), (map?.[0] ?? 0) + 1));
  return {
    start: /<!-- project: empty -->/.test(text) ? "empty" : "ready",
    needsPostgres: /<!-- needs: postgres -->/.test(text),
    steps,
  };
}

function stepsOf(info: string, code: string, line: number): readonly Step[] {
  const [language = "", ...words] = info.split(/\s+/);
  const path = words.find((word) => word.startsWith("file="))?.slice("file=".length);
  if (path !== undefined) return [{ kind: "file", path, text: `${code}\n`, line }];
  if (NOT_RUN.has(language) || info === "ts signature") return [];
  if (language === "console") return commandsOf(code, line);
  if (info === "ts op") return [{ kind: "operations", text: code, line }];
  if (info === "ts config") return [{ kind: "config", text: code, line }];
  if (language === "json") return [];
  throw new Error(`line ${line}: a block of ${info} is neither run nor of a kind that never is`);
}

function commandsOf(code: string, line: number): readonly Step[] {
  const commands: (Extract<Step, { kind: "command" }> & { output: string[] })[] = [];
  for (const [index, text] of code.split("\n").entries()) {
    const last = commands.at(-1);
    const status = STATUS.exec(text)?.[1];
    if (text.startsWith("$ ")) {
      commands.push({
        kind: "command",
        command: text.slice(2),
        output: [],
        status: 0,
        line: line + index + 1,
      });
    } else if (last === undefined) throw new Error(`line ${line}: a console block begins with "$ "`);
    else if (status !== undefined) commands[commands.length - 1] = { ...last, status: Number(status) };
    else last.output.push(text);
  }
  return commands;
}

/**
 * Whether what a command printed is what the page shows. A line `...` stands for any lines, `…` for anything in a line;
 * a page that shows nothing accepts everything.
 */
export function printedAsShown(printed: string, shown: readonly string[]): boolean {
  const expected = shown.filter((line) => line.trim() !== "");
  if (expected.length === 0) return true;
  const pattern = expected
    .map((line) =>
      line.trim() === "..." ? "(?:.*\n)*?" : `${line.trimEnd().split("…").map(escaped).join(".*?")}[ \t]*\n`,
    )
    .join("");
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  return new RegExp(`^${pattern}$`).test(`${lines.join("\n")}\n`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
