/**
 * What the servers cannot do as it is asked becomes several operations that they can, given the schema before: each with
 * an effect of its own, so that a run that was cut short can be followed. Whole definitions are repeated by `compile`.
 */
import { mentions, renameIn } from "../../model/expression";
import { equal } from "../../model/equal";
import { qualified } from "../../model/names";
import { findColumn, findTable } from "../../model/schema";
import type { Column, Default, QualifiedName, Schema, Table } from "../../model/schema";
import { apply } from "../../operations/apply";
import { constraintUses, indexUses } from "../../operations/apply-table";
import { changedColumn } from "../../operations/change-column";
import type {
  AddColumn,
  AlterColumn,
  AlterTable,
  BatchAlterTable,
  Operation,
  OperationOf,
} from "../../operations/operation";
import type { Registry } from "../../operations/registry";
import { tableAfter, tableOf } from "../ansi/recreate";
import { rewriting } from "../ansi/rewriting";
import { isAlteration } from "./alteration";
import { capabilitiesOf } from "./capabilities";
import { defaultSql } from "./clauses";
import { guards } from "./conversion";
import { aroundKeys, keysLeftAlone } from "./keys";
import { quote, quoteName } from "./quote";
import { isString } from "./type";

/** The same operations in steps that the servers can take. */
export const rewrite = rewriting(rewriteOne);

function rewriteOne(operation: Operation, schema: Schema, registry: Registry): readonly Operation[] {
  if (operation.kind === "batchAlterTable") return rewriteBatch(operation, schema, registry);
  if (isDone(operation, schema)) return [];
  const after = apply(schema, operation, registry);
  const steps = [...keysLeftAlone(schema, after), ...expanded(operation, schema)];
  return aroundKeys(operation, steps, schema, after);
}

/** All of a batch in one ALTER TABLE as far as that goes, and behind it the columns that change places. */
function rewriteBatch(batch: BatchAlterTable, schema: Schema, registry: Registry): readonly Operation[] {
  const { table, known } = tableOf(batch, schema);
  const { reorder: _reorder, wasOrder: _wasOrder, moves: _moves, ...rest } = batch;
  const inner: Operation[] = [];
  let current = known;
  for (const one of batch.operations) {
    if (!isDone(one, current)) inner.push(...expanded(one, current));
    current = apply(current, one, registry);
  }
  const after = apply(known, batch, registry);
  const moves = movesBetween(findTable(current, table), tableAfter(batch, known));
  const operations = [...keysLeftAlone(known, after), ...inner, ...moves];
  return aroundKeys(batch, [{ ...rest, operations }], known, after);
}

/** The columns that change places, one after another, each with the one that it is to stand behind. */
function movesBetween(from: Table | undefined, to: Table): readonly AlterColumn[] {
  const moves: AlterColumn[] = [];
  let names = from?.columns.map(({ name }) => name) ?? [];
  for (const [place, was] of to.columns.entries()) {
    const column = was.name;
    if (names[place] === column) continue;
    moves.push({
      kind: "alterColumn",
      table: qualified(to),
      column,
      was,
      change: {},
      after: to.columns[place - 1]?.name ?? null,
    });
    names = names.filter((name) => name !== column).toSpliced(place, 0, column);
  }
  return moves;
}

/** Whether `ifExists` or `ifNotExists` leaves nothing to do, for what needs more than the one statement. */
function isDone(operation: Operation, schema: Schema): boolean {
  switch (operation.kind) {
    case "addColumn": {
      const table = findTable(schema, operation.table);
      return Boolean(operation.ifNotExists && table && findColumn(table, operation.column.name));
    }
    case "dropColumn": {
      const table = findTable(schema, operation.table);
      return Boolean(operation.ifExists && table && !findColumn(table, operation.column));
    }
    default:
      return false;
  }
}

/** The steps of an operation, each of which is run as the operation is to be. */
function expanded(operation: Operation, schema: Schema): readonly Operation[] {
  const steps = stepsOf(operation, schema);
  const run = "run" in operation ? operation.run : undefined;
  if (run === undefined) return steps;
  const asAsked = (step: Operation): Operation => {
    if (step.kind === "batchAlterTable") return { ...step, operations: step.operations.map(asAsked) };
    return isAlteration(step) ? { ...step, run } : step;
  };
  return steps.map(asAsked);
}

function stepsOf(operation: Operation, schema: Schema): readonly Operation[] {
  if (!("table" in operation)) return [operation];
  const table = findTable(schema, operation.table);
  if (!table) return [operation];
  switch (operation.kind) {
    case "addColumn":
      return addColumn(operation, table);
    case "alterColumn":
      return alterColumn(operation, table);
    case "dropColumn":
      return [...dropsBefore(operation, table), operation];
    case "alterTable":
      return alterTable(operation, table);
    default:
      return [operation];
  }
}

