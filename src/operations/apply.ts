/** What an operation does to a schema, as a pure simulation: no database is asked. */
import { assertNever, LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { displayName, qualified, sameName } from "../model/names";
import type {
  Column,
  Constraint,
  QualifiedName,
  Schema,
  Sequence,
  Table,
  TableOptions,
  View,
} from "../model/schema";
import { findTable } from "../model/schema";
import {
  withColumn,
  withColumnChanged,
  withConstraint,
  withIndex,
  withoutColumn,
  withoutConstraint,
  withoutIndex,
  withReferencesRenamed,
} from "./apply-table";
import { changedEnum } from "./change-enum";
import { finalName, reordered, startingFrom } from "./batch";
import type { BatchAlterTable, ColumnRename, Operation, OperationOf } from "./operation";
import { customOperation, emptyRegistry } from "./registry";
import type { Registry } from "./registry";

/**
 * The schema after an operation. Operations on rows, and SQL text, leave it as it is.
 *
 * Throws UNKNOWN_OBJECT where the operation names something that the schema does not have.
 */
export function apply(schema: Schema, operation: Operation, registry: Registry = emptyRegistry): Schema {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
    case "renameTable":
    case "recreateTable":
    case "alterTable":
    case "commentTable":
      return applyToTables(schema, operation);
    case "addColumn":
    case "dropColumn":
    case "alterColumn":
    case "createIndex":
    case "dropIndex":
    case "renameIndex":
    case "addConstraint":
    case "dropConstraint":
    case "renameConstraint":
    case "validateConstraint":
      return applyInsideTable(schema, operation);
    case "createEnum":
    case "alterEnum":
    case "dropEnum":
      return applyToEnums(schema, operation);
    case "createView":
    case "replaceView":
    case "dropView":
      return applyToViews(schema, operation);
    case "createSchema":
      return {
        ...schema,
        namespaces: [...schema.namespaces.filter((name) => name !== operation.name), operation.name],
      };
    case "dropSchema":
      return { ...schema, namespaces: schema.namespaces.filter((name) => name !== operation.name) };
    case "createSequence":
    case "alterSequence":
    case "dropSequence":
      return applyToSequences(schema, operation);
    case "createExtension":
      return { ...schema, extensions: [...schema.extensions, operation.extension] };
    case "dropExtension":
      return { ...schema, extensions: schema.extensions.filter(({ name }) => name !== operation.name) };
    case "batchAlterTable":
      return applyBatch(schema, operation, registry);
    case "refreshView":
    case "bulkInsert":
    case "backfill":
    case "execute":
      return schema;
    case "custom":
      return customOperation(registry, operation.name).apply?.(schema, operation.payload) ?? schema;
    default:
      return assertNever(operation);
  }
}

/** The schema after a list of operations. */
export function applyAll(
  schema: Schema,
  operations: readonly Operation[],
  registry: Registry = emptyRegistry,
): Schema {
  return operations.reduce((current, operation) => apply(current, operation, registry), schema);
}

function applyBatch(schema: Schema, batch: BatchAlterTable, registry: Registry): Schema {
  const after = applyAll(startingFrom(batch, schema), batch.operations, registry);
  const { moves = [], reorder = [] } = batch;
  if (moves.length + reorder.length === 0) return after;
  return changeTable(after, finalName(batch), (table) => ({
    ...table,
    columns: reordered(table.columns, moves, reorder),
  }));
}

type TableOperation = OperationOf<
  "createTable" | "dropTable" | "renameTable" | "recreateTable" | "alterTable" | "commentTable"
>;

