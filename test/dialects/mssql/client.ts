/**
 * A client that runs a script as sqlcmd without `-b` does: it goes on after a batch that failed. It knows of SQL Server
 * what scripts lean on: @@ERROR, @@TRANCOUNT, SET XACT_ABORT and SET NOEXEC (t-sql/statements/set-xact-abort-transact-sql,
 * t-sql/statements/set-noexec-transact-sql), and nothing of what the other statements do.
 */
import { statementOf } from "./golden";

/** How a batch fails: an error of a statement takes the transaction with it, what a procedure raises does not. */
export type Failure = "statement" | "procedure";

/** What came of a script. */
export interface Outcome {
  /** The statements that ran, in order, the one that failed left out; what only steers the script is not among them. */
  readonly ran: readonly string[];
  /** Whether a transaction was still open at the end. */
  readonly isOpen: boolean;
  /** What was committed. */
  readonly kept: readonly string[];
}

const GUARD =
  /^IF @@ERROR <> 0( OR @@TRANCOUNT = 0 BEGIN IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;)? SET NOEXEC ON;/;

/** Runs a script; the statement at that place among those that do something fails. */
export function runScript(
  script: string,
  failing?: { readonly place: number; readonly as: Failure },
): Outcome {
  const ran: string[] = [];
  const kept: string[] = [];
  let pending: string[] | undefined;
  let [hasFailed, isBlind, aborts] = [false, false, false];
  let place = -1;
  const rollBack = (): void => {
    pending = undefined;
  };
  for (const batch of script.split(/^GO$/m).map(statementOf)) {
    if (batch === "SET NOEXEC OFF;") isBlind = false;
    if (batch === "" || isBlind) continue;
    const guard = GUARD.exec(batch);
    if (guard) {
      isBlind = hasFailed || (guard[1] !== undefined && pending === undefined);
      if (isBlind && guard[1] !== undefined) rollBack();
      hasFailed = false;
      continue;
    }
    aborts ||= /\bXACT_ABORT ON\b/.test(batch);
    if (batch.startsWith("SET ") && !/^SET IDENTITY_INSERT/.test(batch)) continue;
    hasFailed = ++place === failing?.place;
    if (hasFailed && failing?.as === "statement" && aborts) rollBack();
    if (hasFailed) continue;
    if (batch === "BEGIN TRANSACTION;") pending = [];
    else if (batch === "COMMIT TRANSACTION;") {
      kept.push(...(pending ?? ["a COMMIT without a transaction"]));
      pending = undefined;
    } else (pending ?? kept).push(batch);
    ran.push(batch);
  }
  return { ran, kept, isOpen: pending !== undefined };
}
