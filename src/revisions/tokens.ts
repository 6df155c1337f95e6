/**
 * Cuts TypeScript or JavaScript into tokens, as far as a scan for constants needs it: what stands in comments, strings,
 * template literals and regular expressions is never taken for code.
 */

type Kind = "word" | "number" | "string" | "template" | "regex" | "mark";

/** One token. `bad` is text that cannot be cut with certainty, such as a string without an end. */
export interface Token {
  readonly kind: Kind | "bad" | "end";
  /** As written, quotes included. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether a line break stands between it and the token before: there a statement may end without a semicolon. */
  readonly startsLine: boolean;
}

const BLANK = /(?:\s+|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)*/y;
const LINE_END = /[\n\r\u2028\u2029]/;
const LETTER = /[a-zA-Z_$#@]|[^\0-\x7f]/;
const DIGIT = /\d/;
const PATTERNS = {
  word: /(?:[\w$#@]+|[^\s\0-\x7f])+/y,
  number: /\.?\d(?:[\w.]|(?<=[eE])[+-])*/y,
  string: /"[^"\\\n\r]*(?:\\[\s\S][^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\[\s\S][^'\\\n\r]*)*'/y,
  regex: /\/(?:[^/\\[\n\r]|\\[^\n\r]|\[(?:[^\]\\\n\r]|\\[^\n\r])*\])+\/\w*/y,
  /** Only `=`, `==` and `=>` must be told apart. */
  mark: /=>|[=!]==?|\S/y,
} as const;
const LEADING_COMMENT = /^(?:\s|\/\/[^\n]*\n|["']use strict["'];?)*\/\*+([\s\S]*?)\*\//;
/** Words after which an expression begins, so that a slash begins a regular expression. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case in of delete void throw new do else yield await instanceof default".split(" "),
);

/** The token before the first one. */
export const START: Token = { kind: "mark", text: ";", start: 0, end: 0, startsLine: true };

/** The token after another one, of the kind `end` where there is none. */
export function tokenAfter(source: string, previous: Token): Token {
  const start = blankEnd(source, previous.end);
  const startsLine = start > previous.end && LINE_END.test(source.slice(previous.end, start));
  if (start >= source.length) return { kind: "end", text: "", start, end: start, startsLine };
  const kind = kindAt(source, start, previous, startsLine);
  const end = kind === "template" ? templateEnd(source, start) : matchEnd(PATTERNS[kind], source, start);
  if (end === undefined) return { kind: "bad", text: "", start, end: start + 1, startsLine };
  return { kind, text: source.slice(start, end), start, end, startsLine };
}

/** The inside of the first block comment before any code; compilers put a directive in front of it. */
export function leadingComment(source: string): string | undefined {
  return LEADING_COMMENT.exec(source)?.[1];
}

function kindAt(source: string, start: number, previous: Token, startsLine: boolean): Kind {
  const character = source.charAt(start);
  if (LETTER.test(character)) return "word";
  if (character === '"' || character === "'") return "string";
  if (character === "`") return "template";
  if (character === "/" && !endsValue(previous, startsLine)) return "regex";
  if (DIGIT.test(character) || (character === "." && DIGIT.test(source.charAt(start + 1)))) return "number";
  return "mark";
}

/** After a value a slash divides. A brace at the end of a line ends a block rather than a value. */
function endsValue({ kind, text }: Token, startsLine: boolean): boolean {
  if (kind === "word") return !BEFORE_EXPRESSION.has(text);
  if (kind === "mark") return text === ")" || text === "]" || (text === "}" && !startsLine);
  return true;
}

function templateEnd(source: string, start: number): number | undefined {
  let position: number | undefined = start + 1;
  while (position !== undefined && position < source.length) {
    const character = source.charAt(position);
    if (character === "`") return position + 1;
    if (character === "$" && source.charAt(position + 1) === "{") {
      position = substitutionEnd(source, position + 2);
    } else position += character === "\\" ? 2 : 1;
  }
  return undefined;
}

/** Where the code of a `${...}` ends, brace included. */
function substitutionEnd(source: string, start: number): number | undefined {
  let depth = 1;
  let token = tokenAfter(source, { ...START, end: start });
  for (; token.kind !== "end" && token.kind !== "bad"; token = tokenAfter(source, token)) {
    if (token.kind !== "mark") continue;
    if (token.text === "{") depth++;
    if (token.text === "}") depth--;
    if (depth === 0) return token.end;
  }
  return undefined;
}

function blankEnd(source: string, start: number): number {
  const code = source.charCodeAt(start);
  const isCode = code > 32 && code < 127 && code !== 47;
  return isCode ? start : (matchEnd(BLANK, source, start) ?? start);
}

function matchEnd(pattern: RegExp, source: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}
