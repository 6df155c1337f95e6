/**
 * A table of the same columns in the user's own database, because types and functions of the database are not in tempdb.
 * It is made, asked and rolled back in one batch, so that nothing of it outlives the call, whichever connection answers.
 */
import { displayName, keyOf, qualified } from "../../model/names";
import type { Column, Table } from "../../model/schema";
import type { Queryable } from "../dialect";
import { columnText } from "./text";
import { argument, quote, quoteName } from "./quote";

/** A text, and where it is to stand: as a check (or filter), as a computed column, or as the default of a column. */
export interface TwinExpression {
  readonly kind: "check" | "computed" | "default";
  readonly text: string;
  readonly column?: string;
}

/** The row that says that the twin was there. */
const MADE = "limbeck_twin";

interface SpellingRow {
  readonly name: string;
  readonly definition: string;
}

/** How SQL Server spells a text; undefined where it did not take it. */
export type Spelling = (kind: TwinExpression["kind"], text: string, column?: string) => string | undefined;

/** The spellings of some texts on a live table, in one round trip. What cannot be answered has no spelling. */
export async function spellings(
  db: Queryable,
  table: Table,
  expressions: readonly TwinExpression[],
  warn: (sentence: string) => void,
): Promise<Spelling> {
  const distinct = [...new Map(expressions.map((expression) => [keyOfExpression(expression), expression]))];
  const names = new Map(distinct.map(([key], index) => [key, `limbeck_${index}`]));
  const rows = await ask(
    db,
    twinSql(
      table,
      distinct.map(([, expression]) => expression),
    ),
  );
  if (!rows.some(({ name }) => name === MADE)) warn(noAnswer(table));
  const byName = new Map(rows.map(({ name, definition }) => [name, definition]));
  return (kind, text, column) => {
    const name = names.get(keyOfExpression({ kind, text, ...(column === undefined ? {} : { column }) }));
    return name === undefined ? undefined : byName.get(name);
  };
}

/** Whoever may not create tables gets no answer, and tokens decide. */
async function ask(db: Queryable, sql: string): Promise<readonly SpellingRow[]> {
  try {
    return await db.query<SpellingRow>(sql);
  } catch {
    return [];
  }
}

function noAnswer(table: Table): string {
  return `no table may be made to compare expressions of ${displayName(table)}, so each that is spelt otherwise counts as changed`;
}

function keyOfExpression({ kind, text, column }: TwinExpression): string {
  return JSON.stringify([kind, text, column]);
}

/**
 * Each text is tried on its own: one that fails is caught and the others go on, which XACT_ABORT would forbid. The names
 * of constraints are unique in a schema; those of columns in the twin.
 */
function twinSql(table: Table, expressions: readonly TwinExpression[]): string {
  const twin = { ...qualified(table), name: `limbeck_twin_${keyOf(table).length}_${expressions.length}` };
  const stored = table.columns.filter(({ generated }) => generated?.kind !== "computed");
  const columns = stored.map((column) => columnText(twin, plain(column), { rules: false, nullable: true }));
  const tries = expressions.map((expression, index) =>
    attempt(addText(quoteName(twin), expression, `limbeck_${index}`, stored)),
  );
  const id = `OBJECT_ID(${argument(quoteName(twin))})`;
  return [
    "SET XACT_ABORT OFF;",
    "BEGIN TRANSACTION;",
    attempt(`CREATE TABLE ${quoteName(twin)} (${columns.join(", ")})`),
    ...tries,
    `SELECT name, definition FROM sys.check_constraints WHERE parent_object_id = ${id}`,
    `UNION ALL SELECT name, definition FROM sys.default_constraints WHERE parent_object_id = ${id}`,
    `UNION ALL SELECT name, definition FROM sys.computed_columns WHERE object_id = ${id}`,
    `UNION ALL SELECT ${argument(MADE)}, N'' WHERE ${id} IS NOT NULL;`,
    "ROLLBACK TRANSACTION",
  ].join("\n");
}

function attempt(sql: string): string {
  return `BEGIN TRY EXEC(${argument(sql)}) END TRY BEGIN CATCH END CATCH;`;
}

function addText(
  twin: string,
  { kind, text, column }: TwinExpression,
  name: string,
  columns: readonly Column[],
): string {
  switch (kind) {
    case "check":
      return `ALTER TABLE ${twin} ADD CONSTRAINT ${quote(name)} CHECK (${text})`;
    case "computed":
      return `ALTER TABLE ${twin} ADD ${quote(name)} AS (${text})`;
    case "default": {
      // A column has one default, so each text gets a column of the same type.
      const own = columns.find((candidate) => candidate.name === column);
      const type = own
        ? columnText({ name: "" }, { ...plain(own), name: `${name}_of` }, { rules: false, nullable: true })
        : quote(`${name}_of`);
      return `ALTER TABLE ${twin} ADD ${type} CONSTRAINT ${quote(name)} DEFAULT ${text}`;
    }
  }
}

/** The column without what has no say in expressions. */
function plain({ name, type, nullable, collation }: Column): Column {
  return { name, type, nullable, ...(collation === undefined ? {} : { collation }) };
}
