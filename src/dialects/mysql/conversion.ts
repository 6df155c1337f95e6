/**
 * What a column holds that it could not hold after a change: conditions on its rows, to be asked before anything is
 * changed. Strict mode stops most of this by itself, but without a number, and it says nothing of rounding.
 */
import { displayName } from "../../model/names";
import type { Column, ColumnType, QualifiedName } from "../../model/schema";
import type { Capabilities } from "./capabilities";
import { refuseRows } from "./guard";
import { quote } from "./quote";
import { canonicalName, isString, normalizeType } from "./type";
import { isBinary, unfit } from "./unfit";

/** Rows that would not survive, as SQL, and what to say of them. */
interface Unfit {
  readonly where: string;
  readonly problem: string;
}

/** Statements that fail, with the number of rows, where the column holds what it could not hold afterwards. */
export function guards(
  table: QualifiedName,
  from: Column,
  to: Column,
  capabilities: Capabilities,
): readonly string[] {
  if (from.generated?.kind === "computed" || to.generated?.kind === "computed") return [];
  const place = `${displayName(table)}.${from.name}`;
  return [...nulls(from, to), ...values(from, to, capabilities), ...characters(from, to)].map(
    ({ where, problem }) => refuseRows(table, where, `rows of ${place} ${problem}`),
  );
}

function nulls(from: Column, to: Column): readonly Unfit[] {
  if (!from.nullable || to.nullable) return [];
  return [
    { where: `${quote(from.name)} IS NULL`, problem: "are null: give them a value first, or say `fill`" },
  ];
}

function values(from: Column, to: Column, capabilities: Capabilities): readonly Unfit[] {
  const column = quote(from.name);
  const before = normalizeType(from.type);
  const after = normalizeType(to.type);
  const where = [...unfit(column, before, after, capabilities), ...unreadable(column, from, to)];
  return where.map((condition) => ({
    where: `${column} IS NOT NULL AND (${condition})`,
    problem: `do not fit ${describe(after)}`,
  }));
}

/** Bytes that are no text in the character set: MySQL reads nothing then, MariaDB question marks. */
function unreadable(column: string, from: Column, to: Column): readonly string[] {
  if (!isBinary(normalizeType(from.type)) || !isString(to.type) || to.type.values) return [];
  const charset = to.charset ?? to.collation?.split("_")[0] ?? "utf8mb4";
  return [`COALESCE(CAST(CONVERT(${column} USING ${charset}) AS BINARY) <> ${column}, TRUE)`];
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

function describe(type: ColumnType): string {
  const { precision, scale = canonicalName(type.name) === "decimal" ? 0 : undefined } = type;
  const size = type.length ?? (scale === undefined ? precision : `${precision ?? 10},${scale}`);
  const values = type.values === undefined ? "" : ` of ${type.values.join(" | ")}`;
  return `${type.unsigned ? "unsigned " : ""}${canonicalName(type.name)}${size === undefined ? "" : `(${size})`}${values}`;
}
