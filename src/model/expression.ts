/**
 * As much of SQL expressions as every dialect shares: where names stand in them. Expressions are kept as the text that
 * a person wrote; whether two texts mean the same is for the database to say (`Dialect.canonicalize`).
 */

/** A name in an expression, with its place in the text. */
interface NameToken {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "`": "`", "[": "]" };
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** All names in an expression, bare ones as well as quoted ones; key words look like names too. */
export function namesIn(expression: string): ReadonlySet<string> {
  return new Set(nameTokens(expression).map((token) => token.name));
}

/** Whether a name stands in an expression. Bare words compare without case, as every database reads them. */
export function mentions(expression: string, name: string): boolean {
  return nameTokens(expression).some((token) => refersTo(token, name));
}

/** The expression with every mention of one name replaced by another, quoted as it was before. */
export function renameIn(expression: string, from: string, to: string): string {
  let result = "";
  let position = 0;
  for (const token of nameTokens(expression)) {
    if (!refersTo(token, from)) continue;
    result += expression.slice(position, token.start) + quotedLike(token, to);
    position = token.end;
  }
  return result + expression.slice(position);
}

function refersTo(token: NameToken, name: string): boolean {
  return token.quote === "" ? token.name.toLowerCase() === name.toLowerCase() : token.name === name;
}

function quotedLike(token: NameToken, name: string): string {
  const opening = token.quote === "" && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? '"' : token.quote;
  const closing = CLOSING[opening];
  return closing === undefined ? name : opening + name.replaceAll(closing, closing + closing) + closing;
}

function nameTokens(expression: string): readonly NameToken[] {
  const tokens: NameToken[] = [];
  for (const match of expression.matchAll(TOKEN)) {
    const text = match[0];
    if (text.startsWith("'") || text.startsWith("--") || text.startsWith("/*")) continue;
    const closing = CLOSING[text.charAt(0)];
    const name = closing === undefined ? text : text.slice(1, -1).replaceAll(closing + closing, closing);
    const quote = closing === undefined ? "" : text.charAt(0);
    tokens.push({ name, start: match.index, end: match.index + text.length, quote });
  }
  return tokens;
}
