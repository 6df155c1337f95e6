/** The operation that undoes another one. Possible because an operation carries what it changes before and after. */
import { assertNever, LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { qualified } from "../model/names";
import type { Sequence } from "../model/schema";
import { withReferencesRenamed } from "./apply-table";
import { finalName } from "./batch";
import { changedColumn, columnChange } from "./change-column";
import { changedEnum } from "./change-enum";
import { describe } from "./describe";
import type {
  AlterColumn,
  AlterEnum,
  AlterSequence,
  AlterTable,
  BatchAlterTable,
  Operation,
  RecreateTable,
  RenameTable,
} from "./operation";
import { customOperation, emptyRegistry } from "./registry";
import type { Registry } from "./registry";

/**
 * The inverse of a complete operation. Inverting twice leads back.
 *
 * Throws IRREVERSIBLE where the operation does not carry what it took away, or has no inverse at all (rows that were
 * inserted, SQL without a `reverse`).
 */
export function invert(operation: Operation, registry: Registry = emptyRegistry): Operation {
  switch (operation.kind) {
    case "createTable":
      return { kind: "dropTable", table: qualified(operation.table), was: operation.table };
    case "dropTable":
      return { kind: "createTable", table: known(operation, operation.was) };
    case "renameTable":
      return compact<RenameTable>({
        kind: "renameTable",
        from: operation.to,
        to: operation.from,
        was: operation.was && withReferencesRenamed(operation.was, operation.from, operation.to),
      });
    case "alterTable":
      return invertAlterTable(operation);
    case "commentTable":
      return compact({
        kind: "commentTable",
        table: operation.table,
        comment: known(operation, operation.was).comment,
        was: compact<{ comment?: string }>({ comment: operation.comment }),
      });
    case "addColumn":
      return compact({
        kind: "dropColumn",
        table: operation.table,
        column: operation.column.name,
        was: operation.column,
        after: operation.after,
        run: operation.run,
      });
    case "dropColumn":
      return compact({
        kind: "addColumn",
        table: operation.table,
        column: known(operation, operation.was),
        after: operation.after,
        run: operation.run,
      });
    case "alterColumn":
      return invertAlterColumn(operation);
    case "createIndex":
      return compact({
        kind: "dropIndex",
        table: operation.table,
        name: operation.index.name,
        was: operation.index,
        concurrently: operation.concurrently,
        online: operation.online,
        resumable: operation.resumable,
        run: operation.run,
      });
    case "dropIndex":
      return compact({
        kind: "createIndex",
        table: operation.table,
        index: known(operation, operation.was),
        concurrently: operation.concurrently,
        online: operation.online,
        resumable: operation.resumable,
        run: operation.run,
      });
    case "renameIndex":
    case "renameConstraint":
      return {
        ...operation,
        from: operation.to,
        to: operation.from,
        ...(operation.was && { was: { ...operation.was, name: operation.to } }),
      } as Operation;
    case "addConstraint":
      return compact({
        kind: "dropConstraint",
        table: operation.table,
        name: operation.constraint.name,
        type: operation.constraint.kind,
        was: operation.constraint,
        run: operation.run,
      });
    case "dropConstraint":
      return compact({
        kind: "addConstraint",
        table: operation.table,
        constraint: known(operation, operation.was),
        run: operation.run,
      });
    case "createEnum":
      return { kind: "dropEnum", name: qualified(operation.enum), was: operation.enum };
    case "dropEnum":
      return { kind: "createEnum", enum: known(operation, operation.was) };
    case "alterEnum":
      return invertAlterEnum(operation);
    case "createView":
      return compact({
        kind: "dropView",
        view: qualified(operation.view),
        materialized: operation.view.materialized,
        was: operation.view,
      });
    case "dropView":
      return { kind: "createView", view: known(operation, operation.was) };
    case "replaceView":
      return { kind: "replaceView", view: known(operation, operation.was), was: operation.view };
    case "createSchema":
      return { kind: "dropSchema", name: operation.name };
    case "dropSchema":
      return { kind: "createSchema", name: operation.name };
    case "createSequence":
      return { kind: "dropSequence", name: qualified(operation.sequence), was: operation.sequence };
    case "dropSequence":
      return { kind: "createSequence", sequence: known(operation, operation.was) };
    case "alterSequence":
      return invertAlterSequence(operation);
    case "createExtension":
      return { kind: "dropExtension", name: operation.extension.name, was: operation.extension };
    case "dropExtension":
      return { kind: "createExtension", extension: known(operation, operation.was) };
    case "batchAlterTable":
      return invertBatch(operation, registry);
    case "recreateTable":
      return invertRecreate(operation);
    case "refreshView":
    case "validateConstraint":
      return operation;
    case "execute":
      return compact({
        kind: "execute",
        sql: known(operation, operation.reverse),
        reverse: operation.parameters === undefined ? operation.sql : undefined,
      });
    case "bulkInsert":
    case "backfill":
      throw irreversible(operation);
    case "custom": {
      const inverse = customOperation(registry, operation.name).invert?.(operation.payload);
      return { kind: "custom", ...known(operation, inverse) } as Operation;
    }
    default:
      return assertNever(operation);
  }
}

/** The inverse of a whole list: each inverted, in reverse order. */
export function invertAll(
  operations: readonly Operation[],
  registry: Registry = emptyRegistry,
): readonly Operation[] {
  return operations.map((operation) => invert(operation, registry)).reverse();
}

function invertAlterColumn(operation: AlterColumn): Operation {
  const was = known(operation, operation.was);
  const after = changedColumn(was, operation.change);
  return compact<AlterColumn>({
    kind: "alterColumn",
    table: operation.table,
    column: after.name,
    change: columnChange(after, was),
    was: after,
    using: undefined,
    fill: undefined,
    run: operation.run,
  });
}

function invertAlterTable(operation: AlterTable): Operation {
  return { ...operation, change: known(operation, operation.was), was: operation.change };
}

function invertAlterEnum(operation: AlterEnum): Operation {
  const was = known(operation, operation.was);
  const after = changedEnum(was, operation.change);
  const swapped = (pairs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(pairs).map(([from, to]) => [to, from]));
  return {
    kind: "alterEnum",
    name: qualified(after),
    change: compact<AlterEnum["change"]>({
      name: operation.change.name === undefined ? undefined : qualified(was),
      values: operation.change.values || operation.change.add ? was.values : undefined,
      add: undefined,
      rename: operation.change.rename && swapped(operation.change.rename),
      mapping: undefined,
    }),
    was: after,
    ...(operation.usedBy === undefined ? {} : { usedBy: operation.usedBy }),
  };
}

function invertAlterSequence(operation: AlterSequence): Operation {
  const was: Sequence = known(operation, operation.was);
  if (operation.change.restart !== undefined) throw irreversible(operation);
  const name = operation.change.name ?? operation.name;
  return {
    kind: "alterSequence",
    name,
    change: compact<AlterSequence["change"]>({
      name: operation.change.name && qualified(was),
      restart: undefined,
      increment: operation.change.increment === undefined ? undefined : (was.increment ?? "1"),
    }),
    was: compact<Sequence>({
      ...was,
      ...name,
      increment: operation.change.increment ?? was.increment,
    }),
  };
}

function invertBatch(operation: BatchAlterTable, registry: Registry): Operation {
  const { reorder, wasOrder, moves } = operation;
  if ((moves !== undefined || reorder !== undefined) && wasOrder === undefined) throw irreversible(operation);
  return compact<BatchAlterTable>({
    kind: "batchAlterTable",
    table: finalName(operation),
    operations: invertAll(operation.operations, registry),
    recreate: operation.recreate,
    copyFrom: undefined,
    moves: undefined,
    reorder: wasOrder && [wasOrder],
    wasOrder: reorder?.[0],
    namingConvention: undefined,
  });
}
function invertRecreate(operation: RecreateTable): Operation {
  const { from, to, renames = [] } = operation;
  const copy: Record<string, { readonly column: string }> = {};
  const finalNames = new Map(renames.map((rename) => [rename.from, rename.to]));
  for (const [name, source] of Object.entries(operation.copy)) {
    const final = finalNames.get(name) ?? name;
    if ("column" in source) copy[source.column] = { column: final };
  }
  // Backwards the rows are read under the new names, so nothing is left to be renamed.
  return { kind: "recreateTable", from: to, to: from, copy };
}

function known<T>(operation: Operation, value: T | undefined): T {
  if (value === undefined) throw irreversible(operation);
  return value;
}

function irreversible(operation: Operation): LimbeckError {
  return new LimbeckError("IRREVERSIBLE", `there is no way back from "${describe(operation)}"`, {
    hint: "write the way back by hand, or leave the downgrade out",
  });
}
