/** The move-and-copy of SQLite's manual (https://www.sqlite.org/lang_altertable.html#otheralter). */
import { displayName } from "../../model/names";
import type { Table } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import type { ColumnRename, RecreateTable } from "../../operations/operation";
import { guard } from "./frame";
import { splitColumn, splitDefinition } from "./definition";
import { literal, quote, quoteName } from "./quote";
import { createIndex, createTableText, renamedTableText, statementsOn } from "./table-sql";
import { foldCase, isWord, tokenize } from "./tokens";

/**
 * The statements of a rebuild. Foreign keys are off (see `frame`), so that dropping the old table deletes no rows of
 * others. The old renaming rules are used for putting the new table in its place: the new ones would stop at views and
 * triggers that name the table while it is away. Columns are renamed by the new rules, which carry a name everywhere.
 */
export function recreateTable({
  from,
  to,
  copy,
  through = to,
  renames = [],
}: RecreateTable): readonly string[] {
  const temporary: Table = { ...through, name: `_limbeck_new_${to.name}` };
  const { source } = through;
  return [
    ...(from.source === undefined ? demandKnown(from) : []),
    source ? renamedTableText(source.sql, temporary) : createTableText(temporary),
    ...copyRows(from, through, temporary, copy),
    ...keepSequence(from, temporary),
    `DROP TABLE ${quoteName(from)}`,
    "PRAGMA legacy_alter_table=ON",
    `ALTER TABLE ${quoteName(temporary)} RENAME TO ${quote(to.name)}`,
    "PRAGMA legacy_alter_table=OFF",
    ...through.indexes.map((index) => createIndex(to, index, false, source?.indexes[index.name])),
    ...statementsOn(through),
    ...inTurn(renames).map(
      (rename) => `ALTER TABLE ${quoteName(to)} RENAME COLUMN ${quote(rename.from)} TO ${quote(rename.to)}`,
    ),
  ];
}

/**
 * Where the table was not read, as in a script, there may be columns, indexes and triggers that nobody told of: they would
 * go with the old table, so the client stops before it.
 */
function demandKnown(table: Table): readonly string[] {
  const database = table.schema ?? "main";
  const names = (items: readonly { readonly name: string }[]): string =>
    `(${items.map(({ name }) => literal(name)).join(", ")})`;
  const problem = `${displayName(table)} has columns, indexes or triggers that this script does not know`;
  return [
    ...guard(quote(problem)).map(({ sql }) => sql),
    `INSERT INTO temp.limbeck_guard SELECT 0 WHERE EXISTS (SELECT 1 FROM ${quote(database)}.sqlite_schema` +
      ` WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ${literal(table.name)} COLLATE NOCASE` +
      ` AND name NOT IN ${names([...table.indexes, ...(table.triggers ?? [])])})` +
      ` OR EXISTS (SELECT 1 FROM pragma_table_xinfo(${literal(table.name)}, ${literal(database)})` +
      ` WHERE name COLLATE NOCASE NOT IN ${names(table.columns)})`,
    "DROP TABLE temp.limbeck_guard",
  ];
}

function copyRows(
  from: Table,
  through: Table,
  temporary: Table,
  copy: RecreateTable["copy"],
): readonly string[] {
  const pairs = Object.entries(copy).map(([column, source]) => ({
    into: quote(column),
    out: "column" in source ? quote(source.column) : source.sql,
  }));
  const rowid = visibleRowid(from, through);
  if (rowid !== undefined) pairs.unshift({ into: rowid, out: rowid });
  if (pairs.length === 0) return [];
  const into = pairs.map((pair) => pair.into).join(", ");
  const out = pairs.map((pair) => pair.out).join(", ");
  return [`INSERT INTO ${quoteName(temporary)} (${into}) SELECT ${out} FROM ${quoteName(from)}`];
}

/** The name under which rows can be copied with their row ids, where these are not a column of the new table. */
function visibleRowid(from: Table, to: Table): string | undefined {
  if (from.options?.withoutRowid || to.options?.withoutRowid || isRowidKey(to)) return undefined;
  const taken = new Set([...from.columns, ...to.columns].map(({ name }) => foldCase(name)));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}

/** An INTEGER PRIMARY KEY is the row id, but for one that a column calls DESC (lang_createtable.html#rowid). */
function isRowidKey(table: Table): boolean {
  const key = primaryKeyOf(table);
  const place =
    key?.columns.length === 1 ? table.columns.findIndex(({ name }) => name === key.columns[0]) : -1;
  if (table.columns[place]?.type.name.toLowerCase() !== "integer") return false;
  const text = table.source && splitDefinition(table.source.sql, table.name).columns[place]?.text;
  const clause = splitColumn(text ?? "").clauses.find(({ kind }) => kind === "primaryKey");
  return !tokenize(clause?.body ?? "").some((token) => isWord(token, "DESC"));
}

/** AUTOINCREMENT never gives a number twice, also of rows that are gone: its counter moves to the new table. */
function keepSequence(from: Table, temporary: Table): readonly string[] {
  const counts = (table: Table): boolean =>
    table.columns.some(({ generated }) => generated?.kind === "increment");
  if (!counts(from) || !counts(temporary)) return [];
  const sequence = from.schema === undefined ? "sqlite_sequence" : `${quote(from.schema)}.sqlite_sequence`;
  return [
    `DELETE FROM ${sequence} WHERE name = ${literal(temporary.name)}`,
    `INSERT INTO ${sequence} (name, seq) SELECT ${literal(temporary.name)}, seq FROM ${sequence} WHERE name = ${literal(from.name)}`,
  ];
}

/** Renames one at a time: a name must be free before it is given, and where names swap, one waits under a third. */
function inTurn(renames: readonly ColumnRename[]): readonly ColumnRename[] {
  const result: ColumnRename[] = [];
  let left = [...renames];
  while (left.length > 0) {
    const taken = new Set(left.map(({ from }) => foldCase(from)));
    const free = left.find(({ from, to }) => foldCase(to) === foldCase(from) || !taken.has(foldCase(to)));
    const [first] = left;
    if (free) {
      result.push(free);
      left = left.filter((rename) => rename !== free);
    } else if (first) {
      const between = `_limbeck_${first.from}`;
      result.push({ from: first.from, to: between });
      left = [...left.slice(1), { from: between, to: first.to }];
    }
  }
  return result;
}