/** Functions that answer differently each time: MySQL refuses them as the default of a column that is added. */
const UNSAFE =
  /\b(?:uuid|uuid_short|uuid_v4|uuid_v7|sys_guid|rand|random_bytes|sysdate|connection_id|user|current_user)\s*\(/i;

/** A column that existing rows get a value in: a constant by its default, anything else by an UPDATE. */
function addColumn(operation: AddColumn, owner: Table): readonly Operation[] {
  const { column, table, fill: given, ...rest } = operation;
  const unsafe = column.default && "sql" in column.default && UNSAFE.test(column.default.sql);
  const fill = given ?? (unsafe ? column.default : undefined);
  if (fill === undefined) return [operation];
  const was: Column = "value" in fill ? { ...column, default: fill } : { ...bare(column), nullable: true };
  const added: Operation = { ...rest, table, column: was };
  const alter: Operation = {
    kind: "alterColumn",
    table,
    column: column.name,
    was,
    change: { nullable: column.nullable, default: column.default ?? null },
  };
  const done = equal(was, column) ? [] : [alter];
  return "value" in fill ? [added, ...done] : [added, filling(owner, column, fill), ...done];
}

function bare({ default: _, ...column }: Column): Column {
  return column;
}

/** Columns with ON UPDATE are said to stay, because no application changes the row. */
function filling(owner: Table, column: Column, fill: Default): Operation {
  const name = quote(column.name);
  const sql = `UPDATE ${quoteName(owner)} SET ${name} = ${defaultSql(fill, column)}${untouched(owner, column.name)} WHERE ${name} IS NULL`;
  return { kind: "execute", sql };
}

function untouched(owner: Table, except: string): string {
  return owner.columns
    .filter(({ name, onUpdate }) => onUpdate !== undefined && name !== except)
    .map(({ name }) => `, ${quote(name)} = ${quote(name)}`)
    .join("");
}

/** What stands on a column goes before it, under the same condition. */
function dropsBefore({ column, ifExists }: OperationOf<"dropColumn">, table: Table): readonly Operation[] {
  const drops = dependents(table, column).map(({ drop }) => drop);
  return ifExists ? drops.map((drop) => ({ ...drop, ifExists })) : drops;
}

function alterColumn(operation: AlterColumn, table: Table): readonly Operation[] {
  const { fill, was, ...rest } = operation;
  if (!was) return [operation];
  const after = changedColumn(was, operation.change);
  const filled = fill === undefined ? [] : [filling(table, was, fill)];
  if (recomputes(was, after)) return [...filled, ...replaced(operation, was, after, table)];
  const renamed =
    after.name === was.name ? { before: [], after: [] } : followers(table, was.name, after.name);
  const indexes = was.type.srid === after.type.srid ? [] : spatialIndexes(table, was.name, after.name);
  // What is asked of the rows is asked before the index goes, and only MySQL has such systems.
  const asked = indexes.length === 0 ? [] : guards(table, was, after, capabilitiesOf(undefined, "mysql"));
  return [
    ...filled,
    ...asked.map((sql): Operation => ({ kind: "execute", sql })),
    ...indexes.map(({ drop }) => drop),
    ...inOne(operation.table, [...renamed.before, { ...rest, was }, ...renamed.after]),
    ...indexes.map(({ add }) => add),
  ];
}

/** Computed columns change in the statement that renames what they are made of: in between, they would have nothing. */
function inOne(table: QualifiedName, operations: readonly Operation[]): readonly Operation[] {
  const alterations = operations.filter(({ kind }) => kind === "alterColumn");
  return alterations.length < 2 ? operations : [{ kind: "batchAlterTable", table, operations }];
}

/** MySQL changes the spatial reference system of a column only where no index lies on it (error 3670). */
function spatialIndexes(table: Table, from: string, to: string): ReturnType<typeof dependents> {
  return dependents(table, from).flatMap(({ drop, add }) =>
    add.kind === "createIndex" && add.index.method === "spatial"
      ? [{ drop, add: { ...add, index: { ...add.index, parts: [{ column: to }] } } }]
      : [],
  );
}

/** Whether a column changes between being stored and being computed in a way that no MODIFY takes. */
function recomputes(from: Column, to: Column): boolean {
  const before = from.generated?.kind === "computed" ? from.generated : undefined;
  const after = to.generated?.kind === "computed" ? to.generated : undefined;
  if (before && after) return before.stored !== after.stored;
  return (before !== undefined && !before.stored) || (after !== undefined && !after.stored);
}

/** A computed column is taken away and made anew, with the indexes and checks on it: it holds nothing of its own. */
function replaced(operation: AlterColumn, was: Column, after: Column, table: Table): readonly Operation[] {
  const place = table.columns[table.columns.findIndex(({ name }) => name === was.name) - 1]?.name ?? null;
  const around = dependents(table, was.name);
  const drop: Operation = { kind: "dropColumn", table: operation.table, column: was.name, was, after: place };
  const { generated } = after;
  if (generated?.kind === "computed") {
    const add: Operation = { kind: "addColumn", table: operation.table, column: after, after: place };
    return [...around.map((one) => one.drop), drop, add, ...around.map((one) => one.add)];
  }
  // What was computed is kept: it is written into a column beside it, which then takes its place.
  const beside: Column = { ...bare(after), name: `_limbeck_${after.name}`.slice(0, 64), nullable: true };
  return [
    { kind: "addColumn", table: operation.table, column: beside, after: was.name },
    {
      kind: "execute",
      sql: `UPDATE ${quoteName(table)} SET ${quote(beside.name)} = ${quote(was.name)}${untouched(table, beside.name)}`,
    },
    ...around.map((one) => one.drop),
    drop,
    {
      kind: "alterColumn",
      table: operation.table,
      column: beside.name,
      was: beside,
      change: { name: after.name, nullable: after.nullable, default: after.default ?? null },
    },
    ...around.map((one) => one.add),
  ];
}

/** What stands on a column inside its own table, with the way to take it down and to put it up again. */
function dependents(
  table: Table,
  column: string,
): readonly { readonly drop: Operation; readonly add: Operation }[] {
  const name = table.schema === undefined ? { name: table.name } : { schema: table.schema, name: table.name };
  const constraints = table.constraints.filter(
    (constraint) =>
      (constraint.kind === "check" || constraint.kind === "unique") && constraintUses(constraint, column),
  );
  const indexes = table.indexes.filter((index) => indexUses(index, column));
  return [
    ...constraints.map((constraint) => ({
      drop: {
        kind: "dropConstraint",
        table: name,
        name: constraint.name ?? "",
        type: constraint.kind,
        was: constraint,
      } as const,
      add: { kind: "addConstraint", table: name, constraint } as const,
    })),
    ...indexes.map((index) => ({
      drop: { kind: "dropIndex", table: name, name: index.name, was: index } as const,
      add: { kind: "createIndex", table: name, index } as const,
    })),
  ];
}

/** MySQL carries a new name of a column into keys, but not into checks and computed columns (errors 3959 and 3108). */
function followers(
  table: Table,
  from: string,
  to: string,
): { readonly before: readonly Operation[]; readonly after: readonly Operation[] } {
  const checks = dependents(table, from).filter(
    ({ add }) => add.kind === "addConstraint" && add.constraint.kind === "check",
  );
  const computed = table.columns.filter(
    ({ generated, name }) => generated?.kind === "computed" && name !== from && mentions(generated.sql, from),
  );
  return {
    before: checks.map(({ drop }) => drop),
    after: [
      ...computed.flatMap((was): readonly Operation[] =>
        was.generated?.kind === "computed"
          ? [
              {
                kind: "alterColumn",
                table,
                column: was.name,
                was,
                change: { generated: { ...was.generated, sql: renameIn(was.generated.sql, from, to) } },
              },
            ]
          : [],
      ),
      ...checks.flatMap(({ add }): readonly Operation[] =>
        add.kind === "addConstraint" && add.constraint.kind === "check"
          ? [
              {
                ...add,
                constraint: { ...add.constraint, expression: renameIn(add.constraint.expression, from, to) },
              },
            ]
          : [],
      ),
    ],
  };
}

/** Columns without a character set of their own follow that of their table; the server lets them stay behind. */
function alterTable(operation: AlterTable, table: Table): readonly Operation[] {
  const { charset, collation } = operation.change;
  if (charset === undefined && collation === undefined) return [operation];
  const change = {
    ...(charset === undefined ? {} : { charset }),
    ...(collation === undefined ? {} : { collation }),
  };
  const followers = table.columns.filter(
    (column) =>
      isString(column.type) &&
      column.charset === undefined &&
      column.collation === undefined &&
      column.generated === undefined,
  );
  return [
    operation,
    ...followers.map((was): Operation => ({
      kind: "alterColumn",
      table: operation.table,
      column: was.name,
      was,
      change,
    })),
  ];
}
