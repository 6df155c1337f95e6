/** What a command says while it works. Results are returned, never reported: only chatter goes here. */
export interface Reporter {
  /** A line of progress; muted by `--quiet`. */
  info(line: string): void;
  /** What is running now; each line takes the place of the one before, and only a terminal shows it. */
  progress?(line: string): void;
  /** Something that the user should know; never muted. */
  warn(line: string): void;
}

/** Keeps quiet; for the programmatic API. */
export const silentReporter: Reporter = { info: () => undefined, warn: () => undefined };
