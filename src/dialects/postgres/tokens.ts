/** PostgreSQL's tokens (manual, section 4.1); comments and space are left out. */

/** One token, with its place in the text. */
export interface Token {
  readonly kind: "name" | "word" | "string" | "number" | "symbol";
  /** What it means: a name or plain string without its quotes, a bare word in lower case, all else as it stands. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERN = new RegExp(
  [
    // Space and comments.
    /\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$)/,
    // Strings with escapes, bits and dollar quotes.
    /[eE]'(?:[^'\\]|''|\\[^])*'|[uU]&'(?:[^']|'')*'|[bBxX]'[^']*'|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[^]*?\1/u,
    // Strings, names, numbers, words, operators and punctuation.
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[\p{L}_][\p{L}\p{N}_$]*/u,
    /::|[+\-*/<>=~!@#%^&|`?]+?(?=--|\/\*|[^+\-*/<>=~!@#%^&|`?]|$)|[^]/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

/** The tokens of texts that were read lately: what many tables have in common is read once. */
const recent = new Map<string, readonly Token[]>();
const RECENT = 1_000;

/** The tokens of a text, in order. */
export function tokenize(sql: string): readonly Token[] {
  const known = recent.get(sql);
  if (known) return known;
  const tokens = tokensOf(sql);
  if (recent.size >= RECENT) recent.clear();
  recent.set(sql, tokens);
  return tokens;
}

function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  for (let match = PATTERN.exec(sql); match !== null; match = PATTERN.exec(sql)) {
    const [raw] = match;
    if (/^(?:\s|--|\/\*)/.test(raw)) continue;
    tokens.push(tokenOf(raw, match.index));
  }
  return tokens;
}

/** What has a quote behind its first letter is compared as it stands. */
function tokenOf(raw: string, start: number): Token {
  const end = start + raw.length;
  const first = raw.charAt(0);
  if (first === "'") return { kind: "string", text: raw.slice(1, -1).replaceAll("''", "'"), start, end };
  if (first === '"' && raw.length > 1) {
    return { kind: "name", text: raw.slice(1, -1).replaceAll('""', '"'), start, end };
  }
  if (/^\.?\d/.test(raw)) return { kind: "number", text: raw, start, end };
  const isWord = /^[\p{L}_]/u.test(raw) && !raw.endsWith("'");
  return isWord
    ? { kind: "word", text: foldCase(raw), start, end }
    : { kind: "symbol", text: raw, start, end };
}

/**
 * Whether two expressions are the same but for space, comments, the case of bare words, outer parentheses and needless
 * quotes. Texts that differ in any other way may still mean the same: that is for the database to say.
 */
export function sameTokens(left: string, right: string): boolean {
  if (left === right) return true;
  const [leftTokens, rightTokens] = [essential(left), essential(right)];
  return (
    leftTokens.length === rightTokens.length &&
    leftTokens.every((token, index) => sameToken(token, rightTokens[index]))
  );
}

function essential(sql: string): readonly Token[] {
  const tokens = tokenize(sql);
  return withoutOuterParentheses(isSymbol(tokens.at(-1), ";") ? tokens.slice(0, -1) : tokens);
}

function sameToken(left: Token, right: Token | undefined): boolean {
  if (right === undefined) return false;
  if (left.kind === right.kind) return textOfToken(left) === textOfToken(right);
  const [word, name] = left.kind === "word" ? [left, right] : [right, left];
  return word.kind === "word" && name.kind === "name" && word.text === name.text && !KEYWORDS.has(word.text);
}

function textOfToken({ kind, text }: Token): string {
  return kind === "symbol" && text === "!=" ? "<>" : text;
}

/** The tokens without parentheses that enclose them all. */
export function withoutOuterParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && closing(inner, 0) === inner.length - 1) inner = inner.slice(1, -1);
  return inner;
}

/** The text without parentheses that enclose all of it. */
export function stripOuterParentheses(sql: string): string {
  if (!/^\s*\(/.test(sql)) return sql.trim();
  const tokens = tokenize(sql);
  const inner = withoutOuterParentheses(tokens);
  return inner.length === tokens.length ? sql.trim() : textOf(inner, sql);
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

/** Whether a token is that operator or punctuation. */
export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === "symbol" && token.text === text;
}

/** Whether a token is that word, in lower case; a quoted name never is. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text === word;
}

/** The text that some tokens cover, from the first to the last, as it was written. */
export function textOf(tokens: readonly Token[], sql: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? sql.slice(first.start, last.end) : "";
}

/** Folds the case of ASCII letters only, as PostgreSQL does to bare names in UTF-8. */
function foldCase(word: string): string {
  return /[A-Z]/.test(word) ? word.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : word;
}

/** Words that may mean something else when they stand between quotes (manual, appendix C). */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean " +
    "both case cast char character check coalesce collate collation column concurrently constraint create " +
    "cross current_catalog current_date current_role current_schema current_time current_timestamp " +
    "current_user dec decimal default deferrable desc distinct do else end except exists extract false " +
    "fetch float for foreign freeze from full grant greatest group grouping having ilike in initially " +
    "inner inout int integer intersect interval into is isnull join json json_array json_arrayagg " +
    "json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value " +
    "lateral leading least left like limit localtime localtimestamp merge_action national natural nchar " +
    "none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay " +
    "placing position precision primary real references returning right row select session_user setof " +
    "similar smallint some substring symmetric table tablesample then time timestamp to trailing treat " +
    "trim true union unique user using values varchar variadic verbose when where window with " +
    "xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot " +
    "xmlserialize xmltable"
  ).split(" "),
);
