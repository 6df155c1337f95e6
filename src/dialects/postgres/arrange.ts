/**
 * What stands between two changes of one revision. Both sides of a foreign key must be of types that can be compared
 * (manual, 5.4.5), so a key whose two sides change together has to be away for both changes where each change alone would
 * part them. An expression that changes together with the type of what it reads may fit neither before nor after.
 */
import { compact, equal } from "../../model/equal";
import { mentions } from "../../model/expression";
import { qualified, sameName } from "../../model/names";
import type { Column, ForeignKey, QualifiedName, Schema } from "../../model/schema";
import { findColumn, findTable } from "../../model/schema";
import { changedColumn } from "../../operations/change-column";
import type { AlterColumn, Operation } from "../../operations/operation";
import { order } from "../../operations/order";

/** Types that one index compares with each other; of others only the very same can be on both sides. */
const FAMILIES: readonly RegExp[] = [
  /^(?:smallint|integer|int|bigint|int[248])$/,
  /^(?:text|varchar|character varying|char|character|bpchar)$/,
  /^timestamp|^date$/,
];

/** The operations with what fits to none of the steps taken away before them and added after them. */
export function arrange(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  return withPlainColumns(withKeysAside(operations, schema));
}

/**
 * A computed column whose expression changes keeps its values as a plain one while the type of what it reads changes:
 * its old expression may not fit the new type, nor the new one the old.
 */
function withPlainColumns(operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((operation, place): readonly Operation[] => {
    if (operation.kind !== "alterColumn") return [operation];
    const plain = operations
      .slice(place + 1)
      .flatMap((other) =>
        other.kind === "alterColumn" && isReadBy(operation, other) && isFirst(operation, other, operations)
          ? [inTwoSteps(other).first]
          : [],
      );
    const isLater = operations
      .slice(0, place)
      .some((other) => other.kind === "alterColumn" && isReadBy(other, operation));
    return [...plain, isLater ? inTwoSteps(operation).second : operation];
  });
}

/** Whether a change is one of the type of a column that another one's old expression reads. */
function isReadBy(source: AlterColumn, { table, was, change }: AlterColumn): boolean {
  if (source.change.type === undefined || source.column === was?.name) return false;
  if (was?.generated?.kind !== "computed" || !was.generated.stored || change.generated == null) return false;
  return sameName(source.table, table) && mentions(was.generated.sql, source.column);
}

/** Whether it is the first that the column reads, which is made plain once. */
function isFirst(source: AlterColumn, column: AlterColumn, operations: readonly Operation[]): boolean {
  return operations.find((one) => one.kind === "alterColumn" && isReadBy(one, column)) === source;
}

function inTwoSteps(operation: AlterColumn): { readonly first: AlterColumn; readonly second: AlterColumn } {
  const { table, column, was } = operation;
  const plain = was && changedColumn(was, { generated: null });
  return {
    first: compact<AlterColumn>({ kind: "alterColumn", table, column, change: { generated: null }, was }),
    second: plain ? { ...operation, was: plain } : operation,
  };
}

function withKeysAside(operations: readonly Operation[], schema: Schema): readonly Operation[] {
  const parted = operations.filter(
    (operation): operation is AlterColumn => operation.kind === "alterColumn" && leavesFamily(operation),
  );
  if (parted.length === 0) return operations;
  const changes = (table: QualifiedName, column: string): boolean =>
    parted.some((operation) => operation.column === column && sameName(operation.table, table));
  const around = schema.tables.flatMap((table) =>
    table.constraints.flatMap((constraint): readonly Operation[] => {
      if (constraint.kind !== "foreignKey" || isTouched(constraint, table, operations)) return [];
      const isParted =
        constraint.columns.some((column) => changes(table, column)) ||
        constraint.referencedColumns.some((column) => changes(constraint.references, column));
      return isParted && remains(constraint, table, schema, operations) ? aside(constraint, table) : [];
    }),
  );
  return around.length === 0 ? operations : order([...operations, ...around], { forwardReferences: false });
}

function leavesFamily({ was, change }: AlterColumn): boolean {
  if (!was) return false;
  const after = changedColumn(was, change);
  return !equal(familyOf(was), familyOf(after));
}

function familyOf({ type }: Column): unknown {
  if (type.array) return type;
  const family = FAMILIES.findIndex((names) => names.test(type.name));
  return family < 0 ? [type.name, type.enumName] : family;
}

/** Whether the operations take the key away, or its tables, by themselves. */
function isTouched(key: ForeignKey, table: QualifiedName, operations: readonly Operation[]): boolean {
  return operations.some(
    (operation) =>
      (operation.kind === "dropConstraint" &&
        sameName(operation.table, table) &&
        operation.name === key.name) ||
      (operation.kind === "dropTable" &&
        (sameName(operation.table, table) || sameName(operation.table, key.references))),
  );
}

/** Whether every column of the key is still there, so that the key can come back. */
function remains(
  key: ForeignKey,
  table: QualifiedName,
  schema: Schema,
  operations: readonly Operation[],
): boolean {
  const isDropped = (owner: QualifiedName, column: string): boolean =>
    operations.some(
      (operation) =>
        operation.kind === "dropColumn" && operation.column === column && sameName(operation.table, owner),
    );
  const stays = (owner: QualifiedName, columns: readonly string[]): boolean => {
    const found = findTable(schema, owner);
    return columns.every((column) => found && findColumn(found, column) && !isDropped(owner, column));
  };
  return stays(table, key.columns) && stays(key.references, key.referencedColumns);
}

function aside(key: ForeignKey, table: QualifiedName): readonly Operation[] {
  const name = key.name === undefined ? {} : { name: key.name };
  return [
    { kind: "dropConstraint", table: qualified(table), ...name, type: key.kind, was: key },
    { kind: "addConstraint", table: qualified(table), constraint: key },
  ];
}
