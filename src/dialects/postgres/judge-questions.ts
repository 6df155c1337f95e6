/**
 * How the server is asked what a text means. The first judge is the planner: `EXPLAIN (VERBOSE)` of the text over an
 * empty set of records with the table's columns prints it in one form, and creates and locks nothing. What the planner
 * cannot tell apart, or does not take, is judged by a temporary twin of the table, read back from the catalogue.
 */
import type { Column, JsonValue, Table, View } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import { MARKER } from "./ask";
import type { Question } from "./ask";
import { collationName } from "./column-text";
import { quote, quoteName, stringLiteral } from "./quote";
import { isSymbol, isWord, tokenize } from "./tokens";
import type { Token } from "./tokens";
import { typeText } from "./type-text";

/** What a text is part of. Everything is judged on the columns of the live table. */
export type Subject =
  | { readonly kind: "check" | "where" | "index" | "exclusion"; readonly table: Table }
  | { readonly kind: "default" | "computed"; readonly table: Table; readonly column: Column };

/** Answers whether two texts mean the same on a subject. */
export type Same = (subject: Subject, target: string, live: string) => boolean;

/** The planner's question for a text, on records with or without the name of their table; nothing for what is no expression. */
export function plannerQuestion(subject: Subject, text: string, isNamed: boolean): Question | undefined {
  if (subject.kind === "exclusion") return undefined;
  const explain = (select: string): Question => ({
    make: [],
    read: `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT ${select}`,
    text,
  });
  const value =
    subject.kind === "default" || subject.kind === "computed"
      ? `CAST((${MARKER}\n) AS ${castType(subject.column)})`
      : `(${MARKER}\n)`;
  return explain(
    subject.kind === "default" ? value : `${value} FROM ${records(subject.table, text, isNamed)}`,
  );
}

/** The planner's own form of a text. */
export function plannerForm(answer: string): string {
  const [plan] = JSON.parse(answer) as readonly { readonly Plan: { readonly Output?: readonly string[] } }[];
  return (plan?.Plan.Output ?? []).join(", ");
}

/** The text with `CURRENT_TIMESTAMP` written as `now()`: they are one function (manual, section 9.9.5). */
export function withNow(text: string): string {
  if (!/current_timestamp/i.test(text)) return text;
  const tokens = tokenize(text);
  return tokens.reduceRight(
    (result, token, place) =>
      isWord(token, "current_timestamp") && !isSymbol(tokens[place + 1], "(")
        ? `${result.slice(0, token.start)}now()${result.slice(token.end)}`
        : result,
    text,
  );
}

/** A size could cut a literal, so that two that differ would look the same. */
function castType({ type }: Column): string {
  return typeText(/^(character|bit)\b/.test(type.name) ? { ...bare(type), name: castName(type.name) } : type);
}

/** `character` without a size is one character, `bpchar` any number. */
function castName(name: string): string {
  return name === "character" ? "bpchar" : name === "bit" ? "bit varying" : name;
}

function bare({ length, ...type }: Column["type"]): Column["type"] {
  return type;
}

/** Whether a text says the name of its table, or anything else of that name. */
export function saysTable({ table }: Subject, text: string): boolean {
  return wordsOf(text).has(table.name);
}

/** By the tokens of a text, which many tables may have in common. */
const knownWords = new WeakMap<readonly Token[], ReadonlySet<string>>();

function wordsOf(text: string): ReadonlySet<string> {
  const tokens = tokenize(text);
  const known = knownWords.get(tokens);
  if (known) return known;
  const names = tokens.filter(({ kind }) => kind === "word" || kind === "name");
  const words = new Set(names.map((token) => token.text));
  knownWords.set(tokens, words);
  return words;
}

/**
 * An empty set of records with the columns that a text may mean, under the name of their table where that is said. It
 * has no other name, so that what stands in many tables is one question.
 */
function records(table: Table, text: string, isNamed: boolean): string {
  const name = quote(isNamed ? table.name : NOBODY);
  // Of materialized views no columns are known here, but their rows have a type.
  if (table.columns.length === 0) {
    return `json_populate_recordset(NULL::${quoteName(table)}, '[]') AS ${name}`;
  }
  // A text that names the table may mean all of its columns.
  const words = wordsOf(text);
  const columns = isNamed ? table.columns : table.columns.filter((column) => words.has(column.name));
  // A set of records has at least one column.
  const list = columns.length === 0 ? `${quote(NOBODY)} integer` : columns.map(columnText).join(", ");
  return `json_to_recordset('[]') AS ${name}(${list})`;
}

/** A name that no table and no column has. */
const NOBODY = "\u0001";

function columnText({ name, type, collation }: Column): string {
  return `${quote(name)} ${typeText(type)}${collation === undefined ? "" : ` COLLATE ${collationName(collation)}`}`;
}

/**
 * The twin's question: a temporary table of the same name, so that texts may name it, and what the catalogue makes of
 * the text. Asked twice, because the catalogue's own text is read back in another form (`varchar IN (...)`), and a
 * database that was restored from a dump holds the second one.
 */
export function twinQuestion(subject: Subject, text: string): Question {
  const { table, kind } = subject;
  const twin = `pg_temp.${quote(table.name)}`;
  const own = (kind === "default" || kind === "computed") && subject.column.name;
  const columns = table.columns.map((column) =>
    column.name === own ? `${columnText(column)} ${columnClause(kind)}` : columnText(column),
  );
  const inline = kind === "check" || kind === "where" ? [`CHECK (${MARKER}\n)`] : [];
  const rule = kind === "exclusion" ? [`EXCLUDE ${MARKER}\n`] : inline;
  const create = `CREATE TEMPORARY TABLE ${quote(table.name)} (${[...columns, ...rule].join(", ")})`;
  const index = `CREATE INDEX limbeck_twin ON ${twin} ((${MARKER}\n))`;
  return {
    make: [`DROP TABLE IF EXISTS ${twin}`, create, ...(kind === "index" ? [index] : [])],
    read: twinText(subject, stringLiteral(twin)),
    text,
    twice: true,
  };
}

