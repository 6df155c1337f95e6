/** The commands of a review: what would be generated, and whether entities and database agree. */
import { howToAnswer } from "../diff/renames";
import type { OpenQuestion } from "../diff/renames";
import { LimbeckError } from "../errors";
import { compareOptions, flag, renames, text } from "./options";
import type { Arguments, CliCommand } from "./options";
import { reportUnmanaged } from "./print";
import type { Session } from "./session";

const review = (): typeof import("./review") => require("./review") as typeof import("./review");

/** GitHub shows what stands in annotations; the paths in them are relative to the repository. */
function repository(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/** What nobody answered is told with the answers that it can have. */
function reportQuestions(session: Session, questions: readonly OpenQuestion[]): void {
  if (questions.length === 0) return;
  session.finish();
  session.reporter.info(`next: ${howToAnswer(questions)}`);
}

async function checkForGitHub(session: Session, args: Arguments): Promise<number | undefined> {
  const { annotation, annotations } = review();
  try {
    const limbeck = await session.open();
    const result = await limbeck.check({ ...compareOptions(args), places: true });
    const { changes = [], questions, unmanaged } = result;
    session.printLines([
      ...questions.map((question) =>
        annotation("error", { title: "a rename?" }, `${question.sentence} (${howToAnswer([question])})`),
      ),
      ...annotations(changes, repository()),
    ]);
    reportUnmanaged(session, unmanaged);
    return result.differences.length === 0 ? undefined : 1;
  } catch (error) {
    if (!(error instanceof LimbeckError)) throw error;
    const hint = error.hint === undefined ? "" : ` (${error.hint})`;
    session.printLines([annotation("error", { title: "limbeck check" }, error.message + hint)]);
    session.finish();
    throw error;
  }
}

export const reviewCommands: readonly CliCommand[] = [
  {
    command: ["diff"],
    describe: "Show what revision --autogenerate would write, and write nothing",
    builder: (yargs) =>
      renames(yargs).options({
        sql: { type: "boolean", describe: "The same as --format sql" },
        format: {
          choices: ["text", "sql", "json", "markdown"],
          requiresArg: true,
          describe: "Words (unless said), statements, data, or a comment for a pull request",
        },
      }),
    handler: async (session, args) => {
      const format = diffFormat(args);
      const limbeck = await session.open();
      const diffs = await limbeck.diff(compareOptions(args));
      const { diffLines, diffMarkdown, diffSql } = review();
      if (format === "sql") session.printLines(diffSql(diffs));
      else if (format === "markdown") session.printLines(diffMarkdown(diffs));
      else if (format === "json") session.printJson(diffs);
      else session.print(diffs, () => diffLines(diffs, session.color));
      reportUnmanaged(
        session,
        diffs.flatMap(({ unmanaged }) => unmanaged),
      );
      const questions = diffs.flatMap((diff) => diff.questions);
      reportQuestions(session, questions);
      return questions.length === 0 ? undefined : 1;
    },
  },
  {
    command: ["check"],
    describe: "Exit 1 when the entities and the database differ",
    builder: (yargs) =>
      renames(yargs).option("format", {
        choices: ["text", "json", "github"],
        requiresArg: true,
        describe: "Words (unless said), data, or annotations of GitHub at the entities' lines",
      }),
    handler: async (session, args) => {
      const format = text(args.format);
      if (format === "github") return await checkForGitHub(session, args);
      const limbeck = await session.open();
      const result = await limbeck.check(compareOptions(args));
      const lines = () => (result.differences.length === 0 ? ["no differences"] : result.differences);
      if (format === "json") session.printJson(result);
      else session.print(result, lines);
      for (const { sentence } of result.losses) session.reporter.warn(sentence);
      reportUnmanaged(session, result.unmanaged);
      reportQuestions(session, result.questions);
      return result.differences.length === 0 ? undefined : 1;
    },
  },
  {
    command: ["verify"],
    describe: "Try all revisions up, down and up on a scratch database; exit 1 when anything is wrong",
    builder: (yargs) =>
      yargs.option("format", {
        choices: ["text", "json"],
        requiresArg: true,
        describe: "Lines (unless said), or data",
      }),
    handler: async (session, args) => {
      const limbeck = await session.open();
      const result = await limbeck.verify();
      if (text(args.format) === "json") session.printJson(result);
      else session.print(result, () => review().verifyLines(result, session.color));
      return result.passed ? undefined : 1;
    },
  },
];

function diffFormat(args: Arguments): string | undefined {
  const format = text(args.format);
  if (!flag(args.sql)) return format;
  if (format === undefined || format === "sql") return "sql";
  throw new LimbeckError("USAGE", `--sql and --format ${format} exclude each other`, {
    hint: "leave one of them out",
  });
}
