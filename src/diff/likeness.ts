/** How alike two names look, and in what two columns or tables agree. */
import { equal } from "../model/equal";
import type { Column, Constraint, Table } from "../model/schema";
import { indexUses } from "../operations/apply-table";
import { describeType } from "../operations/describe";

/** From which share on two names look alike. */
export const SIMILAR = 0.6;

/** The share that two names have in common: whole words, or letters in order. 1 is the same but for case and marks. */
export function likeness(left: string, right: string): number {
  const [a, b] = [words(left), words(right)];
  const shared = a.filter((word) => b.includes(word)).length;
  // One word of two says more than half of the letters.
  const byWords = (1.2 * shared) / Math.max(a.length, b.length, 1);
  const [x, y] = [a.join(""), b.join("")];
  if (x === y) return 1;
  return Math.max(byWords, commonLetters(x, y) / Math.max(x.length, y.length, 1));
}

/** Reasons to believe that two columns are one, strongest first, with their weight. */
export function columnReasons(
  from: { readonly table: Table; readonly column: Column },
  to: { readonly table: Table; readonly column: Column },
): readonly Reason[] {
  const [old, fresh] = [from.column, to.column];
  const keys = keysOf(from.table, old.name);
  return [
    equal(old.type, fresh.type)
      ? { weight: 3, text: `same type ${describeType(fresh.type)}` }
      : old.type.name === fresh.type.name && { weight: 2, text: `both ${old.type.name}` },
    keys.length > 0 &&
      equal(keys, keysOf(to.table, fresh.name)) && { weight: 2, text: `same keys (${keys.join(", ")})` },
    likeness(old.name, fresh.name) >= SIMILAR && { weight: 2, text: "similar name" },
    from.table.columns.indexOf(old) === to.table.columns.indexOf(fresh) && {
      weight: 1,
      text: "same position",
    },
    old.nullable === fresh.nullable && {
      weight: 1,
      text: `both ${fresh.nullable ? "nullable" : "not null"}`,
    },
  ].filter((reason): reason is Reason => reason !== false);
}

/** Something that speaks for a rename. */
export interface Reason {
  readonly weight: number;
  readonly text: string;
}

/** The roles of a column in the keys, constraints and indexes of its table. */
function keysOf(table: Table, column: string): readonly string[] {
  const constraints = table.constraints.filter(
    (constraint) => "columns" in constraint && constraint.columns.includes(column),
  );
  const indexes = table.indexes.filter((index) => indexUses(index, column));
  const roles = [
    ...constraints.map(roleOf),
    ...indexes.map(({ unique }) => (unique ? "unique index" : "index")),
  ];
  return roles.toSorted();
}

function roleOf(constraint: Constraint): string {
  switch (constraint.kind) {
    case "primaryKey":
      return "primary key";
    case "foreignKey":
      return `foreign key to ${constraint.references.name}`;
    case "unique":
    case "check":
    case "exclusion":
      return constraint.kind;
  }
}

/** `fullName`, `full_name` and `FullName` are the same words. */
function words(name: string): readonly string[] {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** The length of the longest common subsequence. */
function commonLetters(left: string, right: string): number {
  let row: readonly number[] = Array.from({ length: right.length + 1 }, () => 0);
  for (const letter of left) {
    const next = [0];
    for (let place = 0; place < right.length; place += 1) {
      const here =
        right[place] === letter ? (row[place] ?? 0) + 1 : Math.max(row[place + 1] ?? 0, next[place] ?? 0);
      next.push(here);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
