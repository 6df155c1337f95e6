/** Parses, runs one command, prints, and answers with the exit status. */
import yargs from "yargs";
import { exitStatusOf, LimbeckError, messageOf } from "../errors";
import { version } from "../version";
import { markRelative, unmarked } from "./arguments";
import { commands } from "./commands";
import { mistake } from "./mistakes";
import { REPEATABLE } from "./options";
import type { CliCommand } from "./options";
import { ownFirst, withGlobals } from "./global";
import type { GlobalArguments } from "./global";
import { errorText, terminalReporter, wantsColor } from "./reporter";
import type { Reporter } from "../runtime/reporter";
import { Session } from "./session";

/** A command as it was typed. */
interface Call {
  readonly command: CliCommand;
  readonly args: GlobalArguments & Readonly<Record<string, unknown>>;
}

/** Runs the command line. The answer is the exit status; nothing here ends the process. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const call = parse(argv);
    return call === undefined ? 0 : await runCommand(call);
  } catch (error) {
    return report(error, argv);
  }
}

/** Ends the parsing. */
class Parsed extends Error {
  constructor(readonly call: Call) {
    super("parsed");
  }
}

/**
 * What was typed; nothing where yargs has answered it itself (`--help`, `--version`). A handler leaves by throwing,
 * because after one that returns yargs lays out its help in advance, which costs more than `heads`.
 */
function parse(argv: readonly string[]): Call | undefined {
  const parser = withGlobals(yargs(markRelative(argv) as string[]))
    .scriptName("limbeck")
    .usage("$0 <command>\n\nAlembic for TypeORM: a graph of reviewed migrations.")
    .version(version)
    .help()
    .alias("help", "h")
    .strict()
    .demandCommand(1, 1, "say what to do, such as `limbeck upgrade head`", "one command at a time")
    .parserConfiguration({
      "parse-positional-numbers": false,
      "parse-numbers": false,
    })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? mistake(plain(message ?? "this is no command"), argv, commands);
    });
  for (const command of commands) {
    parser.command([...command.command], command.describe, ownFirst(command.builder), (args) => {
      demandOnce(args);
      throw new Parsed({ command, args });
    });
  }
  try {
    parser.parseSync();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Parsed) return thrown.call;
    throw thrown;
  }
}

/** An option that is typed twice is a slip: neither value is more meant than the other. */
function demandOnce(args: Readonly<Record<string, unknown>>): void {
  const twice = Object.keys(args).find(
    (name) => name !== "_" && Array.isArray(args[name]) && !REPEATABLE.has(name),
  );
  if (twice === undefined) return;
  throw new LimbeckError("USAGE", `${twice.length === 1 ? "-" : "--"}${twice} is given more than once`, {
    hint: "say it once",
  });
}

async function runCommand({ command: { handler }, args }: Call): Promise<number> {
  const reporter = terminalReporter({ quiet: args.quiet ?? false, color: args.color ?? true });
  const interruption = interruptionOf(reporter);
  const session = new Session(reporter, args, interruption.signal);
  try {
    const status = await handler(session, args);
    session.finish();
    return status ?? 0;
  } finally {
    reporter.end();
    interruption.end();
  }
}

/** The first Ctrl-C or SIGTERM ends the run in good order, the second one at once. */
function interruptionOf(reporter: Reporter): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const interrupt = (name: NodeJS.Signals): void => {
    end();
    reporter.info(`${name}: ending what is running; once more ends at once`);
    controller.abort(name);
  };
  const end = (): void => {
    for (const name of names) process.removeListener(name, interrupt);
  };
  for (const name of names) process.once(name, interrupt);
  return { signal: controller.signal, end };
}

/** One sentence for people; the whole stack for those who ask for it; never a bare stack trace. */
function report(thrown: unknown, argv: readonly string[]): number {
  const error = thrown instanceof LimbeckError ? thrown : unexpected(thrown);
  const color = wantsColor(process.stderr, !argv.includes("--no-color"));
  process.stderr.write(errorText(error, color));
  if (argv.includes("--raise")) process.stderr.write(`${stackOf(thrown)}\n`);
  if (argv.includes("--json")) {
    const { code, message, hint, file, sql, data } = error;
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint, file, sql, data } }, null, 2)}\n`);
  }
  return exitStatusOf(error);
}

function unexpected(thrown: unknown): LimbeckError {
  return new LimbeckError("INTERNAL", messageOf(thrown), {
    cause: thrown,
    hint: "this should not happen: --raise shows where, and a report is welcome",
  });
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? "" : `\ncaused by: ${stackOf(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}

/** yargs answers with the marked arguments. */
function plain(message: string): string {
  return message
    .split(/(?<=\s)/)
    .map(unmarked)
    .join("")
    .trim();
}
