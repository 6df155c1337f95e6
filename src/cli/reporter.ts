/** What the terminal shows: results on standard output, everything else on standard error. */
import { styleText } from "node:util";
import type { LimbeckError } from "../errors";
import type { Reporter } from "../runtime/reporter";
import { StatusLine } from "./status-line";

export interface TerminalOptions {
  readonly quiet: boolean;
  /** Whether colours are wanted where the terminal has them. */
  readonly color: boolean;
}

type Style = "red" | "yellow" | "dim" | "green" | "bold";

/** Text in a colour, where colours are wanted. */
export function paint(style: Style, text: string, color: boolean): string {
  return color ? styleText(style, text) : text;
}

/** Whether a stream shows colours: a terminal does, unless NO_COLOR says no. */
export function wantsColor(stream: { readonly isTTY?: boolean }, option: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  if (!option || (NO_COLOR !== undefined && NO_COLOR !== "")) return false;
  return stream.isTTY === true || (FORCE_COLOR !== undefined && FORCE_COLOR !== "0");
}

/** A reporter that has something to take away at the end. */
export interface TerminalReporter extends Reporter {
  end(): void;
}

/** Chatter and warnings on standard error, and on a terminal a last line with what is running. */
export function terminalReporter({ quiet, color }: TerminalOptions): TerminalReporter {
  let status: StatusLine | undefined;
  const write = (line: string): void => {
    status?.clear();
    process.stderr.write(`${line}\n`);
  };
  return {
    info: (line) => {
      if (!quiet) write(line);
    },
    progress: (line) => {
      status ??= new StatusLine(process.stderr, !quiet);
      status.show(line);
    },
    warn: (line) => write(`${paint("yellow", "warning:", wantsColor(process.stderr, color))} ${line}`),
    end: () => status?.end(),
  };
}

/** An error in words: what is wrong, where, with which SQL, and what to do next. */
export function errorText(error: LimbeckError, color: boolean): string {
  const lines = [`${paint("red", "error:", color)} ${error.message}`];
  if (error.file !== undefined && !error.message.includes(error.file)) lines.push(`  in ${error.file}`);
  if (error.sql !== undefined)
    lines.push(...error.sql.split("\n").map((line) => `  ${paint("dim", line, color)}`));
  if (error.hint !== undefined) lines.push(`${paint("bold", "next:", color)} ${error.hint}`);
  return `${lines.join("\n")}\n`;
}
