/**
 * What PostgreSQL demands beside an operation: a view stands in the way of changing the type of a column that it shows,
 * and so do the views on that view (manual, ALTER TABLE, 5.14). They are taken down and put back, and nothing else is.
 */
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import type { QualifiedName, Schema, View } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, Operation } from "../../operations/operation";
import { typeText } from "./type-text";

/** The operations with what must stand around them, given the schema before. */
export function rewrite(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  return operations.flatMap((operation) => {
    const inner =
      operation.kind === "batchAlterTable"
        ? rewriteAll(operation.operations, operation.table, schema)
        : undefined;
    return inner ?? around(operation, viewsInTheWay(operation, schema));
  });
}

/** The changes of one table, with the views around all of them taken down once. */
function rewriteAll(
  operations: readonly Operation[],
  table: QualifiedName,
  schema: Schema,
): readonly Operation[] {
  const named = operations.flatMap((operation) => viewsInTheWay(operation, schema));
  const views = schema.views.filter((view) => named.some((other) => sameName(other, view)));
  const inner: Operation = { kind: "batchAlterTable", table, operations };
  return around(inner, inCreationOrder(views));
}

function around(operation: Operation, views: readonly View[]): readonly Operation[] {
  if (views.length === 0) return [operation];
  return [
    ...views.toReversed().map((view): Operation => ({ kind: "dropView", view: qualified(view), was: view })),
    operation,
    ...views.map((view): Operation => ({ kind: "createView", view })),
  ];
}

/** The views that an operation cannot pass, in the order in which they can be made. */
function viewsInTheWay(operation: Operation, schema: Schema): readonly View[] {
  switch (operation.kind) {
    case "alterColumn":
      if (!operation.was || !changesType(operation)) return [];
      return dependents(operation.table, operation.column, schema);
    case "replaceView":
      return dependents(operation.view, undefined, schema);
    default:
      return [];
  }
}

function changesType(operation: AlterColumn): boolean {
  const { was, change } = operation;
  if (!was) return false;
  const after = changedColumn(was, change);
  return (
    typeText(was.type) !== typeText(after.type) ||
    was.collation !== after.collation ||
    after.generated?.kind === "computed"
  );
}

/** The views on a table or view, directly or through others. */
function dependents(name: QualifiedName, column: string | undefined, schema: Schema): readonly View[] {
  const found = new Set<View>();
  const visit = (target: QualifiedName, part: string | undefined): void => {
    for (const view of schema.views) {
      if (found.has(view) || sameName(view, name) || !mentions(view.sql, target.name)) continue;
      if (part !== undefined && !mentions(view.sql, part)) continue;
      found.add(view);
      visit(view, undefined);
    }
  };
  visit(name, column);
  return inCreationOrder([...found]);
}

/** Each view behind those that it names. */
function inCreationOrder(views: readonly View[]): readonly View[] {
  const sorted: View[] = [];
  const visit = (view: View, path: readonly View[]): void => {
    if (sorted.includes(view) || path.includes(view)) return;
    for (const other of views) {
      if (other !== view && mentions(view.sql, other.name)) visit(other, [...path, view]);
    }
    sorted.push(view);
  };
  for (const view of views) visit(view, []);
  return sorted;
}
