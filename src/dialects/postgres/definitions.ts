/**
 * Triggers, policies and rules stand in the way of a change of type where their definition names the column, and what is
 * said of a column that is made anew goes with the old one.
 */
import { mentions, renameIn } from "../../model/expression";
import type { Attachment, Table } from "../../model/schema";
import { quote, quoteName } from "./quote";

/** The new name of a column. */
interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** The statements that take such definitions of columns down, and that put them back for the new name afterwards. */
export function definitionsOn(
  table: Table,
  columns: readonly string[],
  renamed?: Renamed,
): { readonly down: readonly string[]; readonly up: readonly string[] } {
  const { triggers = [], attachments = [] } = table;
  const found = [
    ...triggers.map((trigger) => ({ ...trigger, kind: "trigger" })),
    ...attachments.filter(({ kind }) => kind === "policy" || kind === "rule"),
  ].filter(({ sql }) => columns.some((column) => mentions(sql, column)));
  // Whether a trigger is enabled, and comments on any of them.
  const states = attachments.filter(({ kind, name }) =>
    found.some(
      (other) =>
        other.name === name &&
        (kind === `${other.kind} comment` || (kind === "trigger state" && other.kind === "trigger")),
    ),
  );
  const now = (sql: string): string => (renamed ? renameIn(sql, renamed.from, renamed.to) : sql);
  return {
    down: found.map(({ kind, name }) => `DROP ${kind.toUpperCase()} ${quote(name)} ON ${quoteName(table)}`),
    up: [...found.map(({ sql }) => now(sql)), ...states.map(({ sql }) => sql)],
  };
}

/** The statements that say again what goes with columns that are made anew, and with the indexes of these names. */
export function settingsLostWith(
  { attachments = [] }: Table,
  columns: readonly string[],
  indexes: readonly string[],
): readonly string[] {
  const statistics = attachments.filter(
    ({ kind, sql }) => kind === "statistics" && columns.some((column) => mentions(sql, column)),
  );
  const isLost = ({ kind, name }: Attachment): boolean => {
    switch (kind) {
      case "column":
        return columns.includes(name);
      case "cluster":
      case "replica identity":
      case "index comment":
        return indexes.includes(name);
      case "statistics comment":
        return statistics.some((other) => other.name === name);
      default:
        return false;
    }
  };
  return attachments.filter((item) => statistics.includes(item) || isLost(item)).map(({ sql }) => sql);
}

/** How the values of a column are stored, which a new type forgets (`ATExecAlterColumnType` in tablecmds.c). */
export function storageOf({ attachments = [] }: Table, column: string, renamed: string): readonly string[] {
  return attachments
    .filter(({ kind, name, sql }) => kind === "column" && name === column && / SET STORAGE [A-Z]+$/.test(sql))
    .map(({ sql }) => renameIn(sql, column, renamed));
}
