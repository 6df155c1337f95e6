/**
 * The names of constraints that TypeORM looks for by their names only: those of defaults, which it drops by the name
 * that its naming strategy gives (`DefaultNamingStrategy.defaultConstraintName`), and those that hold the values of an
 * enum, which it knows by `CHK_` and `_ENUM` (`SqlServerQueryRunner.isEnumCheckConstraint`).
 */
import type { Column, QualifiedName } from "../../model/schema";
import { sha1 } from "./sha1";

/** The name of the constraint that holds the default of a column. */
export function defaultName(table: QualifiedName, column: string): string {
  return `DF_${sha1(`${keyOf(table)}_${column}`).slice(0, 27)}`;
}

/** The name of the check that keeps the values of a column. */
export function enumCheckName(table: QualifiedName, { name, type }: Column): string {
  const expression = `${name} IN (${(type.values ?? []).map((value) => `'${value}'`).join(",")})`;
  return `CHK_${sha1(`${keyOf(table)}_${expression}`).slice(0, 26)}_ENUM`;
}

/** Whether a check is one that keeps the values of a column. */
export function isEnumCheck(name: string): boolean {
  return name.includes("CHK_") && name.includes("_ENUM");
}

/** TypeORM's key of a table: its name without a schema, the first dot replaced. */
function keyOf({ name }: QualifiedName): string {
  return (name.split(".").pop() ?? name).replace(".", "_");
}
