/** Which renames are meant: answers from the command line, a file, the entities, or a person who is asked. */
import { readFileSync } from "node:fs";
import { resolveAnswers } from "../diff/rename-answers";
import type { Answer } from "../diff/rename-answers";
import { applyRenames, nameBefore } from "../diff/rename-operations";
import type { Renamed } from "../diff/rename-operations";
import { freshName, renameQuestions } from "../diff/rename-questions";
import type { RenameQuestion } from "../diff/rename-questions";
import { contradicts, howToAnswer, oldPath, renameOption } from "../diff/renames";
import type { AnsweredRename, OpenQuestion, Rename } from "../diff/renames";
import type { Dialect } from "../dialects/dialect";
import { LimbeckError, messageOf } from "../errors";
import type { FormerName } from "../metadata/origins";
import type { Target } from "../metadata/read";
import { displayName, sameName } from "../model/names";
import type { Schema } from "../model/schema";
import type { Operation } from "../operations/operation";

/** Answers one question: the place of the candidate that was renamed, or nothing where the new thing is new. */
export interface AskRename {
  (question: RenameQuestion): Promise<number | undefined>;
  /** Who answers, for the header of the file: `answered on the terminal`. `by askRename` unless said. */
  readonly by?: string;
}

/** Where answers come from. */
export interface RenameSources {
  /** `old:new`, as `--rename` takes them. */
  readonly answers: readonly string[];
  /** A file with one `old:new` a line; `#` begins a comment. */
  readonly file?: string;
  /** What looks like a rename and is not answered is drop and add. */
  readonly noRenames: boolean;
  /** Goes on with the likeliest answer where none was given, and tells the questions. */
  readonly presume?: boolean;
  readonly ask?: AskRename;
}

/** The old schema under the new names, what leads there, and which renames that are. */
export interface AnsweredRenames extends Renamed {
  readonly renames: readonly AnsweredRename[];
  /** What nobody answered; the likeliest answers are among the renames then. */
  readonly questions: readonly OpenQuestion[];
}

/**
 * The old schema with the renames that were answered.
 *
 * Throws USAGE for an answer that matches nothing; RENAME_QUESTION where something looks like a rename, no answer was
 * given, nobody can be asked and nothing is to be presumed. Its `data` are the questions.
 */
export async function answerRenames(
  live: Schema,
  wanted: Schema,
  { origins, formerNames }: Pick<Target, "origins" | "formerNames">,
  dialect: Dialect,
  sources: RenameSources,
): Promise<AnsweredRenames> {
  const answers = [...typed(sources.answers), ...fromFile(sources.file), ...formerNames.map(fromEntity)];
  let renames = answers.length === 0 ? [] : resolveAnswers(answers, live, wanted);
  const apply = (): Renamed => applyRenames(live, wanted, renames, updateValues(dialect));
  if (sources.noRenames) return { ...apply(), renames, questions: [] };
  const declined = new Set<string>();
  const presumed = new Map<string, OpenQuestion>();
  for (;;) {
    const renamed = apply();
    const open = renameQuestions(renamed.schema, wanted, origins)
      .map((question) => inOldNames(question, renames))
      .filter(({ fresh, candidates }) => candidates.length > 0 && !declined.has(fresh));
    const [question] = open;
    if (question === undefined) return { ...renamed, renames, questions: [...presumed.values()] };
    if (sources.ask === undefined && !sources.presume) throw unanswered(open);
    for (const one of sources.ask ? [] : open)
      if (!presumed.has(one.fresh)) presumed.set(one.fresh, openQuestion(one));
    const choice = sources.ask ? await sources.ask(question) : 0;
    const chosen = choice === undefined ? undefined : question.candidates[choice];
    if (chosen === undefined) declined.add(question.fresh);
    else
      renames = [
        ...renames,
        { ...chosen.rename, by: sources.ask ? (sources.ask.by ?? "by askRename") : PRESUMED },
      ];
  }
}

/** Nobody answered. */
const PRESUMED = "by nobody";

/** Whether an operation is a rename that is still a question. */
export function isPresumed(operation: Operation, { answeredBy }: AnsweredRenames): boolean {
  return answeredBy.get(operation) === PRESUMED;
}

