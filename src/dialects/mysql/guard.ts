/**
 * Statements that stop everything, depending on what the database holds, and the strictness that runs are held to.
 *
 * Neither server has conditions outside stored programs. A guard therefore sets a variable of the session to itself, or
 * to a sentence, which is no storage engine: that fails, and every client prints the sentence.
 */
import type { QualifiedName } from "../../model/schema";
import type { Frame, Statement } from "../dialect";
import { literal, quote, quoteName } from "./quote";

const VARIABLE = "default_storage_engine";

/** Fails with the sentence where the condition, as SQL, holds. */
function refuseWhere(condition: string, sentence: string): string {
  return `SET SESSION ${VARIABLE} = IF(${condition}, ${literal(sentence)}, @@SESSION.${VARIABLE})`;
}

/** Fails where rows of a table meet a condition; the sentence begins with their number. */
export function refuseRows(table: QualifiedName, where: string, sentence: string): string {
  const text = `CONCAT(COUNT(*), ${literal(` ${sentence}`)})`;
  return (
    `SET SESSION ${VARIABLE} = (SELECT IF(COUNT(*) > 0, ${text}, @@SESSION.${VARIABLE})` +
    ` FROM ${quoteName(table)} WHERE ${where})`
  );
}

/** Fails where a database holds anything: DROP DATABASE would take all of it along. */
export function refuseUnlessEmpty(database: string): string {
  const holds = ["TABLES WHERE TABLE_SCHEMA", "ROUTINES WHERE ROUTINE_SCHEMA", "EVENTS WHERE EVENT_SCHEMA"];
  const condition = holds.map(
    (place) => `EXISTS (SELECT 1 FROM information_schema.${place} = ${literal(database)})`,
  );
  return refuseWhere(
    condition.join(" OR "),
    `database ${database} is not empty: drop what is in it first, or say \`cascade\``,
  );
}

/** Fails unless the version table holds exactly these rows, compared byte by byte. */
export function expectVersions(
  table: QualifiedName,
  column: string,
  rows: readonly string[],
): readonly Statement[] {
  const name = quoteName(table);
  const bytes = `CONVERT(${quote(column)} USING utf8mb4) COLLATE utf8mb4_bin`;
  const stranger =
    rows.length === 0
      ? ""
      : ` OR EXISTS (SELECT 1 FROM ${name} WHERE ${bytes} NOT IN (${rows.map(literal).join(", ")}))`;
  const condition = `(SELECT COUNT(*) FROM ${name}) <> ${rows.length}${stranger}`;
  const place = rows.length === 0 ? "no revision" : rows.join(", ");
  return [{ sql: refuseWhere(condition, `the database is not at ${place}`) }];
}

/**
 * What stands around a run: strict mode, so that a value that does not fit its new type is an error and never cut,
 * whatever the application is used to. Zeros where a date should be are let be: a table that holds some could not be
 * changed else.
 */
export function frame(): Promise<Frame> {
  const mode = "@@SESSION.sql_mode";
  const lenient = `REPLACE(REPLACE(${mode}, 'NO_ZERO_IN_DATE', ''), 'NO_ZERO_DATE', '')`;
  return Promise.resolve({
    before: [{ sql: `SET @limbeck_sql_mode = ${mode}, ${mode} = CONCAT(${lenient}, ',STRICT_ALL_TABLES')` }],
    after: [{ sql: `SET ${mode} = @limbeck_sql_mode` }],
  });
}
