/** Defaults in one spelling: what servers store depends on the type of the column. */
import type { ColumnType, Default, JsonValue } from "../../model/schema";
import { remembering } from "./remember";
import { canonicalName, isInteger, withoutSpaces } from "./type";
import { stripOuterParentheses, tokenize, withoutIntroducers } from "./tokens";

const NOW = /^(?:current_timestamp|now|localtime|localtimestamp)(?:\s*\(\s*(\d*)\s*\))?$/i;

/** `CURRENT_TIMESTAMP` or `CURRENT_TIMESTAMP(6)` for any way to write it; undefined for other text. */
export function currentTimestamp(sql: string): string | undefined {
  const match = NOW.exec(stripOuterParentheses(sql));
  if (!match) return undefined;
  const digits = Number(match[1] ?? 0);
  return digits === 0 ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${digits})`;
}

/** The default as the server keeps it; undefined for none. Equal defaults of a type become the same object. */
export function normalizeDefault(value: Default | undefined, type: ColumnType): Default | undefined {
  if (value === undefined) return undefined;
  const known = keptDefaults.get(type) ?? remembering((given: Default) => keptDefault(given, type), textOf);
  keptDefaults.set(type, known);
  return known(value);
}

const keptDefaults = new WeakMap<ColumnType, (value: Default) => Default | undefined>();

function textOf(value: Default): string {
  return "sql" in value ? `sql ${value.sql}` : JSON.stringify(value.value);
}

function keptDefault(value: Default, type: ColumnType): Default | undefined {
  return "value" in value ? fromValue(value.value, type) : fromSql(value.sql, type);
}

function fromSql(sql: string, type: ColumnType): Default | undefined {
  const now = currentTimestamp(sql);
  if (now !== undefined) return { sql: now };
  const text = withoutIntroducers(stripOuterParentheses(sql));
  const tokens = tokenize(text);
  const [first, second] = tokens;
  const word = first?.kind === "word" ? first.text.toLowerCase() : "";
  if (tokens.length === 1 && first) {
    if (word === "null") return undefined;
    if (word === "true" || word === "false") return fromValue(word === "true", type);
    if (first.kind === "string") return fromValue(first.text, type);
    if (first.kind === "number")
      return first.text.startsWith("0x") ? bytes(first.text.slice(2)) : fromValue(first.text, type);
  }
  if (tokens.length === 2 && first && second) {
    if (first.text === "-" && second.kind === "number") return fromValue(`-${second.text}`, type);
    if (word === "b" && second.kind === "string") return bits(Number.parseInt(second.text, 2));
    if (word === "x" && second.kind === "string") return bytes(second.text.toLowerCase());
  }
  return { sql: text };
}

function fromValue(value: JsonValue, type: ColumnType): Default | undefined {
  if (value === null) return undefined;
  const name = canonicalName(type.name);
  const plain = typeof value === "boolean" ? Number(value) : value;
  if (name === "bit") return bits(Number(plain));
  if (isInteger(type) || name === "year" || name === "decimal" || name === "float" || name === "double") {
    return { value: numeric(plain, type) };
  }
  const text = typeof plain === "object" ? JSON.stringify(plain) : String(plain);
  if (name === "enum") return { value: withoutSpaces(text) };
  if (name === "set") return { value: inOrder(text, type.values ?? []) };
  if (name === "datetime" || name === "timestamp" || name === "time")
    return { value: timeText(text, name, type) };
  return { value: text };
}

/** A number where it is exact, digits where it is too long for one. */
function numeric(value: Exclude<JsonValue, null>, type: ColumnType): JsonValue {
  const text = (typeof value === "object" ? JSON.stringify(value) : String(value)).trim();
  const scale = canonicalName(type.name) === "decimal" ? (type.scale ?? 0) : undefined;
  const number = Number(text);
  if (text === "" || Number.isNaN(number)) return text;
  const rounded = scale === undefined ? number : Number(number.toFixed(scale));
  const exact = Number.isSafeInteger(rounded) || text.replaceAll(/\D/g, "").length <= 15;
  return exact ? rounded : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function inOrder(text: string, values: readonly string[]): string {
  const chosen = new Set(text.split(",").map(withoutSpaces));
  const known = values.filter((value) => chosen.has(value));
  return known.length === chosen.size ? known.join(",") : text;
}

/** `2020-01-01` is `2020-01-01 00:00:00` in a datetime, with as many digits behind the point as its precision. */
function timeText(text: string, name: string, { precision = 0 }: ColumnType): string {
  const pattern =
    name === "time" ? /^(-?\d+:\d+)(:\d+)?(\.\d+)?$/ : /^(\d+-\d+-\d+)(?:[ T](\d+:\d+)(:\d+)?(\.\d+)?)?$/;
  const match = pattern.exec(text);
  if (!match) return text;
  const [date, clock, seconds, fraction] =
    name === "time" ? [undefined, match[1], match[2], match[3]] : match.slice(1);
  const digits = (fraction ?? "").slice(1, precision + 1).padEnd(precision, "0");
  const time = `${clock ?? "00:00"}${seconds ?? ":00"}${precision === 0 ? "" : `.${digits}`}`;
  return date === undefined ? time : `${date} ${time}`;
}

function bits(number: number): Default {
  return { sql: `b'${number.toString(2)}'` };
}

/** Bytes that are plain text are text, as MariaDB writes them. */
function bytes(hex: string): Default {
  const codes = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  return codes.every((code) => code >= 0x20 && code < 0x7f)
    ? { value: String.fromCharCode(...codes) }
    : { sql: `0x${hex.toLowerCase()}` };
}
