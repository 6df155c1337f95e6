/**
 * Whether a statement is Transact-SQL, as far as a grammar without a server can say: that of @dbml/core. What it refuses
 * wrongly is written in a form that it takes, and each such form stands here with the page that allows the original.
 */
import { importer } from "@dbml/core";

const ALTER_TABLE = "https://learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql";

/** What the grammar does not know, what it takes instead, and where the manual has it. */
const GAPS: readonly (readonly [pattern: RegExp, accepted: string, page: string])[] = [
  [/ WITH VALUES\b/g, "", ALTER_TABLE],
  [/DROP COLUMN IF EXISTS /g, "DROP COLUMN ", ALTER_TABLE],
  [
    /^(DROP INDEX .*) WITH \(ONLINE = ON\)/g,
    "$1",
    "https://learn.microsoft.com/sql/t-sql/statements/drop-index-transact-sql",
  ],
  [/DROP CONSTRAINT IF EXISTS /g, "DROP CONSTRAINT ", ALTER_TABLE],
  [/ WITH CHECK CHECK CONSTRAINT /g, " CHECK CONSTRAINT ", ALTER_TABLE],
  [
    /DBCC CHECKIDENT \(.*\) WITH NO_INFOMSGS/g,
    "PRINT N''",
    "https://learn.microsoft.com/sql/t-sql/database-console-commands/dbcc-checkident-transact-sql",
  ],
];

interface Diagnostic {
  readonly message: string;
  readonly location?: { readonly start: { readonly line: number; readonly column: number } };
}

const answers = new Map<string, readonly string[]>();

/**
 * Why the grammar refuses a batch, in sentences; none where it takes each of its statements. Statements that differ in
 * names and texts only are read once, because the grammar is slow.
 */
export function grammarErrors(sql: string): readonly string[] {
  const shape = shapeOf(GAPS.reduce((text, [pattern, accepted]) => text.replaceAll(pattern, accepted), sql));
  return shape.split(/;\n/).flatMap((one) => {
    const found = answers.get(one) ?? read(one);
    answers.set(one, found);
    return found.map((mistake) => `${mistake}: ${one}: ${sql}`);
  });
}

/** Names in brackets and texts stay what they are to a grammar, whatever is in them. */
function shapeOf(sql: string): string {
  const names = new Map<string, string>();
  return sql
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/'[^']*(?:''[^']*)*'|\[[^\]]*(?:\]\][^\]]*)*\]/g, (part) => {
      if (part.startsWith("'")) return "'t'";
      names.set(part, names.get(part) ?? `[n${names.size}]`);
      return names.get(part) ?? part;
    });
}

function read(sql: string): readonly string[] {
  try {
    importer.import(sql, "mssql");
    return [];
  } catch (error) {
    const { diags = [] } = error as { readonly diags?: readonly Diagnostic[] };
    if (diags.length === 0) return [String(error)];
    // Names are for a server to know: the grammar sees one statement.
    return diags
      .filter(({ message }) => !message.startsWith("Can't find table"))
      .map(
        ({ message, location }) =>
          `${message} at ${location?.start.line ?? 0}:${location?.start.column ?? 0}`,
      );
  }
}
