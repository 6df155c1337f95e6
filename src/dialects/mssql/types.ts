/** The types of columns (https://learn.microsoft.com/sql/t-sql/data-types/data-types-transact-sql). */
import { compact } from "../../model/equal";
import type { ColumnType } from "../../model/schema";

/** Other words for the same types (Data type synonyms, t-sql/data-types/data-type-synonyms-transact-sql). */
const SYNONYMS: Readonly<Record<string, string>> = {
  integer: "int",
  dec: "decimal",
  "double precision": "float",
  character: "char",
  "character varying": "varchar",
  "char varying": "varchar",
  "national character": "nchar",
  "national char": "nchar",
  "national character varying": "nvarchar",
  "national char varying": "nvarchar",
  "national text": "ntext",
  "binary varying": "varbinary",
  // What the catalogue calls it (t-sql/data-types/rowversion-transact-sql); TypeORM says so too.
  rowversion: "timestamp",
  // TypeORM's own words (`SqlServerDriver.normalizeType`).
  uuid: "uniqueidentifier",
  "simple-array": "ntext",
  "simple-json": "ntext",
  "simple-enum": "nvarchar",
};

/** What TypeORM writes where no length is said (`SqlServerDriver.getColumnLength`), and what SQL Server takes elsewhere. */
const LENGTHS: Readonly<Record<string, number>> = {
  varchar: 255,
  nvarchar: 255,
  char: 1,
  nchar: 1,
  binary: 1,
  varbinary: 1,
};
/** Digits of a second where none are said. */
const TIMES: Readonly<Record<string, number>> = { time: 7, datetime2: 7, datetimeoffset: 7 };
const DECIMALS = ["decimal", "numeric"];
const OTHERS =
  "bigint bit int smallint tinyint money smallmoney real float date datetime smalldatetime text ntext image xml json " +
  "uniqueidentifier timestamp sql_variant hierarchyid geometry geography vector sysname";
/** Every type of SQL Server's own; any other word names a type that somebody made, in the case that it was given. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...Object.keys(LENGTHS),
  ...Object.keys(TIMES),
  ...DECIMALS,
  ...OTHERS.split(" "),
]);

/** A type with everything said: one word, every size, nothing that SQL Server does not have. */
export function storedType(written: ColumnType): ColumnType {
  const type = withSize(written);
  const word = type.name.toLowerCase().replace(/\s+/g, " ").trim();
  const name = SYNONYMS[word] ?? (BUILT_IN.has(word) ? word : type.name);
  const values = type.values && { values: type.values };
  if (name in LENGTHS) return { name, length: lengthOf(type.length) ?? LENGTHS[name] ?? 1, ...values };
  if (name in TIMES) return { name, precision: type.precision ?? TIMES[name] ?? 7, ...values };
  if (DECIMALS.includes(name)) {
    return { name, precision: type.precision ?? 18, scale: type.scale ?? 0, ...values };
  }
  // float(1) to float(24) is real, everything above is float (t-sql/data-types/float-and-real-transact-sql).
  if (name === "float") return { name: (type.precision ?? 53) <= 24 ? "real" : "float", ...values };
  if (name === "vector") return compact<ColumnType>({ name, length: lengthOf(type.length) });
  return { name, ...values };
}

/** `nvarchar(max)` written as one word. */
function withSize(type: ColumnType): ColumnType {
  const [, name, first, second] = /^([a-zA-Z ]+)\((\w+)(?:, *(\d+))?\)$/.exec(type.name) ?? [];
  if (name === undefined || first === undefined) return type;
  if (name.toLowerCase() in LENGTHS) return { ...type, name, length: first };
  return {
    ...type,
    name,
    precision: Number(first),
    ...(second === undefined ? {} : { scale: Number(second) }),
  };
}

/** A type with its size as SQL: `nvarchar(max)`, `decimal(10,2)`. A size that SQL Server takes anyway is left out. */
export function typeText(type: ColumnType): string {
  const stored = storedType(type);
  if (stored.length !== undefined) return `${stored.name}(${stored.length})`;
  if (stored.scale !== undefined) return `${stored.name}(${stored.precision ?? 18},${stored.scale})`;
  if (stored.precision === undefined || stored.precision === TIMES[stored.name]) return stored.name;
  return `${stored.name}(${stored.precision})`;
}

/** Whether every value keeps its place when a column goes from one type to the other: the same type, and more room. */
export function onlyWidens(from: ColumnType, to: ColumnType): boolean {
  const [before, after] = [storedType(from), storedType(to)];
  if (before.name !== after.name || !["varchar", "nvarchar", "varbinary"].includes(before.name)) return false;
  return sizeOf(after.length) >= sizeOf(before.length);
}

function sizeOf(length: number | string | undefined): number {
  return length === "max" ? Infinity : Number(length);
}

function lengthOf(length: number | string | undefined): number | string | undefined {
  if (length === undefined || length === "") return undefined;
  if (typeof length === "string" && /^\d+$/.test(length)) return Number(length);
  return typeof length === "string" ? length.toLowerCase() : length;
}
