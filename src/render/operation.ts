/**
 * Operations as the statements of a revision file. A call carries only what `complete` cannot find by itself when the
 * file runs: what was there before is looked up then.
 */
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import type { ColumnMove, Operation, OperationOf } from "../operations/operation";
import { customOperation } from "../operations/registry";
import type { Registry, RenderedFile } from "../operations/registry";
import type { BatchOptions } from "../operations/spec";
import { nameToSpec, tableToSpec } from "../operations/to-spec";
import { callOf } from "./calls";
import type { Call } from "./calls";
import { plainItems } from "./items";
import type { Items } from "./items";
import { renderValue } from "./literal";

/** The file that an operation is written into: what may be added at its top, and what is the user's own code in it. */
export interface FileWriter {
  readonly file: RenderedFile;
  readonly items: Items;
}

/** Everything as data, in a file that takes no imports. */
const plainWriter: FileWriter = { file: { format: "ts", addImport: () => undefined }, items: plainItems };

/**
 * One statement of a revision file: `await op.createTable(...);`. Throws INTERNAL for what never stands in a file
 * (`recreateTable`).
 */
export function renderOperation(
  operation: Operation,
  registry: Registry,
  { file, items }: FileWriter = plainWriter,
): string {
  if (operation.kind === "batchAlterTable") return renderBatch(operation, items);
  if (operation.kind === "custom") {
    const rendered = customOperation(registry, operation.name).render?.(operation.payload, file);
    if (rendered !== undefined) return rendered;
  }
  if (operation.kind === "bulkInsert" && operation.types !== undefined) return renderTypedInsert(operation);
  return `await op.${items.call(operation, "op") ?? renderCall(callOf(operation, items))};`;
}

function renderTypedInsert(operation: OperationOf<"bulkInsert">): string {
  const { method, args } = callOf(operation);
  const [table, ...rest] = args.map(renderValue);
  return `await op.${method}(op.table(${[table, renderValue(operation.types)].join(", ")}), ${rest.join(", ")});`;
}

function renderBatch(operation: OperationOf<"batchAlterTable">, items: Items): string {
  const { table, recreate, copyFrom, reorder, namingConvention, moves = [], operations } = operation;
  const options = compact<BatchOptions>({
    recreate,
    copyFrom: copyFrom && tableToSpec(copyFrom),
    tableArgs: undefined,
    reorder,
    namingConvention: namingConvention,
  });
  const calls = [
    ...operations.map(
      (inner) => `batch.${items.call(inner, "batch") ?? renderCall(callInBatch(inner, items))};`,
    ),
    ...moves.map((move) => `batch.${renderMove(move)};`),
  ];
  const body = `(batch) => {\n${calls.join("\n")}\n}`;
  const args = [
    renderValue(nameToSpec(table)),
    ...(saysNothing(options) ? [] : [renderValue(options)]),
    body,
  ];
  return `await op.batchAlterTable(${args.join(", ")});`;
}

/** A call that changes nothing about a column but its place. */
function renderMove({ column, after, before }: ColumnMove): string {
  const place = after === null ? { first: true } : { after, before };
  return `alterColumn(${[column, {}, place].map(renderValue).join(", ")})`;
}

/** The call of an operation inside a batch, which names the table once for all. */
function callInBatch(operation: Operation, items: Items): Call {
  const call = callOf(operation, items);
  const table = tableArgument(operation);
  return { ...call, args: call.args.filter((_, index) => index !== table) };
}

function tableArgument(operation: Operation): number {
  const { kind } = operation;
  if (kind === "addColumn" || kind === "alterColumn" || kind === "dropColumn" || kind === "alterTable")
    return 0;
  if (kind === "createIndex" || kind === "dropIndex" || kind === "renameIndex") return 1;
  if (kind === "addConstraint" || kind === "dropConstraint" || kind === "renameConstraint") return 1;
  throw new LimbeckError("INTERNAL", `${kind} cannot stand in a batch`);
}

function renderCall({ method, args, options = {} }: Call): string {
  const all = saysNothing(options) ? args : [...args, options];
  return `${method}(${all.map(renderValue).join(", ")})`;
}

function saysNothing(options: object): boolean {
  return Object.values(options).every((value) => value === undefined);
}
