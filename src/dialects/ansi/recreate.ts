/** The copy of a table as data: what a table becomes, and which old column or which SQL fills each new one. */
import { LimbeckError } from "../../errors";
import { displayName, qualified } from "../../model/names";
import type { QualifiedName, Schema, Table } from "../../model/schema";
import { findTable } from "../../model/schema";
import { apply } from "../../operations/apply";
import { changedColumn } from "../../operations/change-column";
import type { Operation, RecreateTable } from "../../operations/operation";
import { defaultText } from "./sql";
import type { Writer } from "./sql";

/** One copy of a table that carries out all of the operations, which are its own. Throws where they drop the table. */
export function recreate(
  writer: Writer,
  table: Table,
  operations: readonly Operation[],
  schema: Schema,
): RecreateTable {
  const after = operations.reduce((current, operation) => apply(current, operation), schema);
  const to = findTable(after, finalName(table, operations));
  if (!to)
    throw new LimbeckError("INVALID_OPERATION", `a batch cannot drop its table "${displayName(table)}"`);
  return { kind: "recreateTable", from: table, to, copy: copyOf(writer, table, to, operations) };
}

function finalName(table: Table, operations: readonly Operation[]): QualifiedName {
  return operations.reduce<QualifiedName>(
    (name, operation) => (operation.kind === "renameTable" ? operation.to : name),
    qualified(table),
  );
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
