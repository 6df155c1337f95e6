/** Pieces of a revision file (columns, types, defaults, constraints, indexes), as the user's own code where that is wanted. */
import type { Column, ColumnType, Constraint, Default, Index, QualifiedName, Table } from "../model/schema";
import { qualified } from "../model/names";
import type { ColumnChange, Operation } from "../operations/operation";
import type { RenderedFile } from "../operations/registry";
import { changeToSpec, columnToSpec, tableToSpec } from "../operations/to-spec";
import { Code } from "./literal";

/** Something that may be written as code of the user's own, with the table that it is of. */
export type RenderedItem = { readonly table: QualifiedName } & (
  | RenderedOfColumn<"column", Column>
  | RenderedOfColumn<"type", ColumnType>
  | RenderedOfColumn<"default", Default>
  | RenderedOfTable<"constraint", Constraint>
  | RenderedOfTable<"index", Index>
);
/** A column, its type or its default. */
export interface RenderedOfColumn<Kind extends string, Definition> {
  readonly kind: Kind;
  /** The name of the column. */
  readonly column: string;
  readonly definition: Definition;
}
/** A constraint or an index. */
export interface RenderedOfTable<Kind extends string, Definition> {
  readonly kind: Kind;
  readonly definition: Definition;
  /** Where it stands: in a `createTable`, or as a call of its own on `op`, or on `batch`, which takes no table. */
  readonly place: "createTable" | "op" | "batch";
}

/**
 * Writes a piece of a revision file as source text; `undefined` leaves it as it would be. A `column` stands for the whole
 * object (`money("price")`), a `type` is spread into it (`money()` gives `...money()`), a `default` is its value (`now`).
 * A `constraint` or an `index` stands for its object in a `createTable`, and elsewhere for the call that makes it
 * (`createIndex(...byName("account"))`).
 */
export type RenderItem = (item: RenderedItem, file: RenderedFile) => string | undefined;

/** How the calls of a file write what may be the user's own code. */
export interface Items {
  /** What a `createTable` says of a table. */
  table(table: Table): object;
  column(table: QualifiedName, column: Column): unknown;
  change(table: QualifiedName, column: string, change: ColumnChange): unknown;
  /** The whole call of an operation, without what it is called on; nothing where data makes it. */
  call(operation: Operation, place: "op" | "batch"): string | undefined;
}

/** Everything as data. */
export const plainItems: Items = {
  table: tableToSpec,
  column: (_table, column) => columnToSpec(column),
  change: (_table, _column, change) => changeToSpec(change),
  call: () => undefined,
};

/** What the user's function writes, and data for the rest. */
export function itemsOf(render: RenderItem | undefined, file: RenderedFile): Items {
  if (!render) return plainItems;
  const code = (item: RenderedItem): Code | undefined => {
    const source = render(item, file);
    return source === undefined ? undefined : new Code(source);
  };
  const column = (table: QualifiedName, one: Column): unknown =>
    code({ kind: "column", table, column: one.name, definition: one }) ??
    withCode(columnToSpec(one), table, one, code);
  return {
    table: (table) => ({
      ...tableToSpec(table),
      columns: table.columns.map((one) => column(table, one)),
      ...partsWithCode(table, code),
    }),
    column,
    change: (table, name, change) => withCode(changeToSpec(change), table, { ...change, name }, code),
    call: (operation, place) => {
      const item = itemOfCall(operation);
      return item && render({ ...item, place }, file);
    },
  };
}

/** The constraint or index that a call makes. */
function itemOfCall(operation: Operation) {
  switch (operation.kind) {
    case "addConstraint":
      return { kind: "constraint", table: operation.table, definition: operation.constraint } as const;
    case "createIndex":
      return { kind: "index", table: operation.table, definition: operation.index } as const;
    default:
      return undefined;
  }
}

/** The constraints and indexes of a table, with code for those that the user writes. */
function partsWithCode(table: Table, code: (item: RenderedItem) => Code | undefined): object {
  const spec = tableToSpec(table);
  const where = { table: qualified(table), place: "createTable" } as const;
  const ofKind = (kind: Constraint["kind"], listed: readonly object[] | undefined) => {
    const constraints = table.constraints.filter((constraint) => constraint.kind === kind);
    return listed?.map((one, at): unknown => {
      const definition = constraints[at];
      return (definition && code({ ...where, kind: "constraint", definition })) ?? one;
    });
  };
  return {
    primaryKey: ofKind("primaryKey", spec.primaryKey && [spec.primaryKey])?.[0],
    uniques: ofKind("unique", spec.uniques),
    checks: ofKind("check", spec.checks),
    foreignKeys: ofKind("foreignKey", spec.foreignKeys),
    exclusions: ofKind("exclusion", spec.exclusions),
    indexes: spec.indexes?.map((one, at): unknown => {
      const definition = table.indexes[at];
      return (definition && code({ ...where, kind: "index", definition })) ?? one;
    }),
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
