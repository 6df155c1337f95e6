/** What stands on a column of a table, and cannot be without it. */
import { mentions } from "./expression";
import type { Constraint, Index, Table } from "./schema";

/** The indexes and constraints that hold a column or say its name. */
export function partsOn(
  { constraints, indexes }: Pick<Table, "constraints" | "indexes">,
  column: string,
): { readonly constraints: readonly Constraint[]; readonly indexes: readonly Index[] } {
  const isIn = (columns: readonly string[] = []): boolean => columns.includes(column);
  return {
    constraints: constraints.filter((constraint) =>
      "columns" in constraint ? isIn(constraint.columns) : mentions(constraint.expression, column),
    ),
    indexes: indexes.filter(
      ({ parts, include, where = "" }) =>
        isIn(include) ||
        mentions(where, column) ||
        parts.some((part) => part.column === column || mentions(part.expression ?? "", column)),
    ),
  };
}
