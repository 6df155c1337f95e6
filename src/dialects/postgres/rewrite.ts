/**
 * What PostgreSQL demands beside an operation: views that show a column, views on these, and computed columns that are
 * made of it stand in the way of changing its type (manual, ALTER TABLE, 5.14). They are taken down and put back, and
 * nothing else is.
 */
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import { findTable } from "../../model/schema";
import type { QualifiedName, Schema, Table, View } from "../../model/schema";
import { apply } from "../../operations/apply";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, Operation } from "../../operations/operation";
import { emptyRegistry } from "../../operations/registry";
import type { Registry } from "../../operations/registry";
import { typeText } from "./type-text";

/** The operations with what must stand around them, given the schema before. */
export function rewrite(
  operations: readonly Operation[],
  schema: Schema,
  registry: Registry = emptyRegistry,
): readonly Operation[] {
  const result: Operation[] = [];
  let now = schema;
  for (const operation of operations) {
    const inner =
      operation.kind === "batchAlterTable"
        ? rewrite(operation.operations, now, registry)
        : rewriteOne(operation, now);
    result.push(...inner);
    now = apply(now, operation, registry);
  }
  return result;
}

function rewriteOne(operation: Operation, schema: Schema): readonly Operation[] {
  switch (operation.kind) {
    case "alterColumn":
      return changesType(operation) ? aroundColumn(operation, schema) : [operation];
    case "replaceView":
      return aroundViews([operation], dependents(operation.view, undefined, schema));
    default:
      return [operation];
  }
}

/** A change of type, without the views that show the column and without the computed columns that are made of it. */
function aroundColumn(operation: AlterColumn, schema: Schema): readonly Operation[] {
  const table = findTable(schema, operation.table);
  if (!table) return [operation];
  const { column } = operation;
  const computed = table.columns.filter(
    ({ name, generated }) =>
      generated?.kind === "computed" && name !== column && mentions(generated.sql, column),
  );
  const columns = [...computed.map(({ name }) => name), ...(isMadeAnew(operation) ? [column] : [])];
  const views = [column, ...columns].flatMap((name) => dependents(operation.table, name, schema));
  return aroundViews(
    [
      ...computed.map((was): Operation => ({
        kind: "dropColumn",
        table: operation.table,
        column: was.name,
        was,
      })),
      operation,
      ...computed.map((each): Operation => ({ kind: "addColumn", table: operation.table, column: each })),
      ...columns.flatMap((name) => lostWith(name, table)),
    ],
    schema.views.filter((view) => views.includes(view)),
  );
}

/** A computed column whose expression changes is dropped and added. */
function isMadeAnew({ was, change }: AlterColumn): boolean {
  return was !== undefined && changedColumn(was, change).generated?.kind === "computed";
}

/** What goes with a column when it is dropped, and must come back with it. */
function lostWith(column: string, table: Table): readonly Operation[] {
  const name = qualified(table);
  const isIn = (columns: readonly string[] = []): boolean => columns.includes(column);
  const indexes = table.indexes.filter(
    ({ parts, include, where = "" }) =>
      isIn(include) ||
      mentions(where, column) ||
      parts.some((part) => part.column === column || mentions(part.expression ?? "", column)),
  );
  const constraints = table.constraints.filter((constraint) =>
    "columns" in constraint ? isIn(constraint.columns) : mentions(constraint.expression, column),
  );
  return [
    ...constraints.map((constraint): Operation => ({ kind: "addConstraint", table: name, constraint })),
    ...indexes.map((index): Operation => ({ kind: "createIndex", table: name, index })),
  ];
}

function aroundViews(operations: readonly Operation[], views: readonly View[]): readonly Operation[] {
  const sorted = inCreationOrder(views);
  return [
    ...sorted.toReversed().map((view): Operation => ({ kind: "dropView", view: qualified(view), was: view })),
    ...operations,
    ...sorted.map((view): Operation => ({ kind: "createView", view })),
  ];
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
