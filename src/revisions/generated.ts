/**
 * The short way to read a revision file: the five constants at its top, one after another, as `revision` writes them.
 * Nearly every file of a project looks so, and one regular expression reads it ten times as fast as cutting it into
 * tokens; whatever looks otherwise is left to `scan`.
 */
/** The constants of a file, with lists where a file may have one value, several or none. */
export interface RevisionConstants {
  readonly revision: string;
  readonly downRevision: readonly string[];
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  /** The first line of the leading comment where the file does not export it. */
  readonly message: string;
  /** What it stands for (`squash`); absent where the file does not say. */
  readonly replaces?: readonly string[];
}

const STRING = /(?:"[^"\\\n\r]*"|'[^'\\\n\r]*')/.source;
const LIST = `\\[\\s*(?:${STRING}\\s*,?\\s*)*\\]`;
const VALUE = `(null|${STRING}|${LIST})`;
/** One with the types of the function after it, as JavaScript has them. */
const COMMENT = /(?:\/\*(?:[^*]|\*(?!\/))*\*\/\s+)/.source;
const COMMENTS = /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r]*[\n\r])*/.source;
const IMPORTS = `(?:import type \\{[\\w\\s,]*\\} from ${STRING};?\\s*)*`;
/** A semicolon, or a line's end before the next statement: nothing else may follow a value. */
const END = /(?:;|(?=\s*[\n\r]))\s+/.source;

/** The constants in the order in which they are written, each behind the same words, and one more statement like them. */
function head(before: string, word: string, then: string): RegExp {
  const constant = (name: string, value: string): string => `${word}${then}${name} = ${value}`;
  return new RegExp(
    [
      `^${COMMENTS}${before}${constant("revision", `(${STRING})`)}`,
      constant("downRevision", VALUE),
      constant("branchLabels", VALUE),
      constant("dependsOn", VALUE),
      `${constant("message", `(${STRING})`)}${END}(?:${constant("replaces", `(${LIST})`)}${END})?(?=${COMMENT}?${word}\\b)`,
    ].join(END),
  );
}

const ES_MODULE = head(IMPORTS, "export", " const ");
const COMMONJS = head("", "exports", "\\.");
/** What gives a CommonJS file other constants later, or could. */
const ASSIGNED_LATER =
  /\bexports\s*(?:\[|\.\s*(?:revision|downRevision|branchLabels|dependsOn|message|replaces)\b)|\bexports\b(?!\s*\.)/;
const STRINGS = new RegExp(STRING, "g");
const NONE: readonly string[] = [];

/** The constants of a file that looks as `revision` wrote it; undefined where it looks otherwise. */
export function readGenerated(source: string): RevisionConstants | undefined {
  const match = ES_MODULE.exec(source) ?? commonJs(source);
  if (match === null) return undefined;
  const [, revision = "", downRevision = "", branchLabels = "", dependsOn = "", message = "", replaces] =
    match;
  // The word may stand anywhere else in the file, in some other way.
  if (replaces === undefined && source.includes("replaces")) return undefined;
  return {
    revision: revision.slice(1, -1),
    downRevision: strings(downRevision),
    branchLabels: strings(branchLabels),
    dependsOn: strings(dependsOn),
    message: message.slice(1, -1),
    ...(replaces === undefined ? {} : { replaces: strings(replaces) }),
  };
}

function commonJs(source: string): RegExpExecArray | null {
  const match = COMMONJS.exec(source);
  return match === null || ASSIGNED_LATER.test(source.slice(match[0].length)) ? null : match;
}

function strings(value: string): readonly string[] {
  if (value === "null") return NONE;
  if (!value.startsWith("[")) return [value.slice(1, -1)];
  return (value.match(STRINGS) ?? []).map((text) => text.slice(1, -1));
}
