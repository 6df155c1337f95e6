/** Triggers, policies and rules stand in the way of a change of type where their definition names the column. */
import { mentions, renameIn } from "../../model/expression";
import type { Table } from "../../model/schema";
import { quote, quoteName } from "./quote";

/** The statements that take such definitions of a column down, and that put them back for its name afterwards. */
export function definitionsOn(
  table: Table,
  column: string,
  after: string,
): { readonly down: readonly string[]; readonly up: readonly string[] } {
  const { triggers = [], attachments = [] } = table;
  const found = [
    ...triggers.map((trigger) => ({ ...trigger, kind: "trigger" })),
    ...attachments.filter(({ kind }) => kind === "policy" || kind === "rule"),
  ].filter(({ sql }) => mentions(sql, column));
  const states = attachments.filter(
    ({ kind, name }) =>
      kind === "trigger state" && found.some((other) => other.kind === "trigger" && other.name === name),
  );
  return {
    down: found.map(({ kind, name }) => `DROP ${kind.toUpperCase()} ${quote(name)} ON ${quoteName(table)}`),
    up: [...found.map(({ sql }) => renameIn(sql, column, after)), ...states.map(({ sql }) => sql)],
  };
}