function applyToTables(schema: Schema, operation: TableOperation): Schema {
  switch (operation.kind) {
    case "createTable":
      if (findTable(schema, operation.table)) {
        if (operation.ifNotExists) return schema;
        throw exists("table", operation.table);
      }
      return { ...schema, tables: [...schema.tables, operation.table] };
    case "dropTable":
      if (!findTable(schema, operation.table) && operation.ifExists) return schema;
      demandTable(schema, operation.table);
      return { ...schema, tables: schema.tables.filter((table) => !sameName(table, operation.table)) };
    case "renameTable": {
      demandTable(schema, operation.from);
      const tables = schema.tables.map((table) => withReferencesRenamed(table, operation.from, operation.to));
      return { ...schema, tables };
    }
    case "recreateTable": {
      const { from, to, renames = [] } = operation;
      const changed = changeTable(schema, from, () => to);
      return { ...changed, tables: withReferencedRenamed(changed.tables, to, renames) };
    }
    case "alterTable":
      return changeTable(schema, operation.table, (table) => {
        const values = Object.entries({ ...table.options, ...operation.change }).filter(
          ([, value]) => value !== null,
        );
        const options = values.length === 0 ? undefined : (Object.fromEntries(values) as TableOptions);
        return compact<Table>({ ...table, options });
      });
    case "commentTable":
      return changeTable(schema, operation.table, (table) =>
        compact<Table>({ ...table, comment: operation.comment }),
      );
    default:
      return assertNever(operation);
  }
}

type InsideTableOperation = OperationOf<
  | "addColumn"
  | "dropColumn"
  | "alterColumn"
  | "createIndex"
  | "dropIndex"
  | "renameIndex"
  | "addConstraint"
  | "dropConstraint"
  | "renameConstraint"
  | "validateConstraint"
>;

function applyInsideTable(schema: Schema, operation: InsideTableOperation): Schema {
  if (operation.kind === "createIndex" || operation.kind === "dropIndex") {
    const view = schema.views.find((candidate) => sameName(candidate, operation.table));
    if (view)
      return {
        ...schema,
        views: schema.views.map((other) => (other === view ? onView(view, operation) : other)),
      };
  }
  const changed = changeTable(schema, operation.table, (table) => insideTable(table, operation));
  if (operation.kind !== "alterColumn" || operation.change.name === undefined) return changed;
  const renames = [{ from: operation.column, to: operation.change.name }];
  return { ...changed, tables: withReferencedRenamed(changed.tables, operation.table, renames) };
}

/** Foreign keys that name columns of a table, after these were renamed. */
function withReferencedRenamed(
  tables: readonly Table[],
  target: QualifiedName,
  renames: readonly ColumnRename[],
): readonly Table[] {
  if (renames.length === 0) return tables;
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  return tables.map((table) => ({
    ...table,
    constraints: table.constraints.map((constraint) =>
      constraint.kind === "foreignKey" && sameName(constraint.references, target)
        ? {
            ...constraint,
            referencedColumns: constraint.referencedColumns.map((name) => names.get(name) ?? name),
          }
        : constraint,
    ),
  }));
}

function insideTable(table: Table, operation: InsideTableOperation): Table {
  switch (operation.kind) {
    case "addColumn":
      return withColumn(table, operation);
    case "dropColumn":
      return withoutColumn(table, operation);
    case "alterColumn":
      return withColumnChanged(table, operation);
    case "createIndex":
      return withIndex(table, operation);
    case "dropIndex":
      return withoutIndex(table, operation);
    case "renameIndex":
      return {
        ...table,
        indexes: table.indexes.map((index) =>
          index.name === operation.from ? { ...index, name: operation.to } : index,
        ),
      };
    case "addConstraint":
      return withConstraint(table, operation.constraint);
    case "dropConstraint":
      return withoutConstraint(table, operation);
    case "renameConstraint":
      return {
        ...table,
        constraints: table.constraints.map((constraint) =>
          constraint.name === operation.from ? { ...constraint, name: operation.to } : constraint,
        ),
      };
    case "validateConstraint":
      return {
        ...table,
        constraints: table.constraints.map((constraint) =>
          constraint.name === operation.name ? validated(constraint) : constraint,
        ),
      };
    default:
      return assertNever(operation);
  }
}

