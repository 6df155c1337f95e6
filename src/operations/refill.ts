/**
 * The way back from a dropped column: it takes no nulls and has no default, and its values are gone, so rows that are
 * there need some value or the downgrade could never run on a table in use.
 */
import type { Column, Default } from "../model/schema";
import type { AddColumn, Operation } from "./operation";

const NUMBER = /int|serial|num|dec|real|double|float|bool|bit|money/;
const TEXT = /char|text|clob|string/;

/** The operations with an empty value as `fill` wherever a column comes back that demands one. */
export function refilled(operations: readonly Operation[]): readonly Operation[] {
  return operations.map((operation): Operation => {
    if (operation.kind === "batchAlterTable")
      return { ...operation, operations: refilled(operation.operations) };
    return operation.kind === "addColumn" ? withFill(operation) : operation;
  });
}

function withFill(operation: AddColumn): AddColumn {
  const { column, fill = emptyValue(column) } = operation;
  const demanding = !column.nullable && column.default === undefined && column.generated === undefined;
  return demanding && fill !== undefined ? { ...operation, fill } : operation;
}

/** Nothing for types of which no value is plainly empty: then the reviewer has to say. */
function emptyValue({ type }: Column): Default | undefined {
  const [first] = type.values ?? [];
  if (first !== undefined) return { value: first };
  if (type.array === true || type.enumName !== undefined) return undefined;
  if (TEXT.test(type.name)) return { value: "" };
  return NUMBER.test(type.name) ? { value: 0 } : undefined;
}