/**
 * The tree that the twin keeps of a text, without the marks of how it was written: `x AT TIME ZONE 'utc'` and
 * `timezone('utc', x)` are one call, which the server prints in the form that it came in.
 */
export function treeQuestion(subject: Subject, text: string): Question | undefined {
  if (subject.kind === "exclusion") return undefined;
  const { make } = twinQuestion(subject, text);
  const twin = stringLiteral(`pg_temp.${quote(subject.table.name)}`);
  const bare = (tree: string): string =>
    `regexp_replace(${tree}::text, ' :(location|[a-z]*format) -?[0-9]+', '', 'g')`;
  return { make, read: treeText(subject.kind, twin, bare), text };
}

function treeText(
  kind: Exclude<Subject["kind"], "exclusion">,
  twin: string,
  bare: (tree: string) => string,
): string {
  switch (kind) {
    case "check":
    case "where":
      return `SELECT ${bare("conbin")} FROM pg_constraint WHERE conrelid = ${twin}::regclass AND contype = 'c'`;
    case "index":
      return `SELECT ${bare("indexprs")} FROM pg_index WHERE indexrelid = 'pg_temp.limbeck_twin'::regclass`;
    case "default":
    case "computed":
      return `SELECT ${bare("adbin")} FROM pg_attrdef WHERE adrelid = ${twin}::regclass`;
  }
}

/** Words of calls that SQL has a syntax of its own for. */
const SYNTAX: ReadonlySet<string> = new Set([
  ...["timezone", "zone", "overlaps", "overlay", "position", "substring", "extract", "normalize"],
  ...["trim", "btrim", "ltrim", "rtrim"],
]);

/** Whether two texts may be one call in two ways of writing. */
export function mayBeSyntax(left: string, right: string): boolean {
  return [left, right].every((text) => tokenize(text).some((token) => SYNTAX.has(token.text.toLowerCase())));
}

function columnClause(kind: Subject["kind"]): string {
  return kind === "default" ? `DEFAULT (${MARKER}\n)` : `GENERATED ALWAYS AS (${MARKER}\n) STORED`;
}

function twinText({ kind }: Subject, twin: string): string {
  switch (kind) {
    case "check":
    case "where":
      return `SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = ${twin}::regclass AND contype = 'c'`;
    case "exclusion":
      return `SELECT substr(pg_get_constraintdef(oid), length('EXCLUDE ') + 1) FROM pg_constraint WHERE conrelid = ${twin}::regclass AND contype = 'x'`;
    case "index":
      return "SELECT pg_get_indexdef('pg_temp.limbeck_twin'::regclass, 1, false)";
    case "default":
    case "computed":
      return `SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = ${twin}::regclass`;
  }
}

/** A temporary view of the same name; it stays, so that views over it are judged by it. */
export function viewQuestion({ name, sql }: View, { keep }: { readonly keep: boolean }): Question {
  const twin = `pg_temp.${quote(name)}`;
  return {
    make: [`DROP VIEW IF EXISTS ${twin}`, `CREATE TEMPORARY VIEW ${quote(name)} AS ${MARKER}`],
    read: `SELECT rtrim(pg_get_viewdef(${stringLiteral(twin)}::regclass), ';')`,
    text: sql,
    twice: true,
    ...(keep ? { keep } : {}),
  };
}

/** The table as the entities want it, for views over it: with its key, by which a view may group. */
export function tableQuestion(table: Table): Question {
  const key = primaryKeyOf(table)?.columns ?? [];
  const rule = key.length === 0 ? [] : [`PRIMARY KEY (${key.map(quote).join(", ")})`];
  const columns = [...table.columns.map(columnText), ...rule].join(", ");
  return {
    make: [`CREATE TEMPORARY TABLE ${quote(table.name)} (${columns})`],
    read: "SELECT ''",
    text: "",
    keep: true,
  };
}

/** What the planner makes of a whole query: the next best judge of views. */
export function planQuestion({ sql }: View): Question {
  return { make: [], read: `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) ${MARKER}`, text: sql };
}

/**
 * Whether the planner may take two texts for one that are not: it drops COLLATE, and it puts the body of an SQL
 * function in the place of its call.
 */
export function needsTwin(left: string, right: string): boolean {
  const [one, other] = [tokenize(left), tokenize(right)];
  if ([...one, ...other].some(({ kind, text }) => kind === "word" && text === "collate")) return true;
  return calls(one) !== calls(other);
}

/** The names of functions that are called, without those that are a part of SQL's own grammar. */
function calls(tokens: ReturnType<typeof tokenize>): string {
  const names = tokens.flatMap(({ kind, text }, place) =>
    (kind === "word" || kind === "name") && isSymbol(tokens[place + 1], "(") && !GRAMMAR.has(text)
      ? text
      : [],
  );
  return JSON.stringify([...new Set(names)].toSorted());
}

const GRAMMAR: ReadonlySet<string> = new Set(
  "all and any array as between case coalesce else greatest in is least like ilike not nullif or row similar some then when with where varchar numeric decimal char character varying bit time timestamp interval using gist".split(
    " ",
  ),
);

/** A value as a literal. */
export function valueText(value: JsonValue): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return stringLiteral(typeof value === "string" ? value : JSON.stringify(value));
}
