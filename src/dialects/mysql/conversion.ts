/**
 * What a column holds that it could not hold after a change: conditions on its rows, to be asked before anything is
 * changed. Strict mode stops most of this by itself, but without a number, and it says nothing of rounding.
 */
import { displayName } from "../../model/names";
import type { Column, ColumnType, QualifiedName } from "../../model/schema";
import { refuseRows } from "./guard";
import { literal, quote } from "./quote";
import { canonicalName, integerRange, normalizeType } from "./type";

/** Rows that would not survive, as SQL, and what to say of them. */
interface Unfit {
  readonly where: string;
  readonly problem: string;
}

/** Statements that fail, with the number of rows, where the column holds what it could not hold afterwards. */
export function guards(table: QualifiedName, from: Column, to: Column): readonly string[] {
  if (from.generated?.kind === "computed" || to.generated?.kind === "computed") return [];
  const place = `${displayName(table)}.${from.name}`;
  return [...nulls(from, to), ...values(from, to), ...characters(from, to)].map(({ where, problem }) =>
    refuseRows(table, where, `rows of ${place} ${problem}`),
  );
}

function nulls(from: Column, to: Column): readonly Unfit[] {
  if (!from.nullable || to.nullable) return [];
  return [
    { where: `${quote(from.name)} IS NULL`, problem: "are null: give them a value first, or say `fill`" },
  ];
}

function values(from: Column, to: Column): readonly Unfit[] {
  const column = quote(from.name);
  const before = normalizeType(from.type);
  const after = normalizeType(to.type);
  const where = unfit(column, before, after);
  return where.map((condition) => ({
    where: `${column} IS NOT NULL AND (${condition})`,
    problem: `do not fit ${describe(after)}`,
  }));
}

/** Letters that the new character set lacks. */
function characters(from: Column, to: Column): readonly Unfit[] {
  const charset = to.charset ?? to.collation?.split("_")[0];
  const before = from.charset ?? from.collation?.split("_")[0];
  if (charset === undefined || charset === before || /^utf8mb4$|^uca|^binary$/.test(charset)) return [];
  const column = quote(from.name);
  const kept = `CONVERT(CONVERT(${column} USING ${charset}) USING utf8mb4)`;
  return [
    {
      where: `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin <> ${kept} COLLATE utf8mb4_bin`,
      problem: `hold letters that ${charset} lacks`,
    },
  ];
}

const TEXT_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  tinyblob: 255,
  blob: 65_535,
  mediumblob: 16_777_215,
};
const FRACTIONS = new Set(["datetime", "timestamp", "time"]);

function unfit(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  switch (to.name) {
    case "char":
    case "varchar":
      return tooLong(column, from, to);
    case "binary":
    case "varbinary":
      return sameWith(from, to, "length") ? [] : [`OCTET_LENGTH(${column}) > ${Number(to.length)}`];
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
      return outOfRange(column, from, to);
    case "decimal":
      return tooPrecise(column, from, to);
    case "float":
    case "double":
      return isText(from) ? [notNumeric(column)] : to.unsigned && !from.unsigned ? [`${column} < 0`] : [];
    case "datetime":
    case "timestamp":
    case "time":
      return lostFraction(column, from, to);
    case "date":
      return from.name === "datetime" || from.name === "timestamp" ? [`${column} <> DATE(${column})`] : [];
    case "enum":
      return notAmong(column, from, to);
    case "set":
      return from.name === "set" ? removedMembers(column, from, to) : [];
    case "json":
      return isText(from) ? [`NOT JSON_VALID(${column})`] : [];
    default: {
      const bytes = TEXT_BYTES[to.name];
      return bytes === undefined || holdsAtMost(from, bytes) ? [] : [`OCTET_LENGTH(${column}) > ${bytes}`];
    }
  }
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

function outOfRange(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const [least, greatest] = integerRange(to) ?? ["0", "0"];
  const between = (value: string): string => `${value} NOT BETWEEN ${least} AND ${greatest}`;
  if (isText(from)) {
    return [
      `${column} NOT REGEXP '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$' OR ${between(`CAST(${column} AS DECIMAL(65,0))`)}`,
    ];
  }
  const range = integerRange(from);
  if (range) {
    const fits = BigInt(range[0]) >= BigInt(least) && BigInt(range[1]) <= BigInt(greatest);
    return fits ? [] : [between(column)];
  }
  return isFractional(from) ? [`${column} <> ROUND(${column}) OR ${between(column)}`] : [];
}

function tooPrecise(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const { precision = 10, scale = 0, unsigned } = to;
  const bound = `1${"0".repeat(precision - scale)}`;
  const within = (value: string): string =>
    `${value} <> ROUND(${value}, ${scale}) OR ABS(${value}) >= ${bound}${unsigned ? ` OR ${value} < 0` : ""}`;
  if (isText(from)) return [`${notNumeric(column)} OR ${within(`CAST(${column} AS DECIMAL(65,30))`)}`];
  const before = decimalSize(from);
  if (!before) return isFractional(from) ? [within(column)] : [];
  const fits = before.scale <= scale && before.digits <= precision - scale && (!unsigned || from.unsigned);
  return fits ? [] : [within(column)];
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

function lostFraction(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const digits = to.precision ?? 0;
  if (!FRACTIONS.has(from.name) || (from.precision ?? 0) <= digits) return [];
  return [`MICROSECOND(${column}) MOD ${10 ** (6 - digits)} <> 0`];
}

function notAmong(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const values = to.values ?? [];
  if (from.name === "enum" && from.values?.every((value) => values.includes(value))) return [];
  return from.name === "enum" || isText(from) ? [`${column} NOT IN (${values.map(literal).join(", ")})`] : [];
}

function removedMembers(column: string, from: ColumnType, to: ColumnType): readonly string[] {
  const removed = (from.values ?? []).filter((value) => !to.values?.includes(value));
  return removed.length === 0
    ? []
    : [removed.map((value) => `FIND_IN_SET(${literal(value)}, ${column}) > 0`).join(" OR ")];
}

function notNumeric(column: string): string {
  return `${column} NOT REGEXP '^[[:space:]]*[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$'`;
}

function isText({ name }: ColumnType): boolean {
  return name === "char" || name === "varchar" || name.endsWith("text");
}

function isFractional({ name }: ColumnType): boolean {
  return name === "decimal" || name === "float" || name === "double";
}

function sameWith(from: ColumnType, to: ColumnType, size: "length"): boolean {
  return from.name === to.name && Number(from[size]) <= Number(to[size]);
}

function holdsAtMost(type: ColumnType, bytes: number): boolean {
  const own = TEXT_BYTES[type.name];
  if (own !== undefined) return own <= bytes;
  // A letter takes four bytes at most.
  return type.length !== undefined && Number(type.length) * 4 <= bytes;
}

function describe(type: ColumnType): string {
  const { precision, scale = canonicalName(type.name) === "decimal" ? 0 : undefined } = type;
  const size = type.length ?? (scale === undefined ? precision : `${precision ?? 10},${scale}`);
  const values = type.values === undefined ? "" : ` of ${type.values.join(" | ")}`;
  return `${type.unsigned ? "unsigned " : ""}${canonicalName(type.name)}${size === undefined ? "" : `(${size})`}${values}`;
}
