/**
 * Renames. A database shows only that one thing is gone and another is new, so a rename is never guessed: what looks
 * like one is a question (`rename-questions`), and its answer (`rename-answers`) comes from a person.
 */
import { assertNever } from "../errors";
import { displayName } from "../model/names";
import type { QualifiedName } from "../model/schema";

/**
 * A rename that was answered, or that is asked about. A table that something belongs to has the name that the database
 * has now. Values belong to a named enum type, or to the column that lists them.
 */
export type Rename =
  | { readonly kind: "table"; readonly from: QualifiedName; readonly to: QualifiedName }
  | { readonly kind: "view"; readonly from: QualifiedName; readonly to: QualifiedName }
  | RenameInTable<"column">
  | RenameInTable<"index">
  | RenameInTable<"constraint">
  | { readonly kind: "enumValue"; readonly enum: QualifiedName; readonly from: string; readonly to: string }
  | {
      readonly kind: "columnValue";
      readonly table: QualifiedName;
      readonly column: string;
      readonly from: string;
      readonly to: string;
    };
/** A rename of something that belongs to a table. */
export interface RenameInTable<K extends string> {
  readonly kind: K;
  readonly table: QualifiedName;
  readonly from: string;
  readonly to: string;
}
/** A rename with who answered it, in words that end a sentence: `by --rename`, `on the terminal`. */
export type AnsweredRename<K extends RenameKind = RenameKind> = RenameOf<K> & { readonly by: string };
export type RenameKind = Rename["kind"];
export type RenameOf<K extends RenameKind> = Extract<Rename, { readonly kind: K }>;

/** What the kinds are called in messages. */
export const KIND_NAMES: Readonly<Record<RenameKind, string>> = {
  table: "table",
  view: "view",
  column: "column",
  index: "index",
  constraint: "constraint",
  enumValue: "enum value",
  columnValue: "enum value",
};

/** Where the renamed thing is: its old name behind what it belongs to, as `--rename` takes it. */
export function oldPath(rename: Rename): string {
  const owner = ownerPath(rename);
  const old = typeof rename.from === "string" ? rename.from : displayName(rename.from);
  return owner === "" ? old : `${owner}.${old}`;
}

/** The new name alone. */
export function newName({ to }: Rename): string {
  return typeof to === "string" ? to : displayName(to);
}

/** How a question is answered on the command line. */
export function renameOption(rename: Rename): string {
  const answer = `${oldPath(rename)}:${newName(rename)}`;
  return `--rename ${/^[\w.:/@%+,-]+$/.test(answer) ? answer : `'${answer.replaceAll("'", "'\\''")}'`}`;
}

/** What looks like a rename and was not answered. */
export interface OpenQuestion {
  /** In words: `column account.full_name is new, and may be name renamed (similar name)`. */
  readonly sentence: string;
  /** The answers that it can have, as they are typed: `--rename account.name:full_name`; the likeliest first. */
  readonly options: readonly string[];
}

/** What to do about questions. */
export function howToAnswer(questions: readonly OpenQuestion[]): string {
  const options = questions.flatMap((question) => question.options);
  return `answer with ${options.join(" or ")}, or say --no-renames where drop and add is meant`;
}

/** Two renames of the same old thing, or into the same new one, cannot both be meant. */
export function contradicts(left: Rename, right: Rename): boolean {
  return (
    left.kind === right.kind &&
    ownerPath(left) === ownerPath(right) &&
    (oldPath(left) === oldPath(right) || newName(left) === newName(right))
  );
}

/** What the thing belongs to; nothing for what stands by itself. */
export function ownerPath(rename: Rename): string {
  switch (rename.kind) {
    case "table":
    case "view":
      return "";
    case "column":
    case "index":
    case "constraint":
      return displayName(rename.table);
    case "enumValue":
      return displayName(rename.enum);
    case "columnValue":
      return `${displayName(rename.table)}.${rename.column}`;
    default:
      return assertNever(rename);
  }
}
