/** Drops with what goes along although the entities ask that it be left alone (`synchronize: false`). */
import type { Dialect } from "../dialects/dialect";
import type { Schema, Table } from "../model/schema";
import { findTable } from "../model/schema";
import { partsOn } from "../model/parts-on";
import type { DropColumn, DropTable, Operation } from "../operations/operation";

/**
 * The operations with the indexes and constraints that a comparison did not see and that cannot stay: said, so that the
 * way back makes them again. `wholeSchema` is the one with them, asked for where something is dropped, `seen` the one that
 * was compared.
 */
export function withTakenAlong(
  { name }: Dialect,
  operations: readonly Operation[],
  wholeSchema: () => Schema,
  seen: Schema,
): readonly Operation[] {
  // Elsewhere a column does not take its indexes along, or is refused.
  if (name !== "postgres" || !operations.some(isDrop)) return operations;
  const whole = wholeSchema();
  const said = new Set<string>();
  return operations.flatMap((operation): readonly Operation[] => {
    if (!isDrop(operation)) return [operation];
    const [table, known] = [findTable(whole, operation.table), findTable(seen, operation.table)];
    if (!table || !known) return [operation];
    const unseen = without(table, known);
    if (operation.kind === "dropTable") return [restored(operation, unseen)];
    return [...dropsOn(operation, unseen, said), operation];
  });
}

function isDrop(operation: Operation): operation is DropTable | DropColumn {
  return operation.kind === "dropTable" || operation.kind === "dropColumn";
}

type Parts = Pick<Table, "constraints" | "indexes">;

function without({ constraints, indexes }: Table, known: Table): Parts {
  const isNew =
    (others: readonly { readonly name?: string }[]) =>
    ({ name }: { readonly name?: string }): boolean =>
      !others.some((other) => other.name === name);
  return {
    constraints: constraints.filter(isNew(known.constraints)),
    indexes: indexes.filter(isNew(known.indexes)),
  };
}

function restored(operation: DropTable, { constraints, indexes }: Parts): DropTable {
  const { was } = operation;
  if (!was) return operation;
  return {
    ...operation,
    was: {
      ...was,
      constraints: [...was.constraints, ...constraints],
      indexes: [...was.indexes, ...indexes],
    },
  };
}

function dropsOn({ table, column }: DropColumn, unseen: Parts, said: Set<string>): readonly Operation[] {
  const { constraints, indexes } = partsOn(unseen, column);
  const isFirst = ({ name = "" }: { readonly name?: string }): boolean => {
    const key = JSON.stringify([table.schema, table.name, name]);
    return !said.has(key) && said.add(key).has(key);
  };
  return [
    ...constraints
      .filter(({ name }) => name !== undefined)
      .filter(isFirst)
      .map((was): Operation => ({
        kind: "dropConstraint",
        table,
        name: was.name ?? "",
        type: was.kind,
        was,
      })),
    ...indexes.filter(isFirst).map((was): Operation => ({ kind: "dropIndex", table, name: was.name, was })),
  ];
}
