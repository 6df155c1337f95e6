/** What the commands of the command line share: their shape, their options, and reading these. */
import type { Argv } from "yargs";
import type { Against } from "../commands/against";
import { unmarked } from "./arguments";
import type { Session } from "./session";

/** The arguments of a command as yargs read them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A command: how it is typed, what it takes, what it does. */
export interface CliCommand {
  readonly command: readonly string[];
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv;
  /** Answers with the exit status where it is not 0. */
  readonly handler: (session: Session, args: Arguments) => number | undefined | Promise<number | undefined>;
}

export const text = (value: unknown): string | undefined =>
  typeof value === "string" ? unmarked(value) : undefined;
export const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((item) => unmarked(String(item)));
export const flag = (value: unknown): boolean => value === true;
export const given = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);

export const sql = (yargs: Argv): Argv =>
  yargs.option("sql", { type: "boolean", describe: "Write SQL instead of touching a database" });
const tag = { type: "string", requiresArg: true, describe: "A text for env.ts" } as const;
export const running = (yargs: Argv): Argv =>
  sql(yargs).options({
    tag,
    plan: { type: "boolean", describe: "Write the SQL that would run on this database, and run nothing" },
    "dry-run": { type: "boolean", describe: "Run it in a transaction and roll it back" },
    "from-start": {
      type: "boolean",
      describe: "Begin a revision anew that was left half done, and whose work was undone by hand",
    },
    "lock-wait": {
      type: "string",
      requiresArg: true,
      describe: "How long to wait for another run, such as 10min (or LIMBECK_LOCK_WAIT)",
    },
  });
export const verbose = (yargs: Argv): Argv =>
  yargs.option("verbose", { alias: "v", type: "boolean", describe: "Tell more" });
export const renames = (yargs: Argv): Argv =>
  yargs.options({
    rename: {
      type: "string",
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: "old:new, repeatable",
    },
    renames: {
      type: "boolean",
      default: true,
      describe: "--no-renames: what looks like a rename is drop and add",
    },
    "include-unmanaged": { type: "boolean", describe: "Propose to drop what no revision made" },
    against: {
      choices: AGAINST,
      requiresArg: true,
      describe: "What to compare with (database unless said); neither of the others asks your database",
    },
  });

const AGAINST = ["database", "empty", "revisions"] as const;

export const compareOptions = (args: Arguments) => ({
  ...againstOf(text(args.against)),
  renames: texts(args.rename),
  noRenames: args.renames === false,
  includeUnmanaged: flag(args.includeUnmanaged),
});

export const runOptions = (args: Arguments) => ({
  sql: flag(args.sql),
  plan: flag(args.plan),
  dryRun: flag(args.dryRun),
  fromStart: flag(args.fromStart),
  ...given("tag", text(args.tag)),
  ...given("lockWait", text(args.lockWait) ?? process.env.LIMBECK_LOCK_WAIT),
});

function againstOf(typed: string | undefined): { readonly against?: Against } {
  const against = AGAINST.find((word) => word === typed);
  return against === undefined ? {} : { against };
}

/** What may be typed several times. */
export const REPEATABLE: ReadonlySet<string> = new Set([
  "x",
  "rename",
  "revisions",
  "branch-label",
  "branchLabel",
  "depends-on",
  "dependsOn",
]);

/** The options of commands that write a revision file. */
export const writing = (yargs: Argv): Argv =>
  yargs.options({
    message: { alias: "m", type: "string", requiresArg: true, describe: "What it is for" },
    "rev-id": { type: "string", requiresArg: true, describe: "The id, instead of a random one" },
    splice: { type: "boolean", describe: "Go on top of a revision that is no head" },
    "branch-label": several("A label of the branch that begins here, repeatable"),
    "depends-on": several("A revision or label that must be applied before, repeatable"),
    "version-path": { type: "string", requiresArg: true, describe: "Which of the version locations" },
    js: { type: "boolean", describe: "Write JavaScript" },
  });

export const writingOptions = (args: Arguments) => ({
  ...given("message", text(args.message)),
  ...given("id", text(args.revId)),
  splice: flag(args.splice),
  branchLabels: texts(args.branchLabel),
  dependsOn: texts(args.dependsOn),
  ...given("versionPath", text(args.versionPath)),
  javascript: flag(args.js),
});

function several(describe: string) {
  return { type: "string", array: true, nargs: 1, requiresArg: true, describe } as const;
}
