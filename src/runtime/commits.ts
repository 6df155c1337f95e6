/** Which statements commit, and whether that is meant. */
import { statementKind } from "../dialects/ansi/statement-kind";
import type { Dialect, Statement } from "../dialects/dialect";
import { LimbeckError } from "../errors";

/** Whether a statement cannot be rolled back, whatever stands around it. */
export function commitsByItself(statement: Statement, dialect: Dialect): boolean {
  if (statement.outsideTransaction) return true;
  return !dialect.traits.transactionalDdl && statementKind(statement.sql) === "other";
}

/** SQL text that may not run in a transaction at all, such as VACUUM. */
export function isUnknown({ sql, operation }: Statement): boolean {
  const isText = operation === undefined || operation.kind === "execute" || operation.kind === "custom";
  return isText && statementKind(sql) === "other";
}

/** What a user asks for by `concurrently` commits what came before; throws INVALID_OPERATION unless that is meant. */
export function demandMeant({ operation, sql }: Statement): void {
  if (operation === undefined || !("concurrently" in operation) || !operation.concurrently) return;
  throw new LimbeckError("INVALID_OPERATION", "`concurrently` cannot run inside a transaction", {
    hint: "put it into `op.autocommitBlock(async () => {...})`, or say `export const transaction = false` in the revision",
    sql,
  });
}
