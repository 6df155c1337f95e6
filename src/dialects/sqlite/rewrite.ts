/**
 * What SQLite cannot alter in place becomes a move-and-copy of the whole table: one for each batch, however many
 * changes it holds. The route changes, the destination does not.
 */
import { compact } from "../../model/equal";
import { mentions } from "../../model/expression";
import { qualified } from "../../model/names";
import type { Column, Default, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { constraintUses, indexUses, withColumnsRenamed } from "../../operations/apply-table";
import type {
  AddColumn,
  BatchAlterTable,
  ColumnRename,
  Operation,
  RecreateTable,
} from "../../operations/operation";
import { isReordered, refuseCopy, tableAfter, tableOf } from "../ansi/recreate";
import { rewriting } from "../ansi/rewriting";
import { defaultText } from "../ansi/sql";
import { splitColumn, splitDefinition } from "./definition";
import { editedSource } from "./edit";
import { quote, writer } from "./quote";
import { changesForm } from "./table-sql";
import { foldCase } from "./tokens";

/** A check in the column's own definition would go with it, also one that does not name the column. */
function checksInside({ source, name, columns }: Table, column: string): boolean {
  if (source === undefined) return false;
  const place = columns.findIndex((candidate) => candidate.name === column);
  const text = splitDefinition(source.sql, name).columns[place]?.text ?? "";
  return splitColumn(text).clauses.some(({ kind }) => kind === "check");
}

/** The same operations with everything folded into `recreateTable` that SQLite cannot do by ALTER TABLE. */
export const rewrite = rewriting(rewriteOne);

function rewriteOne(operation: Operation, schema: Schema): readonly Operation[] {
  if (operation.kind === "batchAlterTable") return rewriteBatch(operation, schema);
  const table = changedTable(operation, schema);
  if (!table || inPlace(operation, table)) return [operation];
  return [recreate(table, { table: qualified(table), operations: [operation] }, schema)];
}

function rewriteBatch(batch: BatchAlterTable, schema: Schema): readonly Operation[] {
  const { table, known } = tableOf(batch, schema);
  const mode = batch.recreate ?? "auto";
  const inPlaceOnly = !isReordered(batch, known) && allInPlace(batch.operations, table, known);
  if (mode !== "always" && inPlaceOnly) return batch.operations;
  if (mode === "never") throw refuseCopy("SQLite", table);
  return [recreate(table, batch, known)];
}

function allInPlace(operations: readonly Operation[], table: Table, schema: Schema): boolean {
  let current = schema;
  return operations.every((operation) => {
    const now = findTable(current, table);
    current = apply(current, operation);
    return now !== undefined && inPlace(operation, now);
  });
}

/** The existing table that an operation changes from within. */
function changedTable(operation: Operation, schema: Schema): Table | undefined {
  switch (operation.kind) {
    case "addColumn":
    case "dropColumn":
    case "alterColumn":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "alterTable":
      return findTable(schema, operation.table);
    default:
      return undefined;
  }
}

/** Whether ALTER TABLE can do it (https://www.sqlite.org/lang_altertable.html). */
function inPlace(operation: Operation, table: Table): boolean {
  switch (operation.kind) {
    case "addColumn":
      return standsLast(operation, table) && operation.fill === undefined && canAdd(operation.column);
    case "dropColumn":
      return canDrop(table, operation.column);
    case "alterColumn":
      return (
        Object.keys(operation.change).every((key) => key === "name") && !computesWith(table, operation.column)
      );
    case "alterTable":
      return !changesForm(operation.change, table.options ?? {});
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
      return false;
    default:
      return true;
  }
}

function standsLast({ after }: AddColumn, { columns }: Table): boolean {
  return after === undefined || (after !== null && columns.at(-1)?.name === after);
}

/** TypeORM remembers the text of computed columns, which would change with the name. */
function computesWith(table: Table, column: string): boolean {
  return table.columns.some(
    ({ name, generated }) =>
      generated?.kind === "computed" && name !== column && mentions(generated.sql, column),
  );
}

/** A new column must have a constant default, and one that is not null where it refuses nulls. */
export function canAdd(column: Column): boolean {
  if (column.generated) return column.generated.kind === "computed" && !column.generated.stored;
  if (column.default === undefined) return column.nullable;
  const constant =
    "value" in column.default || /^[+-]?\d+(\.\d+)?$|^'(?:[^']|'')*'$/.test(column.default.sql);
  return constant && (column.nullable || !("value" in column.default && column.default.value === null));
}

