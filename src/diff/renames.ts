/**
 * Renames. A database shows only that one thing is gone and another is new, so a rename is never guessed: what looks
 * like one is a question, and its answer comes from a person.
 */
import { LimbeckError } from "../errors";
import { displayName, keyOf, qualified, sameName } from "../model/names";
import type { Column, QualifiedName, Schema, Table } from "../model/schema";
import { findColumn, findTable } from "../model/schema";
import { apply } from "../operations/apply";
import { describeType } from "../operations/describe";
import type { Operation } from "../operations/operation";
import { match } from "./match";

/** A rename that was answered, or that is asked about. A column's table has its old name here. */
export type Rename =
  | { readonly kind: "table"; readonly from: QualifiedName; readonly to: QualifiedName }
  | { readonly kind: "column"; readonly table: QualifiedName; readonly from: string; readonly to: string };

/** Something that may be a rename, with what speaks for it. */
export interface RenameQuestion {
  readonly rename: Rename;
  readonly reason: string;
}

/** The share of columns, by name and type, from which two tables look like one. */
const LIKENESS = 0.6;

/** Everything that looks like a rename: a table or column gone, and one like it new. */
export function renameQuestions(from: Schema, to: Schema): readonly RenameQuestion[] {
  const tables = match(from.tables, to.tables, keyOf);
  const renamedTables = tables.removed.flatMap((gone) =>
    tables.added.flatMap((fresh): readonly RenameQuestion[] => {
      const shared = sharedColumns(gone, fresh);
      const most = Math.max(gone.columns.length, fresh.columns.length);
      if (shared === 0 || shared / most < LIKENESS) return [];
      return [
        {
          rename: { kind: "table", from: qualified(gone), to: qualified(fresh) },
          reason: `${shared} of ${most} columns are the same`,
        },
      ];
    }),
  );
  return [...renamedTables, ...tables.kept.flatMap((pair) => columnQuestions(pair.from, pair.to))];
}

/** The old schema with the renames done, and the operations that do them. */
export function applyRenames(
  from: Schema,
  renames: readonly Rename[],
): { readonly schema: Schema; readonly operations: readonly Operation[] } {
  const operations: Operation[] = [];
  let schema = from;
  const tableRenames = renames.filter((rename) => rename.kind === "table");
  const perform = (operation: Operation): void => {
    operations.push(operation);
    schema = apply(schema, operation);
  };
  for (const rename of tableRenames) perform({ kind: "renameTable", from: rename.from, to: rename.to });
  for (const rename of renames) {
    if (rename.kind !== "column") continue;
    const table = tableRenames.find((other) => sameName(other.from, rename.table))?.to ?? rename.table;
    const live = findTable(schema, table);
    const was = live && findColumn(live, rename.from);
    if (was) perform({ kind: "alterColumn", table, column: rename.from, change: { name: rename.to }, was });
  }
  return { schema, operations };
}

/**
 * Reads one answer, `old:new`: `account:customer` for a table, `account.name:full_name` for a column. The old name is
 * looked up in the database, the new one in the entities.
 *
 * Throws USAGE where there is no such thing on either side.
 */
export function parseRename(text: string, from: Schema, to: Schema): Rename {
  const [old = "", fresh = "", ...rest] = text.split(":");
  if (old === "" || fresh === "" || rest.length > 0) {
    throw new LimbeckError("USAGE", `--rename ${text} is not of the form old:new`, {
      hint: "write --rename account:customer for a table, or --rename account.name:full_name for a column",
    });
  }
  const table = from.tables.find((candidate) => displayName(candidate) === old);
  if (table) return { kind: "table", from: qualified(table), to: wantedTable(text, table, fresh, to) };
  const dot = old.lastIndexOf(".");
  const owner = from.tables.find((candidate) => displayName(candidate) === old.slice(0, dot));
  const column = old.slice(dot + 1);
  if (dot > 0 && owner && findColumn(owner, column)) {
    return {
      kind: "column",
      table: qualified(owner),
      from: column,
      to: fresh.slice(fresh.lastIndexOf(".") + 1),
    };
  }
  throw new LimbeckError("USAGE", `--rename ${text}: the database has no table or column "${old}"`, {
    hint: "name the old table, or table.column, as the database has it now",
  });
}

/** How a question is answered on the command line. */
export function renameOption(rename: Rename): string {
  return rename.kind === "table"
    ? `--rename ${displayName(rename.from)}:${displayName(rename.to)}`
    : `--rename ${displayName(rename.table)}.${rename.from}:${rename.to}`;
}

/** The question in words. */
export function describeRename(rename: Rename): string {
  return rename.kind === "table"
    ? `table ${displayName(rename.from)} is gone and ${displayName(rename.to)} is new`
    : `column ${displayName(rename.table)}.${rename.from} is gone and ${rename.to} is new`;
}

function wantedTable(text: string, old: Table, fresh: string, to: Schema): QualifiedName {
  const wanted =
    to.tables.find((candidate) => displayName(candidate) === fresh) ??
    to.tables.find((candidate) => candidate.name === fresh && candidate.schema === old.schema);
  if (wanted) return qualified(wanted);
  throw new LimbeckError("USAGE", `--rename ${text}: no entity has a table "${fresh}"`, {
    hint: "the new name is the one that the entities give",
  });
}

function columnQuestions(from: Table, to: Table): readonly RenameQuestion[] {
  const { added, removed } = match(from.columns, to.columns, ({ name }) => name);
  return removed.flatMap((gone) =>
    added
      .filter((fresh) => alike(gone, fresh))
      .map((fresh): RenameQuestion => ({
        rename: { kind: "column", table: qualified(from), from: gone.name, to: fresh.name },
        reason: `both are ${describeType({ name: gone.type.name })}`,
      })),
  );
}

function alike(left: Column, right: Column): boolean {
  return (
    left.type.name === right.type.name &&
    (left.type.array ?? false) === (right.type.array ?? false) &&
    (left.generated?.kind === "computed") === (right.generated?.kind === "computed")
  );
}

function sharedColumns(left: Table, right: Table): number {
  return left.columns.filter((column) =>
    right.columns.some((other) => other.name === column.name && other.type.name === column.type.name),
  ).length;
}
