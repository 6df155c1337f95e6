/** Columns, types and defaults in a revision file, as the user's own code where the user wants that. */
import type { Column, ColumnType, Default, QualifiedName } from "../model/schema";
import type { ColumnChange } from "../operations/operation";
import type { RenderedFile } from "../operations/registry";
import { changeToSpec, columnToSpec } from "../operations/to-spec";
import { Code } from "./literal";

/** Something that may be written as code of the user's own. */
export type RenderedItem = {
  readonly table: QualifiedName;
  /** The name of the column. */
  readonly column: string;
} & (
  | { readonly kind: "column"; readonly definition: Column }
  | { readonly kind: "type"; readonly definition: ColumnType }
  | { readonly kind: "default"; readonly definition: Default }
);

/**
 * Writes a piece of a revision file as source text; `undefined` leaves it as it would be. A `column` stands for the whole
 * object (`money("price")`), a `type` is spread into it (`money()` gives `...money()`), a `default` is its value (`now`).
 */
export type RenderItem = (item: RenderedItem, file: RenderedFile) => string | undefined;

/** How the calls of a file write what may be the user's own code. */
export interface Items {
  column(table: QualifiedName, column: Column): unknown;
  change(table: QualifiedName, column: string, change: ColumnChange): unknown;
}

/** Everything as data. */
export const plainItems: Items = {
  column: (_table, column) => columnToSpec(column),
  change: (_table, _column, change) => changeToSpec(change),
};

/** What the user's function writes, and data for the rest. */
export function itemsOf(render: RenderItem | undefined, file: RenderedFile): Items {
  if (!render) return plainItems;
  const code = (item: RenderedItem): Code | undefined => {
    const source = render(item, file);
    return source === undefined ? undefined : new Code(source);
  };
  return {
    column: (table, column) =>
      code({ kind: "column", table, column: column.name, definition: column }) ??
      withCode(columnToSpec(column), table, column, code),
    change: (table, column, change) =>
      withCode(changeToSpec(change), table, { ...change, name: column }, code),
  };
}

/** A column, or what changes of it, with its type and default as code. */
function withCode(
  spec: object,
  table: QualifiedName,
  { name, type, default: value }: Pick<ColumnChange, "type" | "default"> & { readonly name: string },
  code: (item: RenderedItem) => Code | undefined,
): object {
  const wholeType = type !== undefined && "name" in type ? (type as ColumnType) : undefined;
  const typeCode = wholeType && code({ kind: "type", table, column: name, definition: wholeType });
  const defaultCode = value ? code({ kind: "default", table, column: name, definition: value }) : undefined;
  const said = defaultCode ? { ...spec, default: defaultCode } : spec;
  if (!wholeType || !typeCode) return said;
  const ofType = new Set(Object.keys(changeToSpec({ type: wholeType })));
  const [first, ...rest] = Object.entries(said).filter(([key]) => !ofType.has(key));
  const spread = ["...", typeCode] as const;
  const entries =
    first?.[0] === "name" ? [first, spread, ...rest] : [spread, ...(first ? [first] : []), ...rest];
  return Object.fromEntries(entries);
}
