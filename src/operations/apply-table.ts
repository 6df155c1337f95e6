/** What operations do inside one table. */
import { LimbeckError } from "../errors";
import { equal } from "../model/equal";
import { mentions, renameIn } from "../model/expression";
import { displayName, qualified, sameName } from "../model/names";
import type { Column, Constraint, Index, QualifiedName, Table } from "../model/schema";
import { changedColumn } from "./change-column";
import type { ColumnRename, OperationOf } from "./operation";

/** The table with a column more, in its place. */
export function withColumn(table: Table, { column, after, ifNotExists }: OperationOf<"addColumn">): Table {
  if (table.columns.some(({ name }) => name === column.name)) {
    if (ifNotExists) return table;
    throw new LimbeckError("UNKNOWN_OBJECT", `column "${displayName(table)}.${column.name}" exists already`);
  }
  const place =
    after === undefined
      ? table.columns.length
      : after === null
        ? 0
        : table.columns.findIndex(({ name }) => name === after) + 1 || table.columns.length;
  return { ...table, columns: table.columns.toSpliced(place, 0, column) };
}

/** The table with a column less, and without the keys, indexes and checks that cannot stand without it. */
export function withoutColumn(table: Table, { column, ifExists }: OperationOf<"dropColumn">): Table {
  if (!table.columns.some(({ name }) => name === column)) {
    if (ifExists) return table;
    throw unknownColumn(table, column);
  }
  return {
    ...table,
    columns: table.columns.filter(({ name }) => name !== column),
    constraints: table.constraints.filter((constraint) => !constraintUses(constraint, column)),
    indexes: table.indexes.filter((index) => !indexUses(index, column)),
  };
}

/** The table with a column changed, and a new name of it carried into everything that names it. */
export function withColumnChanged(table: Table, { column, change }: OperationOf<"alterColumn">): Table {
  const found = table.columns.find(({ name }) => name === column);
  if (!found) throw unknownColumn(table, column);
  const columns = table.columns.map((other) => (other === found ? changedColumn(found, change) : other));
  if (change.name === undefined || change.name === column) return { ...table, columns };
  const to = change.name;
  return {
    ...table,
    columns: columns.map((other) => renameInComputed(other, column, to)),
    constraints: table.constraints.map((constraint) => renameInConstraint(constraint, column, to)),
    indexes: table.indexes.map((index) => renameInIndex(index, column, to)),
  };
}

/** The table with several columns renamed at once, so that two may swap their names. */
export function withColumnsRenamed(table: Table, renames: readonly ColumnRename[]): Table {
  const rename = (current: Table, column: string, name: string): Table =>
    withColumnChanged(current, { kind: "alterColumn", table, column, change: { name } });
  const between = renames.map((_, number) => `limbeck ${number}`);
  const away = renames.reduce(
    (current, { from }, number) => rename(current, from, between[number] ?? from),
    table,
  );
  return renames.reduce((current, { to }, number) => rename(current, between[number] ?? to, to), away);
}

/** The table with an index more. */
export function withIndex(table: Table, { index, ifNotExists }: OperationOf<"createIndex">): Table {
  if (table.indexes.some(({ name }) => name === index.name)) {
    if (ifNotExists) return table;
    throw new LimbeckError(
      "UNKNOWN_OBJECT",
      `index "${index.name}" of "${displayName(table)}" exists already`,
    );
  }
  return { ...table, indexes: [...table.indexes, index] };
}

/**
 * The table with an index less. One that the operation itself knows may be missing: the server made it for a foreign key
 * that came in the same run.
 */
export function withoutIndex(table: Table, { name, was, ifExists }: OperationOf<"dropIndex">): Table {
  const indexes = table.indexes.filter((index) => index.name !== name);
  if (indexes.length < table.indexes.length || ifExists || was) return { ...table, indexes };
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no index "${name}" on "${displayName(table)}"`);
}

/** The table with a constraint more. */
export function withConstraint(table: Table, constraint: Constraint): Table {
  return { ...table, constraints: [...table.constraints, constraint] };
}

/** The table with a constraint less, found by name, or by content where it has none. */
export function withoutConstraint(table: Table, operation: OperationOf<"dropConstraint">): Table {
  const found = findConstraint(table, operation);
  if (found) return { ...table, constraints: table.constraints.filter((constraint) => constraint !== found) };
  if (operation.ifExists) return table;
  const what =
    operation.name === undefined
      ? `such ${operation.type ?? "constraint"}`
      : `constraint "${operation.name}"`;
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no ${what} on "${displayName(table)}"`);
}

