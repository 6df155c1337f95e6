/** SQLite's tokens (https://www.sqlite.org/lang_keywords.html, tokenreq.html); comments and space are left out. */

/** One token, with its place in the text. */
export interface Token {
  readonly kind: "name" | "word" | "string" | "blob" | "number" | "symbol";
  /** What it means: a name or string without its quotes, everything else as it stands. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A name may hold any character beyond ASCII, even a space that is not one of SQLite's own. */
const PATTERN = new RegExp(
  [
    /(?<space>[ \t\n\f\r]+|--[^\n]*|\/\*[^]*?(?:\*\/|$))/,
    /(?<blob>[xX]'[0-9a-fA-F]*')/,
    /(?<string>'[^']*(?:''[^']*)*')/,
    /(?<name>"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\])/,
    /(?<number>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)/,
    /(?<word>[A-Za-z_$\u0080-\u{10ffff}][A-Za-z0-9_$\u0080-\u{10ffff}]*)/u,
    /(?<symbol>->>|->|\|\||<<|>>|<=|>=|==|<>|!=|[^])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

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

/**
 * Whether two expressions are the same but for space, comments, the case of words, outer parentheses and the quotes of
 * names. Texts that differ in any other way may still mean the same: that is for the database to say.
 */
export function sameTokens(left: string, right: string): boolean {
  if (left === right) return true;
  const [leftTokens, rightTokens] = [essential(left), essential(right)];
  return (
    leftTokens.length === rightTokens.length &&
    leftTokens.every((token, index) => sameToken(token, rightTokens[index]))
  );
}

const SYNONYMS: Readonly<Record<string, string>> = { "!=": "<>", "==": "=" };

function essential(sql: string): readonly Token[] {
  return withoutOuterParentheses(tokenize(sql).filter((token) => !isSymbol(token, ";")));
}

/**
 * Two quoted names are the same letter by letter only, because SQLite takes one that is no column for a string; a quoted
 * and a bare one without case, unless the bare one is a key word.
 */
function sameToken(left: Token, right: Token | undefined): boolean {
  if (right === undefined) return false;
  const kinds = [left.kind, right.kind];
  if (kinds.includes("word") && kinds.every((kind) => kind === "word" || kind === "name")) {
    return (
      sameIdentifier(left.text, right.text) &&
      !(kinds.includes("name") && KEYWORDS.has(left.text.toUpperCase()))
    );
  }
  if (left.kind !== right.kind) return false;
  return left.kind === "symbol"
    ? (SYNONYMS[left.text] ?? left.text) === (SYNONYMS[right.text] ?? right.text)
    : left.text === right.text;
}

/** Whether two names are one to SQLite, which folds the case of ASCII letters only. */
export function sameIdentifier(left: string, right: string): boolean {
  return foldCase(left) === foldCase(right);
}

/** A name as SQLite looks it up. */
export function foldCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Words that mean something else, or nothing, when they stand between quotes (lang_keywords.html). */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY CASCADE " +
    "CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME " +
    "CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE " +
    "EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FALSE FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB " +
    "GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL " +
    "JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER " +
    "OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX " +
    "RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN " +
    "TIES TO TRANSACTION TRIGGER TRUE UNBOUNDED UNION UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW " +
    "WITH WITHOUT"
  ).split(" "),
);

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

/** The text that some tokens cover, from the first to the last, as it was written. */
export function textOf(tokens: readonly Token[], sql: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? sql.slice(first.start, last.end) : "";
}