function validated(constraint: Constraint): Constraint {
  if (constraint.kind !== "check" && constraint.kind !== "foreignKey") return constraint;
  const { notValid, ...rest } = constraint;
  return notValid ? rest : constraint;
}

function onView(view: View, operation: OperationOf<"createIndex" | "dropIndex">): View {
  const indexes = view.indexes ?? [];
  return operation.kind === "createIndex"
    ? { ...view, indexes: [...indexes, operation.index] }
    : { ...view, indexes: indexes.filter(({ name }) => name !== operation.name) };
}

function applyToEnums(
  schema: Schema,
  operation: OperationOf<"createEnum" | "alterEnum" | "dropEnum">,
): Schema {
  switch (operation.kind) {
    case "createEnum":
      return { ...schema, enums: [...schema.enums, operation.enum] };
    case "dropEnum":
      return { ...schema, enums: schema.enums.filter((type) => !sameName(type, operation.name)) };
    case "alterEnum": {
      const { name, change } = operation;
      const enums = schema.enums.map((type) => (sameName(type, name) ? changedEnum(type, change) : type));
      if (!change.name && !change.rename) return { ...schema, enums };
      const tables = schema.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) =>
          column.type.enumName && sameName(column.type.enumName, name)
            ? withEnumRenamed(column, change)
            : column,
        ),
      }));
      return { ...schema, enums, tables };
    }
    default:
      return assertNever(operation);
  }
}

/** A column keeps its enum type and the value of its default under their new names. */
function withEnumRenamed(column: Column, { name, rename = {} }: OperationOf<"alterEnum">["change"]): Column {
  const type = name === undefined ? column.type : { ...column.type, enumName: name };
  const value = column.default && "value" in column.default ? column.default.value : undefined;
  const renamed = typeof value === "string" ? rename[value] : undefined;
  return { ...column, type, ...(renamed === undefined ? {} : { default: { value: renamed } }) };
}

function applyToViews(
  schema: Schema,
  operation: OperationOf<"createView" | "replaceView" | "dropView">,
): Schema {
  switch (operation.kind) {
    case "createView":
      return { ...schema, views: [...schema.views, operation.view] };
    case "replaceView":
      return {
        ...schema,
        views: schema.views.map((view) => (sameName(view, operation.view) ? operation.view : view)),
      };
    case "dropView":
      return { ...schema, views: schema.views.filter((view) => !sameName(view, operation.view)) };
    default:
      return assertNever(operation);
  }
}

function applyToSequences(
  schema: Schema,
  operation: OperationOf<"createSequence" | "alterSequence" | "dropSequence">,
): Schema {
  switch (operation.kind) {
    case "createSequence":
      return { ...schema, sequences: [...schema.sequences, operation.sequence] };
    case "dropSequence":
      return {
        ...schema,
        sequences: schema.sequences.filter((sequence) => !sameName(sequence, operation.name)),
      };
    case "alterSequence": {
      const { name, change } = operation;
      const changed = (sequence: Sequence): Sequence =>
        compact<Sequence>({
          ...sequence,
          ...qualified(change.name ?? sequence),
          increment: change.increment ?? sequence.increment,
        });
      return {
        ...schema,
        sequences: schema.sequences.map((sequence) =>
          sameName(sequence, name) ? changed(sequence) : sequence,
        ),
      };
    }
    default:
      return assertNever(operation);
  }
}

function changeTable(schema: Schema, name: QualifiedName, change: (table: Table) => Table): Schema {
  demandTable(schema, name);
  return { ...schema, tables: schema.tables.map((table) => (sameName(table, name) ? change(table) : table)) };
}

function demandTable(schema: Schema, name: QualifiedName): void {
  if (findTable(schema, name)) return;
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no table "${displayName(name)}"`, {
    hint: "check the name; in createIndex and the constraint calls the name comes first and the table second",
  });
}

function exists(what: string, name: QualifiedName): LimbeckError {
  return new LimbeckError("UNKNOWN_OBJECT", `${what} "${displayName(name)}" exists already`);
}
