/**
 * A CREATE TABLE text in pieces that can be kept, dropped, changed and put together again one by one, so that what the
 * model has no words for (ON CONFLICT, COLLATE inside UNIQUE, comments) outlives a rebuild.
 */
import { closing, isSymbol, isWord, sameIdentifier, textOf, tokenize } from "./tokens";
import type { Token } from "./tokens";

/** A column or table constraint, with the space and comments around it. */
export interface Item {
  readonly lead: string;
  readonly text: string;
  /** What stands between it and the comma. */
  readonly after: string;
  /** A comment behind the comma, on the same line. */
  readonly trailing: string;
}

/** What a clause of a column definition is about. */
export type ClauseKind =
  | "primaryKey"
  | "notNull"
  | "null"
  | "unique"
  | "check"
  | "default"
  | "collate"
  | "references"
  | "deferrable"
  | "generated";

/** One clause behind name and type of a column, with its CONSTRAINT name. */
export interface ColumnClause {
  readonly kind: ClauseKind;
  readonly name?: string;
  /** With the name that CONSTRAINT gives. */
  readonly text: string;
  /** Without it. */
  readonly body: string;
}

/** A column definition taken apart. */
export interface ColumnPieces {
  /** As it is written, quotes included. */
  readonly name: string;
  readonly type: string;
  readonly clauses: readonly ColumnClause[];
}

/** A CREATE TABLE text taken apart. */
export interface Definition {
  readonly columns: readonly Item[];
  readonly constraints: readonly Item[];
  /** Space before the last parenthesis. */
  readonly closingSpace: string;
  /** What follows the last parenthesis. */
  readonly options: string;
}

const CONSTRAINT_WORDS = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
const REST_OF_LINE = /^[ \t]*(?:--[^\n]*|\/\*[^]*?\*\/[ \t]*(?=\n))/;

/** Takes a CREATE TABLE text of this table apart. */
export function splitDefinition(sql: string, table: string): Definition {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  const close = closing(tokens, open);
  const items = itemsOf(sql, tokens, open, close, table);
  const isConstraint = ({ text }: Item): boolean =>
    CONSTRAINT_WORDS.some((word) => isWord(tokenize(text)[0], word));
  const last = items.at(-1);
  const closingSpace = last?.after.trim() === "" ? last.after : "";
  const kept = items.map((item) => (item === last && closingSpace !== "" ? { ...item, after: "" } : item));
  return {
    columns: kept.filter((item) => !isConstraint(item)),
    constraints: kept.filter(isConstraint),
    closingSpace,
    options: sql.slice(tokens[close]?.end ?? sql.length),
  };
}

/** The items in parentheses again, as one text. */
export function joinItems(items: readonly Item[], closingSpace: string): string {
  const texts = items.map(
    ({ lead, text, after, trailing }, index) =>
      lead + text + after + (index < items.length - 1 ? "," : "") + trailing,
  );
  return [...texts, closingSpace].reduce(
    (whole, next, index) =>
      whole + (endsInComment(items[index - 1]) && !next.startsWith("\n") ? "\n" : "") + next,
    "",
  );
}

/** A comment that only the end of the line ends. */
function endsInComment(item: Item | undefined): boolean {
  return item?.trailing.trimStart().startsWith("--") ?? false;
}

function itemsOf(
  sql: string,
  tokens: readonly Token[],
  open: number,
  close: number,
  table: string,
): readonly Item[] {
  const items: Item[] = [];
  let depth = 0;
  let first = open + 1;
  let start = tokens[open]?.end ?? 0;
  for (let index = open + 1; index <= close; index++) {
    const token = tokens[index];
    if (isSymbol(token, "(")) depth++;
    if (isSymbol(token, ")") && index < close) depth--;
    if (token === undefined || (index < close && !(depth === 0 && isSymbol(token, ",")))) continue;
    const own = tokens.slice(first, index);
    const text = withoutOwnName(own, sql, table);
    items.push({
      lead: sql.slice(start, own[0]?.start ?? start),
      text,
      after: sql.slice(own.at(-1)?.end ?? start, token.start),
      trailing: "",
    });
    start = token.end;
    first = index + 1;
  }
  return items.map((item, index) => {
    const lead = index === 0 ? item.lead : item.lead.slice(restOfLine(item.lead).length);
    return { ...item, lead, trailing: restOfLine(items[index + 1]?.lead ?? "") };
  });
}

