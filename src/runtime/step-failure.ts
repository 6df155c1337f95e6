/** What a person is told when a revision fails. */
import { LimbeckError, messageOf } from "../errors";
import { compact } from "../model/equal";
import type { Step } from "../revisions/revision";

/** The error of a revision, with its file, what was said beside the cause, and the number of the statement (0: none). */
export function stepFailure(
  step: Step,
  cause: unknown,
  { number, isOffline }: { readonly number: number; readonly isOffline: boolean },
): LimbeckError {
  const { direction, revision } = step;
  const { code = "MIGRATION_FAILED", sql, data, hint } = cause instanceof LimbeckError ? cause : {};
  const place = sql === undefined || number === 0 ? "" : ` at statement ${number}`;
  const way = direction === "up" ? "upgrade to" : "downgrade from";
  const what = isOffline ? "cannot be written as a script" : `failed${place}`;
  const message = `${way} ${revision.id} ("${revision.message}") ${what}: ${messageOf(cause)}`;
  const details = compact<{ hint?: string; sql?: string; data?: unknown; file?: string }>({
    hint: hint ?? hintFor(step, messageOf(cause)),
    sql,
    data,
    file: revision.file,
  });
  return new LimbeckError(code, message, { cause, ...details });
}

/** `CREATE TABLE` as each database refuses it for a table that is there. */
const IS_THERE = /already exists|There is already an object named/i;

/** How PostgreSQL refuses an extension to a role. */
const NO_RIGHT = /permission denied to create extension "([^"]+)"/;

/** A database that was made in another way has tables before it has a revision. */
function hintFor({ direction, before, revision }: Step, message: string): string | undefined {
  const [, extension] = NO_RIGHT.exec(message) ?? [];
  if (extension !== undefined) {
    return `have a role that may run \`CREATE EXTENSION "${extension}"\` in this database once; then run this again, which needs no such right where the extension is there`;
  }
  if (direction === "down" || before.length > 0 || !IS_THERE.test(message)) return undefined;
  return `where the database has what this revision makes, because TypeORM or somebody else made it, say so with \`limbeck stamp ${revision.id}\``;
}
