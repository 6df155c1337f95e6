/** What a command says while it works. Results are returned, never reported: only chatter goes here. */
import type { Logging } from "../config/config";

/** Takes the lines that are said while commands work. */
export interface Reporter {
  /** A line of progress; muted by `--quiet`. */
  info(line: string): void;
  /** What is running now; each line takes the place of the one before, and only a terminal shows it. */
  progress?(line: string): void;
  /** Something that the user should know; never muted. */
  warn(line: string): void;
}

/** A reporter as the configuration wants it: another logger, and less of it. */
export function configuredReporter({ level = "info", logger }: Logging, reporter: Reporter): Reporter {
  const told = logger ?? reporter;
  const nothing = (): undefined => undefined;
  return {
    ...(logger || level !== "info" ? {} : reporter),
    info: level === "info" ? (line) => told.info(line) : nothing,
    warn: level === "silent" ? nothing : (line) => told.warn(line),
  };
}

/** Keeps quiet; for the programmatic API. */
export const silentReporter: Reporter = { info: () => undefined, warn: () => undefined };
