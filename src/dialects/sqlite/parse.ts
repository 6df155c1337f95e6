/**
 * What SQLite's catalogue tells only as text: the names and expressions inside CREATE TABLE, CREATE INDEX and CREATE
 * VIEW (https://www.sqlite.org/lang_createtable.html). Read from tokens, so quotes, comments and brackets cannot confuse it.
 */
import { compact } from "../../model/equal";
import type { Deferrable } from "../../model/schema";
import { closing, isSymbol, isWord, sameIdentifier, textOf, tokenize } from "./tokens";
import type { Token } from "./tokens";

/** What a column definition says beyond what the catalogue has in columns of its own. */
export interface ParsedColumn {
  readonly name: string;
  readonly collation?: string;
  readonly autoincrement: boolean;
  readonly computed?: { readonly sql: string; readonly stored: boolean };
}

/** A constraint with its name and text, of a column or of the table. */
export type ParsedConstraint =
  | { readonly kind: "primaryKey"; readonly name?: string; readonly columns: readonly string[] }
  | { readonly kind: "unique"; readonly name?: string; readonly columns: readonly string[] }
  | ParsedCheck
  | ParsedForeignKey;
export interface ParsedCheck {
  readonly kind: "check";
  readonly name?: string;
  readonly expression: string;
  /** The column whose definition it is part of. */
  readonly column?: string;
}
export interface ParsedForeignKey {
  readonly kind: "foreignKey";
  readonly name?: string;
  readonly columns: readonly string[];
  readonly deferrable?: Deferrable;
}

