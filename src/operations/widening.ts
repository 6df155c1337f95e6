/** Whether every value of one type fits into another, as far as the names and sizes of types tell. */
import type { ColumnType } from "../model/schema";

/** Whole numbers by size; unsigned ones take as much again, and no negative ones. */
const WHOLE = ["tinyint", "smallint", "mediumint", "integer", "bigint"];
const FLOATING = ["real", "double precision"];
const TEXTS = new Set([
  ...["char", "character", "varchar", "character varying", "text", "citext", "string", "nchar", "nvarchar"],
  ...["ntext", "tinytext", "mediumtext", "longtext", "clob", "native character", "varying character"],
]);
const ALIASES: Readonly<Record<string, string>> = {
  int: "integer",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  float: "double precision",
  double: "double precision",
  decimal: "numeric",
  json: "jsonb",
};

/** Whether a change of type can lose or refuse a value that is there. */
export function narrows(from: ColumnType, to: ColumnType): boolean {
  if ((from.array ?? false) !== (to.array ?? false)) return from.array ?? false;
  if (removes(from.values, to.values)) return true;
  const before = plainName(from);
  const after = plainName(to);
  if (TEXTS.has(after) && (size(to) === Infinity || TEXTS.has(before))) return size(to) < size(from);
  if (before !== after) return !isWider(before, after, from, to);
  return (
    size(to) < size(from) ||
    (to.scale ?? 0) < (from.scale ?? 0) ||
    (to.unsigned ?? false) !== (from.unsigned ?? false)
  );
}

/** Whether text of a moment gets a time zone by the change, or loses it: the session's own is used. */
export function changesTimeZone(from: ColumnType, to: ColumnType): boolean {
  const zoned = ({ name }: ColumnType): boolean | undefined => {
    if (!name.startsWith("time")) return undefined;
    return /with time zone|tz$/.test(name);
  };
  const [before, after] = [zoned(from), zoned(to)];
  return before !== undefined && after !== undefined && before !== after;
}

function isWider(before: string, after: string, from: ColumnType, to: ColumnType): boolean {
  const [small, large] = [WHOLE.indexOf(before), WHOLE.indexOf(after)];
  if (small >= 0 && large >= 0) return large > small && (!to.unsigned || (from.unsigned ?? false));
  if (small >= 0 && after === "numeric") return to.precision === undefined;
  const [single, double] = [FLOATING.indexOf(before), FLOATING.indexOf(after)];
  if (double >= 0) return single >= 0 ? double > single : small >= 0 && small < WHOLE.indexOf("bigint");
  return changesTimeZone(from, to);
}

/** Whether a type holds letters. */
export function isText(type: ColumnType): boolean {
  return TEXTS.has(plainName(type));
}

const BITS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  integer: 32n,
  bigint: 64n,
};

/** The least and the greatest whole number of a type; nothing for other types. */
export function integerBounds(type: ColumnType): readonly [string, string] | undefined {
  const bits = BITS[plainName(type)];
  if (bits === undefined) return undefined;
  if (type.unsigned) return ["0", (2n ** bits - 1n).toString()];
  return [(-(2n ** (bits - 1n))).toString(), (2n ** (bits - 1n) - 1n).toString()];
}

function plainName({ name }: ColumnType): string {
  const word = name.toLowerCase();
  return ALIASES[word] ?? word;
}

/** A type without a size takes everything. */
function size({ length, precision }: ColumnType): number {
  const given = Number(length ?? precision ?? Infinity);
  return Number.isNaN(given) ? Infinity : given;
}

function removes(from: readonly string[] = [], to: readonly string[] | undefined): boolean {
  return to !== undefined && from.some((value) => !to.includes(value));
}
