/**
 * The sequence of a `serial` column (manual, section 8.1.4). TypeORM knows such a column by the name of its sequence, so
 * that follows the names of table and column.
 */
import type { QualifiedName, Table } from "../../model/schema";
import { bytesOf, cutToBytes, NAME_BYTES, quote, quoteName } from "./quote";

/** `account_id_seq`. Of names that are too long the longer one is cut first (`makeObjectName` in indexcmds.c). */
export function serialSequence(table: string, column: string): string {
  const room = NAME_BYTES - "__seq".length;
  let [left, right] = [bytesOf(table), bytesOf(column)];
  while (left + right > room)
    if (left > right) left -= 1;
    else right -= 1;
  return `${cutToBytes(table, left)}_${cutToBytes(column, right)}_seq`;
}

/** The sequence gets the name that follows from the new names; one that was called otherwise keeps what it has. */
export function renameSerial(table: QualifiedName, from: string, to: string): readonly string[] {
  if (from === to) return [];
  return [`ALTER SEQUENCE IF EXISTS ${quoteName({ ...table, name: from })} RENAME TO ${quote(to)}`];
}

/** The columns of a table that count by themselves. */
export function serialsOf({ columns }: Table): readonly string[] {
  return columns.filter(({ generated }) => generated?.kind === "increment").map(({ name }) => name);
}
