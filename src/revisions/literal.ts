/** Reads the value of a constant from the text of a file: a string, null, or a list of strings; anything else is left. */
import { tokenAfter } from "./tokens";
import type { Token } from "./tokens";

const SIMPLE_TYPE = /^(?:[\w$\s.<>[\]"',]|\|(?!\|)|&(?!&))*$/;
const ESCAPE =
  /\\(?:u\{(0*(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))/g;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  0: "\0",
  "\n": "",
  "\r": "",
  "\r\n": "",
  "\u2028": "",
  "\u2029": "",
};

/** What a constant of a revision file may be. */
export type Literal = string | null | readonly string[];

/** A value and the token after it. */
export interface ReadLiteral {
  readonly value: Literal;
  readonly next: Token;
}

/** The value that begins with a token, up to the end of its statement or a comma; undefined where it is computed. */
export function readLiteral(source: string, token: Token): ReadLiteral | undefined {
  const read = token.text === "[" ? readList(source, token) : readSingle(source, token);
  if (read === undefined) return undefined;
  const { value, next } = read;
  if (endsStatement(next, ")")) return read;
  if (next.kind !== "word" || !/^(?:as|satisfies)$/.test(next.text)) return undefined;
  const end = skipExpression(source, next);
  return SIMPLE_TYPE.test(source.slice(next.end, end.start)) ? { value, next: end } : undefined;
}

/**
 * The token that ends an expression: a semicolon, a comma, the end of the text, or a word on a new line where the
 * expression may end. Brackets are passed over whole.
 */
export function skipExpression(source: string, start: Token): Token {
  let depth = 0;
  let previous = start.text;
  let token = start;
  for (; token.kind !== "end" && token.kind !== "bad"; token = tokenAfter(source, token)) {
    if (depth === 0 && token !== start && endsStatement(token, previous)) return token;
    depth += depthOf(token);
    if (depth < 0) return token;
    previous = token.kind === "mark" ? token.text : ")";
  }
  return token;
}

/** By how much a token changes the depth of brackets. */
export function depthOf({ kind, text }: Token): number {
  if (kind !== "mark") return 0;
  if (text === "{" || text === "(" || text === "[") return 1;
  return text === "}" || text === ")" || text === "]" ? -1 : 0;
}

/** The text of a string or template token; undefined for a template with substitutions and for escapes out of use. */
function textOf({ kind, text }: Token): string | undefined {
  const inside = text.slice(1, -1);
  if (kind !== "string" && kind !== "template") return undefined;
  if (kind === "template" && /(?<!\\)(?:\\\\)*\$\{/.test(inside)) return undefined;
  const plain = kind === "template" ? inside.replaceAll(/\r\n?/g, "\n") : inside;
  if (!plain.includes("\\")) return plain;
  if (/(?<!\\)(?:\\\\)*\\(?:0\d|[1-9]|u(?![0-9a-fA-F]{4}|\{)|x(?![0-9a-fA-F]{2}))/.test(plain))
    return undefined;
  return plain.replaceAll(ESCAPE, unescaped);
}

function unescaped(
  _whole: string,
  point: string | undefined,
  unit: string | undefined,
  byte: string | undefined,
  character = "",
): string {
  if (point !== undefined) return String.fromCodePoint(parseInt(point, 16));
  const code = unit ?? byte;
  if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
  return SHORT_ESCAPES[character] ?? character;
}

function readSingle(source: string, token: Token): ReadLiteral | undefined {
  const next = tokenAfter(source, token);
  if (token.kind === "word") {
    if (token.text === "null" || token.text === "undefined") return { value: null, next };
    const isVoid = token.text === "void" && next.text === "0";
    return isVoid ? { value: null, next: tokenAfter(source, next) } : undefined;
  }
  const value = textOf(token);
  return value === undefined ? undefined : { value, next };
}

function readList(source: string, open: Token): ReadLiteral | undefined {
  const value: string[] = [];
  let token = tokenAfter(source, open);
  while (token.text !== "]") {
    const item = textOf(token);
    if (item === undefined) return undefined;
    value.push(item);
    token = tokenAfter(source, token);
    if (token.text === ",") token = tokenAfter(source, token);
    else if (token.text !== "]") return undefined;
  }
  return { value, next: tokenAfter(source, token) };
}

/** Where a line break may end a statement: the token before it must be able to end a value. */
function endsStatement({ kind, text, startsLine }: Token, previous: string): boolean {
  if (kind === "end") return true;
  if (kind === "mark") return text === ";" || text === ",";
  if (kind !== "word" || !startsLine || ![")", "]", "}"].includes(previous)) return false;
  return !/^(?:in|instanceof|as|satisfies)$/.test(text);
}
