/** The commands on the graph and on the revision files. */
import { branchLines, historyLine, shortLine, verboseLines } from "./format";
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
import type { CliCommand } from "./options";
import { printItems, reportRevision } from "./print";

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
        ...writingOptions(args),
        ...given("head", text(args.head)),
        autogenerate: flag(args.autogenerate),
        allowEmpty: flag(args.allowEmpty),
        sql: flag(args.sql),
      });
      reportRevision(session, result);
      session.print(result, () => [
        result.file === undefined ? "no changes detected" : `created ${result.file}`,
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
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const items = await limbeck.history({
        ...given("range", text(args.revRange)),
        indicateCurrent: flag(args.indicateCurrent),
      });
      printItems(session, items, args, historyLine);
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
];
