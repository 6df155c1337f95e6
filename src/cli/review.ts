/** What is to be reviewed, as text, SQL, Markdown for a pull request, and annotations of GitHub. */
import { relative, sep } from "node:path";
import type { Change } from "../commands/changes";
import type { DatabaseDiff } from "../commands/diff";
import type { PropertyName, VerifyResult } from "../commands/verify";
import { code, counted, details, fenced } from "./markdown";
import { paint } from "./reporter";

const SIGNS = { add: ["+", "green"], drop: ["-", "red"], change: ["~", "yellow"] } as const;

/** One line for each change, and below it what may be lost. */
export function diffLines(diffs: readonly DatabaseDiff[], color: boolean): readonly string[] {
  const lines = diffs.flatMap((diff) => [
    ...(diff.database === undefined || isEmpty(diff) ? [] : [`${diff.database}:`]),
    ...diff.questions.map(({ sentence }) => paint("bold", `? ${sentence}`, color)),
    ...diff.changes.flatMap((change) => changeLines(change, color)),
  ]);
  return lines.length === 0 ? ["no differences"] : lines;
}

function isEmpty({ changes, questions }: DatabaseDiff): boolean {
  return changes.length + questions.length === 0;
}

function changeLines({ effect, text, losses }: Change, color: boolean): readonly string[] {
  const [sign, style] = SIGNS[effect];
  return [
    paint(style, `${sign} ${text}`, color),
    ...losses.map((loss) => `    ${paint("bold", "!", color)} ${loss}`),
  ];
}

/** The statements; for reading, because the transaction around them and the version row are the revision's. */
export function diffSql(diffs: readonly DatabaseDiff[]): readonly string[] {
  const note = "-- for review: a revision runs this with its own transaction and settings around it";
  const lines = diffs.flatMap(({ database, sql, changes, questions }) => [
    ...(database === undefined || sql.length === 0 ? [] : [`-- ${database}`]),
    ...questions.map(({ sentence }) => `-- a question, taken for a rename here: ${inOneLine(sentence)}`),
    ...changes.flatMap(({ losses }) => losses.map((loss) => `-- warning: ${inOneLine(loss)}`)),
    ...sql,
  ]);
  return lines.length === 0 ? ["-- no differences"] : [note, ...lines];
}

/** What would end a comment of SQL. */
function inOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n]\s*/g, " ");
}

/** A comment for a pull request. Its first line is for programs that look for a comment of theirs to replace. */
export function diffMarkdown(diffs: readonly DatabaseDiff[]): readonly string[] {
  const parts = diffs.map((diff) => {
    const { database, dialect, changes, questions, sql } = diff;
    const where = database === undefined ? dialect : `${database}, ${dialect}`;
    if (isEmpty(diff)) return [`### No schema changes (${where})`, ""];
    return [
      `### ${counted(changes.length + questions.length, "schema change")} (${where})`,
      "",
      ...questions.map(({ sentence }) => `- :question: ${code(sentence)}`),
      ...changes.flatMap(({ text, losses }) => [
        `- ${code(text)}`,
        ...losses.map((loss) => `  - :warning: ${code(loss)}`),
      ]),
      "",
      ...details("SQL", fenced("sql", sql.join("\n"))),
      "",
    ];
  });
  return ["<!-- limbeck diff -->", ...parts.flat()].slice(0, -1);
}

/**
 * GitHub's workflow commands: an error for each difference, at its entity, and a warning for what may be lost
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function annotations(changes: readonly Change[], root: string): readonly string[] {
  return changes.flatMap(({ text, losses, place }) => {
    const file = place && relative(root, place.file).split(sep).join("/");
    // An annotation can only stand at a file of the repository.
    const where =
      place && file !== undefined && !file.startsWith("..") ? { file, line: String(place.line) } : {};
    return [
      annotation("error", { ...where, title: "not in the database" }, text),
      ...losses.map((loss) => annotation("warning", { ...where, title: "review" }, loss)),
    ];
  });
}

/** One workflow command, with what GitHub would take for the end of a value escaped. */
export function annotation(
  level: "error" | "warning",
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const given = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapedData(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`)
    .join(",");
  return `::${level}${given === "" ? "" : ` ${given}`}::${escapedData(message)}`;
}

function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

const TITLES: Readonly<Record<PropertyName, string>> = {
  singleHead: "there is one head",
  upgradesToHead: "an empty database comes up to the heads",
  upDownConsistent: "each downgrade undoes its upgrade, and up again makes the same",
  modelMatches: "the entities are what comes of it",
};
const MARKS = {
  passed: ["ok", "green"],
  failed: ["failed", "red"],
  skipped: ["not tried", "yellow"],
} as const;

/** A line for each property, and below it what is wrong, and what could not be tried. */
export function verifyLines({ properties }: VerifyResult, color: boolean): readonly string[] {
  return properties.flatMap(({ property, status, problems, notes }) => {
    const [mark, style] = MARKS[status];
    return [
      `${paint(style, mark, color)}: ${TITLES[property]}`,
      ...problems.map((problem) => `    ${problem}`),
      ...notes.map((text) => `    not tried: ${text}`),
    ];
  });
}
