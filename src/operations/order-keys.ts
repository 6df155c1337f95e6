/** The objects that operations depend on, as keys: equal keys are the same object. */
import { namesIn } from "../model/expression";
import { keyOf } from "../model/names";
import type { Constraint, QualifiedName } from "../model/schema";

/** What an operation has to do with the objects around it, as keys. */
export interface Effects {
  /** Exists afterwards. */
  readonly creates: readonly string[];
  /** Must exist before. */
  readonly needs: readonly string[];
  /** Is gone afterwards. */
  readonly drops: readonly string[];
  /** What this operation takes away leaned on it until now. */
  readonly releases: readonly string[];
}

/** Depends on nothing. */
export const nothing: Effects = { creates: [], needs: [], drops: [], releases: [] };

export const tableKey = (name: QualifiedName): string => `table ${keyOf(name)}`;
// The columns of a table as views see them. Two keys, because what changes a shape both ends one and begins another.
export const shapeKey = (name: string): string => `shape ${name}`;
export const oldShapeKey = (name: string): string => `old shape ${name}`;
// Without case, because bare words in expressions have none.
export const columnKey = (table: QualifiedName, column: string): string =>
  `column ${keyOf(table)} ${column.toLowerCase()}`;
export const columnsIn = (table: QualifiedName, expression: string | undefined): readonly string[] =>
  expression === undefined ? [] : [...namesIn(expression)].map((name) => columnKey(table, name));
export const enumKey = (name: QualifiedName): string => `enum ${keyOf(name)}`;
/** Types, functions and operator classes come from extensions, by names that need not say so. */
export const EXTENSIONS = "extensions";
export const schemaKey = (name: string | undefined): readonly string[] =>
  name === undefined ? [] : [`schema ${name}`];
export const constraintKey = (table: QualifiedName, constraint: Constraint): string =>
  `constraint ${keyOf(table)} ${constraint.name ?? JSON.stringify(constraint)}`;
export const indexKey = (table: QualifiedName, name: string): string => `index ${table.schema ?? ""} ${name}`;
export const uniqueKey = (table: QualifiedName, columns: readonly string[]): string =>
  `unique ${keyOf(table)} ${columns.toSorted().join(" ")}`;
