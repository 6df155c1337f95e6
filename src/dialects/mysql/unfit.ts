/**
 * Which values of a column do not survive a change of its type, as conditions on its rows. The servers convert in silence
 * what they can: a moment to its time of day, a number to fewer digits, shorter bytes to padded ones.
 */
import { equal } from "../../model/equal";
import type { ColumnType } from "../../model/schema";
import type { Capabilities } from "./capabilities";
import { literal } from "./quote";
import { integerRange, isInteger } from "./type";

/** No value survives: what the servers make of it is something else. */
const ALL = "TRUE";

const TEXT_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
};
const TEMPORAL: ReadonlySet<string> = new Set(["date", "time", "datetime", "timestamp"]);
/** The bytes of types that MariaDB writes as text (MariaDB knowledge base, "UUID Data Type", "INET6"). */
const BYTES_OF: Readonly<Record<string, number>> = { uuid: 16, inet6: 16, inet4: 4 };
/** The words of both servers for what a column of a kind of geometries takes. */
const GEOMETRIES: Readonly<Record<string, readonly string[]>> = {
  geometry: [],
  point: ["POINT"],
  linestring: ["LINESTRING"],
  polygon: ["POLYGON"],
  multipoint: ["MULTIPOINT"],
  multilinestring: ["MULTILINESTRING"],
  multipolygon: ["MULTIPOLYGON"],
  geometrycollection: ["GEOMETRYCOLLECTION", "GEOMCOLLECTION"],
};
const DATE = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}";
const CLOCK = "[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?";

/** Conditions under which a value of the column, of a type in canonical form, is lost or changed in the other type. */
export function unfit(
  column: string,
  from: ColumnType,
  to: ColumnType,
  capabilities: Capabilities,
): readonly string[] {
  if (equal(from, to)) return [];
  switch (to.name) {
    case "char":
    case "varchar":
      return tooLong(column, from, to);
    case "binary":
    case "varbinary":
      return tooManyBytes(column, from, to);
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
      return outOfRange(column, from, to);
    case "bit":
      return tooManyBits(column, from, to);
    case "year":
      return noYear(column, from);
    case "decimal":
      return tooPrecise(column, from, to);
    case "float":
    case "double":
      return inexact(column, from, to);
    case "datetime":
    case "timestamp":
    case "date":
    case "time":
      return noMoment(column, from, to, capabilities);
    case "enum":
      return notAmong(column, from, to);
    case "set":
      return foreignMembers(column, from, to);
    case "json":
      return noJson(column, from);
    case "uuid":
    case "inet4":
    case "inet6":
      return noAddress(column, from, to);
    case "vector":
      return otherLength(column, from, to, capabilities);
    default: {
      if (to.name in GEOMETRIES) return otherGeometry(column, from, to);
      const bytes = TEXT_BYTES[to.name];
      return bytes === undefined || holdsAtMost(from, bytes) ? [] : [`OCTET_LENGTH(${column}) > ${bytes}`];
    }
  }
}

/** Whether a type holds bytes that no character set reads. */
export function isBinary({ name }: ColumnType): boolean {
  return name === "binary" || name === "varbinary" || name.endsWith("blob");
}

function tooLong(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const limit = Number(to.length);
  const isShort =
    (isText(from) && from.length !== undefined && Number(from.length) <= limit) ||
    (from.values !== undefined &&
      from.name === "enum" &&
      from.values.every((value) => value.length <= limit));
  return [
    ...(isShort ? [] : [`CHAR_LENGTH(${column}) > ${limit}`]),
    // A char loses the spaces at its end.
    ...(to.name === "char" && from.name !== "char" && isText(from) ? [`${column} LIKE '% '`] : []),
  ];
}

function tooManyBytes(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const limit = Number(to.length);
  const fixed = BYTES_OF[from.name] ?? (from.name === "binary" ? Number(from.length) : undefined);
  if (fixed !== undefined) return fixed <= limit ? [] : [ALL];
  // A shorter value is filled up with zeros, and nothing tells them from its own.
  if (to.name === "binary") return [`OCTET_LENGTH(${column}) <> ${limit}`];
  return from.name === "varbinary" && Number(from.length) <= limit
    ? []
    : [`OCTET_LENGTH(${column}) > ${limit}`];
}