/** Who answered, of an operation that carries out a rename: for the header of a file. */
export function answerBehind(
  operation: Operation,
  { answeredBy, renames }: AnsweredRenames,
): string | undefined {
  const by = answeredBy.get(operation);
  if (by !== undefined) return `answered ${by}`;
  if (operation.kind !== "createView") return undefined;
  const rename = renames.find((one) => one.kind === "view" && sameName(one.to, operation.view));
  return rename && `${oldPath(rename)} renamed, answered ${rename.by}`;
}

/** A table that was renamed is called by its old name in answers. */
function inOldNames({ candidates }: RenameQuestion, renames: readonly Rename[]): RenameQuestion {
  const asked = candidates.map(({ rename, reasons }) => ({
    reasons,
    rename: "table" in rename ? { ...rename, table: nameBefore(rename.table, renames) } : rename,
  }));
  const left = asked.filter(({ rename }) => !renames.some((other) => contradicts(other, rename)));
  const [first] = asked;
  return { fresh: first === undefined ? "" : freshName(first.rename), candidates: left };
}

function typed(answers: readonly string[]): readonly Answer[] {
  return answers.map((text) => ({ text, place: `--rename ${text}`, by: "by --rename", lasting: false }));
}

function fromFile(file: string | undefined): readonly Answer[] {
  if (file === undefined) return [];
  return linesOf(file).flatMap((line, number): readonly Answer[] => {
    const text = line.replace(/(^|\s)#.*$/, "").trim();
    const place = `${file}:${number + 1}: ${text}`;
    return text === "" ? [] : [{ text, place, by: "by the file of `renames`", lasting: true }];
  });
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch (cause) {
    throw new LimbeckError("CONFIG_INVALID", `the file of \`renames\` cannot be read: ${messageOf(cause)}`, {
      file,
      cause,
      hint: "make it, with lines such as account.name:full_name, or take `renames` out of the configuration",
    });
  }
}

function fromEntity({ table, column, from, place }: FormerName): Answer {
  const text =
    column === undefined
      ? `${displayName(from)}:${displayName(table)}`
      : `${displayName(table)}.${from.name}:${column}`;
  const told = `@RenamedFrom("${displayName(from)}") of ${place}`;
  return { text, place: told, by: `by ${told}`, lasting: true };
}

/** One statement for all values of a column, so that two may swap. */
function updateValues(dialect: Dialect) {
  return (
    table: Parameters<Dialect["quoteName"]>[0],
    column: string,
    values: Readonly<Record<string, string>>,
  ): string => {
    const pairs = Object.entries(values);
    const cases = pairs.map(([from, to]) => `WHEN ${dialect.literal(from)} THEN ${dialect.literal(to)}`);
    const old = pairs.map(([from]) => dialect.literal(from)).join(", ");
    const name = dialect.quote(column);
    return `UPDATE ${dialect.quoteName(table)} SET ${name} = CASE ${name} ${cases.join(" ")} END WHERE ${name} IN (${old})`;
  };
}

function unanswered(open: readonly RenameQuestion[]): LimbeckError {
  const questions = open.map(openQuestion);
  const sentences = questions.map(({ sentence }) => sentence);
  return new LimbeckError("RENAME_QUESTION", `this may be a rename: ${sentences.join("; ")}`, {
    hint: howToAnswer(questions),
    data: open.flatMap(({ fresh, candidates: asked }) =>
      asked.map(({ rename, reasons }) => ({ ...rename, fresh, reasons, option: renameOption(rename) })),
    ),
  });
}

function openQuestion({ fresh, candidates }: RenameQuestion): OpenQuestion {
  const renamed = candidates.map(
    ({ rename, reasons }) => `${nameOfOld(rename)} renamed (${reasons.join(", ")})`,
  );
  return {
    sentence: `${fresh} is new, and may be ${renamed.join(" or ")}`,
    options: candidates.map(({ rename }) => renameOption(rename)),
  };
}

function nameOfOld(rename: Rename): string {
  return typeof rename.from === "string" ? rename.from : displayName(rename.from);
}
