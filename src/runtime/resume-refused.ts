/** Why a revision that was left half done is not taken up, and what a person can do instead. */
import type { Statement } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import type { Revision } from "../revisions/revision";
import { firstLine } from "./journal";
import type { JournalEntry } from "./journal";

/** A revision with what the journal says of it. */
export interface HalfDoneRevision {
  readonly revision: Revision;
  readonly recorded: readonly JournalEntry[];
}

/** The error for a revision that reads rows: what it read may be other rows now. */
export function readsRowsAgain({ revision, recorded }: HalfDoneRevision): LimbeckError {
  return refusal(
    revision,
    `revision ${revision.id} was left half done and reads rows, so the statements after may not be those that ran`,
    "undo by hand what it did and say --from-start, or finish it by hand and `limbeck stamp` it; `export const resumable = true` says that going on is right",
    { data: recorded },
  );
}

/** The error for a statement that is done and reads otherwise now. */
export function statementChanged(
  { revision, recorded }: HalfDoneRevision,
  entry: JournalEntry,
  { sql }: Statement,
): LimbeckError {
  return refusal(
    revision,
    `statement ${entry.number} of revision ${revision.id} is done as "${firstLine(entry.sql)}", and is "${firstLine(sql)}" now`,
    "put back what is done already (only what comes after may change), or undo it by hand and say --from-start",
    { sql, data: recorded },
  );
}

/** The error for a statement of which the schema shows neither the state before it nor the one after it. */
export function undecidedStatement(
  { revision }: HalfDoneRevision,
  entry: JournalEntry,
  places: readonly string[],
): LimbeckError {
  const where = places.length === 0 ? "" : `: ${places.join(", ")} is neither as before nor as after`;
  return refusal(
    revision,
    `whether statement ${entry.number} of revision ${revision.id} is done cannot be told${where}`,
    "undo by hand what the revision did and say --from-start, or finish it by hand and `limbeck stamp` it",
    { sql: entry.sql, data: entry.probe },
  );
}

/** The error for a revision that ends before what is done of it. */
export function fewerStatements({ revision, recorded }: HalfDoneRevision, number: number): LimbeckError {
  return refusal(
    revision,
    `revision ${revision.id} has ${number} statements now, and ${recorded.length} of it are done already`,
    "put back what is done already, or undo it by hand and say --from-start",
    { data: recorded },
  );
}

function refusal(
  { file }: Revision,
  message: string,
  hint: string,
  details: { readonly sql?: string; readonly data: unknown },
): LimbeckError {
  return new LimbeckError("RESUME_REFUSED", message, {
    hint,
    ...details,
    ...(file === undefined ? {} : { file }),
  });
}
