/** Parameters written into a statement, for scripts: a script has no driver to bind them. */
import { LimbeckError } from "../../errors";

const SKIP = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`/;
const PLACEHOLDERS = { "?": /\?/, $1: /\$(\d+)/, "@0": /@(\d+)/ } as const;

/**
 * The statement with its placeholders replaced by literals; text in quotes and comments is left alone.
 *
 * Throws INVALID_OPERATION where placeholders and parameters do not match.
 */
export function inlineParameters(
  sql: string,
  literals: readonly string[],
  placeholder: keyof typeof PLACEHOLDERS,
): string {
  if (literals.length === 0) return sql;
  const pattern = new RegExp(`${SKIP.source}|(?<place>${PLACEHOLDERS[placeholder].source})`, "g");
  let next = 0;
  const used = new Set<number>();
  const result = sql.replace(pattern, (text: string, ...groups: unknown[]) => {
    const named = groups.at(-1) as { readonly place?: string };
    if (named.place === undefined) return text;
    const number = placeholder === "?" ? next++ : Number(text.slice(1)) - (placeholder === "$1" ? 1 : 0);
    const value = literals[number];
    if (value === undefined) throw mismatch(sql, literals.length);
    used.add(number);
    return value;
  });
  if (used.size !== literals.length) throw mismatch(sql, literals.length);
  return result;
}

function mismatch(sql: string, count: number): LimbeckError {
  return new LimbeckError(
    "INVALID_OPERATION",
    `the placeholders of this SQL do not match its ${count} parameters`,
    {
      sql,
    },
  );
}
