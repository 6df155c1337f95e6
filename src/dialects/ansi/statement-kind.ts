/** What a statement of SQL text does, as far as its first word tells. */

/** Reads rows, changes rows (and can be rolled back everywhere), or anything else, such as DDL. */
export type StatementKind = "read" | "write" | "other";

const LEADING = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()*/;
const READS = new Set(["select", "show", "explain", "describe", "values", "table", "pragma"]);
const WRITES = new Set(["insert", "update", "delete", "replace", "merge"]);

/** The kind of one statement. `WITH` reads unless a word in it writes, and PRAGMA unless it sets something. */
export function statementKind(sql: string): StatementKind {
  const rest = sql.slice(LEADING.exec(sql)?.[0].length ?? 0);
  const word = (/^[a-z]+/i.exec(rest)?.[0] ?? "").toLowerCase();
  if (word === "with") return /\b(?:insert|update|delete|merge)\b/i.test(rest) ? "write" : "read";
  if (word === "select") return /\binto\b/i.test(withoutTexts(rest)) ? "other" : "read";
  if (word === "pragma" && withoutTexts(rest).includes("=")) return "other";
  if (READS.has(word)) return "read";
  return WRITES.has(word) ? "write" : "other";
}

function withoutTexts(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, "''");
}
