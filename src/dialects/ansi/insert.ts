/** Rows as INSERT statements. */
import type { BulkInsert } from "../../operations/operation";
import { chunks, columnList, rowsByShape } from "./sql";
import type { Writer } from "./sql";

/** Inserts with at most so many rows each; rows that name other columns get statements of their own. */
export function insertRows(
  writer: Writer,
  { table, rows }: BulkInsert,
  rowsPerInsert: number,
): readonly string[] {
  return rowsByShape(rows).flatMap((alike) => {
    const columns = Object.keys(alike[0] ?? {});
    return chunks(alike, rowsPerInsert).map((chunk) => {
      const values = chunk.map(
        (row) => `(${columns.map((column) => writer.literal(row[column] ?? null)).join(", ")})`,
      );
      return `INSERT INTO ${writer.quoteName(table)} ${columnList(writer, columns)} VALUES ${values.join(", ")}`;
    });
  });
}
