/** `show`: revisions as their files have them, or as the SQL that they run; for a review, those that a branch adds. */
import { relative } from "node:path";
import type { HistoryItem } from "../commands/history";
import type { RevisionSql } from "../commands/show-sql";
import { LimbeckError } from "../errors";
import type { Limbeck } from "../open";
import { verboseLines } from "./format";
import { code, counted, fenced } from "./markdown";
import { flag, text, texts } from "./options";
import type { Arguments, CliCommand } from "./options";
import type { Session } from "./session";

/** A revision with what is shown of it. */
interface Shown {
  readonly item: HistoryItem;
  readonly language: string;
  readonly lines: readonly string[];
}

const NOT_KNOWN = "-- what follows asks the database, and is not known without one";

async function shownSql(limbeck: Limbeck, revisions: readonly string[]): Promise<readonly Shown[]> {
  return (await limbeck.showSql(revisions)).map((item) => ({ item, language: "sql", lines: sqlLines(item) }));
}

async function shownSource(limbeck: Limbeck, revisions: readonly string[]): Promise<readonly Shown[]> {
  const items = await limbeck.show(revisions);
  return items.map((item) => ({
    item,
    language: /\.[cm]?js$/.test(item.file ?? "") ? "js" : "ts",
    lines: [item.source.trimEnd()],
  }));
}

function sqlLines({ sql, left, isComplete }: RevisionSql): readonly string[] {
  const lines = [...sql, ...left.map((why) => `-- left out: ${why}`), ...(isComplete ? [] : [NOT_KNOWN])];
  return lines.length === 0 ? ["-- nothing to do"] : lines;
}

function plainLines(shown: readonly Shown[]): readonly string[] {
  return shown.flatMap(({ item, lines, language }) =>
    language === "sql"
      ? [`-- ${item.revision}: ${item.message || "(no message)"}`, ...lines, ""]
      : [...verboseLines(item), ...lines, ""],
  );
}

/** A comment for a pull request. Its first line is for programs that look for a comment of theirs to replace. */
function markdownLines(shown: readonly Shown[], ref: string | undefined): readonly string[] {
  const title =
    ref === undefined
      ? counted(shown.length, "revision")
      : `${counted(shown.length, "new revision")} since ${code(ref)}`;
  const parts = shown.flatMap(({ item, language, lines }) => [
    "",
    `#### ${code(item.revision)}: ${code(item.message || "(no message)")}`,
    "",
    `${code(fileOf(item))}, on top of ${item.parents.length === 0 ? "nothing" : item.parents.map(code).join(" and ")}`,
    "",
    ...fenced(language, lines.join("\n")),
  ]);
  return ["<!-- limbeck show -->", `### ${title}`, ...parts];
}

function fileOf({ file }: HistoryItem): string {
  return file === undefined ? "" : relative(process.cwd(), file).replaceAll("\\", "/");
}

function demandOneSelection(typed: readonly string[], ref: string | undefined): void {
  if ((ref === undefined) !== (typed.length === 0)) return;
  throw new LimbeckError("USAGE", "say either which revisions, or --new-since", {
    hint: "such as `limbeck show head`, or `limbeck show --sql --new-since origin/main`",
  });
}

async function show(session: Session, args: Arguments): Promise<undefined> {
  const typed = texts(args.revisions);
  const ref = text(args.newSince);
  demandOneSelection(typed, ref);
  const limbeck = await session.open();
  const added = ref === undefined ? undefined : await limbeck.newSince(ref);
  const ids = added?.revisions ?? typed;
  const sql = flag(args.sql);
  const format = session.isJson ? "json" : text(args.format);
  if (format === "json") {
    const items = ids.length === 0 ? [] : await (sql ? limbeck.showSql(ids) : limbeck.show(ids));
    session.printJson(added ? { revisions: items, changed: added.changed } : items);
  } else {
    const shown = ids.length === 0 ? [] : await (sql ? shownSql : shownSource)(limbeck, ids);
    session.printLines(format === "markdown" ? markdownLines(shown, ref) : plainLines(shown));
  }
  if (added && ref !== undefined) {
    if (ids.length === 0) session.reporter.info(`no new revisions since ${ref}`);
    const { demandUntouched } = require("../commands/show-sql") as typeof import("../commands/show-sql");
    session.finish();
    demandUntouched(added, ref);
  }
  return undefined;
}

export const showCommand: CliCommand = {
  command: ["show [revisions..]"],
  describe: "Show revisions, or the SQL that they run",
  builder: (yargs) =>
    yargs.positional("revisions", { type: "string", array: true }).options({
      sql: { type: "boolean", describe: "The SQL of their upgrades, without asking a database" },
      "new-since": {
        type: "string",
        requiresArg: true,
        describe:
          "Those that are not in a git ref; exit 1 when a revision of that ref was changed or deleted",
      },
      format: {
        choices: ["text", "json", "markdown"],
        requiresArg: true,
        describe: "Lines (unless said), data, or a comment for a pull request",
      },
    }),
  handler: show,
};
