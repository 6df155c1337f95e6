/** The commands of the command line: each parses its options, calls its function and prints what comes back. */
import type { AdoptResult } from "../commands/adopt";
import type { InitResult } from "../commands/init";
import type { RunResult } from "../commands/upgrade";
import { init, initFromTypeorm, listTemplates } from "../init";
import { shortLine } from "./format";
import { graphCommands } from "./graph-commands";
import { flag, given, running, runOptions, sql, text, texts, verbose } from "./options";
import type { Arguments, CliCommand } from "./options";
import { printItems } from "./print";
import { reviewCommands } from "./review-commands";
import type { Placed, Session } from "./session";
import { showCommand } from "./show-command";

function printRun(session: Session, result: RunResult, args: Arguments): void {
  // Standard output belongs to the SQL.
  if (flag(args.sql) || flag(args.plan)) return;
  const to = result.to.length === 0 ? "base" : result.to.join(", ");
  session.print(result, () => [flag(args.dryRun) ? `would be at ${to}` : `at ${to}`]);
  if (result.steps.length === 0) session.reporter.info("nothing to do");
  else if (flag(args.dryRun)) session.reporter.info("all of it was rolled back");
}

const databaseCommands: readonly CliCommand[] = [
  {
    command: ["init [directory]"],
    describe: "Put the configuration and the folder of revisions into a project",
    builder: (yargs) =>
      yargs.positional("directory", { type: "string", default: "revisions" }).options({
        template: {
          alias: "t",
          type: "string",
          default: "generic",
          requiresArg: true,
          describe: "See list-templates, or the path of your own",
        },
        js: { type: "boolean", describe: "Write JavaScript" },
        "from-typeorm": {
          type: "boolean",
          describe: "Take over the database of TypeORM's migrations, or of synchronize(), as it is",
        },
        baseline: {
          type: "boolean",
          implies: "from-typeorm",
          describe: "With --from-typeorm: one revision of the schema, without the migration classes",
        },
        "keep-migrations-table": {
          type: "boolean",
          implies: "from-typeorm",
          describe: "With --from-typeorm: go on writing TypeORM's own table, so that both agree",
        },
      }),
    handler: async (session, args) => {
      const chosen = {
        ...given("directory", text(args.directory)),
        ...given("template", text(args.template)),
        javascript: flag(args.js),
        ...given("dataSourceFile", text(args.dataSource)),
      };
      const result: InitResult & Partial<AdoptResult> = flag(args.fromTypeorm)
        ? await initFromTypeorm({
            ...chosen,
            reporter: session.reporter,
            baseline: flag(args.baseline),
            keepMigrationsTable: flag(args.keepMigrationsTable),
          })
        : init(chosen);
      session.print(result, () => [
        ...result.created.map((file) => `created ${file}`),
        ...result.changed.map((file) => `changed ${file} (it says where the configuration is)`),
        ...(result.stamped?.length ? [`stamped ${result.stamped.join(", ")} (nothing was run)`] : []),
      ]);
      session.finish();
      session.reporter.info(`next: ${result.next}`);
      return undefined;
    },
  },
  {
    command: ["list-templates", "list_templates"],
    describe: "List what init can start from",
    builder: (yargs) => yargs,
    handler: (session) => {
      const templates = listTemplates();
      session.print(templates, () => templates.map(({ name, description }) => `${name} - ${description}`));
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
          rollback: {
            type: "string",
            requiresArg: true,
            describe: "With --sql or --plan: a file for the way back",
          },
        }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const rollback = text(args.rollback);
      const back: Placed[] = [];
      const result = await limbeck.upgrade({
        ...runOptions(args),
        revisions: texts(args.revisions),
        allowAhead: flag(args.allowAhead),
        ...(rollback === undefined
          ? {}
          : { rollback: (sql: string, place) => back.push({ text: sql, place }) }),
      });
      if (rollback !== undefined) session.writeFiles(rollback, back);
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
          tag: { type: "string", requiresArg: true, describe: "A text for env.ts" },
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
        ...given("tag", text(args.tag)),
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

export const commands: readonly CliCommand[] = [
  ...graphCommands,
  ...databaseCommands,
  ...reviewCommands,
  showCommand,
];
