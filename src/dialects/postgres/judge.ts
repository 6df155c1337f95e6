/** Puts open questions about expressions to the server, each text once, and answers from what came back. */
import { equal } from "../../model/equal";
import { displayName, keyOf } from "../../model/names";
import type { Column, Default } from "../../model/schema";
import type { Queryable } from "../dialect";
import { ask, codeOf } from "./ask";
import type { Answer, Question } from "./ask";
import {
  mayBeSyntax,
  needsTwin,
  plannerForm,
  plannerQuestion,
  saysTable,
  treeQuestion,
  twinQuestion,
  withNow,
} from "./judge-questions";
import type { Same, Subject } from "./judge-questions";
import { sameTokens } from "./tokens";

/** Two texts that tokens leave open. */
interface Pair {
  readonly subject: Subject;
  readonly target: string;
  readonly live: string;
  /** Whether one of the texts says the name of their table, so that both are judged under it. */
  readonly isNamed: boolean;
  /** What tells the pair from all others. */
  readonly key: string;
}

/** The forms of both texts of a pair, by its key; the same object where the same was asked. */
type Forms = ReadonlyMap<string, Both>;
/** `undefined` where there was nothing to ask. */
type Both = readonly [wanted: Answer | undefined, found: Answer | undefined];

/** Collects what a body asks, puts it to the server, and answers for the second run of the same body. */
export async function judgeTexts(
  db: Queryable,
  body: (same: Same) => void,
  warn: (sentence: string) => void,
): Promise<Same> {
  const open = new Map<string, Pair>();
  body((subject, target, live) => {
    if (sameTokens(target, live)) return true;
    const key = pairKey(subject, target, live);
    const isNamed = saysTable(subject, target) || saysTable(subject, live);
    open.set(key, { subject, target, live, isNamed, key });
    return false;
  });
  const pairs = [...open.values()];
  const planned = await answersTo(db, pairs, plannerQuestion, { readOnly: true });
  const verdicts = plannerVerdicts(pairs, planned);
  const undecided = pairs.filter((pair) => verdicts.get(pair.key) === undefined);
  const twins = await answersTo(db, undecided, twinQuestion, { readOnly: false });
  const written = undecided.filter(({ target, live }) => mayBeSyntax(target, live));
  const trees = await answersTo(db, written, treeQuestion, { readOnly: false });
  const unknown: Pair[] = [];
  for (const pair of undecided) {
    const verdict = sameTree(pair, trees) || twinVerdict(pair, twins);
    if (verdict === undefined) unknown.push(pair);
    verdicts.set(pair.key, verdict ?? nextBest(pair, planned));
  }
  if (unknown.length > 0) warn(unknownSentence(unknown));
  return (subject, target, live) =>
    sameTokens(target, live) || verdicts.get(pairKey(subject, target, live)) === true;
}

/** A text may be judged under the name of its table in one pair and without it in another, and on many tables. */
function pairKey(subject: Subject, target: string, live: string): string {
  const column = "column" in subject ? subject.column.name : "";
  return JSON.stringify([subject.kind, keyOf(subject.table), column, target, live]);
}

/** What came back for both texts of a pair. */
function formsOf(
  { key }: Pair,
  forms: Forms,
): readonly [wanted: Answer | undefined, found: Answer | undefined] {
  return forms.get(key) ?? [undefined, undefined];
}

/** Both texts of each pair; what is asked in the same words, for however many tables, is asked once. */
async function answersTo(
  db: Queryable,
  pairs: readonly Pair[],
  questionOf: (subject: Subject, text: string, isNamed: boolean) => Question | undefined,
  options: { readonly readOnly: boolean },
): Promise<Forms> {
  const questions = new Map<string, Question>();
  const asked = pairs.map(({ subject, target, live, isNamed, key }) => {
    const words = [target, live].map((text) => {
      const question = questionOf(subject, withNow(text), isNamed);
      if (!question) return undefined;
      const said = [...question.make, question.read, question.text].join("\0");
      questions.set(said, question);
      return said;
    });
    return [key, words] as const;
  });
  const answers = await askOrRefused(db, [...questions.values()], options);
  const bySaid = new Map([...questions.keys()].map((said, place) => [said, answers[place] ?? { code: "" }]));
  const answerTo = (said: string | undefined): Answer | undefined =>
    said === undefined ? undefined : bySaid.get(said);
  const known = new Map<string, Both>();
  return new Map(
    asked.map(([key, words]) => {
      const said = words.join("\u0001");
      const both = known.get(said) ?? [answerTo(words[0]), answerTo(words[1])];
      known.set(said, both);
      return [key, both];
    }),
  );
}