/** A CREATE TABLE text, taken apart. */
export interface ParsedTable {
  readonly columns: readonly ParsedColumn[];
  /** In the order of the text. */
  readonly constraints: readonly ParsedConstraint[];
  /** Those of them that are part of a column's definition, column by column. */
  readonly ofColumns: readonly (readonly ParsedConstraint[])[];
  readonly ofTable: readonly ParsedConstraint[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

/** One part of an index, without its order. */
export interface ParsedIndexPart {
  readonly text: string;
  /** The text without the COLLATE that ends it. */
  readonly expression: string;
  readonly collation?: string;
}

/** A CREATE INDEX text, taken apart. */
export interface ParsedIndex {
  readonly parts: readonly ParsedIndexPart[];
  readonly where?: string;
}

const CONSTRAINT_WORDS = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/** Takes a CREATE TABLE text apart. */
export function parseTable(sql: string): ParsedTable {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  const close = closing(tokens, open);
  const items = separated(tokens.slice(open + 1, close));
  const isConstraint = (item: readonly Token[]): boolean =>
    CONSTRAINT_WORDS.some((word) => isWord(item[0], word));
  const definitions = items.filter((item) => !isConstraint(item));
  const names = definitions.map(([name]) => name?.text ?? "");
  const own = definitions.map((item) => columnDefinition(item, sql));
  const rest = items.filter(isConstraint);
  const counted = rest.find((item) => item.some((token) => isWord(token, "AUTOINCREMENT")));
  const countedColumns = counted ? columnsIn(counted, names) : [];
  const options = tokens.slice(close + 1);
  const ofColumns = own.map(({ constraints }) => constraints);
  const ofTable = rest.flatMap((item) => tableConstraint(item, names, sql));
  return {
    columns: own.map(({ column }) =>
      countedColumns.includes(column.name) ? { ...column, autoincrement: true } : column,
    ),
    constraints: [...ofColumns.flat(), ...ofTable],
    ofColumns,
    ofTable,
    strict: options.some((token) => isWord(token, "STRICT")),
    withoutRowid: options.some((token) => isWord(token, "WITHOUT")),
  };
}

/** Takes a CREATE INDEX text apart. */
export function parseIndex(sql: string): ParsedIndex {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  const close = closing(tokens, open);
  const parts = separated(tokens.slice(open + 1, close)).map((item) => indexPart(item, sql));
  const where = tokens.findIndex((token, index) => index > close && isWord(token, "WHERE"));
  return where < 0 ? { parts } : { parts, where: textOf(tokens.slice(where + 1), sql) };
}

/**
 * The SELECT of a CREATE VIEW text. Names of columns that stand before AS become a common table expression, because a
 * view is kept as its SELECT alone.
 */
export function parseView(sql: string): string {
  const tokens = tokenize(sql);
  const keyword = topLevel(tokens).find((token) => isWord(token, "AS"));
  const as = tokens.findIndex((token) => token === keyword);
  const select = textOf(tokens.slice(as + 1), sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  if (open < 0 || open > as) return select;
  const name = textOf(tokens.slice(open - 1, open), sql);
  return `WITH ${name}${textOf(tokens.slice(open, as), sql)} AS (${select}) SELECT * FROM ${name}`;
}

function indexPart(tokens: readonly Token[], sql: string): ParsedIndexPart {
  const last = tokens.at(-1);
  const item = isWord(last, "ASC") || isWord(last, "DESC") ? tokens.slice(0, -1) : tokens;
  const collation = item.at(-1);
  const text = textOf(item, sql);
  return isWord(item.at(-2), "COLLATE") && collation
    ? { text, expression: textOf(item.slice(0, -2), sql), collation: collation.text }
    : { text, expression: text };
}

interface ColumnDefinition {
  readonly column: ParsedColumn;
  readonly constraints: readonly ParsedConstraint[];
}

function columnDefinition(tokens: readonly Token[], sql: string): ColumnDefinition {
  const name = tokens[0]?.text ?? "";
  const clauses = clausesOf(tokens);
  const clauseAfter = (word: string): readonly Token[] | undefined =>
    clauses.find(({ tokens: [first] }) => isWord(first, word))?.tokens;
  const computed = clauseAfter("AS");
  return {
    column: compact<ParsedColumn>({
      name,
      collation: clauseAfter("COLLATE")?.[1]?.text,
      autoincrement: tokens.some((token) => isWord(token, "AUTOINCREMENT")),
      computed: computed && {
        sql: inside(computed, 1, sql),
        stored: isWord(computed[closing(computed, 1) + 1], "STORED"),
      },
    }),
    constraints: clauses.flatMap((clause) => columnConstraint(clause, name, sql)),
  };
}

/** Words that begin the clauses of a column definition which the catalogue does not tell in full. */
const CLAUSE_WORDS = ["PRIMARY", "UNIQUE", "CHECK", "COLLATE", "REFERENCES", "AS"];

interface Clause {
  readonly name?: string;
  /** From the first word of the clause to the end of the column: DEFERRABLE may stand behind other clauses. */
  readonly tokens: readonly Token[];
}

/** The clauses behind name and type of a column, each with the name that CONSTRAINT gave it. */
function clausesOf(tokens: readonly Token[]): readonly Clause[] {
  const top = new Set(topLevel(tokens));
  return tokens.flatMap((token, index): readonly Clause[] => {
    if (index === 0 || !top.has(token) || !CLAUSE_WORDS.some((word) => isWord(token, word))) return [];
    const named = isWord(tokens[index - 2], "CONSTRAINT") ? tokens[index - 1]?.text : undefined;
    const clause = tokens.slice(index);
    return [named === undefined ? { tokens: clause } : { name: named, tokens: clause }];
  });
}

function columnConstraint(clause: Clause, column: string, sql: string): readonly ParsedConstraint[] {
  const { tokens } = clause;
  const [first] = tokens;
  const name = clause.name === undefined ? {} : { name: clause.name };
  if (isWord(first, "PRIMARY")) return [{ kind: "primaryKey", ...name, columns: [column] }];
  if (isWord(first, "UNIQUE")) return [{ kind: "unique", ...name, columns: [column] }];
  if (isWord(first, "CHECK")) return [{ kind: "check", ...name, expression: inside(tokens, 1, sql), column }];
  if (!isWord(first, "REFERENCES")) return [];
  return [{ kind: "foreignKey", ...name, columns: [column], ...deferrable(tokens) }];
}

function tableConstraint(
  tokens: readonly Token[],
  names: readonly string[],
  sql: string,
): readonly ParsedConstraint[] {
  const named = isWord(tokens[0], "CONSTRAINT");
  const name = named && tokens[1] ? { name: tokens[1].text } : {};
  const rest = named ? tokens.slice(2) : tokens;
  const [first] = rest;
  if (isWord(first, "CHECK")) return [{ kind: "check", ...name, expression: inside(rest, 1, sql) }];
  const columns = columnsIn(rest, names);
  if (isWord(first, "PRIMARY")) return [{ kind: "primaryKey", ...name, columns }];
  if (isWord(first, "UNIQUE")) return [{ kind: "unique", ...name, columns }];
  if (isWord(first, "FOREIGN")) return [{ kind: "foreignKey", ...name, columns, ...deferrable(rest) }];
  return [];
}

/** The columns in a constraint's first parentheses, written as the table writes them. */
function columnsIn(tokens: readonly Token[], names: readonly string[]): readonly string[] {
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  return separated(tokens.slice(open + 1, closing(tokens, open))).map(([first]) => {
    const text = first?.text ?? "";
    return names.find((name) => sameIdentifier(name, text)) ?? text;
  });
}

/** DEFERRABLE alone is INITIALLY IMMEDIATE; NOT DEFERRABLE is nothing. */
function deferrable(tokens: readonly Token[]): { readonly deferrable?: Deferrable } {
  const index = tokens.findIndex((token) => isWord(token, "DEFERRABLE"));
  if (index < 0 || isWord(tokens[index - 1], "NOT")) return {};
  const deferred = isWord(tokens[index + 1], "INITIALLY") && isWord(tokens[index + 2], "DEFERRED");
  return { deferrable: deferred ? "INITIALLY DEFERRED" : "INITIALLY IMMEDIATE" };
}

/** The text between the parenthesis at `open` and the one that closes it. */
function inside(tokens: readonly Token[], open: number, sql: string): string {
  return textOf(tokens.slice(open + 1, closing(tokens, open)), sql);
}

function separated(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const top = new Set(topLevel(tokens));
  const items: Token[][] = [[]];
  for (const token of tokens) {
    if (top.has(token) && isSymbol(token, ",")) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.filter((item) => item.length > 0);
}

/** The tokens that stand in no parentheses. */
function topLevel(tokens: readonly Token[]): readonly Token[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (isSymbol(token, "(")) depth++;
    if (isSymbol(token, ")")) depth--;
    return depth === 0;
  });
}
