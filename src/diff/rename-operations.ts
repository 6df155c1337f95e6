/** Answered renames as operations, and what follows from them. */
import { renameIn } from "../model/expression";
import { displayName, keyOf, qualified, sameName } from "../model/names";
import type { Column, QualifiedName, Schema, View } from "../model/schema";
import { findColumn, findTable } from "../model/schema";
import { apply } from "../operations/apply";
import { changedEnum } from "../operations/change-enum";
import type { Operation } from "../operations/operation";
import { inSteps, nameBetween, namesInSteps } from "./rename-steps";
import type { NameChange, Step } from "./rename-steps";
import type { AnsweredRename, Rename, RenameKind, RenameOf } from "./renames";

/** How rows that hold an enum value as text get its new name: SQL of the database. */
export type UpdateValues = (
  table: QualifiedName,
  column: string,
  values: Readonly<Record<string, string>>,
) => string;

/** The old schema with the renames done, and the operations that do them. */
export interface Renamed {
  readonly schema: Schema;
  readonly operations: readonly Operation[];
  /** Who answered, for those of the operations that were asked about or said. */
  readonly answeredBy: ReadonlyMap<Operation, string>;
}

/** An operation, and who answered that it was meant; nobody where it follows from others. */
interface Done {
  readonly operation: Operation;
  readonly by?: string;
}

/**
 * The renames done: tables first, then columns, the enum types that columns drag along, values, indexes and constraints.
 * What bears an automatic name that follows from these is for the comparison to rename.
 */
export function applyRenames(
  from: Schema,
  to: Schema,
  renames: readonly AnsweredRename[],
  updateValues: UpdateValues,
): Renamed {
  const steps: readonly ((schema: Schema) => readonly Done[])[] = [
    () => tableRenames(renames),
    (schema) => columnRenames(schema, renames),
    (schema) => enumTypeRenames(schema, to),
    (schema) => enumValueRenames(schema, from, renames),
    (schema) => columnValueRenames(schema, renames, updateValues),
    (schema) => nameRenames(schema, renames),
  ];
  let schema = from;
  const done = steps.flatMap((step) => {
    const more = step(schema);
    schema = more.reduce((current, { operation }) => apply(current, operation), schema);
    return more;
  });
  return {
    schema,
    operations: done.map(({ operation }) => operation),
    answeredBy: new Map(
      done.flatMap(({ operation, by }) => (by === undefined ? [] : [[operation, by] as const])),
    ),
  };
}

function ofKind<K extends RenameKind>(
  renames: readonly AnsweredRename[],
  kind: K,
): readonly AnsweredRename<K>[] {
  return renames.filter(
    (rename) => rename.kind === kind,
  ) as readonly AnsweredRename[] as readonly AnsweredRename<K>[];
}

function tableRenames(renames: readonly AnsweredRename[]): readonly Done[] {
  return inSteps(ofKind(renames, "table"), keyOf, betweenTables).map(({ from, to, by }) => ({
    operation: { kind: "renameTable", from, to },
    by,
  }));
}

function columnRenames(schema: Schema, renames: readonly AnsweredRename[]): readonly Done[] {
  return byOwner(ofKind(renames, "column"), (rename) => nameNow(rename.table, renames)).flatMap(
    ([table, columns]) => {
      const known = new Map(findTable(schema, table)?.columns.map((column) => [column.name, column]));
      return inSteps(columns, String, nameBetween).flatMap(({ from, to, by }): readonly Done[] => {
        const was = known.get(from);
        if (was === undefined) return [];
        known.delete(from);
        known.set(to, { ...was, name: to });
        return [{ operation: { kind: "alterColumn", table, column: from, change: { name: to }, was }, by }];
      });
    },
  );
}

