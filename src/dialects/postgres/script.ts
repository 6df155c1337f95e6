/** Scripts for psql. */
import type { QualifiedName } from "../../model/schema";
import type { ScriptStyle, Statement } from "../dialect";
import { quote, quoteName, stringLiteral } from "./quote";

/** psql goes on after an error unless it is told not to (reference, psql, ON_ERROR_STOP). */
export const script: ScriptStyle = {
  header: ["\\set ON_ERROR_STOP on"],
  terminator: ";",
  begin: "BEGIN",
  commit: "COMMIT",
};

/** Fails unless the version table holds exactly these rows. */
export function expectVersions(
  table: QualifiedName,
  column: string,
  rows: readonly string[],
): readonly Statement[] {
  const name = quoteName(table);
  const expected = rows.length === 0 ? "no revision" : rows.join(", ");
  const others =
    rows.length === 0
      ? `SELECT 1 FROM ${name}`
      : `SELECT 1 FROM ${name} WHERE ${quote(column)} NOT IN (${rows.map(stringLiteral).join(", ")})`;
  const message = stringLiteral(`the database is not at ${expected}`.replaceAll("%", "%%"));
  return [
    {
      sql:
        `DO $limbeck$ BEGIN IF (SELECT count(*) FROM ${name}) <> ${rows.length} OR EXISTS (${others}) ` +
        `THEN RAISE EXCEPTION ${message}; END IF; END $limbeck$`,
    },
  ];
}