function restOfLine(lead: string): string {
  return REST_OF_LINE.exec(lead)?.[0] ?? "";
}

/** `t.a` in a check of t becomes `a`: while it is copied the table has another name. */
function withoutOwnName(tokens: readonly Token[], sql: string, table: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (!first || !last) return "";
  let text = "";
  let position = first.start;
  tokens.forEach((token, index) => {
    const isName = token.kind === "name" || token.kind === "word";
    if (!isName || !sameIdentifier(token.text, table) || !isSymbol(tokens[index + 1], ".")) return;
    text += sql.slice(position, token.start);
    position = tokens[index + 1]?.end ?? token.end;
  });
  return text + sql.slice(position, last.end);
}

/** Takes a column definition apart. */
export function splitColumn(text: string): ColumnPieces {
  const tokens = tokenize(text);
  const starts = clauseStarts(tokens);
  const typeEnd = starts[0]?.from ?? tokens.length;
  return {
    name: textOf(tokens.slice(0, 1), text),
    type: textOf(tokens.slice(1, typeEnd), text),
    clauses: starts.map(({ kind, from, word }, index) => {
      const end = starts[index + 1]?.from ?? tokens.length;
      const name = word > from ? tokens[from + 1]?.text : undefined;
      return {
        kind,
        ...(name === undefined ? {} : { name }),
        text: textOf(tokens.slice(from, end), text),
        body: textOf(tokens.slice(word, end), text),
      };
    }),
  };
}

interface ClauseStart {
  readonly kind: ClauseKind;
  /** Where the clause begins, with CONSTRAINT and its name. */
  readonly from: number;
  /** Where its own first word stands. */
  readonly word: number;
}

function clauseStarts(tokens: readonly Token[]): readonly ClauseStart[] {
  const starts: ClauseStart[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    if (isSymbol(token, "(")) depth++;
    if (isSymbol(token, ")")) depth--;
    if (depth > 0 || index === 0) return;
    const kind = clauseKind(tokens, index);
    if (kind === undefined) return;
    starts.push({ kind, from: isWord(tokens[index - 2], "CONSTRAINT") ? index - 2 : index, word: index });
  });
  return starts;
}

/** The kind of clause that begins with a token, if one does: some of the words stand inside other clauses too. */
function clauseKind(tokens: readonly Token[], index: number): ClauseKind | undefined {
  const before = tokens[index - 1];
  const follows = (...words: readonly string[]): boolean => words.some((word) => isWord(before, word));
  // What CONSTRAINT, COLLATE and REFERENCES name may be spelt like a key word.
  const token = follows("CONSTRAINT", "COLLATE", "REFERENCES") ? undefined : tokens[index];
  if (isWord(token, "PRIMARY")) return "primaryKey";
  if (isWord(token, "UNIQUE")) return "unique";
  if (isWord(token, "CHECK")) return "check";
  if (isWord(token, "COLLATE")) return "collate";
  if (isWord(token, "REFERENCES")) return "references";
  if (isWord(token, "GENERATED") || (isWord(token, "AS") && !follows("ALWAYS"))) return "generated";
  if (isWord(token, "DEFAULT") && !follows("SET")) return "default";
  if (isWord(token, "NULL") && !follows("NOT", "SET", "DEFAULT")) return "null";
  if (isWord(token, "DEFERRABLE") && !follows("NOT")) return "deferrable";
  if (!isWord(token, "NOT")) return undefined;
  if (isWord(tokens[index + 1], "NULL")) return "notNull";
  return isWord(tokens[index + 1], "DEFERRABLE") ? "deferrable" : undefined;
}
