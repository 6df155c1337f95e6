/** The copy of a table as data: what a table becomes, and which old column or which SQL fills each new one. */
import { LimbeckError } from "../../errors";
import { equal } from "../../model/equal";
import { displayName } from "../../model/names";
import type { QualifiedName, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { finalName, startingFrom } from "../../operations/batch";
import { changedColumn } from "../../operations/change-column";
import type { BatchAlterTable, Operation, RecreateTable } from "../../operations/operation";
import { defaultText } from "./sql";
import type { Writer } from "./sql";

/** The table that a batch changes, and the schema with it. Throws UNKNOWN_OBJECT where nobody knows it. */
export function tableOf(
  batch: BatchAlterTable,
  schema: Schema,
): { readonly table: Table; readonly known: Schema } {
  const known = startingFrom(batch, schema);
  const table = findTable(known, batch.table);
  if (table) return { table, known };
  throw new LimbeckError("UNKNOWN_OBJECT", `there is no table "${displayName(batch.table)}"`);
}

/** Whether a batch puts columns into another order than its operations alone would leave. */
export function isReordered(batch: BatchAlterTable, schema: Schema): boolean {
  const { moves: _moves, reorder: _reorder, ...rest } = batch;
  const name = finalName(batch);
  const columns = (after: Schema): readonly string[] =>
    findTable(after, name)?.columns.map((column) => column.name) ?? [];
  return !equal(columns(apply(schema, batch)), columns(apply(schema, rest)));
}

/** The error for a batch that forbids the copy that it needs. */
export function refuseCopy(database: string, table: QualifiedName): LimbeckError {
  return new LimbeckError(
    "UNSUPPORTED",
    `${database} cannot change "${displayName(table)}" in place, and \`recreate: "never"\` forbids to copy it`,
    { hint: 'say `recreate: "auto"`, or leave it out' },
  );
}

/** The table as a batch leaves it. Throws INVALID_OPERATION where it drops the table. */
export function tableAfter(batch: BatchAlterTable, schema: Schema): Table {
  const to = findTable(apply(schema, batch), finalName(batch));
  if (to) return to;
  throw new LimbeckError("INVALID_OPERATION", `a batch cannot drop its table "${displayName(batch.table)}"`);
}

/** One copy of a table that carries out all of a batch. */
export function recreate(
  writer: Writer,
  table: Table,
  batch: BatchAlterTable,
  schema: Schema,
): RecreateTable {
  const to = tableAfter(batch, schema);
  return { kind: "recreateTable", from: table, to, copy: copyOf(writer, table, to, batch.operations) };
}

/** Which column of the old table, or which SQL, fills each column of the new one. */
function copyOf(
  writer: Writer,
  from: Table,
  to: Table,
  operations: readonly Operation[],
): RecreateTable["copy"] {
  const sources = new Map<string, { readonly column: string } | { readonly sql: string }>();
  for (const { name } of from.columns) sources.set(name, { column: name });
  for (const operation of operations) follow(writer, sources, operation);
  const stored = to.columns.filter(({ generated }) => generated?.kind !== "computed");
  return Object.fromEntries(
    stored.flatMap(({ name }) => {
      const source = sources.get(name);
      return source === undefined ? [] : [[name, source]];
    }),
  );
}

function follow(
  writer: Writer,
  sources: Map<string, { readonly column: string } | { readonly sql: string }>,
  operation: Operation,
): void {
  if (operation.kind === "dropColumn") sources.delete(operation.column);
  if (operation.kind === "addColumn" && operation.fill) {
    sources.set(operation.column.name, { sql: defaultText(writer, operation.fill) });
  }
  if (operation.kind !== "alterColumn") return;
  const source = sources.get(operation.column);
  if (source === undefined) return;
  sources.delete(operation.column);
  const after = operation.was && changedColumn(operation.was, operation.change);
  const name = after?.name ?? operation.change.name ?? operation.column;
  const value = "column" in source ? writer.quote(source.column) : source.sql;
  sources.set(
    name,
    operation.fill === undefined
      ? source
      : { sql: `COALESCE(${value}, ${defaultText(writer, operation.fill)})` },
  );
}
