/**
 * Foreign keys that stand in the way. The servers refuse to change the type of a column on either side of one (errors
 * 1832, 1833, 3780) and to drop the index that one leans on (1553), and make an index of their own where none serves.
 */
import { equal } from "../../model/equal";
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import { findTable } from "../../model/schema";
import type { Constraint, ForeignKey, QualifiedName, Schema, Table } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { DropIndex, Operation, RenameIndex } from "../../operations/operation";
import { isMadeForKey } from "./normalize";
import { normalizeType } from "./type";

/** A foreign key and the table that has it. */
export interface OwnedKey {
  readonly table: QualifiedName;
  readonly key: ForeignKey;
}

/** The foreign keys that must be down while an operation runs. */
export function keysInTheWay(operation: Operation, schema: Schema): readonly OwnedKey[] {
  const keys = (test: (owned: OwnedKey) => boolean): readonly OwnedKey[] => allKeys(schema).filter(test);
  switch (operation.kind) {
    case "batchAlterTable":
      return unique(operation.operations.flatMap((inner) => keysInTheWay(inner, schema)));
    case "alterColumn": {
      const { table, column, was, change } = operation;
      if (!was) return [];
      const after = changedColumn(was, change);
      const owner = findTable(schema, table);
      if (!changesStorage(was, after) && !(owner && computesFrom(owner, was.name, after.name))) return [];
      return keys((owned) => usesColumn(owned, table, column));
    }
    case "dropColumn":
      return keys((owned) => usesColumn(owned, operation.table, operation.column));
    case "alterTable":
      return keys(
        (owned) => sameName(owned.table, operation.table) || sameName(owned.key.references, operation.table),
      );
    case "dropIndex": {
      const index = findTable(schema, operation.table)?.indexes.find(({ name }) => name === operation.name);
      const columns = index?.unique ? index.parts.map(({ column }) => column ?? "") : [];
      return keys(({ key }) => leansOn(key, operation.table, columns));
    }
    case "dropConstraint": {
      const { was } = operation;
      if (was?.kind !== "primaryKey" && was?.kind !== "unique") return [];
      return keys(({ key }) => leansOn(key, operation.table, was.columns));
    }
    default:
      return [];
  }
}

/** Whether a rename reaches computed columns, for which the table is copied, and a copy renames no column of a key. */
function computesFrom({ columns }: Table, from: string, to: string): boolean {
  return (
    from !== to &&
    columns.some(
      ({ name, generated }) =>
        generated?.kind === "computed" && name !== from && mentions(generated.sql, from),
    )
  );
}

/** The steps of an operation between taking down what is in its way and putting it up again. */
export function aroundKeys(
  operation: Operation,
  steps: readonly Operation[],
  before: Schema,
  after: Schema,
): readonly Operation[] {
  const dropped = droppedIn([operation]);
  const keys = keysInTheWay(operation, before).filter(
    (owned) => !dropped.some((other) => sameKey(owned, other)),
  );
  return [...keys.map(takeDown), ...steps, ...putUp(keys, after)];
}

/** Takes a foreign key down; the index under it stays, because the key comes back. */
export function takeDown({ table, key }: OwnedKey): Operation {
  return {
    kind: "dropConstraint",
    table,
    type: "foreignKey",
    was: key,
    ...(key.name === undefined ? {} : { name: key.name }),
  };
}

/** Puts foreign keys up again as the schema has them then; those that are gone stay away. */
export function putUp(keys: readonly OwnedKey[], schema: Schema): readonly Operation[] {
  const there = allKeys(schema);
  return keys.flatMap((owned) =>
    there
      .filter((other) => sameKey(owned, other))
      .map(({ table, key }): Operation => ({ kind: "addConstraint", table, constraint: key })),
  );
}

/** The foreign keys that operations take down by themselves. */
export function droppedIn(operations: readonly Operation[]): readonly OwnedKey[] {
  return operations.flatMap((operation): readonly OwnedKey[] => {
    if (operation.kind === "batchAlterTable") return droppedIn(operation.operations);
    return operation.kind === "dropConstraint" && operation.was?.kind === "foreignKey"
      ? [{ table: operation.table, key: operation.was }]
      : [];
  });
}

/** The foreign keys that operations bring, with a new table or by themselves. */
export function addedIn(operations: readonly Operation[]): readonly OwnedKey[] {
  return operations.flatMap((operation): readonly OwnedKey[] => {
    if (operation.kind === "batchAlterTable") return addedIn(operation.operations);
    if (operation.kind === "createTable") return keysOf(operation.table);
    return operation.kind === "addConstraint" && operation.constraint.kind === "foreignKey"
      ? [{ table: operation.table, key: operation.constraint }]
      : [];
  });
}

