/** Transact-SQL's tokens, as far as comparing texts needs them; comments and space are left out. */

/** One token: what it means (a name or text without its quotes), and where it stands. */
export interface Token {
  readonly kind: "name" | "word" | "text" | "number" | "symbol";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN = new RegExp(
  [
    /(?<space>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))/,
    /(?<text>[nN]?'[^']*(?:''[^']*)*')/,
    /(?<name>\[[^\]]*(?:\]\][^\]]*)*\]|"[^"]*(?:""[^"]*)*")/,
    /(?<number>0[xX][0-9a-fA-F]*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/,
    /(?<word>[\p{L}_@#][\p{L}\p{N}_@#$]*)/u,
    /(?<symbol><=|>=|<>|!=|!<|!>|[^])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

/** The tokens of a text, in order. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const kind = (["text", "name", "number", "word", "symbol"] as const).find(
      (candidate) => match.groups?.[candidate] !== undefined,
    );
    if (kind === undefined) continue;
    const raw = match[0];
    tokens.push({ kind, text: meaning(kind, raw), start: match.index, end: match.index + raw.length });
  }
  return tokens;
}

function meaning(kind: Token["kind"], raw: string): string {
  if (kind === "text") return raw.replace(/^[nN]/, "").slice(1, -1).replaceAll("''", "'");
  if (kind !== "name") return raw;
  return raw.startsWith("[")
    ? raw.slice(1, -1).replaceAll("]]", "]")
    : raw.slice(1, -1).replaceAll('""', '"');
}

/**
 * Whether two expressions are the same but for what SQL Server rewrites in every text that it keeps: space, comments,
 * the case of words, the quotes of names, parentheses around the whole and around each literal. Texts that differ in any
 * other way may still mean the same: that is for the server to say.
 */
export function sameTokens(left: string, right: string): boolean {
  if (left === right) return true;
  const [leftTokens, rightTokens] = [essential(left), essential(right)];
  return (
    leftTokens.length === rightTokens.length &&
    leftTokens.every((token, index) => sameToken(token, rightTokens[index]))
  );
}

/** The text without parentheses that enclose all of it. */
export function stripOuterParentheses(sql: string): string {
  const tokens = tokenize(sql);
  const inner = withoutOuterParentheses(tokens);
  const [first, last] = [inner[0], inner.at(-1)];
  if (inner.length === tokens.length || !first || !last) return sql.trim();
  return sql.slice(first.start, last.end);
}

/** Whether a token is that operator or punctuation. */
export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}

/** Whether a token is that key word; a quoted name never is. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toUpperCase() === word;
}

/** The place of the parenthesis that closes the one at `open`; -1 where there is none at that place. */
export function closing(tokens: readonly Token[], open: number): number {
  if (!isSymbol(tokens[open], "(")) return -1;
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (isSymbol(tokens[index], "(")) depth++;
    if (isSymbol(tokens[index], ")") && --depth === 0) return index;
  }
  return -1;
}

const SYNONYMS: Readonly<Record<string, string>> = { "!=": "<>", "!<": ">=", "!>": "<=" };
/** Words after which a parenthesis only groups; after any other word or name it holds arguments or a list. */
const OPERATORS: ReadonlySet<string> = new Set(
  "AND OR NOT LIKE BETWEEN CASE WHEN THEN ELSE IS ESCAPE RETURN SELECT WHERE ON BY HAVING".split(" "),
);

function essential(sql: string): readonly Token[] {
  const tokens = tokenize(sql).filter((token) => !isSymbol(token, ";"));
  return withoutOuterParentheses(withoutLiteralParentheses(tokens));
}

function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1);
  return inner;
}

/** `(0)`, `(-1)` and `((0))` are `0`, `-1` and `0`. */
function withoutLiteralParentheses(tokens: readonly Token[]): readonly Token[] {
  const result: Token[] = [];
  let index = 0;
  while (index < tokens.length) {
    const end = groups(tokens[index - 1]) ? closing(tokens, index) : -1;
    const inner = end < 0 ? [] : withoutOuterParentheses(tokens.slice(index, end + 1));
    if (end >= 0 && isLiteral(inner)) {
      result.push(...inner);
      index = end + 1;
    } else {
      result.push(...tokens.slice(index, index + 1));
      index++;
    }
  }
  return result;
}

function groups(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "symbol") return before.text !== ")";
  return before.kind === "word" && OPERATORS.has(before.text.toUpperCase());
}

function isLiteral(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (tokens.length === 1) return first?.kind === "number" || first?.kind === "text";
  return tokens.length === 2 && isSymbol(first, "-") && second?.kind === "number";
}

/** Two quoted names are the same letter by letter only, because a database may tell cases apart. */
function sameToken(left: Token, right: Token | undefined): boolean {
  if (right === undefined) return false;
  const kinds = [left.kind, right.kind];
  if (kinds.includes("word") && kinds.every((kind) => kind === "word" || kind === "name")) {
    return left.text.toLowerCase() === right.text.toLowerCase();
  }
  if (left.kind !== right.kind) return false;
  return (SYNONYMS[left.text] ?? left.text) === (SYNONYMS[right.text] ?? right.text);
}
