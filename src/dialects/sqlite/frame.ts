/**
 * What stands around a run on SQLite. Foreign keys must be off before the first BEGIN, because the setting has no
 * effect inside a transaction and dropping a table would delete the rows that lean on it
 * (https://www.sqlite.org/foreignkeys.html#fk_enable, lang_altertable.html#otheralter).
 */
import { LimbeckError, messageOf } from "../../errors";
import { displayName, sameName } from "../../model/names";
import type { QualifiedName, Schema } from "../../model/schema";
import type { Operation } from "../../operations/operation";
import type { Frame, Queryable, Statement } from "../dialect";
import { literal, quote, quoteName } from "./quote";

interface Violation {
  readonly table: string;
  readonly rowid: number | null;
  readonly parent: string;
}

/** The frame of a run on this connection; of a script where there is none. */
export async function frame(db: Queryable | undefined, isInTransaction: boolean): Promise<Frame> {
  const off: Statement = { sql: "PRAGMA foreign_keys=OFF" };
  if (db === undefined) return { before: [off, ...rememberViolations()], after: [], verifySql: verifySql() };
  const [setting] = await db.query<{ foreign_keys: number }>("PRAGMA foreign_keys");
  const [legacy] = await db.query<{ legacy_alter_table: number }>("PRAGMA legacy_alter_table");
  if (isInTransaction) {
    return { before: [], after: [], ...(setting?.foreign_keys === 1 ? { refuse: refuseCascades } : {}) };
  }
  const known = new Set((await violations(db)).map(keyOf));
  return {
    before: [off],
    after: [
      // A rebuild that failed halfway has left it on.
      { sql: `PRAGMA legacy_alter_table=${legacy?.legacy_alter_table === 1 ? "ON" : "OFF"}` },
      ...(setting?.foreign_keys === 1 ? [{ sql: "PRAGMA foreign_keys=ON" }] : []),
    ],
    verify: async (connection) =>
      report((await violations(connection)).filter((row) => !known.has(keyOf(row)))),
  };
}

/**
 * With foreign keys on, dropping the old table of a rebuild deletes what refers to it, or sets it to null; deferring the
 * check does not stop that (https://www.sqlite.org/lang_droptable.html).
 */
function refuseCascades(operation: Operation, schema: Schema): void {
  if (operation.kind !== "recreateTable") return;
  const { from } = operation;
  const found = schema.tables.find((table) =>
    table.constraints.some(
      (constraint) =>
        constraint.kind === "foreignKey" &&
        sameName(constraint.references, from) &&
        /cascade|set null|set default/i.test(constraint.onDelete),
    ),
  );
  if (!found) return;
  throw new LimbeckError(
    "UNSUPPORTED",
    `table "${displayName(from)}" must be copied, and "${displayName(found)}" refers to it with ON DELETE: in a transaction of the caller's, with foreign keys on, that would change the rows of "${displayName(found)}"`,
    { hint: "run without a transaction of your own, or with `PRAGMA foreign_keys=OFF` before it" },
  );
}

/** Fails unless the version table holds exactly these rows: the name of the check is what the client prints. */
export function expectVersions(
  table: QualifiedName,
  column: string,
  rows: readonly string[],
): readonly Statement[] {
  const expected = rows.length === 0 ? "no revision" : rows.join(", ");
  const problem = quote(`the database is not at ${expected}`);
  const others = rows.length === 0 ? "" : ` WHERE ${quote(column)} NOT IN (${rows.map(literal).join(", ")})`;
  return [
    ...guard(problem),
    {
      sql:
        `INSERT INTO temp.limbeck_guard SELECT 0 WHERE (SELECT count(*) FROM ${quoteName(table)}) <> ${rows.length}` +
        ` OR EXISTS (SELECT 1 FROM ${quoteName(table)}${others === "" ? "" : others})`,
    },
    { sql: "DROP TABLE temp.limbeck_guard" },
  ];
}

/** In all database files: the pragma alone looks into the main one. */
const VIOLATIONS =
  'SELECT iif(d.name = \'main\', \'\', d.name || \'.\') || c."table" AS "table", c."rowid", c."parent"' +
  " FROM pragma_database_list AS d JOIN pragma_foreign_key_check(NULL, d.name) AS c";

/** What was wrong before the script is not the script's fault. */
function rememberViolations(): readonly Statement[] {
  return [
    { sql: "DROP TABLE IF EXISTS temp.limbeck_known_violations" },
    { sql: `CREATE TEMP TABLE limbeck_known_violations AS ${VIOLATIONS}` },
  ];
}

/** The client prints the rows that refer to nothing, and stops. */
function verifySql(): readonly Statement[] {
  const found = `${VIOLATIONS} EXCEPT SELECT * FROM temp.limbeck_known_violations`;
  return [
    {
      sql:
        `SELECT "table" || coalesce(' (row ' || "rowid" || ')', '') || ' -> ' || "parent" AS "refers to nothing"` +
        ` FROM (${found})`,
    },
    ...guard(quote("rows refer to nothing: see PRAGMA foreign_key_check")),
    { sql: `INSERT INTO temp.limbeck_guard SELECT 0 WHERE EXISTS (${found})` },
    { sql: "DROP TABLE temp.limbeck_guard" },
  ];
}

/** Makes a table that takes nothing but what passes; the name of its check is what the client prints. */
export function guard(problem: string): readonly Statement[] {
  return [{ sql: `CREATE TEMP TABLE limbeck_guard (passes integer CONSTRAINT ${problem} CHECK (passes))` }];
}

async function violations(db: Queryable): Promise<readonly Violation[]> {
  try {
    return await db.query<Violation>(VIOLATIONS);
  } catch (cause) {
    // SQLite looks at what a key refers to only when it uses it (https://www.sqlite.org/foreignkeys.html#fk_schemaerr).
    throw new LimbeckError(
      "FOREIGN_KEY_VIOLATION",
      `a foreign key refers to columns that are neither a primary key nor unique: ${messageOf(cause)}`,
      { cause, hint: "make the columns that it refers to unique" },
    );
  }
}

function keyOf({ table, rowid, parent }: Violation): string {
  return JSON.stringify([table, rowid, parent]);
}

function report(found: readonly Violation[]): void {
  if (found.length === 0) return;
  const shown = found
    .slice(0, 5)
    .map(({ table, rowid, parent }) => `${table}${rowid === null ? "" : ` (row ${rowid})`} -> ${parent}`);
  const more = found.length > shown.length ? ` and ${found.length - shown.length} more` : "";
  throw new LimbeckError(
    "FOREIGN_KEY_VIOLATION",
    `${found.length === 1 ? "1 row would refer to a row that does" : `${found.length} rows would refer to rows that do`} not exist: ${shown.join(", ")}${more}`,
    { hint: "mend these rows in the revision, before the foreign key is made", data: found },
  );
}
