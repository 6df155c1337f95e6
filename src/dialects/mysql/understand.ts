/** What calls say in words that these servers have others for. */
import type { ForeignKey, Index, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { equal } from "../../model/equal";
import { sameName } from "../../model/names";
import { applyAll } from "../../operations/apply";
import { findConstraint } from "../../operations/apply-table";
import type {
  BatchAlterTable,
  CreateIndex,
  DropConstraint,
  DropIndex,
  Operation,
  RenameConstraint,
} from "../../operations/operation";
import { indexMadeFor } from "./keys";
import { indexOf, withUniquesAsIndexes } from "./normalize";

/**
 * The operation in the servers' words: a unique constraint is a unique index, however it is made, renamed or dropped, and
 * the index that the server made for a foreign key goes with it, so that what follows does not find it any more.
 */
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
    case "renameConstraint":
      return renameConstraint(operation, schema);
    case "batchAlterTable":
      return batch(operation, schema);
    default:
      return operation;
  }
}

function batch(operation: BatchAlterTable, schema: Schema): Operation {
  const copyFrom = operation.copyFrom && withUniquesAsIndexes(operation.copyFrom);
  let current = copyFrom ? { ...schema, tables: [copyFrom] } : schema;
  const operations = operation.operations.flatMap((inner) => {
    const understood = understand(inner, current);
    // A later call may name an index that the batch makes, or lean on one that it takes away.
    if (understood.kind === "createIndex") current = withIndexMade(current, understood);
    if (understood.kind !== "batchAlterTable") return [understood];
    current = applyAll(current, understood.operations);
    return understood.operations;
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
  const found = findConstraint(tableOf(operation, schema), operation);
  if (found?.kind === "foreignKey") {
    const drop: DropConstraint = { ...operation, type: "foreignKey", was: found };
    return together(drop, indexDrops(operation, found, schema));
  }
  if (type !== undefined && type !== "unique") return operation;
  if (type === undefined && found) return operation;
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

/** A foreign key is dropped and made again: the servers have no new name for one. */
function renameConstraint(operation: RenameConstraint, schema: Schema): Operation {
  const { table, from, to, was, run } = operation;
  const found = findConstraint(tableOf(operation, schema), { name: from, was });
  if (found?.kind === "foreignKey") {
    const how = run ? { run } : {};
    const drop: DropConstraint = {
      kind: "dropConstraint",
      table,
      type: "foreignKey",
      name: from,
      was: found,
      ...how,
    };
    const add: Operation = { kind: "addConstraint", table, constraint: { ...found, name: to }, ...how };
    return together(drop, [...indexDrops(drop, found, schema), add]);
  }
  if (was ? was.kind !== "unique" : found) return operation;
  const index = uniqueIndexes(operation, schema).find(({ name }) => name === from);
  if (!index) return operation;
  return { kind: "renameIndex", table, from, to, was: index, ...(run ? { run } : {}) };
}

/** What becomes of the index that the server made for a foreign key that is dropped, run as the drop is. */
function indexDrops(
  { table: owner, ifExists, run }: DropConstraint,
  key: ForeignKey,
  schema: Schema,
): readonly Operation[] {
  const index = indexMadeFor(key, tableOf({ table: owner }, schema));
  if (index === undefined) return [];
  const how = { ...(ifExists ? { ifExists } : {}), ...(run ? { run } : {}) };
  return [index.kind === "dropIndex" ? { ...index, ...how } : index];
}

/** Operations that the servers take in one ALTER TABLE. */
function together(first: DropConstraint, others: readonly Operation[]): Operation {
  if (others.length === 0) return first;
  return { kind: "batchAlterTable", table: first.table, operations: [first, ...others] };
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