/** The constraint that a drop or a rename means: by name, else by the content it carries. */
export function findConstraint(
  table: Table,
  wanted: {
    readonly name?: string | undefined;
    readonly type?: Constraint["kind"] | undefined;
    readonly was?: Constraint | undefined;
  },
): Constraint | undefined {
  const { name, was } = wanted;
  const type = wanted.type ?? was?.kind;
  const ofKind = table.constraints.filter((constraint) => type === undefined || constraint.kind === type);
  const named = name === undefined ? undefined : ofKind.find((constraint) => constraint.name === name);
  if (named) return named;
  // A table has one primary key, and databases that do not keep its name still drop it.
  if (type === "primaryKey") return ofKind[0];
  return (
    was &&
    ofKind.find((constraint) => constraint.name === undefined && equal(contentOf(constraint), contentOf(was)))
  );
}

/** A table after another table, or itself, was renamed. */
export function withReferencesRenamed(table: Table, from: QualifiedName, to: QualifiedName): Table {
  const renamed = sameName(table, from) ? { ...withoutName(table), ...qualified(to) } : table;
  return {
    ...renamed,
    constraints: renamed.constraints.map((constraint) =>
      constraint.kind === "foreignKey" && sameName(constraint.references, from)
        ? { ...constraint, references: qualified(to) }
        : constraint,
    ),
  };
}

/** Whether a constraint cannot stand without a column. */
export function constraintUses(constraint: Constraint, column: string): boolean {
  return "columns" in constraint
    ? constraint.columns.includes(column)
    : mentions(constraint.expression, column);
}

/** Whether an index cannot stand without a column. */
export function indexUses(index: Index, column: string): boolean {
  return (
    index.parts.some(
      (part) =>
        part.column === column || (part.expression !== undefined && mentions(part.expression, column)),
    ) ||
    (index.where !== undefined && mentions(index.where, column)) ||
    (index.include?.includes(column) ?? false)
  );
}

function renameInComputed(column: Column, from: string, to: string): Column {
  return column.generated?.kind === "computed"
    ? { ...column, generated: { ...column.generated, sql: renameIn(column.generated.sql, from, to) } }
    : column;
}

function renameInConstraint(constraint: Constraint, from: string, to: string): Constraint {
  if (!("columns" in constraint))
    return { ...constraint, expression: renameIn(constraint.expression, from, to) };
  return { ...constraint, columns: constraint.columns.map((name) => (name === from ? to : name)) };
}

function renameInIndex(index: Index, from: string, to: string): Index {
  return {
    ...index,
    parts: index.parts.map((part) => ({
      ...part,
      ...(part.column === from ? { column: to } : {}),
      ...(part.expression === undefined ? {} : { expression: renameIn(part.expression, from, to) }),
    })),
    ...(index.where === undefined ? {} : { where: renameIn(index.where, from, to) }),
    ...(index.include === undefined
      ? {}
      : { include: index.include.map((name) => (name === from ? to : name)) }),
  };
}

function withoutName(table: Table): Omit<Table, "schema" | "name"> {
  const { schema, name, ...rest } = table;
  return rest;
}

/** What tells an unnamed constraint from others; how a foreign key acts does not. */
function contentOf(constraint: Constraint): unknown {
  if (!("columns" in constraint)) return [constraint.kind, constraint.expression];
  if (constraint.kind !== "foreignKey") return [constraint.kind, constraint.columns];
  return [constraint.kind, constraint.columns, constraint.references, constraint.referencedColumns];
}

function unknownColumn(table: Table, column: string): LimbeckError {
  const known = table.columns.map(({ name }) => name).join(", ");
  return new LimbeckError("UNKNOWN_OBJECT", `there is no column "${displayName(table)}.${column}"`, {
    hint: `its columns are: ${known}`,
  });
}
