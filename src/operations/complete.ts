/**
 * Fills what a call written by hand leaves out: the state of things before it. The schema is the live one online; in a
 * script it is simulated by replaying the revisions before.
 */
import { assertNever, LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { displayName, qualified, sameName } from "../model/names";
import type { Column, Constraint, QualifiedName, Schema, Table, TableOptions, View } from "../model/schema";
import { findColumn, findTable, primaryKeyOf } from "../model/schema";
import { apply } from "./apply";
import { constraintUses, findConstraint, indexUses } from "./apply-table";
import { finalName, namingOperations, reordered, startingFrom } from "./batch";
import { changedColumn, columnChange } from "./change-column";
import type {
  AlterColumn,
  AlterEnum,
  BatchAlterTable,
  ColumnMove,
  DropColumn,
  DropConstraint,
  Operation,
} from "./operation";
import { emptyRegistry } from "./registry";
import type { Registry } from "./registry";

/**
 * The operation with everything that `invert`, `rewrite` and `compile` need. What is complete already, and what creates
 * something new, comes back as it was.
 *
 * Throws UNKNOWN_OBJECT where the schema has no such thing to change.
 */
export function complete(
  operation: Operation,
  schema: Schema,
  registry: Registry = emptyRegistry,
): Operation {
  switch (operation.kind) {
    case "dropTable":
      return compact({ ...operation, was: operation.was ?? findTable(schema, operation.table) });
    case "renameTable":
      return { ...operation, was: operation.was ?? tableIn(schema, operation.from) };
    case "alterTable": {
      const { options = {} } = tableIn(schema, operation.table);
      const keys = Object.keys(operation.change) as (keyof TableOptions)[];
      return {
        ...operation,
        was: operation.was ?? Object.fromEntries(keys.map((key) => [key, options[key] ?? null])),
      };
    }
    case "commentTable": {
      const table = tableIn(schema, operation.table);
      return {
        ...operation,
        was: operation.was ?? compact<{ comment?: string }>({ comment: table.comment }),
      };
    }
    case "alterColumn":
      return completeAlterColumn(operation, schema);
    case "dropColumn":
      return completeDropColumn(operation, schema);
    case "renameIndex": {
      const table = tableIn(schema, operation.table);
      const was = operation.was ?? table.indexes.find(({ name }) => name === operation.from);
      return was ? { ...operation, was } : operation;
    }
    case "dropIndex": {
      const owner =
        findTable(schema, operation.table) ?? schema.views.find((view) => sameName(view, operation.table));
      const was = operation.was ?? owner?.indexes?.find(({ name }) => name === operation.name);
      return compact({ ...operation, was });
    }
    case "dropConstraint":
      return completeDropConstraint(operation, schema);
    case "renameConstraint": {
      const was = operation.was ?? findConstraint(tableIn(schema, operation.table), { name: operation.from });
      return compact({ ...operation, was });
    }
    case "alterEnum": {
      const was = operation.was ?? schema.enums.find((type) => sameName(type, operation.name));
      return compact({
        ...operation,
        was,
        usedBy: operation.usedBy ?? columnsOfEnum(schema, operation.name),
      });
    }
    case "dropEnum": {
      const was = operation.was ?? schema.enums.find((type) => sameName(type, operation.name));
      return was ? { ...operation, was } : operation;
    }
    case "replaceView": {
      const was = operation.was ?? schema.views.find((view) => sameName(view, operation.view));
      const indexes = operation.view.indexes ?? was?.indexes;
      return compact({ ...operation, view: compact<View>({ ...operation.view, indexes }), was });
    }
    case "dropView": {
      const was = operation.was ?? schema.views.find((view) => sameName(view, operation.view));
      return was ? { ...operation, was } : operation;
    }
    case "alterSequence":
    case "dropSequence": {
      const was = operation.was ?? schema.sequences.find((sequence) => sameName(sequence, operation.name));
      return was ? { ...operation, was } : operation;
    }
    case "dropExtension": {
      const was = operation.was ?? schema.extensions.find(({ name }) => name === operation.name);
      return compact({ ...operation, was });
    }
    case "batchAlterTable":
      return completeBatch(operation, schema, registry);
    case "addConstraint":
    case "addColumn":
      tableIn(schema, operation.table);
      return operation;
    case "createTable":
    case "createIndex":
    case "validateConstraint":
    case "createEnum":
    case "createView":
    case "refreshView":
    case "createSchema":
    case "dropSchema":
    case "createSequence":
    case "createExtension":
    case "recreateTable":
    case "bulkInsert":
    case "backfill":
    case "execute":
    case "custom":
      return operation;
    default:
      return assertNever(operation);
  }
}

function columnsOfEnum(schema: Schema, name: QualifiedName): NonNullable<AlterEnum["usedBy"]> {
  return schema.tables.flatMap((table) =>
    table.columns
      .filter(({ type }) => type.enumName !== undefined && sameName(type.enumName, name))
      .map((column) => ({ table: qualified(table), column })),
  );
}

/** Whether `complete` has to look at the schema at all, so that a run that needs nothing reads nothing. */
export function needsSchema(operation: Operation): boolean {
  switch (operation.kind) {
    case "dropTable":
    case "renameTable":
    case "renameIndex":
    case "alterTable":
    case "commentTable":
    case "alterColumn":
    case "dropColumn":
    case "dropIndex":
    case "dropConstraint":
    case "renameConstraint":
    case "alterEnum":
    case "dropEnum":
    case "replaceView":
    case "dropView":
    case "alterSequence":
    case "dropSequence":
    case "dropExtension":
    case "batchAlterTable":
    case "addColumn":
    case "addConstraint":
      return true;
    case "createTable":
    case "createIndex":
    case "validateConstraint":
    case "createEnum":
    case "createView":
    case "refreshView":
    case "createSchema":
    case "dropSchema":
    case "createSequence":
    case "createExtension":
    case "recreateTable":
    case "bulkInsert":
    case "backfill":
    case "execute":
    case "custom":
      return false;
    default:
      return assertNever(operation);
  }
}

function completeAlterColumn(operation: AlterColumn, schema: Schema): Operation {
  const was = operation.was ?? columnIn(tableIn(schema, operation.table), operation.column);
  return { ...operation, was, change: columnChange(was, changedColumn(was, operation.change)) };
}

function completeDropColumn(operation: DropColumn, schema: Schema): Operation {
  if (operation.was) return operation;
  const table = tableIn(schema, operation.table);
  if (operation.ifExists && !findColumn(table, operation.column)) return operation;
  const was = columnIn(table, operation.column);
  const place = table.columns.indexOf(was);
  return { ...operation, was, after: table.columns[place - 1]?.name ?? null };
}

function completeDropConstraint(operation: DropConstraint, schema: Schema): Operation {
  const table = tableIn(schema, operation.table);
  const was: Constraint | undefined = findConstraint(table, operation) ?? operation.was;
  if (was) return compact({ ...operation, type: was.kind, was });
  if (operation.ifExists) return operation;
  throw new LimbeckError(
    "UNKNOWN_OBJECT",
    `there is no constraint "${operation.name ?? operation.type ?? ""}" on "${displayName(table)}"`,
    { hint: constraintsHint(table) },
  );
}

function completeBatch(batch: BatchAlterTable, schema: Schema, registry: Registry): Operation {
  const start = startingFrom(batch, schema);
  const table = tableIn(start, batch.table);
  const { moves: told = [], reorder = [], namingConvention, ...rest } = batch;
  const added = new Set(batch.operations.map((inner) => inner.kind === "addColumn" && inner.column.name));
  const moves = told.filter(({ column }) => !added.has(column));
  const operations: Operation[] = [];
  let current = start;
  const naming = namingConvention ? namingOperations(table, namingConvention) : [];
  for (const inner of [...naming, ...batch.operations]) {
    for (const step of stepsOf(inBatch(inner, told, current), current)) {
      const completed = complete(step, current, registry);
      operations.push(completed);
      current = apply(current, completed, registry);
    }
  }
  const done: BatchAlterTable = { ...rest, operations };
  if (moves.length + reorder.length === 0) return done;
  const { columns } = tableIn(current, finalName(done));
  const names = (list: readonly Column[]): readonly string[] => list.map(({ name }) => name);
  const order = reordered(columns, moves, reorder);
  return { ...done, reorder: [names(order)], wasOrder: batch.wasOrder ?? names(table.columns) };
}

/** A new column that is to stand before another one stands behind the one that does so now. */
function inBatch(operation: Operation, moves: readonly ColumnMove[], schema: Schema): Operation {
  if (operation.kind !== "addColumn") return operation;
  const before = moves.find(({ column }) => column === operation.column.name)?.before;
  if (before === undefined) return operation;
  const table = tableIn(schema, operation.table);
  const place = table.columns.indexOf(columnIn(table, before));
  return { ...operation, after: table.columns[place - 1]?.name ?? null };
}

/**
 * What an operation in a batch takes away beside what it names, as operations of their own, so that the way back brings
 * it all back: the old primary key where a new one comes, and what cannot stand without a column.
 */
function stepsOf(operation: Operation, schema: Schema): readonly Operation[] {
  if (operation.kind === "addConstraint" && operation.constraint.kind === "primaryKey") {
    const was = primaryKeyOf(tableIn(schema, operation.table));
    return was ? [dropping(operation.table, was), operation] : [operation];
  }
  if (operation.kind !== "dropColumn") return [operation];
  const { table: name, column } = operation;
  const { indexes, constraints } = tableIn(schema, name);
  return [
    ...indexes
      .filter((index) => indexUses(index, column))
      .map((was): Operation => ({ kind: "dropIndex", table: name, name: was.name, was })),
    ...constraints
      .filter((constraint) => constraintUses(constraint, column))
      .map((was) => dropping(name, was)),
    operation,
  ];
}

function dropping(table: QualifiedName, was: Constraint): DropConstraint {
  return compact({ kind: "dropConstraint", table, name: was.name, type: was.kind, was });
}

function tableIn(schema: Schema, name: QualifiedName): Table {
  const table = findTable(schema, name);
  if (table) return table;
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no table "${displayName(name)}"`, {
    hint: "check the name; in createIndex and the constraint calls the name comes first and the table second",
  });
}

function columnIn(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (column) return column;
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no column "${displayName(table)}.${name}"`, {
    hint: `its columns are: ${table.columns.map((known) => known.name).join(", ")}`,
  });
}

function constraintsHint(table: Table): string {
  const names = table.constraints.map(({ name }) => name).filter((name) => name !== undefined);
  return names.length === 0 ? "it has no named constraints" : `its constraints are: ${names.join(", ")}`;
}
