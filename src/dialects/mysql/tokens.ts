/** Expressions of MySQL and MariaDB as tokens (MySQL 8.4 manual, chapter 11). */

/** A piece of an expression; the text of strings and quoted names is what they stand for. */
export interface Token {
  readonly kind: "word" | "name" | "string" | "number" | "symbol";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<skip>\s+|--\s[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*")|(?<name>`(?:[^`]|``)*`)|(?<number>0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)|(?<word>[\p{L}_$@][\p{L}\p{N}_$@]*)|(?<symbol><=>|->>|->|<>|!=|<=|>=|:=|\|\||&&|<<|>>|[\s\S])/giu;
const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
};

/** The tokens of an expression, without space and comments. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const { skip, string, name, number, word } = match.groups ?? {};
    if (skip !== undefined) continue;
    const place = { start: match.index, end: match.index + match[0].length };
    if (string !== undefined) tokens.push({ kind: "string", text: unquoted(string), ...place });
    else if (name !== undefined)
      tokens.push({ kind: "name", text: name.slice(1, -1).replaceAll("``", "`"), ...place });
    else if (number !== undefined) tokens.push({ kind: "number", text: number.toLowerCase(), ...place });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, ...place });
    else tokens.push({ kind: "symbol", text: match[0] === "!=" ? "<>" : match[0], ...place });
  }
  return tokens;
}

/** Whether two expressions are spelt alike: case of names, space, quotes, introducers and outer parentheses aside. */
export function sameTokens(left: string, right: string): boolean {
  return comparable(left) === comparable(right);
}

/** The expression without parentheses around the whole of it, and without space at its ends. */
export function stripOuterParentheses(sql: string): string {
  let text = sql.trim();
  for (;;) {
    // Most texts have none, and tokens are dear. A comment may stand before one.
    if (!/^[(\-#/]/.test(text)) return text;
    const tokens = tokenize(text);
    if (tokens[0]?.text !== "(" || tokens[0].kind !== "symbol" || closes(tokens) !== tokens.length - 1)
      return text;
    text = text.slice(tokens[0].end, tokens.at(-1)?.start).trim();
  }
}

/** The expression without the character sets that MySQL writes before strings, where they make no difference. */
export function withoutIntroducers(sql: string): string {
  if (!/_\w+\s*(?:['"]|--|#|\/)/.test(sql)) return sql;
  const tokens = tokenize(sql);
  let result = "";
  let position = 0;
  for (const [index, token] of tokens.entries()) {
    if (!isIntroducer(token, tokens[index + 1])) continue;
    result += sql.slice(position, token.start);
    position = tokens[index + 1]?.start ?? token.end;
  }
  return result + sql.slice(position);
}

/** The text that a string literal stands for. */
function unquoted(literal: string): string {
  const quote = literal.charAt(0);
  const pattern = quote === "'" ? /''|\\([\s\S])/g : /""|\\([\s\S])/g;
  return literal
    .slice(1, -1)
    .replaceAll(pattern, (found, escaped: string | undefined) =>
      escaped === undefined
        ? found.charAt(0)
        : escaped === "%" || escaped === "_"
          ? found
          : (ESCAPES[escaped] ?? escaped),
    );
}

function isIntroducer(token: Token, next: Token | undefined): boolean {
  return (
    token.kind === "word" &&
    /^_\w+$/.test(token.text) &&
    next?.kind === "string" &&
    /^[\x00-\x7f]*$/.test(next.text)
  );
}

function closes(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== "symbol") continue;
    if (text === "(") depth++;
    else if (text === ")" && --depth === 0) return index;
  }
  return -1;
}

function comparable(sql: string): string {
  return JSON.stringify(
    tokenize(withoutIntroducers(stripOuterParentheses(sql))).map(({ kind, text }) =>
      kind === "word" || kind === "name" ? ["name", text.toLowerCase()] : [kind, text],
    ),
  );
}
