/** The order in which views can be made. */
import { mentions } from "../../model/expression";
import type { View } from "../../model/schema";

/** Each view behind those that it names. */
export function inCreationOrder(views: readonly View[]): readonly View[] {
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