function outOfRange(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const [least, greatest] = integerRange(to) ?? ["0", "0"];
  const between = (value: string): string => `${value} NOT BETWEEN ${least} AND ${greatest}`;
  const text = asText(column, from);
  if (text !== undefined) {
    return [
      `${text} NOT REGEXP '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$' OR ${between(`CAST(${text} AS DECIMAL(65,0))`)}`,
    ];
  }
  const range = integerRange(from);
  if (range) {
    const fits = BigInt(range[0]) >= BigInt(least) && BigInt(range[1]) <= BigInt(greatest);
    return fits ? [] : [between(column)];
  }
  return asNumber(column, from, (number) => `${number} <> ROUND(${number}) OR ${between(number)}`);
}

function tooManyBits(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const greatest = (2n ** BigInt(to.length ?? 1) - 1n).toString();
  if (from.name === "bit" && Number(from.length ?? 1) <= Number(to.length ?? 1)) return [];
  return asNumber(
    column,
    from,
    (number) => `${number} <> ROUND(${number}) OR ${number} NOT BETWEEN 0 AND ${greatest}`,
  );
}

/** Two digits would become a year of this century or of the last. */
function noYear(column: string, from: ColumnType): readonly string[] {
  const text = asText(column, from);
  if (text !== undefined) {
    return [
      `${text} NOT REGEXP '^[[:space:]]*[0-9]{4}[[:space:]]*$' OR ${text} NOT BETWEEN '1901' AND '2155'`,
    ];
  }
  if (TEMPORAL.has(from.name)) return [ALL];
  return asNumber(
    column,
    from,
    (number) => `${number} <> ROUND(${number}) OR (${number} <> 0 AND ${number} NOT BETWEEN 1901 AND 2155)`,
  );
}

function tooPrecise(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const { precision = 10, scale = 0, unsigned } = to;
  const within = beyond({ precision, scale, unsigned });
  const text = asText(column, from);
  if (text !== undefined) return [`${notNumeric(text)} OR ${within(`CAST(${text} AS DECIMAL(65,30))`)}`];
  const before = decimalSize(from);
  if (!before) return asNumber(column, from, within);
  const fits = before.scale <= scale && before.digits <= precision - scale && (!unsigned || from.unsigned);
  return fits ? [] : [within(column)];
}

/** Whether a number has more digits than the type before or behind the point, or a sign that it has not. */
function beyond({
  precision = 0,
  scale = 0,
  unsigned,
}: Pick<ColumnType, "precision" | "scale"> & { readonly unsigned: boolean | undefined }) {
  const bound = `1${"0".repeat(precision - scale)}`;
  return (value: string): string =>
    `${value} <> ROUND(${value}, ${scale}) OR ABS(${value}) >= ${bound}${unsigned ? ` OR ${value} < 0` : ""}`;
}

/** How many digits a type holds before and after the point; undefined where it is no exact number. */
function decimalSize(type: ColumnType): { readonly digits: number; readonly scale: number } | undefined {
  if (type.name === "decimal") {
    const { precision = 10, scale = 0 } = type;
    return { digits: precision - scale, scale };
  }
  const range = integerRange(type);
  return range && { digits: range[1].length, scale: 0 };
}

/** A float shows six digits, a double at least fifteen (MySQL 8.4 manual, section B.3.4.8). */
function inexact(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const { precision, scale, unsigned } = to;
  const text = asText(column, from);
  if (text !== undefined) return [notNumeric(text)];
  const digits = to.name === "float" ? 6 : 15;
  const size = decimalSize(from);
  const isExact =
    (size !== undefined && size.digits + size.scale <= digits) ||
    from.name === to.name ||
    (from.name === "float" && to.name === "double");
  const lost = (value: string): readonly string[] => [
    ...(isExact ? [] : [inexactValue(value, from, to)]),
    ...(precision === undefined
      ? []
      : [beyond({ precision, ...(scale === undefined ? {} : { scale }), unsigned: undefined })(value)]),
    ...(unsigned && !from.unsigned ? [`${value} < 0`] : []),
  ];
  const asked = asNumber(column, from, (number) => lost(number).join(" OR "));
  return asked.filter((condition) => condition !== "");
}