function enumValueRenames(schema: Schema, from: Schema, renames: readonly AnsweredRename[]): readonly Done[] {
  return byOwner(ofKind(renames, "enumValue"), (rename) => enumNow(from, schema, rename.enum)).flatMap(
    ([name, values]) => {
      let type = schema.enums.find((one) => sameName(one, name));
      return inSteps(values, String, nameBetween).flatMap((step): readonly Done[] => {
        if (type === undefined) return [];
        const was = type;
        const change = { rename: { [step.from]: step.to } };
        type = changedEnum(was, change);
        return [{ operation: { kind: "alterEnum", name, change, was }, by: step.by }];
      });
    },
  );
}

function columnValueRenames(
  schema: Schema,
  renames: readonly AnsweredRename[],
  updateValues: UpdateValues,
): readonly Done[] {
  const ofTables = byOwner(ofKind(renames, "columnValue"), ({ table }) => table);
  return ofTables.flatMap(([old, values]) => {
    const table = nameNow(old, renames);
    return [...new Set(values.map(({ column }) => column))].flatMap((column) => {
      const was = columnIn(schema, table, columnNow(old, column, renames));
      const renamed = values.filter((value) => value.column === column);
      const [first] = renamed;
      if (was === undefined || first === undefined) return [];
      return valueRenames(table, was, renamed, updateValues).map((operation) => ({
        operation,
        by: first.by,
      }));
    });
  });
}

function nameRenames(schema: Schema, renames: readonly AnsweredRename[]): readonly Done[] {
  const changes = [...ofKind(renames, "index"), ...ofKind(renames, "constraint")].flatMap((rename) => {
    const change = nameChange(schema, nameNow(rename.table, renames), rename);
    return change ? [{ change, by: rename.by }] : [];
  });
  return namesInSteps(changes).map(({ change, by }) => ({ operation: change, by }));
}

function nameChange(
  schema: Schema,
  table: QualifiedName,
  { kind, from, to }: RenameOf<"index" | "constraint">,
): NameChange | undefined {
  const found = findTable(schema, table);
  const named = ({ name }: { readonly name?: string }): boolean => name === from;
  if (kind === "index") {
    const was = found?.indexes.find(named);
    return was && { kind: "renameIndex", table, from, to, was };
  }
  const was = found?.constraints.find(named);
  return was && { kind: "renameConstraint", table, from, to, was };
}

/** The name of a table after the renames. */
export function nameNow(table: QualifiedName, renames: readonly Rename[]): QualifiedName {
  for (const rename of renames) if (rename.kind === "table" && sameName(rename.from, table)) return rename.to;
  return table;
}

/** The name of a table before them. */
export function nameBefore(table: QualifiedName, renames: readonly Rename[]): QualifiedName {
  for (const rename of renames) if (rename.kind === "table" && sameName(rename.to, table)) return rename.from;
  return table;
}

/** The name of a column after the renames; its table has its old name. */
export function columnNow(table: QualifiedName, column: string, renames: readonly Rename[]): string {
  for (const rename of renames)
    if (rename.kind === "column" && sameName(rename.table, table) && rename.from === column) return rename.to;
  return column;
}

/** The name of a column before them; its table has its old name. */
export function columnBefore(table: QualifiedName, column: string, renames: readonly Rename[]): string {
  for (const rename of renames)
    if (rename.kind === "column" && sameName(rename.table, table) && rename.to === column) return rename.from;
  return column;
}

/**
 * The wanted schema, with what hung on a view that was renamed now hanging on the new one. What hangs on views (triggers)
 * calls tables and views by the names that they have after the renames.
 */
export function withViewsKept(to: Schema, from: Schema, renames: readonly Rename[]): Schema {
  const names = renames.filter((rename) => rename.kind === "view" || rename.kind === "table");
  if (names.length === 0) return to;
  const views = to.views.map((view): View => {
    const before = names.find((rename) => rename.kind === "view" && sameName(rename.to, view))?.from ?? view;
    const attachments = from.views
      .find((old) => typeof before !== "string" && sameName(old, before))
      ?.attachments?.map((one) => ({ ...one, sql: names.reduce(renamedText, one.sql) }));
    return attachments === undefined ? view : { ...view, attachments };
  });
  return { ...to, views };
}

