/** SQLite's tokens (https://www.sqlite.org/lang_keywords.html, tokenreq.html); comments and space are left out. */

export interface Token {
  readonly kind: "name" | "word" | "string" | "blob" | "number" | "symbol";
  /** What it means: a name or string without its quotes, everything else as it stands. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<blob>[xX]'[0-9a-fA-F]*')|(?<string>'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_$\u0080-\u{10ffff}][\p{L}\p{N}_$\u0080-\u{10ffff}]*)|(?<symbol>->>|->|\|\||<<|>>|<=|>=|==|<>|!=|[^\s])/gu;

/** The tokens of a text, in order. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const kind = (["blob", "string", "name", "number", "word", "symbol"] as const).find(
      (candidate) => groups[candidate] !== undefined,
    );
    if (kind === undefined) continue;
    const raw = match[0];
    tokens.push({ kind, text: unquoted(kind, raw), start: match.index, end: match.index + raw.length });
  }
  return tokens;
}

/** Whether two expressions are the same but for space, comments, quoting, the case of words and outer parentheses. */
export function sameTokens(left: string, right: string): boolean {
  return left === right || canonicalTokens(left) === canonicalTokens(right);
}

const SYNONYMS: Readonly<Record<string, string>> = { "!=": "<>", "==": "=" };

function canonicalTokens(sql: string): string {
  const tokens = withoutOuterParentheses(
    tokenize(sql).filter(({ text, kind }) => kind !== "symbol" || text !== ";"),
  );
  return JSON.stringify(
    tokens.map(({ kind, text }) => {
      if (kind === "word" || kind === "name") return ["name", text.toLowerCase()];
      return [kind, SYNONYMS[text] ?? text];
    }),
  );
}

/** The tokens without parentheses that enclose them all. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1);
  return inner;
}

/** The text without parentheses that enclose all of it. */
export function stripOuterParentheses(sql: string): string {
  const tokens = tokenize(sql);
  const inner = withoutOuterParentheses(tokens);
  const [first, last] = [inner[0], inner.at(-1)];
  return inner.length === tokens.length || !first || !last ? sql.trim() : sql.slice(first.start, last.end);
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

export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}

/** Whether a token is that key word; a quoted name never is. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toUpperCase() === word;
}

function unquoted(kind: Token["kind"], raw: string): string {
  if (kind === "string") return raw.slice(1, -1).replaceAll("''", "'");
  if (kind !== "name") return raw;
  const close = raw.charAt(raw.length - 1);
  return close === "]" ? raw.slice(1, -1) : raw.slice(1, -1).replaceAll(close + close, close);
}
