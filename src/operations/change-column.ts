/** A column and what changes of it: applying a change, and finding the change between two columns. */
import { compact, equal } from "../model/equal";
import type { Column, ColumnType } from "../model/schema";
import type { ColumnChange } from "./operation";

const CLEARABLE = ["default", "generated", "onUpdate", "charset", "collation", "comment"] as const;
/** What says how letters are kept: the one is never changed without the other. */
const LETTERS = ["charset", "collation"] as const;

function isLetters(key: string): boolean {
  return key === "charset" || key === "collation";
}

/** The column after a change. */
export function changedColumn(column: Column, change: ColumnChange): Column {
  const cleared = Object.fromEntries(
    CLEARABLE.filter((key) => change[key] !== undefined).map((key) => [key, change[key] ?? undefined]),
  );
  // A character set comes with a collation of its own, and a collation says its character set.
  const letters = LETTERS.some((key) => change[key] !== undefined)
    ? { charset: change.charset ?? undefined, collation: change.collation ?? undefined }
    : {};
  return compact<Column>({
    ...column,
    ...cleared,
    ...letters,
    name: change.name ?? column.name,
    nullable: change.nullable ?? column.nullable,
    type: changedType(column.type, change.type),
  });
}

/** What must change for one column to become another; empty when they are equal. */
export function columnChange(from: Column, to: Column): ColumnChange {
  const sameLetters = LETTERS.every((key) => from[key] === to[key]);
  const changes = (key: (typeof CLEARABLE)[number]): boolean =>
    isLetters(key) && !sameLetters ? (from[key] ?? to[key]) !== undefined : !equal(from[key], to[key]);
  const cleared = Object.fromEntries(CLEARABLE.filter(changes).map((key) => [key, to[key] ?? null]));
  return {
    ...(from.name === to.name ? {} : { name: to.name }),
    ...(equal(from.type, to.type) ? {} : { type: to.type }),
    ...(from.nullable === to.nullable ? {} : { nullable: to.nullable }),
    ...cleared,
  };
}

/** A change that names a type replaces it whole; one that does not changes parts of it. */
function changedType(type: ColumnType, change: ColumnChange["type"]): ColumnType {
  if (change === undefined) return type;
  return change.name === undefined ? { ...type, ...change } : (change as ColumnType);
}
