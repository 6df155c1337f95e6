/** What a batch says beside its operations: where columns stand, and what constraints without a name are called. */
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { displayName, qualified } from "../model/names";
import type { Constraint, QualifiedName, Schema, Table } from "../model/schema";
import { findTable } from "../model/schema";
import type { BatchAlterTable, ColumnMove, NamingConvention, Operation } from "./operation";

/** The name of the table when the batch is done. */
export function finalName({ table, operations }: BatchAlterTable): QualifiedName {
  return operations.reduce<QualifiedName>(
    (name, operation) => (operation.kind === "renameTable" ? operation.to : name),
    table,
  );
}

/**
 * The schema with the table as a batch says that it is. No call says triggers, and few say what only SQL brings: what is
 * known of these stays.
 */
export function startingFrom({ copyFrom }: BatchAlterTable, schema: Schema): Schema {
  if (copyFrom === undefined) return schema;
  const found = findTable(schema, copyFrom);
  const start = compact<Table>({
    ...copyFrom,
    triggers: found?.triggers ?? copyFrom.triggers,
    attachments: copyFrom.attachments ?? found?.attachments,
  });
  return { ...schema, tables: [...schema.tables.filter((table) => table !== found), start] };
}

/**
 * Columns in a new order: first each one moved where it was told to stand, then the lists, which say in what order some of
 * the columns follow each other; a column that no list names keeps its place among the others as far as it can.
 *
 * Throws UNKNOWN_OBJECT for a column that is not there, INVALID_OPERATION for lists that contradict each other.
 */
export function reordered<T extends { readonly name: string }>(
  columns: readonly T[],
  moves: readonly ColumnMove[],
  lists: readonly (readonly string[])[],
): readonly T[] {
  return inOrder(moves.reduce(moved, columns), lists);
}

function moved<T extends { readonly name: string }>(columns: readonly T[], move: ColumnMove): readonly T[] {
  const column = named(columns, move.column);
  const others = columns.filter((other) => other !== column);
  if (move.before !== undefined) {
    return others.toSpliced(others.indexOf(named(others, move.before)), 0, column);
  }
  if (move.after === undefined) return columns;
  const place = move.after === null ? 0 : others.indexOf(named(others, move.after)) + 1;
  return others.toSpliced(place, 0, column);
}

/** The first column that none of those left must precede, again and again. */
function inOrder<T extends { readonly name: string }>(
  columns: readonly T[],
  lists: readonly (readonly string[])[],
): readonly T[] {
  for (const name of lists.flat()) named(columns, name);
  const result: T[] = [];
  let left = [...columns];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.find(({ name }) =>
      lists.every(
        (list) => !list.slice(0, Math.max(list.indexOf(name), 0)).some((other) => waiting.has(other)),
      ),
    );
    if (next === undefined) {
      throw new LimbeckError(
        "INVALID_OPERATION",
        `the lists of \`reorder\` contradict each other: ${lists.map((list) => list.join(", ")).join("; ")}`,
        { hint: "name every column in one order only" },
      );
    }
    result.push(next);
    left = left.filter((column) => column !== next);
  }
  return result;
}

function named<T extends { readonly name: string }>(columns: readonly T[], name: string): T {
  const found = columns.find((column) => column.name === name);
  if (found) return found;
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no column "${name}" to order the others by`, {
    hint: `the columns are: ${columns.map((column) => column.name).join(", ")}`,
  });
}

/** The operations that give unnamed constraints the names of a convention, so that they can be dropped by name. */
export function namingOperations(table: Table, convention: NamingConvention): readonly Operation[] {
  const taken = new Set(table.constraints.map(({ name }) => name));
  return table.constraints.flatMap((was): readonly Operation[] => {
    const pattern = was.name === undefined ? patternOf(convention, was.kind) : undefined;
    if (pattern === undefined) return [];
    const name = freeName(filled(pattern, table, was), taken);
    taken.add(name);
    return [
      { kind: "dropConstraint", table: qualified(table), type: was.kind, was },
      { kind: "addConstraint", table: qualified(table), constraint: { ...was, name } },
    ];
  });
}

function patternOf(convention: NamingConvention, kind: Constraint["kind"]): string | undefined {
  return kind === "unique" || kind === "check" || kind === "foreignKey" ? convention[kind] : undefined;
}

function filled(pattern: string, table: Table, constraint: Constraint): string {
  const parts: Readonly<Record<string, string>> = {
    table: table.name,
    columns: "columns" in constraint ? constraint.columns.join("_") : "",
    references: constraint.kind === "foreignKey" ? constraint.references.name : "",
  };
  return pattern.replaceAll(/\{(\w+)\}/g, (whole, part: string) => {
    const text = parts[part];
    if (text !== undefined) return text;
    throw new LimbeckError(
      "INVALID_OPERATION",
      `${whole} in the naming convention of "${displayName(table)}" stands for nothing`,
      { hint: `what can stand there: {${Object.keys(parts).join("}, {")}}` },
    );
  });
}

/** Two constraints of a kind without columns would get one name: the second is numbered. */
function freeName(name: string, taken: ReadonlySet<string | undefined>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
