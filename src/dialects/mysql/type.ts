/** Types of columns: as `information_schema` writes them, in their canonical form, and as SQL. */
import { compact } from "../../model/equal";
import type { ColumnType } from "../../model/schema";
import { literal } from "./quote";
import { remembering } from "./remember";
import { tokenize } from "./tokens";

/** Other words for the same type (MySQL 8.4 manual, section 13.9). */
const SYNONYMS: Readonly<Record<string, string>> = {
  integer: "int",
  int1: "tinyint",
  int2: "smallint",
  int3: "mediumint",
  int4: "int",
  int8: "bigint",
  bool: "tinyint",
  boolean: "tinyint",
  dec: "decimal",
  numeric: "decimal",
  fixed: "decimal",
  "double precision": "double",
  real: "double",
  "character varying": "varchar",
  nvarchar: "varchar",
  "national varchar": "varchar",
  nchar: "char",
  "national char": "char",
  character: "char",
  geomcollection: "geometrycollection",
  long: "mediumtext",
};

/** What servers write where no display width was said: signed, unsigned. */
const USUAL_WIDTHS: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
};

const STRINGS = new Set(["char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"]);
const WITH_LENGTH = new Set(["char", "varchar", "binary", "varbinary", "bit", "vector"]);
const DECIMALS = new Set(["decimal", "float", "double"]);
const WITH_FRACTION = new Set(["datetime", "timestamp", "time"]);

/** Whether columns of the type have a character set. */
export function isString(type: ColumnType): boolean {
  return STRINGS.has(canonicalName(type.name));
}

/** Whether a type is one of whole numbers. */
export function isInteger(type: ColumnType): boolean {
  return canonicalName(type.name) in USUAL_WIDTHS;
}

/** What distinguishes types here, as text. */
function typeKey(type: ColumnType): string {
  const { name, length, precision, scale, width, unsigned, zerofill, srid, values } = type;
  const sizes = `${length ?? ""} ${precision ?? ""} ${scale ?? ""} ${width ?? ""} ${srid ?? ""}`;
  return `${name} ${sizes} ${unsigned ?? ""} ${zerofill ?? ""}${values ? JSON.stringify(values) : ""}`;
}

const sharedType = remembering(canonicalType, typeKey);
/** What was asked before; that a type is itself in its one spelling is known, too. */
const seenTypes = new WeakMap<ColumnType, ColumnType>();

/** The type in one spelling, without sizes that say what is usual. Equal types become the same object. */
export function normalizeType(type: ColumnType): ColumnType {
  const known = seenTypes.get(type);
  if (known) return known;
  const shared = sharedType(type);
  seenTypes.set(type, shared).set(shared, shared);
  return shared;
}

function canonicalType(type: ColumnType): ColumnType {
  const name = canonicalName(type.name);
  return compact<ColumnType>({
    name,
    length: WITH_LENGTH.has(name) ? lengthOf(name, type) : undefined,
    ...sizes(name, type),
    width: widthOf(name, type),
    unsigned: type.unsigned || type.zerofill ? true : undefined,
    zerofill: type.zerofill ? true : undefined,
    values: name === "enum" || name === "set" ? type.values?.map(withoutSpaces) : undefined,
    srid: type.srid,
  });
}

/** The value of an enum or set as the servers keep it (MySQL 8.4 manual, sections 13.3.6 and 13.3.7). */
export function withoutSpaces(value: string): string {
  return value.replace(/ +$/, "");
}

/** A type as `information_schema.COLUMNS.COLUMN_TYPE` writes it, such as `int(10) unsigned` or `enum('a','b')`. */
export const parseType = remembering(parsedType, (columnType) => columnType);

function parsedType(written: string): ColumnType {
  // MariaDB says in comments what other servers have no words for, such as that a column is compressed.
  const columnType = written.replace(/\s*\/\*[^'"]*\*\/$/, "");
  const [, name = columnType, inner, rest = ""] =
    /^([a-z0-9_]+)\s*(?:\(([\s\S]*)\))?([a-z ]*)$/i.exec(columnType) ?? [];
  const flags = {
    unsigned: rest.includes("unsigned") ? true : undefined,
    zerofill: rest.includes("zerofill") ? true : undefined,
  };
  if (name === "enum" || name === "set") {
    const values = tokenize(inner ?? "").flatMap(({ kind, text }) => (kind === "string" ? [text] : []));
    return { name, values };
  }
  const [first, second] = (inner ?? "").split(",").map((part) => (part === "" ? undefined : Number(part)));
  const canonical = canonicalName(name);
  if (canonical in USUAL_WIDTHS || canonical === "year")
    return compact<ColumnType>({ name, width: first, ...flags });
  if (DECIMALS.has(canonical) || WITH_FRACTION.has(canonical))
    return compact<ColumnType>({ name, precision: first, scale: second, ...flags });
  return compact<ColumnType>({ name, length: first, ...flags });
}

/** The type as SQL. */
export function typeSql(type: ColumnType): string {
  const size = type.values
    ? `(${type.values.map(literal).join(", ")})`
    : type.length !== undefined && type.length !== ""
      ? `(${type.length})`
      : type.precision !== undefined
        ? `(${type.precision}${type.scale === undefined ? "" : `,${type.scale}`})`
        : type.width !== undefined
          ? `(${type.width})`
          : "";
  return `${type.name}${size}${type.unsigned ? " UNSIGNED" : ""}${type.zerofill ? " ZEROFILL" : ""}`;
}

/** The least and greatest whole number of a type, as SQL. */
export function integerRange(type: ColumnType): readonly [string, string] | undefined {
  const bits = { tinyint: 8n, smallint: 16n, mediumint: 24n, int: 32n, bigint: 64n }[
    canonicalName(type.name)
  ];
  if (bits === undefined) return undefined;
  return type.unsigned
    ? ["0", (2n ** bits - 1n).toString()]
    : [(-(2n ** (bits - 1n))).toString(), (2n ** (bits - 1n) - 1n).toString()];
}

/** The canonical word for a type. */
export const canonicalName = remembering(
  (name: string): string => {
    const word = name.toLowerCase().replaceAll(/\s+/g, " ").trim();
    return SYNONYMS[word] ?? word;
  },
  (name) => name,
);

function lengthOf(name: string, type: ColumnType): number {
  const length = type.length === undefined || type.length === "" ? undefined : Number(type.length);
  if (length !== undefined) return length;
  if (name === "varchar" || name === "varbinary") return 255;
  if (name === "bit") return type.width ?? 1;
  return name === "vector" ? 2048 : 1;
}

function sizes(name: string, { precision, scale }: ColumnType): Pick<ColumnType, "precision" | "scale"> {
  if (WITH_FRACTION.has(name)) return precision === undefined || precision === 0 ? {} : { precision };
  if (name === "decimal") {
    const digits = precision ?? 10;
    return { ...(digits === 10 && !scale ? {} : { precision: digits }), ...(scale ? { scale } : {}) };
  }
  // One number only chooses between float and double, which information_schema then shows.
  if (DECIMALS.has(name) && precision !== undefined && scale !== undefined) return { precision, scale };
  return {};
}

function widthOf(name: string, type: ColumnType): number | undefined {
  const usual = USUAL_WIDTHS[name];
  if (!usual) return undefined;
  const spelt = type.name.toLowerCase();
  const width = spelt === "bool" || spelt === "boolean" ? 1 : type.width;
  return width === usual[type.unsigned || type.zerofill ? 1 : 0] ? undefined : width;
}
