/**
 * Both sides of a foreign key must be of one type (t-sql/statements/alter-table-table-constraint-transact-sql), so a key
 * whose two sides change together has to be away for both changes. Each change alone would put it back too early.
 */
import { keyOf, sameName } from "../../model/names";
import type { ForeignKey, QualifiedName, Schema } from "../../model/schema";
import { applyAll } from "../../operations/apply";
import { changedColumn } from "../../operations/change-column";
import { flatten } from "../../operations/describe";
import type { Operation } from "../../operations/operation";
import { order } from "../../operations/order";
import { addKey, dropConstraint, keysOf } from "../ansi/keys";
import { typeAndCollation } from "./text";

/** The operations with such keys dropped before the changes and added after them. */
export function arrange(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const retyped = retypedColumns(operations);
  const isRetyped = (table: QualifiedName, column: string | undefined): boolean =>
    column !== undefined && retyped.has(JSON.stringify([keyOf(table), column]));
  const bothSides = (owner: QualifiedName, key: ForeignKey): boolean =>
    key.columns.some(
      (column, place) => isRetyped(owner, column) && isRetyped(key.references, key.referencedColumns[place]),
    );
  const stays = keysOf(applyAll(schema, operations));
  const around = keysOf(schema).flatMap(({ owner, key }): readonly Operation[] => {
    const after = stays.find((other) => sameName(other.owner, owner) && other.key.name === key.name);
    const isTouched = operations.some(
      (operation) => operation.kind === "dropConstraint" && operation.was === key,
    );
    if (!after || isTouched || !bothSides(owner, key)) return [];
    return [dropConstraint(owner, key), addKey(after)];
  });
  return around.length === 0 ? operations : order([...operations, ...around], { forwardReferences: false });
}

function retypedColumns(operations: readonly Operation[]): ReadonlySet<string> {
  return new Set(
    flatten(operations).flatMap((operation) => {
      if (operation.kind !== "alterColumn" || !operation.was) return [];
      const after = changedColumn(operation.was, operation.change);
      const declared = typeAndCollation(operation.table, operation.was).join(" ");
      const changes = declared !== typeAndCollation(operation.table, after).join(" ");
      return changes ? [JSON.stringify([keyOf(operation.table), operation.column])] : [];
    }),
  );
}
