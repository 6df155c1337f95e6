/** The built command line on a pseudo terminal, as `script` of util-linux makes one. */
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { CLI } from "./project";
import type { Project } from "./project";

/** Something that is typed as soon as the terminal shows a text. */
export interface Typed {
  readonly when: string;
  readonly keys: string;
}

export const CTRL_C = "\u0003";

/** What somebody at a terminal saw, without colours and movements of the cursor, and how it ended. */
export interface Seen {
  readonly status: number | null;
  readonly shown: string;
}

/** Runs a command in the folder of a project, and types the keys one after another, each once its text is new there. */
export async function onTerminal(
  { folder }: Project,
  args: readonly string[],
  typed: readonly Typed[],
): Promise<Seen> {
  const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(" ");
  const terminal = spawn("script", ["--quiet", "--return", "--flush", "--command", command, "/dev/null"], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: undefined, FORCE_COLOR: "0", TERM: "xterm" },
    timeout: 30_000,
  });
  const waiting = [...typed];
  let shown = "";
  let read = 0;
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown = stripVTControlCharacters(shown + text);
    const [next] = waiting;
    const place = next === undefined ? -1 : shown.indexOf(next.when, read);
    if (next === undefined || place < 0) return;
    waiting.shift();
    read = place + next.when.length;
    terminal.stdin.write(next.keys);
  });
  const status = await new Promise<number | null>((resolve) => terminal.once("close", resolve));
  return { status, shown: shown.replaceAll("\r", "") };
}