/** A column goes in place when nothing else in the table leans on it, and another one is left. */
function canDrop(table: Table, name: string): boolean {
  return (
    table.columns.length > 1 &&
    !table.constraints.some((constraint) => constraintUses(constraint, name)) &&
    !table.indexes.some((index) => indexUses(index, name)) &&
    !computesWith(table, name) &&
    !checksInside(table, name) &&
    !(table.triggers ?? []).some(({ sql }) => mentions(sql, name))
  );
}

function recreate(
  table: Table,
  batch: Pick<BatchAlterTable, "table" | "operations" | "moves" | "reorder">,
  schema: Schema,
): RecreateTable {
  const whole: BatchAlterTable = { kind: "batchAlterTable", ...batch };
  const to = tableAfter(whole, schema);
  const sources = sourcesOf(table, batch.operations);
  const kept = new Map(
    [...sources].flatMap(([name, { column }]) => (column === undefined ? [] : [[name, column]])),
  );
  const renames = renamesOf(table, to, kept);
  const through = withColumnsRenamed(
    to,
    renames.map((rename) => ({ from: rename.to, to: rename.from })),
  );
  const finalNames = new Map(renames.map((rename) => [rename.from, rename.to]));
  const finalOf = (name: string): string => finalNames.get(name) ?? name;
  const copy = through.columns.flatMap(({ name, generated }) => {
    const source = sources.get(finalOf(name));
    return generated?.kind === "computed" || source?.value === undefined
      ? []
      : [[name, source.value] as const];
  });
  const stays = through.columns.filter(({ name }) => kept.get(finalOf(name)) === name);
  const { source: _old, ...bare } = through;
  const source = editedSource(table, through, new Set(stays.map(({ name }) => name)));
  return compact<RecreateTable>({
    kind: "recreateTable",
    from: table,
    to: withoutSource(to),
    copy: Object.fromEntries(copy),
    through: source || renames.length > 0 ? compact<Table>({ ...bare, source }) : undefined,
    renames: renames.length === 0 ? undefined : renames,
  });
}

function withoutSource({ source, ...table }: Table): Table {
  return table;
}

/**
 * The columns that are renamed in place once the table is copied. What has a new name is copied under its old one, and a
 * new column that is called like one of those stands under a name of ours until then.
 */
function renamesOf(from: Table, to: Table, kept: ReadonlyMap<string, string>): readonly ColumnRename[] {
  const old = new Set(to.columns.flatMap(({ name }) => kept.get(name) ?? []));
  const renamed = to.columns.some(({ name }) => (kept.get(name) ?? name) !== name);
  if (!renamed) return [];
  return to.columns.flatMap(({ name }): readonly ColumnRename[] => {
    const was = kept.get(name);
    if (was === name) return [];
    if (was !== undefined) return [{ from: was, to: name }];
    return old.has(name) ? [{ from: freeName(from, to, name), to: name }] : [];
  });
}

function freeName(from: Table, to: Table, name: string): string {
  const taken = new Set([...from.columns, ...to.columns].map((column) => foldCase(column.name)));
  let candidate = `_limbeck_${name}`;
  while (taken.has(foldCase(candidate))) candidate = `_${candidate}`;
  return candidate;
}

/** Where a column of the new table comes from: the column that it was, and what its rows are filled with. */
interface Source {
  readonly column?: string;
  readonly value?: RecreateTable["copy"][string];
}

function sourcesOf(from: Table, operations: readonly Operation[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const { name } of from.columns) sources.set(name, { column: name, value: { column: name } });
  for (const operation of operations) follow(sources, operation);
  return sources;
}

function follow(sources: Map<string, Source>, operation: Operation): void {
  if (operation.kind === "dropColumn") sources.delete(operation.column);
  if (operation.kind === "addColumn" && !sources.has(operation.column.name)) {
    const { fill } = operation;
    sources.set(
      operation.column.name,
      fill === undefined ? {} : { value: { sql: defaultText(writer, fill) } },
    );
  }
  if (operation.kind !== "alterColumn") return;
  const source = sources.get(operation.column);
  if (source === undefined) return;
  sources.delete(operation.column);
  const { fill } = operation;
  sources.set(
    operation.change.name ?? operation.column,
    fill === undefined || source.value === undefined
      ? source
      : { ...source, value: filled(source.value, fill) },
  );
}

function filled(value: RecreateTable["copy"][string], fill: Default): { readonly sql: string } {
  const text = "column" in value ? quote(value.column) : value.sql;
  return { sql: `COALESCE(${text}, ${defaultText(writer, fill)})` };
}
