/** A schema in few words, for tables of cases. */
import type { Constraint, Index, Schema } from "../../src/model/schema";

/** What a table or view consists of. A column that takes null ends in `?`; one that makes its values starts with `+`. */
export type Outline = Readonly<Record<string, readonly string[]>>;

/** Tables and views by name: columns, then constraints, then indexes, each as one text. */
export function outlineOf(schema: Schema): Outline {
  const tables = schema.tables.map((table) => [
    [table.schema, table.name].filter(Boolean).join("."),
    [
      table.columns
        .map(({ name, nullable, generated }) => `${generated ? "+" : ""}${name}${nullable ? "?" : ""}`)
        .join(" "),
      ...table.constraints.map(constraintText),
      ...table.indexes.map(indexText),
    ],
  ]);
  const views = schema.views.map((view) => [
    [view.schema, view.name].filter(Boolean).join("."),
    [
      `${view.materialized ? "materialized " : ""}view ${view.sql}`,
      ...(view.dependsOn ?? []).map(({ name }) => `after ${name}`),
      ...(view.indexes ?? []).map(indexText),
    ],
  ]);
  return Object.fromEntries([...tables, ...views]) as Outline;
}

function constraintText(constraint: Constraint): string {
  switch (constraint.kind) {
    case "primaryKey":
      return `key ${constraint.columns.join(" ")}`;
    case "unique":
      return `unique ${constraint.columns.join(" ")}`;
    case "check":
    case "exclusion":
      return `${constraint.kind} ${constraint.expression}`;
    case "foreignKey": {
      const { columns, references, referencedColumns, onDelete } = constraint;
      const target = `${[references.schema, references.name].filter(Boolean).join(".")} ${referencedColumns.join(" ")}`;
      return `${columns.join(" ")} -> ${target}${onDelete === "NO ACTION" ? "" : ` ${onDelete}`}`;
    }
  }
}

function indexText({ parts, unique, where }: Index): string {
  const columns = parts.map(({ column }) => column).join(" ");
  return `${unique ? "unique " : ""}index ${columns}${where === undefined ? "" : ` where ${where}`}`;
}