function inexactValue(value: string, from: ColumnType, to: ColumnType): string {
  if (to.name === "float") return `${value} <> ROUND(${value}, 5 - FLOOR(LOG10(ABS(${value}))))`;
  if (decimalSize(from) === undefined) return "FALSE";
  return `CAST(${value} + 0e0 AS DECIMAL(65,${decimalSize(from)?.scale ?? 0})) <> ${value}`;
}

function noMoment(
  column: string,
  from: ColumnType,
  to: ColumnType,
  capabilities: Capabilities,
): readonly string[] {
  const digits = to.precision ?? 0;
  const isMoment = from.name === "datetime" || from.name === "timestamp";
  const fraction = (value: string): string =>
    digits >= 6 ? "FALSE" : `MICROSECOND(${value}) MOD ${10 ** (6 - digits)} <> 0`;
  if (TEMPORAL.has(from.name)) {
    if (to.name === "date") return isMoment ? [`${column} <> DATE(${column})`] : [ALL];
    // What lacks a date would get that of today, and what loses one is another time.
    if ((from.name === "time") !== (to.name === "time")) return [ALL];
    const loses = (from.precision ?? 0) > digits ? [fraction(column)] : [];
    const early = to.name === "timestamp" && from.name !== "timestamp";
    return [...loses, ...(early ? [noTimestamp(column, capabilities)] : [])];
  }
  const target =
    to.name === "timestamp" ? "DATETIME(6)" : to.name === "date" ? "DATE" : `${to.name.toUpperCase()}(6)`;
  const text = asText(column, from);
  if (text === undefined) {
    if (from.name === "year") return [ALL];
    return asNumber(
      column,
      from,
      (number) => `COALESCE(CAST(${number} AS ${target}) + 0 <> ${number}, TRUE) OR ${number} < 1`,
    );
  }
  const form =
    to.name === "time"
      ? `-?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?`
      : to.name === "date"
        ? `${DATE}([ ]0?0:00(:00([.]0{1,6})?)?)?`
        : `${DATE}([ ]${CLOCK})?`;
  const moment = `CAST(${text} AS ${target})`;
  return [
    [
      `${text} NOT REGEXP '^${form}$'`,
      `${moment} IS NULL`,
      ...(to.name === "date" ? [] : [fraction(moment)]),
      ...(to.name === "timestamp" ? [noTimestamp(moment, capabilities)] : []),
    ].join(" OR "),
  ];
}

/** Moments outside the range of a timestamp, and those that the clocks of the session's time zone jump over. */
function noTimestamp(moment: string, { lastTimestamp }: Capabilities): string {
  const seconds = `UNIX_TIMESTAMP(${moment})`;
  return `COALESCE(${seconds} NOT BETWEEN 1 AND ${lastTimestamp} OR FROM_UNIXTIME(${seconds}) <> ${moment}, TRUE)`;
}

function notAmong(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const values = to.values ?? [];
  const list = values.map(literal).join(", ");
  if (from.name === "enum") {
    if (from.values?.every((value) => values.includes(value))) return [];
    // What was no value when it came, which the servers took as '' where they were not strict, stays that.
    return [`${column} + 0 <> 0 AND ${column} NOT IN (${list})`];
  }
  // A number is read as a value by the one server, and as its place by the other.
  if (isInteger(from)) return [`COALESCE(ELT(${column}, ${list}) <> CONCAT(${column}), TRUE)`];
  const text = from.name === "set" ? `CONCAT(${column})` : asText(column, from);
  return [text === undefined ? ALL : `${text} NOT IN (${list})`];
}

