/** Views hold on to what they read: they are taken down before it changes, and put back after it. */
import { mentions } from "../../model/expression";
import { sameName } from "../../model/names";
import type { QualifiedName, Schema, View } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import { inCreationOrder } from "../ansi/view-order";
import { createView, dropView } from "./compile-view";

/** A statement as an operation. */
export function execute(sql: string): Operation {
  return { kind: "execute", sql };
}

/** The operations without these views around them. */
export function aroundViews(operations: readonly Operation[], views: readonly View[]): readonly Operation[] {
  const sorted = inCreationOrder(views);
  return [
    ...sorted.toReversed().map((view) => execute(dropView(view, false))),
    ...operations,
    ...sorted.flatMap(createView).map(execute),
  ];
}

/** The views on a table or view, directly or through others. */
export function dependents(name: QualifiedName, column: string | undefined, schema: Schema): readonly View[] {
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
