/** What a generated file says although it could be left out, so that its reviewer sees it. */
import type { ColumnType } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, Operation } from "../../operations/operation";
import { castOf } from "./alter-column";
import { normalizeType } from "./normalize-type";
import { quote } from "./quote";

/**
 * Families of types among which PostgreSQL casts by itself when it stores a value (`pg_cast`, context `i` or `a`); any
 * value becomes a text by itself, too.
 */
const FAMILIES: readonly RegExp[] = [
  /^(?:smallint|integer|bigint|numeric|real|double precision)$/,
  /^(?:date|timestamp with(?:out)? time zone)$/,
  /^time with(?:out)? time zone$/,
  /^(?:time without time zone|interval)$/,
  /^jsonb?$/,
  /^bit(?: varying)?$/,
  /^(?:cidr|inet)$/,
];
const TEXTS = /^(?:text|character(?: varying)?|citext)$/;

/** A change of type with the cast that it makes, where PostgreSQL would not make it by itself. */
export function spellOut(operation: Operation): Operation {
  if (operation.kind === "batchAlterTable") {
    return { ...operation, operations: operation.operations.map(spellOut) };
  }
  return operation.kind === "alterColumn" ? withUsing(operation) : operation;
}

function withUsing(operation: AlterColumn): Operation {
  const { was, change, using } = operation;
  if (!was || using !== undefined) return operation;
  const after = changedColumn(was, change);
  // The database computes such a column anew.
  if (after.generated?.kind === "computed") return operation;
  const cast = castOf(was.type, after.type, quote(after.name));
  return cast === undefined || isStored(was.type, after.type) ? operation : { ...operation, using: cast };
}

/** Whether a value of one type is stored as the other without a word. */
function isStored(from: ColumnType, to: ColumnType): boolean {
  if ((from.array ?? false) !== (to.array ?? false) || to.enumName !== undefined) return false;
  const name = (type: ColumnType): string => normalizeType(type, (text) => text).name;
  if (TEXTS.test(name(to))) return true;
  if (from.enumName !== undefined) return false;
  // A moment has a time of day, and not the other way round.
  if (name(from).startsWith("timestamp ") && name(to).startsWith("time ")) return true;
  return FAMILIES.some((family) => family.test(name(from)) && family.test(name(to)));
}