/** The same operations without some of the foreign keys that they bring. */
export function withoutKeys(
  operations: readonly Operation[],
  keys: readonly OwnedKey[],
): readonly Operation[] {
  const isLeftOut = (table: QualifiedName, constraint: Constraint): boolean =>
    constraint.kind === "foreignKey" && keys.some((owned) => sameKey(owned, { table, key: constraint }));
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind === "batchAlterTable") {
      return [{ ...operation, operations: withoutKeys(operation.operations, keys) }];
    }
    if (operation.kind === "addConstraint" && isLeftOut(operation.table, operation.constraint)) return [];
    if (operation.kind !== "createTable") return [operation];
    const { table } = operation;
    const constraints = table.constraints.filter((constraint) => !isLeftOut(table, constraint));
    return [{ ...operation, table: { ...table, constraints } }];
  });
}

export function sameKey(left: OwnedKey, right: OwnedKey): boolean {
  return sameName(left.table, right.table) && left.key.name === right.key.name;
}

/** Indexes for foreign keys that lose the one they lean on, under the name that the server would give. */
export function keysLeftAlone(before: Schema, after: Schema): readonly Operation[] {
  return after.tables.flatMap((table) => {
    const old = findTable(before, table);
    if (!old || old === table) return [];
    const keys = foreignKeysOf(table).filter(
      (key) =>
        foreignKeysOf(old).some((other) => equal(other, key)) && serves(key, old) && !serves(key, table),
    );
    return keys.map((key): Operation => ({
      kind: "createIndex",
      table: qualified(table),
      index: { name: key.name ?? "", parts: key.columns.map((column) => ({ column })) },
    }));
  });
}

/** What becomes of the index that the server made for a foreign key when the key goes; undefined where it made none. */
export function indexMadeFor(key: ForeignKey, table: Table): DropIndex | RenameIndex | undefined {
  const name = key.name ?? "";
  const own = table.indexes.find((index) => index.name === name && isMadeForKey(index, table));
  const others = { ...table, indexes: table.indexes.filter((index) => index !== own) };
  if (own === undefined && serves(key, others)) return undefined;
  const was = own ?? { name, parts: key.columns.map((column) => ({ column })) };
  const heir = foreignKeysOf(table).find(
    (other) => other.name !== key.name && equal(other.columns, key.columns),
  );
  if (heir?.name !== undefined && !serves(heir, others)) {
    return { kind: "renameIndex", table: qualified(table), from: name, to: heir.name, was };
  }
  return { kind: "dropIndex", table: qualified(table), name, was };
}

function allKeys(schema: Schema): readonly OwnedKey[] {
  return schema.tables.flatMap(keysOf);
}

function keysOf(table: Table): readonly OwnedKey[] {
  return foreignKeysOf(table).map((key) => ({ table: qualified(table), key }));
}

function foreignKeysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((constraint) => constraint.kind === "foreignKey");
}

function usesColumn({ table: owner, key }: OwnedKey, table: QualifiedName, column: string): boolean {
  return (
    (sameName(owner, table) && key.columns.includes(column)) ||
    (sameName(key.references, table) && key.referencedColumns.includes(column))
  );
}

function leansOn(key: ForeignKey, table: QualifiedName, columns: readonly string[]): boolean {
  return sameName(key.references, table) && isPrefix(key.referencedColumns, columns);
}

/** Whether a key or index of the table begins with the columns of a foreign key. */
function serves(key: ForeignKey, table: Table): boolean {
  return (
    table.constraints.some(
      (constraint) =>
        (constraint.kind === "primaryKey" || constraint.kind === "unique") &&
        isPrefix(key.columns, constraint.columns),
    ) ||
    table.indexes.some(
      ({ parts, method }) =>
        (method === undefined || method === "btree") &&
        isPrefix(
          key.columns,
          parts.map((part) => (part.length === undefined ? (part.column ?? "") : "")),
        ),
    )
  );
}

function isPrefix(columns: readonly string[], of: readonly string[]): boolean {
  return columns.length > 0 && columns.every((column, place) => of[place] === column);
}

type Stored = Parameters<typeof changedColumn>[0];

function changesStorage(from: Stored, to: Stored): boolean {
  return (
    !equal(normalizeType(from.type), normalizeType(to.type)) ||
    !equal(from.generated, to.generated) ||
    from.charset !== to.charset ||
    from.collation !== to.collation
  );
}

function unique(keys: readonly OwnedKey[]): readonly OwnedKey[] {
  return keys.filter((owned, place) => keys.findIndex((other) => sameKey(owned, other)) === place);
}
