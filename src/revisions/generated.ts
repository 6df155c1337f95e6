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
}

const STRING = /(?:"[^"\\\n\r]*"|'[^'\\\n\r]*')/.source;
const LIST = `\\[\\s*(?:${STRING}\\s*,?\\s*)*\\]`;
const VALUE = `(null|${STRING}|${LIST})`;
const COMMENTS = /(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r]*[\n\r])*/.source;
const IMPORTS = `(?:import type \\{[\\w\\s,]*\\} from ${STRING};?\\s*)*`;
const constant = (name: string, value: string): string => `export const ${name} = ${value}`;
/** A semicolon, or a line's end before the next statement: nothing else may follow a value. */
const END = /(?:;|(?=\s*[\n\r]))\s+(?=export\b)/.source;

const HEAD = new RegExp(
  [
    `^${COMMENTS}${IMPORTS}${constant("revision", `(${STRING})`)}`,
    constant("downRevision", VALUE),
    constant("branchLabels", VALUE),
    constant("dependsOn", VALUE),
    `${constant("message", `(${STRING})`)}${END}`,
  ].join(END),
);
const STRINGS = new RegExp(STRING, "g");

/** The constants of a file that looks as `revision` wrote it; undefined where it looks otherwise. */
export function readGenerated(source: string): RevisionConstants | undefined {
  const match = HEAD.exec(source);
  if (match === null) return undefined;
  const [, revision = "", downRevision = "", branchLabels = "", dependsOn = "", message = ""] = match;
  return {
    revision: revision.slice(1, -1),
    downRevision: strings(downRevision),
    branchLabels: strings(branchLabels),
    dependsOn: strings(dependsOn),
    message: message.slice(1, -1),
  };
}

function strings(value: string): readonly string[] {
  return value === "null" ? [] : (value.match(STRINGS) ?? []).map((text) => text.slice(1, -1));
}
