/** What the journal says of a statement. */
import { createHash } from "node:crypto";
import type { Statement } from "../dialects/dialect";
import type { Operation } from "../operations/operation";
import type { JournalEntry } from "./journal";

/** The line of a statement that is done. */
export function lineOf(
  number: number,
  hash: () => string,
  { sql }: Statement,
  operation: Operation | undefined,
): JournalEntry {
  return { number, state: "done", hash: hash(), sql, ...(operation === undefined ? {} : { operation }) };
}

/** JSON knows no bigint. */
function withBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

/** By which a statement is known again. */
export function hashOf({ sql, parameters = [] }: Statement): string {
  return createHash("sha256")
    .update(sql)
    .update("\0")
    .update(JSON.stringify(parameters, withBigints))
    .digest("hex");
}
