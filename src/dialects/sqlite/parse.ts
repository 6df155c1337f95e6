/**
 * What SQLite's catalogue tells only as text: the names and expressions inside CREATE TABLE, CREATE INDEX and CREATE
 * VIEW (https://www.sqlite.org/lang_createtable.html). Read from tokens, so quotes, comments and brackets cannot confuse it.
 */
import type { Deferrable } from "../../model/schema";
import { closing, isSymbol, isWord, tokenize } from "./tokens";
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
  | { readonly kind: "check"; readonly name?: string; readonly expression: string; readonly column?: string }
  | {
      readonly kind: "foreignKey";
      readonly name?: string;
      readonly columns: readonly string[];
      readonly deferrable?: Deferrable;
    };

/** A CREATE TABLE text, taken apart. */
export interface ParsedTable {
  readonly columns: readonly ParsedColumn[];
  readonly constraints: readonly ParsedConstraint[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

const CONSTRAINT_WORDS = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
const COLUMN_WORDS = [
  ...["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES"],
  ...["GENERATED", "AS"],
];

/** Takes a CREATE TABLE text apart. */
export function parseTable(sql: string): ParsedTable {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  const close = closing(tokens, open);
  const columns: ParsedColumn[] = [];
  const constraints: ParsedConstraint[] = [];
  for (const item of separated(tokens.slice(open + 1, close))) {
    if (CONSTRAINT_WORDS.some((word) => isWord(item[0], word)))
      constraints.push(...tableConstraint(item, sql));
    else {
      const [column, own] = columnDefinition(item, sql);
      columns.push(column);
      constraints.push(...own);
    }
  }
  const options = tokens.slice(close + 1);
  return {
    columns,
    constraints,
    strict: options.some((token) => isWord(token, "STRICT")),
    withoutRowid: options.some((token) => isWord(token, "WITHOUT")),
  };
}

/** What CREATE INDEX says that the catalogue does not: the text of expressions and of WHERE. */
export function parseIndex(sql: string): { readonly parts: readonly string[]; readonly where?: string } {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSymbol(token, "("));
  const close = closing(tokens, open);
  const parts = separated(tokens.slice(open + 1, close)).map((item) => {
    const end = item.findIndex(
      (token, index) => index > 0 && depthAt(item, index) === 0 && endsIndexedExpression(token),
    );
    return textOf(end < 0 ? item : item.slice(0, end), sql);
  });
  const where = tokens.findIndex((token, index) => index > close && isWord(token, "WHERE"));
  return where < 0 ? { parts } : { parts, where: textOf(tokens.slice(where + 1), sql) };
}

/** The SELECT of a CREATE VIEW text. */
export function parseView(sql: string): string {
  const tokens = tokenize(sql);
  const as = tokens.findIndex((token, index) => depthAt(tokens, index) === 0 && isWord(token, "AS"));
  return textOf(tokens.slice(as + 1), sql).replace(/;\s*$/, "");
}

function endsIndexedExpression(token: Token): boolean {
  return ["COLLATE", "ASC", "DESC"].some((word) => isWord(token, word));
}

function columnDefinition(
  tokens: readonly Token[],
  sql: string,
): [ParsedColumn, readonly ParsedConstraint[]] {
  const name = tokens[0]?.text ?? "";
  const constraints: ParsedConstraint[] = [];
  let column: ParsedColumn = { name, autoincrement: tokens.some((token) => isWord(token, "AUTOINCREMENT")) };
  let constraintName: { readonly name?: string } = {};
  for (let index = 1; index < tokens.length; index++) {
    const token = tokens[index];
    if (!token || depthAt(tokens, index) > 0 || !COLUMN_WORDS.some((word) => isWord(token, word))) continue;
    const next = tokens[index + 1];
    if (isWord(token, "CONSTRAINT")) {
      constraintName = next ? { name: next.text } : {};
      index++;
      continue;
    }
    if (isWord(token, "COLLATE") && next) column = { ...column, collation: next.text };
    if (isWord(token, "AS")) column = { ...column, computed: computed(tokens, index, sql) };
    if (isWord(token, "PRIMARY"))
      constraints.push({ kind: "primaryKey", ...constraintName, columns: [name] });
    if (isWord(token, "UNIQUE")) constraints.push({ kind: "unique", ...constraintName, columns: [name] });
    if (isWord(token, "CHECK")) {
      constraints.push({
        kind: "check",
        ...constraintName,
        expression: inside(tokens, index + 1, sql),
        column: name,
      });
    }
    if (isWord(token, "REFERENCES")) {
      constraints.push({
        kind: "foreignKey",
        ...constraintName,
        columns: [name],
        ...deferrable(tokens.slice(index)),
      });
    }
    constraintName = {};
  }
  return [column, constraints];
}

function tableConstraint(tokens: readonly Token[], sql: string): readonly ParsedConstraint[] {
  const named = isWord(tokens[0], "CONSTRAINT");
  const name = named && tokens[1] ? { name: tokens[1].text } : {};
  const rest = named ? tokens.slice(2) : tokens;
  const open = rest.findIndex((token) => isSymbol(token, "("));
  const columns = separated(rest.slice(open + 1, closing(rest, open))).map((item) => item[0]?.text ?? "");
  if (isWord(rest[0], "CHECK")) return [{ kind: "check", ...name, expression: inside(rest, open, sql) }];
  if (isWord(rest[0], "PRIMARY")) return [{ kind: "primaryKey", ...name, columns }];
  if (isWord(rest[0], "UNIQUE")) return [{ kind: "unique", ...name, columns }];
  if (isWord(rest[0], "FOREIGN")) return [{ kind: "foreignKey", ...name, columns, ...deferrable(rest) }];
  return [];
}

function computed(
  tokens: readonly Token[],
  as: number,
  sql: string,
): { readonly sql: string; readonly stored: boolean } {
  const close = closing(tokens, as + 1);
  return { sql: inside(tokens, as + 1, sql), stored: isWord(tokens[close + 1], "STORED") };
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

function textOf(tokens: readonly Token[], sql: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? sql.slice(first.start, last.end) : "";
}

function separated(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, "(")) depth++;
    if (isSymbol(token, ")")) depth--;
    if (depth === 0 && isSymbol(token, ",")) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.filter((item) => item.length > 0);
}

function depthAt(tokens: readonly Token[], index: number): number {
  let depth = 0;
  for (const token of tokens.slice(0, index)) {
    if (isSymbol(token, "(")) depth++;
    if (isSymbol(token, ")")) depth--;
  }
  return depth;
}