function renamedText(sql: string, { from, to }: RenameOf<"view" | "table">): string {
  return renameIn(sql, from.name, to.name);
}

/** An enum type that is gone where every column of it has another, new one, is that type under another name. */
function enumTypeRenames(schema: Schema, to: Schema): readonly Done[] {
  const wanted = new Set(to.enums.map(keyOf));
  const live = new Set(schema.enums.map(keyOf));
  const gone = schema.enums.filter((type) => !wanted.has(keyOf(type)));
  if (gone.length === 0) return [];
  const claimed = new Set<string>();
  return gone.flatMap((was): readonly Done[] => {
    const successors = new Map<string, QualifiedName>();
    for (const table of schema.tables)
      for (const column of table.columns) {
        if (!column.type.enumName || !sameName(column.type.enumName, was)) continue;
        const next = columnIn(to, table, column.name)?.type.enumName;
        if (next) successors.set(keyOf(next), qualified(next));
      }
    const [name] = successors.values();
    if (name === undefined || successors.size > 1 || live.has(keyOf(name)) || claimed.has(keyOf(name)))
      return [];
    claimed.add(keyOf(name));
    return [{ operation: { kind: "alterEnum", name: qualified(was), change: { name }, was } }];
  });
}

/** The type as it is called once its columns have dragged it along. */
function enumNow(from: Schema, schema: Schema, name: QualifiedName): QualifiedName {
  const place = from.enums.findIndex((type) => sameName(type, name));
  const type = schema.enums[place];
  return type === undefined ? name : qualified(type);
}

/** The column takes old and new values while its rows move from these to those. */
function valueRenames(
  table: QualifiedName,
  was: Column,
  pairs: readonly Step<string>[],
  updateValues: UpdateValues,
): readonly Operation[] {
  const values = Object.fromEntries(pairs.map(({ from, to }) => [from, to]));
  const back = Object.fromEntries(pairs.map(({ from, to }) => [to, from]));
  const old = was.type.values ?? [];
  const both = [...old, ...pairs.map(({ to }) => to).filter((value) => !old.includes(value))];
  const wide: Column = { ...was, type: { ...was.type, values: both } };
  const fresh = old.map((value) => values[value] ?? value);
  const value = was.default && "value" in was.default ? was.default.value : undefined;
  const renamedDefault = typeof value === "string" ? values[value] : undefined;
  const column = was.name;
  return [
    { kind: "alterColumn", table, column, change: { type: wide.type }, was },
    {
      kind: "execute",
      sql: updateValues(table, column, values),
      reverse: updateValues(table, column, back),
    },
    {
      kind: "alterColumn",
      table,
      column,
      change: {
        type: { ...was.type, values: fresh },
        ...(renamedDefault === undefined ? {} : { default: { value: renamedDefault } }),
      },
      was: wide,
    },
  ];
}

function columnIn(schema: Schema, table: QualifiedName, column: string): Column | undefined {
  const found = findTable(schema, table);
  return found && findColumn(found, column);
}

function byOwner<T>(
  items: readonly T[],
  owner: (item: T) => QualifiedName,
): readonly (readonly [QualifiedName, readonly T[]])[] {
  const groups = new Map<string, { readonly name: QualifiedName; readonly items: T[] }>();
  for (const item of items) {
    const name = owner(item);
    const group = groups.get(keyOf(name)) ?? { name, items: [] };
    group.items.push(item);
    groups.set(keyOf(name), group);
  }
  return [...groups.values()].map((group) => [group.name, group.items]);
}

function betweenTables(name: QualifiedName, number: number): QualifiedName {
  return { ...name, name: nameBetween(displayName(name), number) };
}