function foreignMembers(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const members = to.values ?? [];
  if (from.name === "set") {
    const removed = (from.values ?? []).filter((value) => !members.includes(value));
    return removed.length === 0
      ? []
      : [removed.map((value) => `FIND_IN_SET(${literal(value)}, ${column}) > 0`).join(" OR ")];
  }
  const text = from.name === "enum" ? `CONCAT(${column})` : asText(column, from);
  if (text === undefined) return [ALL];
  // What is left when every member is taken away, each between two commas of its own.
  const rest = members.reduce(
    (inner, member) => `REPLACE(${inner}, ${literal(`,${member},`)}, '')`,
    `CONCAT(',', REPLACE(${text}, ',', ',,'), ',')`,
  );
  return [`${text} <> '' AND ${rest} <> ''`];
}

function noJson(column: string, from: ColumnType): readonly string[] {
  if (isText(from) || isBinary(from)) return [`NOT JSON_VALID(${column})`];
  if (isNumber(from)) return [];
  return [from.name === "bit" ? ALL : `NOT JSON_VALID(CONCAT(${column}))`];
}

function noAddress(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  if (isBinary(from)) return [`OCTET_LENGTH(${column}) <> ${BYTES_OF[to.name] ?? 0}`];
  // Not every server takes the one kind of address for the other.
  return [isText(from) ? `CAST(${column} AS ${to.name.toUpperCase()}) IS NULL` : ALL];
}

/** MariaDB cuts vectors and fills them up; MySQL holds shorter ones as they are. */
function otherLength(
  column: string,
  from: ColumnType,
  to: ColumnType,
  { vectorsOfOneLength }: Capabilities,
): readonly string[] {
  if (from.name !== "vector") return [ALL];
  const differs = vectorsOfOneLength ? "<>" : ">";
  return [`OCTET_LENGTH(${column}) ${differs} ${4 * Number(to.length)}`];
}

function otherGeometry(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  if (!(from.name in GEOMETRIES)) return [ALL];
  const names = GEOMETRIES[to.name] ?? [];
  const isWider = names.length === 0 || from.name === to.name;
  return [
    ...(isWider ? [] : [`ST_GEOMETRYTYPE(${column}) NOT IN (${names.map(literal).join(", ")})`]),
    ...(to.srid === undefined || to.srid === from.srid ? [] : [`ST_SRID(${column}) <> ${to.srid}`]),
  ];
}

/** The condition on the number that a value is to the server; undefined where it is none, and the list is ALL. */
function asNumber(
  column: string,
  from: ColumnType,
  condition: (number: string) => string,
): readonly string[] {
  if (isNumber(from)) return [condition(column)];
  if (from.name === "bit") return [condition(`CAST(${column} AS UNSIGNED)`)];
  if (TEMPORAL.has(from.name)) return [condition(`(${column} + 0)`)];
  // A value of a list is the number of its place, so only one that reads like it stays what it is.
  if (from.values) return [`CONCAT(${column}) <> CONCAT(${column} + 0) OR ${condition(`(${column} + 0)`)}`];
  return [ALL];
}

/** What is read as text; undefined for types that are not. */
function asText(column: string, from: ColumnType): string | undefined {
  if (isText(from)) return column;
  if (isBinary(from)) return `CONVERT(${column} USING latin1)`;
  return from.name === "json" ? `CONCAT(${column})` : undefined;
}

function notNumeric(column: string): string {
  return `${column} NOT REGEXP '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$'`;
}

function isText({ name }: ColumnType): boolean {
  return name === "char" || name === "varchar" || name.endsWith("text");
}

function isNumber(type: ColumnType): boolean {
  return isInteger(type) || ["decimal", "float", "double", "year"].includes(type.name);
}

function holdsAtMost(type: ColumnType, bytes: number): boolean {
  const own = TEXT_BYTES[type.name];
  if (own !== undefined) return own <= bytes;
  // A letter takes four bytes at most.
  return type.length !== undefined && Number(type.length) * 4 <= bytes;
}