/** A server that takes no such program, or no transaction, answers every question with a refusal. */
export async function askOrRefused(
  db: Queryable,
  questions: readonly Question[],
  options: { readonly readOnly: boolean },
): Promise<readonly Answer[]> {
  try {
    return await ask(db, questions, options);
  } catch (error) {
    const code = codeOf(error);
    const isRefused = code !== undefined && (isRefusal(code) || NO_PROGRAM.has(code));
    if (!isRefused) throw error;
    return questions.map(() => ({ code: READ_ONLY }));
  }
}

const READ_ONLY = "25006";
const NO_RIGHT = "42501";
/** There is no PL/pgSQL, or no statement of this kind. */
const NO_PROGRAM: ReadonlySet<string> = new Set(["42704", "0A000"]);

/**
 * Whether a SQLSTATE says that the server would not judge, rather than that the text is wrong: no right, only reading,
 * too few resources, stopped by somebody (manual, appendix A).
 */
export function isRefusal(code: string): boolean {
  return code === NO_RIGHT || code === READ_ONLY || code.startsWith("53") || code.startsWith("57");
}

/** Pairs that were asked in the same words have one answer, however many tables they are of. */
function plannerVerdicts(pairs: readonly Pair[], forms: Forms): Map<string, boolean | undefined> {
  const known = new Map<unknown, boolean | undefined>();
  return new Map(
    pairs.map((pair) => {
      const both = forms.get(pair.key);
      if (!known.has(both)) known.set(both, plannerVerdict(pair, forms));
      return [pair.key, known.get(both)];
    }),
  );
}

/** Nothing where the planner cannot tell: it says equal of texts that may differ, or does not take what is live. */
function plannerVerdict(pair: Pair, forms: Forms): boolean | undefined {
  const { target, live } = pair;
  const [wanted, found] = formsOf(pair, forms);
  if (wanted === undefined || found === undefined || !("text" in found)) return undefined;
  if (!("text" in wanted)) return isRefusal(wanted.code) ? undefined : false;
  if (plannerForm(wanted.text) !== plannerForm(found.text))
    return mayBeSyntax(target, live) ? undefined : false;
  return needsTwin(withNow(target), withNow(live)) ? undefined : true;
}

function sameTree(pair: Pair, forms: Forms): boolean {
  const [wanted, found] = formsOf(pair, forms);
  return wanted !== undefined && "text" in wanted && equal(wanted, found);
}

function twinVerdict(pair: Pair, forms: Forms): boolean | undefined {
  const [wanted, found] = formsOf(pair, forms);
  if (wanted === undefined || found === undefined) return undefined;
  if ("text" in wanted && "text" in found) return sameTokens(wanted.text, found.text);
  const codes = [wanted, found].flatMap((answer) => ("code" in answer ? answer.code : []));
  return codes.some(isRefusal) ? undefined : false;
}

/** Where no twin can be made, the planner's word counts as far as it goes: the tokens differ already. */
function nextBest(pair: Pair, forms: Forms): boolean {
  const { target, live } = pair;
  const [wanted, found] = formsOf(pair, forms);
  if (wanted === undefined || found === undefined || !("text" in wanted) || !("text" in found)) return false;
  return plannerForm(wanted.text) === plannerForm(found.text) && collations(target) === collations(live);
}

function collations(text: string): string {
  return JSON.stringify(
    [...text.matchAll(/\bcollate\s+("[^"]*"|\w+)/gi)].map(([, name]) => name?.replaceAll('"', "")),
  );
}

function unknownSentence(pairs: readonly Pair[]): string {
  const shown = pairs.slice(0, 3).map(({ subject, target }) => `${displayName(subject.table)}: ${target}`);
  const more = pairs.length > shown.length ? ` and ${pairs.length - shown.length} more` : "";
  return (
    `the database could not judge whether these expressions have changed, because this role may not make temporary ` +
    `tables in it or it may only be read; they are compared by the planner and by their text: ${shown.join("; ")}${more}`
  );
}

const TEMPORAL = /^(date|time|timestamp)\b/;
const SPECIAL = /^\s*(?:now|today|tomorrow|yesterday)(?:\(\))?\s*$/i;

/**
 * A text like 'now' is read once, when the default is made, and stays the moment that it was then (manual, section
 * 8.5.1.4): any constant moment may have come from it.
 */
export function isConstantOfItsDay(wanted: Default, found: Default, column: Column): boolean {
  return (
    TEMPORAL.test(column.type.name) &&
    "value" in wanted &&
    typeof wanted.value === "string" &&
    SPECIAL.test(wanted.value) &&
    "value" in found
  );
}
