/** The commands of the command line: each parses its options, calls its function and prints what comes back. */
import type { Argv } from "yargs";
import type { HistoryItem } from "../commands/history";
import type { RevisionResult } from "../commands/revision";
import type { RunResult } from "../commands/upgrade";
import { displayName } from "../model/names";
import { unmarked } from "./arguments";
import { historyLine, shortLine, verboseLines } from "./format";
import type { Session } from "./session";

/** A command: how it is typed, what it takes, what it does. */
export interface CliCommand {
  readonly command: readonly string[];
  readonly describe: string;
  readonly builder: (yargs: Argv) => Argv;
  /** Answers with the exit status where it is not 0. */
  readonly handler: (
    session: Session,
    args: Readonly<Record<string, unknown>>,
  ) => number | undefined | Promise<number | undefined>;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? unmarked(value) : undefined;
const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((item) => unmarked(String(item)));
const flag = (value: unknown): boolean => value === true;
const given = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);

const sql = (yargs: Argv): Argv =>
  yargs.option("sql", { type: "boolean", describe: "Write SQL instead of touching a database" });
const running = (yargs: Argv): Argv =>
  sql(yargs).options({
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
const verbose = (yargs: Argv): Argv =>
  yargs.option("verbose", { alias: "v", type: "boolean", describe: "Tell more" });
const renames = (yargs: Argv): Argv =>
  yargs.options({
    rename: { type: "string", array: true, nargs: 1, requiresArg: true, describe: "old:new, repeatable" },
    renames: {
      type: "boolean",
      default: true,
      describe: "--no-renames: what looks like a rename is drop and add",
    },
    "include-unmanaged": { type: "boolean", describe: "Propose to drop what no revision made" },
  });

const compareOptions = (args: Readonly<Record<string, unknown>>) => ({
  renames: texts(args.rename),
  noRenames: args.renames === false,
  includeUnmanaged: flag(args.includeUnmanaged),
});

const runOptions = (args: Readonly<Record<string, unknown>>) => ({
  sql: flag(args.sql),
  plan: flag(args.plan),
  dryRun: flag(args.dryRun),
  fromStart: flag(args.fromStart),
  ...given("lockWait", text(args.lockWait) ?? process.env.LIMBECK_LOCK_WAIT),
});

function printRun(session: Session, result: RunResult, args: Readonly<Record<string, unknown>>): void {
  // Standard output belongs to the SQL.
  if (flag(args.sql) || flag(args.plan)) return;
  session.print(result, () => [`at ${result.to.length === 0 ? "base" : result.to.join(", ")}`]);
  if (result.steps.length === 0) session.reporter.info("nothing to do");
  else if (flag(args.dryRun)) session.reporter.info("all of it was rolled back");
}

function printItems(
  session: Session,
  items: readonly HistoryItem[],
  args: Readonly<Record<string, unknown>>,
  line: (item: HistoryItem) => string,
): void {
  session.print(items, () =>
    items.flatMap((item) => (flag(args.verbose) ? verboseLines(item) : [line(item)])),
  );
}

function reportRevision(session: Session, result: RevisionResult): void {
  for (const difference of result.differences) session.reporter.info(`detected ${difference}`);
  for (const loss of result.losses) session.reporter.warn(loss);
  reportUnmanaged(session, result.unmanaged);
}

function reportUnmanaged(session: Session, unmanaged: RevisionResult["unmanaged"]): void {
  if (unmanaged.length === 0) return;
  const names = unmanaged.map((object) => `${object.kind} ${displayName(object)}`);
  session.reporter.info(
    `left alone, because neither the entities nor a revision know it: ${names.join(", ")} (--include-unmanaged proposes to drop it)`,
  );
}

export const commands: readonly CliCommand[] = [
  {
    command: ["init [directory]"],
    describe: "Put the configuration and the folder of revisions into a project",
    builder: (yargs) =>
      yargs.positional("directory", { type: "string", default: "revisions" }).option("template", {
        alias: "t",
        type: "string",
        default: "generic",
        requiresArg: true,
        describe: "See list-templates",
      }),
    handler: (session, args) => {
      const { init } = require("../commands/init") as typeof import("../commands/init");
      const result = init({
        cwd: process.cwd(),
        ...given("directory", text(args.directory)),
        ...given("template", text(args.template)),
      });
      session.print(result, () => result.created.map((file) => `created ${file}`));
      session.reporter.info(`next: ${result.next}`);
      return undefined;
    },
  },
  {
    command: ["list-templates", "list_templates"],
    describe: "List what init can start from",
    builder: (yargs) => yargs,
    handler: (session) => {
      const { listTemplates } = require("../commands/templates") as typeof import("../commands/templates");
      const templates = listTemplates();
      session.print(templates, () => templates.map(({ name, description }) => `${name} - ${description}`));
      return undefined;
    },
  },
  {
    command: ["revision"],
    describe: "Write a new revision file",
    builder: (yargs) =>
      renames(yargs).options({
        message: { alias: "m", type: "string", requiresArg: true, describe: "What it is for" },
        autogenerate: {
          type: "boolean",
          describe: "Fill it with what differs between the entities and the database",
        },
        "rev-id": { type: "string", requiresArg: true, describe: "The id, instead of a random one" },
        "allow-empty": { type: "boolean", describe: "Write a file also where nothing differs" },
        js: { type: "boolean", describe: "Write JavaScript" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.revision({
        ...compareOptions(args),
        ...given("message", text(args.message)),
        ...given("id", text(args.revId)),
        autogenerate: flag(args.autogenerate),
        allowEmpty: flag(args.allowEmpty),
        javascript: flag(args.js),
      });
      reportRevision(session, result);
      session.print(result, () => [
        result.file === undefined ? "no changes detected" : `created ${result.file}`,
      ]);
      return undefined;
    },
  },
  {
    command: ["upgrade [revisions..]"],
    describe: "Move the database up to a revision (head unless said)",
    builder: (yargs) =>
      running(yargs)
        .positional("revisions", { type: "string", array: true })
        .options({
          "allow-ahead": { type: "boolean", describe: "A database that is ahead of these files is no error" },
          rollback: { type: "string", requiresArg: true, describe: "With --sql: a file for the way back" },
        }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const rollback = text(args.rollback);
      const back: string[] = [];
      const result = await limbeck.upgrade({
        ...runOptions(args),
        revisions: texts(args.revisions),
        allowAhead: flag(args.allowAhead),
        ...(rollback === undefined ? {} : { rollback: (sql: string) => back.push(sql) }),
      });
      if (rollback !== undefined) session.writeFile(rollback, back.join(""));
      printRun(session, result, args);
      return undefined;
    },
  },
  {
    command: ["downgrade <revision>"],
    describe: "Move the database down to a revision",
    builder: (yargs) => running(yargs).positional("revision", { type: "string", demandOption: true }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.downgrade({ ...runOptions(args), revision: text(args.revision) ?? "" });
      printRun(session, result, args);
      return undefined;
    },
  },
  {
    command: ["stamp <revisions..>"],
    describe: "Say that revisions are applied, without running them",
    builder: (yargs) =>
      sql(yargs)
        .positional("revisions", { type: "string", array: true, demandOption: true })
        .options({
          purge: { type: "boolean", describe: "Forget all rows first" },
          verify: { type: "boolean", describe: "Only if the database is what the entities want" },
        }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const isScript = flag(args.sql);
      const result = await limbeck.stamp({
        revisions: texts(args.revisions),
        sql: isScript,
        purge: flag(args.purge),
        verify: flag(args.verify),
      });
      if (!isScript)
        session.print(result, () => [`stamped ${result.to.join(", ") || "base"} (nothing was run)`]);
      return undefined;
    },
  },
  {
    command: ["current"],
    describe: "Tell where the database is",
    builder: (yargs) =>
      verbose(yargs).options({
        "check-heads": { type: "boolean", describe: "Exit 1 unless everything is applied" },
        pending: { type: "boolean", describe: "List what an upgrade to the heads would run, too" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const items = await limbeck.current({
        checkHeads: flag(args.checkHeads),
        pending: flag(args.pending),
      });
      printItems(session, items, args, shortLine);
      return undefined;
    },
  },
  {
    command: ["history"],
    describe: "List the revisions, newest first",
    builder: (yargs) =>
      verbose(yargs).options({
        "rev-range": { alias: "r", type: "string", requiresArg: true, describe: "start:end" },
        "indicate-current": { alias: "i", type: "boolean", describe: "Mark where the database is" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const range = text(args.revRange);
      const items = await limbeck.history({
        ...given("range", range),
        indicateCurrent: flag(args.indicateCurrent),
      });
      printItems(session, items, args, historyLine);
      return undefined;
    },
  },
  {
    command: ["heads"],
    describe: "List the heads of the graph",
    builder: verbose,
    handler: async (session, args) => {
      const limbeck = await session.open();
      printItems(session, await limbeck.heads(), args, shortLine);
      return undefined;
    },
  },
  {
    command: ["show <revisions..>"],
    describe: "Show revisions",
    builder: (yargs) => yargs.positional("revisions", { type: "string", array: true, demandOption: true }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const items = await limbeck.show(texts(args.revisions));
      session.print(items, () => items.flatMap((item) => [...verboseLines(item), item.source]));
      return undefined;
    },
  },
  {
    command: ["check"],
    describe: "Exit 1 when the entities and the database differ",
    builder: renames,
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.check(compareOptions(args));
      session.print(result, () =>
        result.differences.length === 0 ? ["no differences"] : result.differences,
      );
      reportUnmanaged(session, result.unmanaged);
      return result.differences.length === 0 ? undefined : 1;
    },
  },
  {
    command: ["ensure-version", "ensure_version"],
    describe: "Make Limbeck's own tables where they are absent",
    builder: sql,
    handler: async (session, args) => {
      const limbeck = await session.open();
      await limbeck.ensureVersion({ sql: flag(args.sql) });
      return undefined;
    },
  },
];
