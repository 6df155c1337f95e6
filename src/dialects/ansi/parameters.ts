/** Placeholders of parameters: `?` for those of any database, and literals in their place for scripts, which bind none. */
import { LimbeckError } from "../../errors";

const SKIP = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`/;
const PLACEHOLDERS = { "?": /\?/, $1: /\$(\d+)/, "@0": /@(\d+)/ } as const;

/**
 * The statement with `?` replaced by the database's own placeholders. One that has those already is left alone, and so is
 * one without parameters: `?` may be an operator there.
 */
export function ownPlaceholders(sql: string, count: number, placeholder: keyof typeof PLACEHOLDERS): string {
  if (placeholder === "?" || count === 0 || placed(sql, placeholder).length > 0) return sql;
  const places = placed(sql, "?");
  const first = placeholder === "$1" ? 1 : 0;
  return places.reduceRight(
    (text, at, number) =>
      `${text.slice(0, at)}${placeholder.slice(0, 1)}${number + first}${text.slice(at + 1)}`,
    sql,
  );
}

/** Where placeholders of a kind stand, outside of quotes and comments. */
function placed(sql: string, placeholder: keyof typeof PLACEHOLDERS): readonly number[] {
  const pattern = new RegExp(`${SKIP.source}|(?<place>${PLACEHOLDERS[placeholder].source})`, "g");
  return [...sql.matchAll(pattern)].flatMap(({ index, groups }) =>
    groups?.place === undefined ? [] : index,
  );
}

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
