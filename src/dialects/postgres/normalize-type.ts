/** One spelling for each type: the one that `format_type` prints (manual, section 8, table 8.1). */
import { compact, equal } from "../../model/equal";
import { qualified } from "../../model/names";
import type { ColumnType, QualifiedName } from "../../model/schema";

const ALIASES: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  serial: "integer",
  serial4: "integer",
  int2: "smallint",
  smallserial: "smallint",
  serial2: "smallint",
  int8: "bigint",
  bigserial: "bigint",
  serial8: "bigint",
  decimal: "numeric",
  dec: "numeric",
  float: "double precision",
  float8: "double precision",
  double: "double precision",
  float4: "real",
  bool: "boolean",
  varchar: "character varying",
  char: "character",
  varbit: "bit varying",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  time: "time without time zone",
  timetz: "time with time zone",
  "simple-enum": "enum",
};

/** Types that count by themselves: `serial` is no type, but a default and a sequence (manual, section 8.1.4). */
const COUNTING: ReadonlySet<string> = new Set([
  ...["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"],
]);

/** How PostGIS prints the features that it knows in any case. */
const FEATURES: ReadonlyMap<string, string> = new Map(
  [
    ...["Geometry", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"],
    ...[
      "GeometryCollection",
      "CircularString",
      "CompoundCurve",
      "CurvePolygon",
      "MultiCurve",
      "MultiSurface",
    ],
    ...["PolyhedralSurface", "Triangle", "Tin"],
  ].flatMap((name) => ["", "Z", "M", "ZM"].map((suffix) => [(name + suffix).toLowerCase(), name + suffix])),
);

/** The sizes that a type has when none is said. */
const USUAL_LENGTH: Readonly<Record<string, number>> = { character: 1, bit: 1 };
const USUAL_PRECISION = 6;
const TIMES = /^(time|timestamp|interval)\b/;

/** Whether a type is one of the `serial` family. */
export function counts({ name }: ColumnType): boolean {
  return /serial/i.test(name) && COUNTING.has(plain(name));
}

/**
 * Types in their one spelling; `name` shortens names as the database does. Equal types become the same object, so that
 * they are compared at once: a schema has many columns and few types.
 */
export function typeNormalizer(name: (text: string) => string): (type: ColumnType) => ColumnType {
  const shared = new Map<string, ColumnType[]>();
  const seen = new WeakMap<ColumnType, ColumnType>();
  return (type) => {
    if (type.enumName !== undefined) return normalizeType(type, name);
    const known = seen.get(type);
    if (known !== undefined) return known;
    const normalized = normalizeType(type, name);
    const own = equal(normalized, type) ? type : normalized;
    const named = shared.get(own.name) ?? [];
    const found = named.find((other) => equal(other, own));
    if (!found) shared.set(own.name, [...named, own]);
    seen.set(type, found ?? own);
    return found ?? own;
  };
}

/** The type in its one spelling; `name` shortens names as the database does. */
export function normalizeType(type: ColumnType, name: (text: string) => string): ColumnType {
  const word = plain(type.name);
  const base = type.enumName === undefined ? (ALIASES[word] ?? word) : "enum";
  return compact<ColumnType>({
    name: base,
    length: lengthOf(type, base),
    ...sizes(type, base),
    array: type.array ? true : undefined,
    enumName: type.enumName && shortened(type.enumName, name),
    ...feature(type, base),
  });
}

/** A quoted name stays as it is, everything else is written in small letters with single spaces. */
function plain(name: string): string {
  if (/^[a-z\d]+$/.test(name)) return name;
  return name.includes('"') ? name.trim() : name.toLowerCase().replace(/\s+/g, " ").trim();
}

function shortened(enumName: QualifiedName, name: (text: string) => string): QualifiedName {
  return qualified({ ...enumName, name: name(enumName.name) });
}

function lengthOf({ length }: ColumnType, base: string): number | string | undefined {
  if (length === undefined || length === "") return USUAL_LENGTH[base];
  return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : length;
}

function sizes({ precision, scale }: ColumnType, base: string): Pick<ColumnType, "precision" | "scale"> {
  if (precision === undefined) return {};
  if (base === "numeric") return { precision, ...(scale === undefined || scale === 0 ? {} : { scale }) };
  return TIMES.test(base) && precision !== USUAL_PRECISION ? { precision } : {};
}

/** `geometry(Geometry,0)` is `geometry`, and a geography is on the usual globe unless it says otherwise. */
function feature(type: ColumnType, base: string): Pick<ColumnType, "spatialFeatureType" | "srid"> {
  if (base !== "geometry" && base !== "geography") return {};
  const usual = base === "geography" ? 4326 : 0;
  const srid = type.srid === undefined || type.srid === usual ? undefined : type.srid;
  const word = type.spatialFeatureType?.toLowerCase();
  const name = word === undefined ? undefined : (FEATURES.get(word) ?? type.spatialFeatureType);
  const said = name === "Geometry" && srid === undefined ? undefined : name;
  return compact<Pick<ColumnType, "spatialFeatureType" | "srid">>({
    spatialFeatureType: said ?? (srid === undefined ? undefined : "Geometry"),
    srid,
  });
}
