/** What a person is told when a revision fails. */
import { LimbeckError, messageOf } from "../errors";
import { compact } from "../model/equal";
import type { Step } from "../revisions/revision";

/** The error of a revision, with its file, what was said beside the cause, and the place among its statements. */
export function stepFailure(
  step: Step,
  cause: unknown,
  { at, isOffline }: { readonly at: string; readonly isOffline: boolean },
): LimbeckError {
  const { direction, revision } = step;
  const { code = "MIGRATION_FAILED", sql, data, hint } = cause instanceof LimbeckError ? cause : {};
  const place = sql === undefined ? "" : at;
  const way = direction === "up" ? "upgrade to" : "downgrade from";
  const named = revision.message === "" ? revision.id : `${revision.id} ("${revision.message}")`;
  const what = isOffline ? "cannot be written as a script" : `failed${place}`;
  const message = `${way} ${named} ${what}: ${messageOf(cause)}`;
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

/** Rows without a value in a column that needs one, as each database refuses them. */
const NEEDS_VALUE =
  /contains null values|NOT NULL constraint failed|Invalid use of NULL value|cannot be null|Cannot insert the value NULL|only allows columns to be added that can contain nulls/i;

/** A connection that is gone, as the drivers say it. */
const IS_CUT =
  /terminating connection|Connection terminated|Connection lost|ECONNRESET|server closed the connection|gone away/i;

/** What a person can do about the commonest refusals of databases. */
function hintFor({ direction, before, revision }: Step, message: string): string | undefined {
  const [, extension] = NO_RIGHT.exec(message) ?? [];
  if (extension !== undefined) {
    return `have a role that may run \`CREATE EXTENSION "${extension}"\` in this database once; then run this again, which needs no such right where the extension is there`;
  }
  if (NEEDS_VALUE.test(message))
    return "say what the rows that are there get: `{ fill: … }` behind the column in addColumn, or behind the change in alterColumn";
  if (IS_CUT.test(message))
    return "when the server is there again, run the same command to go on; `limbeck current` says where things stand";
  // A database that was made in another way has tables before it has a revision.
  if (direction === "down" || before.length > 0 || !IS_THERE.test(message)) return undefined;
  return `where the database has what this revision makes, because TypeORM or somebody else made it, say so with \`limbeck stamp ${revision.id}\``;
}
