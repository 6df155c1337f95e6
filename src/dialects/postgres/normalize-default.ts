/** Defaults: SQL that is no more than a literal becomes the value that it stands for, whatever cast is around it. */
import { equal } from "../../model/equal";
import type { ColumnType, Default, JsonValue } from "../../model/schema";
import { arrayText, canonicalArray } from "./array-literal";
import { isSymbol, isWord, stripOuterParentheses, tokenize, withoutOuterParentheses } from "./tokens";
import type { Token } from "./tokens";

const NUMBERS: ReadonlySet<string> = new Set([
  ...["integer", "smallint", "bigint", "numeric", "real", "double precision"],
]);
const TEXTS = /^(text|character varying|character|bpchar|varchar|"char"|citext)$/;
const TRUTHS: Readonly<Record<string, boolean>> = {
  ...{ t: true, true: true, y: true, yes: true, on: true, "1": true },
  ...{ f: false, false: false, n: false, no: false, off: false, "0": false },
};

/** What SQL means as the default of a type: many columns have the same. */
const known = new WeakMap<ColumnType, Map<string, Default | undefined>>();

/** The default in its one spelling; nothing where it is NULL. The type is in its one spelling already. */
export function normalizeDefault(value: Default, type: ColumnType): Default | undefined {
  if ("value" in value) {
    const stored = storedValue(value.value, type);
    return equal(stored, value) ? value : stored;
  }
  const texts = known.get(type) ?? new Map<string, Default | undefined>();
  if (!texts.has(value.sql)) known.set(type, texts.set(value.sql, normalizeText(value, type)));
  return texts.get(value.sql);
}

function normalizeText(value: { readonly sql: string }, type: ColumnType): Default | undefined {
  const literal = literalOf(value.sql);
  if (literal === undefined) return { sql: canonicalTime(value.sql.trim()) };
  return literal === null ? undefined : fromText(literal, type);
}

/** Whether SQL calls one of the functions that make a random uuid, in whatever schema its extension lives. */
export function makesUuid(value: Default | undefined): boolean {
  return (
    value !== undefined &&
    "sql" in value &&
    /uuid/i.test(value.sql) &&
    /^\(*(?:(?:"(?:[^"]|"")*"|\w+)\.)?(?:uuid_generate_v4|gen_random_uuid)\(\)\)*(?:::[\w ]+)?$/i.test(
      value.sql.trim(),
    )
  );
}

function storedValue(value: JsonValue, type: ColumnType): Default | undefined {
  if (value === null) return undefined;
  if (typeof value !== "object") return fromText(String(value), type);
  if (type.array && Array.isArray(value)) return { value: arrayText(value) };
  return isJson(type) ? { value } : { value: JSON.stringify(value) };
}

function isJson({ name, array }: ColumnType): boolean {
  return (name === "json" || name === "jsonb") && !array;
}

function fromText(text: string, type: ColumnType): Default {
  if (type.array) return { value: canonicalArray(text) };
  if (isJson(type)) return { value: jsonValue(text) };
  if (type.name === "boolean") return { value: TRUTHS[text.trim().toLowerCase()] ?? text };
  if (type.name === "uuid") return { value: text.toLowerCase() };
  if (!NUMBERS.has(type.name)) return { value: text };
  const number = Number(text);
  return { value: Number.isFinite(number) && String(number) === text.trim() ? number : text.trim() };
}

/**
 * Objects and lists, so that space and the order of keys say nothing. Text that would not come out of JSON.parse and
 * JSON.stringify as it went in (long numbers, keys that stand twice) stays text.
 */
function jsonValue(text: string): JsonValue {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (typeof value !== "object" || value === null) return text;
    return JSON.stringify(value) === withoutSpace(text) ? value : text;
  } catch {
    return text;
  }
}

function withoutSpace(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_found, quoted: string | undefined) => quoted ?? "");
}

/** The text of a literal, null for NULL, nothing for any other expression. */
function literalOf(sql: string): string | null | undefined {
  // What no literal starts with needs no closer look.
  if (!/^[\s(]*(?:'|[-+.\d]|true\b|false\b|null\b)/i.test(sql)) return undefined;
  let tokens = withoutOuterParentheses(tokenize(sql));
  const casts: string[] = [];
  for (let at = lastCast(tokens); at >= 0; at = lastCast(tokens)) {
    const type = tokens.slice(at + 1);
    if (!isTypeName(type)) return undefined;
    casts.push(type.map(({ text }) => text).join(" "));
    tokens = withoutOuterParentheses(tokens.slice(0, at));
  }
  // ('now'::text)::date is the day of each insert: only what ends as text is the literal that it starts with.
  if (casts.length > 1 && !casts.every((cast) => TEXTS.test(cast))) return undefined;
  return plainLiteral(tokens);
}

function plainLiteral(tokens: readonly Token[]): string | null | undefined {
  const [first, second, third] = tokens;
  const isNegative = isSymbol(first, "-") && second?.kind === "number";
  if (isNegative) return tokens.length === 2 ? `-${second.text}` : undefined;
  if (first === undefined || second !== undefined || third !== undefined) return undefined;
  if (first.kind === "string" || first.kind === "number") return first.text;
  if (isWord(first, "true") || isWord(first, "false")) return first.text;
  return isWord(first, "null") ? null : undefined;
}

function lastCast(tokens: readonly Token[]): number {
  return tokens.findLastIndex((token) => isSymbol(token, "::"));
}

/** Words, names, dots and brackets. A size could cut the literal, so that it is more than a name. */
function isTypeName(tokens: readonly Token[]): boolean {
  return (
    tokens.length > 0 &&
    tokens.every(
      (token) =>
        token.kind === "word" ||
        token.kind === "name" ||
        isSymbol(token, ".") ||
        isSymbol(token, "[") ||
        isSymbol(token, "]"),
    )
  );
}

/** How TypeORM writes what has no parentheses in SQL (`PostgresDriver.normalizeDatetimeFunction`). */
const TIMES: Readonly<Record<string, string>> = {
  current_date: "date",
  current_time: "time with time zone",
  current_timestamp: "timestamp with time zone",
  localtime: "time without time zone",
  localtimestamp: "timestamp without time zone",
};

/**
 * The start of the transaction has many spellings (manual, section 9.9.5), and TypeORM compares its own letter by
 * letter: `now()`, and `('now'::text)::date` and the like for the others.
 */
function canonicalTime(sql: string): string {
  const text = stripOuterParentheses(sql).toLowerCase();
  if (text === "current_timestamp" || text === "now()" || text === "transaction_timestamp()") return "now()";
  const [, word = "", precision = ""] = /^(\w+)(\(\d\))?$/.exec(text) ?? [];
  const type = TIMES[word];
  if (type !== undefined) return `('now'::text)::${type.replace(/ |$/, `${precision}$&`)}`;
  return /^\('now'::text\)::[\w ()]+$/i.test(sql) ? sql.toLowerCase() : sql;
}
