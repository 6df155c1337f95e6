/** The commands on the graph and on the revision files. */
import { branchLines, historyLine, shortLine } from "./format";
import {
  compareOptions,
  flag,
  given,
  renames,
  text,
  texts,
  verbose,
  writing,
  writingOptions,
} from "./options";
import type { HistoryItem } from "../commands/history";
import type { AskRename } from "../commands/renames";
import type { Arguments, CliCommand } from "./options";
import type { Session } from "./session";
import { printItems, reportRevision } from "./print";

function printHistory(session: Session, items: readonly HistoryItem[], args: Arguments): void {
  const pictures = () => require("./pictures") as typeof import("./pictures");
  switch (text(args.format)) {
    case "json":
      session.printJson(items);
      return;
    case "mermaid":
      session.print(items, () => pictures().mermaid(items));
      return;
    case "dot":
      session.print(items, () => pictures().dot(items));
      return;
    default:
      if (flag(args.graph)) session.print(items, () => pictures().laneLines(items, terminalWidth()));
      else printItems(session, items, args, historyLine);
  }
}

/** The columns of the terminal; 80 where the output goes elsewhere. */
function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : 80;
}

/** Questions are asked where somebody can answer: on a terminal, unless the output is for a program. */
function asking(session: Session, args: Arguments): { readonly askRename?: AskRename } {
  if (!process.stdin.isTTY || !process.stderr.isTTY || flag(args.json)) return {};
  const { renameAsker } = require("./ask-rename") as typeof import("./ask-rename");
  return { askRename: renameAsker(process.stdin, process.stderr, session.signal) };
}

/** Why there is no file. */
function nothingWritten(args: Arguments): string {
  return flag(args.autogenerate) ? "no changes detected" : "`processRevisionDirectives` left no revision";
}

export const graphCommands: readonly CliCommand[] = [
  {
    command: ["revision"],
    describe: "Write a new revision file",
    builder: (yargs) =>
      writing(renames(yargs)).options({
        autogenerate: {
          type: "boolean",
          describe: "Fill it with what differs between the entities and the database",
        },
        head: { type: "string", requiresArg: true, describe: "What it goes on top of (head unless said)" },
        "allow-empty": { type: "boolean", describe: "Write a file also where nothing differs" },
        sql: { type: "boolean", describe: "With revisionEnvironment: run env.ts without a database" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.revision({
        ...compareOptions(args),
        ...asking(session, args),
        ...writingOptions(args),
        ...given("head", text(args.head)),
        autogenerate: flag(args.autogenerate),
        allowEmpty: flag(args.allowEmpty),
        sql: flag(args.sql),
      });
      reportRevision(session, result);
      session.print(result, () => [
        result.file === undefined ? nothingWritten(args) : `created ${result.file}`,
        ...(result.others ?? []).map(({ file }) => `created ${file}`),
      ]);
      return undefined;
    },
  },
  {
    command: ["merge [revisions..]"],
    describe: "Write a revision file in which branches meet (heads unless said)",
    builder: (yargs) => writing(yargs).positional("revisions", { type: "string", array: true }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.merge({ ...writingOptions(args), revisions: texts(args.revisions) });
      session.print(result, () => [`created ${result.file}`]);
      return undefined;
    },
  },
  {
    command: ["rebase <revision>"],
    describe: "Put the branch of a revision on top of another head, by changing its first file",
    builder: (yargs) =>
      yargs.positional("revision", { type: "string", demandOption: true }).options({
        onto: { type: "string", requiresArg: true, demandOption: true, describe: "What it goes on top of" },
        "files-only": { type: "boolean", describe: "Ask no database whether it has run the branch" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.rebase({
        revision: text(args.revision) ?? "",
        onto: text(args.onto) ?? "",
        filesOnly: flag(args.filesOnly),
      });
      session.print(result, () => [
        `changed ${result.file}`,
        ...result.removed.map((line) => `- ${line}`),
        ...result.added.map((line) => `+ ${line}`),
        ...(result.to === undefined ? [] : [`at ${result.to.join(", ")}`]),
      ]);
      return undefined;
    },
  },
  {
    command: ["squash <range>"],
    describe: "Write one revision that stands for a range, start:end, and prove that it does",
    builder: (yargs) =>
      yargs.positional("range", { type: "string", demandOption: true }).options({
        message: { alias: "m", type: "string", requiresArg: true, describe: "What it is for" },
        "rev-id": { type: "string", requiresArg: true, describe: "The id, instead of a random one" },
        "version-path": { type: "string", requiresArg: true, describe: "Which of the version locations" },
        js: { type: "boolean", describe: "Write JavaScript" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.squash({
        range: text(args.range) ?? "",
        ...given("message", text(args.message)),
        ...given("id", text(args.revId)),
        ...given("versionPath", text(args.versionPath)),
        javascript: flag(args.js),
      });
      session.print(result, () => [
        `created ${result.file}`,
        `it replaces ${result.replaces.join(", ")}: keep their files until every database has them`,
      ]);
      return undefined;
    },
  },
  {
    command: ["edit <revisions..>"],
    describe: "Open revision files in your editor (VISUAL, EDITOR)",
    builder: (yargs) => yargs.positional("revisions", { type: "string", array: true, demandOption: true }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const files = await limbeck.edit({ revisions: texts(args.revisions) });
      session.print(files, () => files);
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
        graph: { type: "boolean", describe: "Draw the graph" },
        format: {
          choices: ["text", "mermaid", "dot", "json"],
          default: "text",
          describe: "A diagram for documents, or data",
        },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const items = await limbeck.history({
        ...given("range", text(args.revRange)),
        indicateCurrent: flag(args.indicateCurrent),
      });
      printHistory(session, items, args);
      return undefined;
    },
  },
  {
    command: ["heads"],
    describe: "List the heads of the graph",
    builder: (yargs) =>
      verbose(yargs).options({
        "resolve-dependencies": {
          type: "boolean",
          describe: "Leave out heads that another revision depends on",
        },
        check: { type: "boolean", describe: "Exit 1 when there is more than one" },
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const items = await limbeck.heads({
        resolveDependencies: flag(args.resolveDependencies),
        check: flag(args.check),
      });
      printItems(session, items, args, shortLine);
      return undefined;
    },
  },
  {
    command: ["branches"],
    describe: "List where branches begin",
    builder: verbose,
    handler: async (session, args) => {
      const limbeck = await session.open();
      const points = await limbeck.branches();
      session.print(points, () =>
        points.flatMap((point) => branchLines(point, { isVerbose: flag(args.verbose) })),
      );
      return undefined;
    },
  },
];
