/** What calls say in words that these servers have others for. */
import type { Constraint, Index, Schema, Table, Unique } from "../../model/schema";
import { findTable } from "../../model/schema";
import { equal } from "../../model/equal";
import { sameName } from "../../model/names";
import { findConstraint } from "../../operations/apply-table";
import type {
  BatchAlterTable,
  CreateIndex,
  DropConstraint,
  DropIndex,
  Operation,
} from "../../operations/operation";

/** The operation in the servers' words: a unique constraint is a unique index, however it is made, renamed or dropped. */
export function understand(operation: Operation, schema: Schema): Operation {
  switch (operation.kind) {
    case "createTable":
      return { ...operation, table: withUniquesAsIndexes(operation.table) };
    case "addConstraint": {
      const { constraint, table, run } = operation;
      if (constraint.kind !== "unique") return operation;
      return { kind: "createIndex", table, index: indexOf(constraint), ...(run ? { run } : {}) };
    }
    case "dropConstraint":
      return dropConstraint(operation, schema);
    case "renameConstraint": {
      const { table, from, to, was, run } = operation;
      if (was ? was.kind !== "unique" : findConstraint(tableOf(operation, schema), { name: from }))
        return operation;
      const index = uniqueIndexes(operation, schema).find(({ name }) => name === from);
      if (!index) return operation;
      return { kind: "renameIndex", table, from, to, was: index, ...(run ? { run } : {}) };
    }
    case "batchAlterTable":
      return batch(operation, schema);
    default:
      return operation;
  }
}

function batch(operation: BatchAlterTable, schema: Schema): Operation {
  const copyFrom = operation.copyFrom && withUniquesAsIndexes(operation.copyFrom);
  let current = copyFrom ? { ...schema, tables: [copyFrom] } : schema;
  const operations = operation.operations.map((inner) => {
    const understood = understand(inner, current);
    // A later call may name an index that the batch makes.
    if (understood.kind === "createIndex") current = withIndexMade(current, understood);
    return understood;
  });
  return { ...operation, ...(copyFrom ? { copyFrom } : {}), operations };
}

function withIndexMade(schema: Schema, { table: name, index }: CreateIndex): Schema {
  return {
    ...schema,
    tables: schema.tables.map((table) =>
      sameName(table, name) ? { ...table, indexes: [...table.indexes, index] } : table,
    ),
  };
}

/** A drop that says `unique` means the index; one that says nothing does where there is no constraint of that name. */
function dropConstraint(operation: DropConstraint, schema: Schema): Operation {
  const { table, name, type = operation.was?.kind, ifExists, run } = operation;
  if (type !== undefined && type !== "unique") return operation;
  if (type === undefined && findConstraint(tableOf(operation, schema), operation)) return operation;
  const drop: DropIndex = {
    kind: "dropIndex",
    table,
    name: name ?? "",
    ...(ifExists ? { ifExists } : {}),
    ...(run ? { run } : {}),
  };
  const was = uniqueIndexes(operation, schema).find((index) => isMeant(index, operation));
  if (was) return { ...drop, name: was.name, was };
  return type === "unique" && name !== undefined && ifExists ? drop : operation;
}

/** By its name, or by its columns where none is said. */
function isMeant({ name, parts }: Index, { name: wanted, was }: DropConstraint): boolean {
  if (wanted !== undefined) return name === wanted;
  const columns = parts.map(({ column }) => column);
  return was?.kind === "unique" && equal(columns, was.columns);
}

function tableOf({ table }: { readonly table: Table | DropConstraint["table"] }, schema: Schema): Table {
  return findTable(schema, table) ?? { ...table, columns: [], constraints: [], indexes: [] };
}

function uniqueIndexes(operation: Pick<DropConstraint, "table">, schema: Schema): readonly Index[] {
  return tableOf(operation, schema).indexes.filter(({ unique }) => unique);
}

/** A table whose uniques are indexes. */
export function withUniquesAsIndexes(table: Table): Table {
  const uniques = table.constraints.filter((constraint) => constraint.kind === "unique");
  if (uniques.length === 0) return table;
  const others = table.constraints.filter((constraint: Constraint) => constraint.kind !== "unique");
  return { ...table, constraints: others, indexes: [...table.indexes, ...uniques.map(indexOf)] };
}

/** The server names an index after its first column. */
function indexOf({ name, columns }: Unique): Index {
  return { name: name ?? columns[0] ?? "", parts: columns.map((column) => ({ column })), unique: true };
}
