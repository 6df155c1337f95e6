/** Rows as INSERT statements (t-sql/statements/insert-transact-sql). */
import type { QualifiedName } from "../../model/schema";
import type { BulkInsert } from "../../operations/operation";
import { chunks, columnList, rowsByShape } from "../ansi/sql";
import { objectId } from "./lookup";
import { literal, quoteName, writer } from "./quote";

/** A table value constructor takes no more (t-sql/queries/table-value-constructor-transact-sql). */
const ROWS_PER_INSERT = 1000;

/**
 * The rows, alike ones together. An identity column takes numbers of ours only while IDENTITY_INSERT is on, and refuses
 * to go without them then; whether there is one among the columns, the batch looks up itself.
 */
export function bulkInsert({ table, rows }: BulkInsert): readonly string[] {
  return rowsByShape(rows).flatMap((alike) => {
    const columns = Object.keys(alike[0] ?? {});
    return chunks(alike, ROWS_PER_INSERT).map((chunk) => {
      const values = chunk.map(
        (row) => `(${columns.map((column) => literal(row[column] ?? null)).join(", ")})`,
      );
      const name = quoteName(table);
      if (columns.length === 0) return chunk.map(() => `INSERT INTO ${name} DEFAULT VALUES`).join(";\n");
      const insert = `INSERT INTO ${name} ${columnList(writer, columns)} VALUES ${values.join(", ")}`;
      return [numbered(table, columns, "ON"), insert, numbered(table, columns, "OFF")].join(";\n");
    });
  });
}

function numbered(table: QualifiedName, columns: readonly string[], state: "ON" | "OFF"): string {
  const names = columns.map(literal).join(", ");
  return (
    `IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = ${objectId(table)}` +
    ` AND name IN (${names})) SET IDENTITY_INSERT ${quoteName(table)} ${state}`
  );
}
