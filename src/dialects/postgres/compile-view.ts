/** Views as statements. */
import type { QualifiedName, View } from "../../model/schema";
import { commentOnIndex } from "./compile-table";
import { createIndex } from "./constraint-text";
import { quoteName } from "./quote";

/** CREATE VIEW with everything that belongs to the view. */
export function createView(view: View): readonly string[] {
  return [
    `CREATE ${view.materialized ? "MATERIALIZED " : ""}VIEW ${quoteName(view)} AS ${view.sql}`,
    ...(view.indexes ?? []).flatMap((index) => [createIndex(view, index), ...commentOnIndex(view, index)]),
    ...(view.attachments ?? []).map(({ sql }) => sql),
  ];
}

/** DROP VIEW, in the words for its kind. */
export function dropView(view: QualifiedName & Pick<View, "materialized">, ifExists: boolean): string {
  return `DROP ${view.materialized ? "MATERIALIZED " : ""}VIEW ${ifExists ? "IF EXISTS " : ""}${quoteName(view)}`;
}
