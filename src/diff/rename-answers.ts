/** Answers to questions about renames: `old:new`, read against what the database has and what the entities want. */
import { LimbeckError } from "../errors";
import { displayName, qualified, sameName } from "../model/names";
import type { QualifiedName, Schema, Table } from "../model/schema";
import { contradicts, KIND_NAMES, newName, oldPath, renameOption } from "./renames";
import type { AnsweredRename, Rename } from "./renames";
import { nameBefore } from "./rename-operations";

/** An answer, and how strictly it is meant. */
export interface Answer {
  /** `old:new`, the old name behind what it belongs to. */
  readonly text: string;
  /** Where it stands, for messages: `--rename account:customer`, `@RenamedFrom("name") of Customer.fullName`. */
  readonly place: string;
  /** Who answers, as an `AnsweredRename` says it. */
  readonly by: string;
  /** It stays when it is applied, as in a file or an entity, and then says nothing any more. */
  readonly lasting: boolean;
}

/** The renames that answers mean, none twice. Of two that contradict each other the one typed for this run counts. */
export function resolveAnswers(
  answers: readonly Answer[],
  from: Schema,
  to: Schema,
): readonly AnsweredRename[] {
  const renames: AnsweredRename[] = [];
  const typed = new Set<Rename>();
  for (const answer of inOrder(answers, from, to)) {
    const rename = resolveAnswer(answer, from, to, renames);
    if (rename === undefined) continue;
    const other = renames.find((one) => contradicts(one, rename));
    if (other === undefined) {
      const answered = { ...rename, by: answer.by };
      renames.push(answered);
      if (!answer.lasting) typed.add(answered);
    } else if (!answer.lasting && renameOption(other) !== renameOption(rename))
      throw contradiction(answer, other);
  }
  const clash = renames.find((rename) => typed.has(rename) && isTaken(rename, from, renames));
  if (clash !== undefined) throw taken(clash);
  return withoutStale(renames, from);
}

/** Tables first, because what is in one is told by its new name; and what was typed before what is lasting. */
function inOrder(answers: readonly Answer[], from: Schema, to: Schema): readonly Answer[] {
  const ofTables = new Set(
    answers.filter(({ text }) =>
      splits(text).some(([old, fresh]) => resolvePair(old, fresh, from, to, [])[0]?.kind === "table"),
    ),
  );
  const rank = (answer: Answer): number => (ofTables.has(answer) ? 0 : 2) + (answer.lasting ? 1 : 0);
  return answers.toSorted((left, right) => rank(left) - rank(right));
}

/** What an answer means; nothing where it is lasting and was applied already. */
function resolveAnswer(
  { text, place, lasting }: Answer,
  from: Schema,
  to: Schema,
  before: readonly Rename[],
): Rename | undefined {
  const pairs = splits(text);
  if (pairs.length === 0) {
    throw new LimbeckError("USAGE", `${place} is not of the form old:new`, {
      hint: "write account:customer for a table, or account.name:full_name for a column",
    });
  }
  const found = pairs.flatMap(([old, fresh]) => resolvePair(old, fresh, from, to, before));
  const [rename] = found;
  if (rename !== undefined) return rename;
  if (lasting && pairs.some(([old, fresh]) => !couldBeMeant(old, fresh, from, to))) return undefined;
  throw matchesNothing(place, pairs, from, to);
}

/** A name may hold a colon itself, so every place is tried. */
function splits(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/:/g)]
    .map(({ index }) => [text.slice(0, index), text.slice(index + 1)] as const)
    .filter(([old, fresh]) => old !== "" && fresh !== "");
}

function resolvePair(
  old: string,
  fresh: string,
  from: Schema,
  to: Schema,
  before: readonly Rename[],
): readonly Rename[] {
  for (const rename of renamable(from, to, before, old)) {
    const wanted = wantedName(rename, fresh);
    if (wanted !== undefined) return [wanted];
  }
  return [];
}

/** A thing of the database that a path names, and the names that the entities give to things of its kind and place. */
interface Renamable {
  readonly path: string;
  /** The names that it may get. */
  readonly wanted: readonly string[];
  readonly rename: (to: string) => Rename;
}

function wantedName({ wanted, rename, path }: Renamable, fresh: string): Rename | undefined {
  const owner = path.slice(0, path.lastIndexOf(".") + 1);
  const name = [fresh, fresh.slice(fresh.lastIndexOf(".") + 1), fresh.replace(owner, "")].find((one) =>
    wanted.includes(one),
  );
  return name === undefined ? undefined : rename(name);
}

/** What the path means in the database; only things that it may mean are looked at. */
function renamable(from: Schema, to: Schema, before: readonly Rename[], path: string): readonly Renamable[] {
  return everything(from, to, before, path).filter((thing) => thing.path === path);
}

/** Everything in the database that can be renamed; with a path, only what can have it. */
function everything(
  from: Schema,
  to: Schema,
  before: readonly Rename[],
  path?: string,
): readonly Renamable[] {
  const concerned = (name: QualifiedName): boolean =>
    path === undefined || path === displayName(name) || path.startsWith(`${displayName(name)}.`);
  const views = from.views.filter(concerned).map((view): Renamable => ({
    path: displayName(view),
    wanted: [...to.views.map(displayName), ...beside(view, to.views)],
    rename: (name) => ({ kind: "view", from: qualified(view), to: named(name, view, to.views) }),
  }));
  const enums = from.enums.filter(concerned).flatMap((type) => {
    const wanted =
      to.enums.find((other) => sameName(other, type))?.values ?? to.enums.flatMap(({ values }) => values);
    return type.values.map((value): Renamable => ({
      path: `${displayName(type)}.${value}`,
      wanted,
      rename: (name) => ({ kind: "enumValue", enum: qualified(type), from: value, to: name }),
    }));
  });
  const known = from.tables.filter(concerned).flatMap((table) => {
    const now = before.find((rename) => rename.kind === "table" && sameName(rename.from, table))?.to;
    return thingsOf(table, displayName(table), (now ?? table) as QualifiedName, to);
  });
  // A table that another answer renames may be called by its new name, too.
  const renamed = before.flatMap((rename) => {
    if (rename.kind !== "table" || !concerned(rename.to)) return [];
    const table = from.tables.find((one) => sameName(one, rename.from));
    return table ? thingsOf(table, displayName(rename.to), rename.to, to) : [];
  });
  return [...known, ...renamed, ...views, ...enums];
}

/** A table and everything in it. */
function thingsOf(table: Table, path: string, now: QualifiedName, to: Schema): readonly Renamable[] {
  const owner = qualified(table);
  const target = to.tables.find((other) => sameName(other, now));
  const inside = (
    kind: "column" | "index" | "constraint",
    names: readonly (string | undefined)[],
    wanted: readonly (string | undefined)[] = [],
  ): readonly Renamable[] =>
    names.flatMap((name) =>
      name === undefined
        ? []
        : [
            {
              path: `${path}.${name}`,
              wanted: wanted.filter((one) => one !== undefined),
              rename: (fresh: string): Rename => ({ kind, table: owner, from: name, to: fresh }),
            },
          ],
    );
  const nameOf = ({ name }: { readonly name?: string }): string | undefined => name;
  const values = table.columns.flatMap((column) => {
    const wanted = target?.columns.find(({ name }) => name === column.name)?.type;
    return (column.type.values ?? []).map((value): Renamable => ({
      path: `${path}.${column.name}.${value}`,
      wanted: wanted?.values ?? target?.columns.flatMap(({ type }) => type.values ?? []) ?? [],
      rename: (name) => ({ kind: "columnValue", table: owner, column: column.name, from: value, to: name }),
    }));
  });
  return [
    {
      path,
      wanted: [...to.tables.map(displayName), ...beside(table, to.tables)],
      rename: (name) => ({ kind: "table", from: owner, to: named(name, table, to.tables) }),
    },
    ...inside("column", table.columns.map(nameOf), target?.columns.map(nameOf)),
    ...values,
    ...inside("index", table.indexes.map(nameOf), target?.indexes.map(nameOf)),
    ...inside("constraint", table.constraints.map(nameOf), target?.constraints.map(nameOf)),
  ];
}

/** Names without their schema, of what lives in the same one. */
function beside(old: QualifiedName, others: readonly QualifiedName[]): readonly string[] {
  return others.filter(({ schema }) => schema === old.schema).map(({ name }) => name);
}

function named(name: string, old: QualifiedName, others: readonly QualifiedName[]): QualifiedName {
  const found =
    others.find((other) => displayName(other) === name) ??
    others.find((other) => other.name === name && other.schema === old.schema);
  return found ? qualified(found) : { name };
}

/** A lasting answer was applied, or is not needed: its new name is there, or nothing is gone that it could mean. */
function couldBeMeant(old: string, fresh: string, from: Schema, to: Schema): boolean {
  const owner = old.slice(0, old.lastIndexOf(".") + 1);
  const paths = everything(from, to, []).map(({ path }) => path);
  if (paths.includes(fresh) || paths.includes(`${owner}${fresh}`)) return false;
  return goneFrom(from, to, owner).length > 0;
}

/** What is in the database and not in the entities: tables and views, or what is in the one that a path begins with. */
function goneFrom(from: Schema, to: Schema, owner: string): readonly string[] {
  const depth = (path: string): boolean => !path.slice(owner.length).includes(".");
  const kept = new Set(everything(to, to, []).map(({ path }) => path));
  return everything(from, to, [])
    .map(({ path }) => path)
    .filter((path) => path.startsWith(owner) && depth(path) && !kept.has(path));
}

function withoutStale(renames: readonly AnsweredRename[], from: Schema): readonly AnsweredRename[] {
  const left = renames.filter((rename) => !isTaken(rename, from, renames));
  return left.length === renames.length ? left : withoutStale(left, from);
}

/** Whether the new name is in use, and stays so. */
function isTaken(rename: Rename, from: Schema, renames: readonly Rename[]): boolean {
  if (renames.some((other) => oldPath(other) === newPath(rename) && other.kind === rename.kind)) return false;
  switch (rename.kind) {
    case "table":
      return from.tables.some((table) => sameName(table, rename.to));
    case "view":
      return from.views.some((view) => sameName(view, rename.to));
    case "enumValue":
      return from.enums.some((type) => sameName(type, rename.enum) && type.values.includes(rename.to));
    default: {
      const table = from.tables.find((one) => sameName(one, nameBefore(rename.table, renames)));
      if (table === undefined) return false;
      return namesOf(table, rename).includes(rename.to);
    }
  }
}

function namesOf(
  table: Table,
  rename: Exclude<Rename, { kind: "table" | "view" | "enumValue" }>,
): readonly string[] {
  switch (rename.kind) {
    case "column":
      return table.columns.map(({ name }) => name);
    case "index":
      return table.indexes.map(({ name }) => name);
    case "constraint":
      return table.constraints.flatMap(({ name }) => name ?? []);
    case "columnValue":
      return table.columns.find(({ name }) => name === rename.column)?.type.values ?? [];
  }
}

function newPath(rename: Rename): string {
  const old = oldPath(rename);
  const last = typeof rename.from === "string" ? rename.from : displayName(rename.from);
  return `${old.slice(0, old.length - last.length)}${newName(rename)}`;
}

function matchesNothing(
  place: string,
  pairs: readonly (readonly [string, string])[],
  from: Schema,
  to: Schema,
): LimbeckError {
  const [old = "", fresh = ""] = pairs[0] ?? [];
  const known = everything(from, to, []).find(({ path }) => path === old);
  if (known !== undefined) {
    const kind = KIND_NAMES[known.rename("").kind];
    return new LimbeckError("USAGE", `${place}: the entities have no ${kind} "${fresh}" there`, {
      hint: `the new name is the one that the entities give: ${listed([...new Set(known.wanted)])}`,
      data: known.wanted,
    });
  }
  const owner = old.slice(0, old.lastIndexOf(".") + 1);
  const ownerExists = everything(from, to, []).some(({ path }) => `${path}.` === owner);
  const gone = goneFrom(from, to, ownerExists ? owner : "");
  return new LimbeckError("USAGE", `${place}: the database has nothing called "${old}"`, {
    hint:
      gone.length === 0
        ? "nothing in the database is gone from the entities, so nothing was renamed"
        : `in the database and not in the entities: ${listed(gone)}`,
    data: gone,
  });
}

function contradiction({ place }: Answer, other: Rename): LimbeckError {
  return new LimbeckError("USAGE", `${place} contradicts ${renameOption(other)}`, {
    hint: "a thing has one old name and one new name",
  });
}

function taken(rename: Rename): LimbeckError {
  const kind = KIND_NAMES[rename.kind];
  return new LimbeckError(
    "USAGE",
    `${renameOption(rename)}: the database has a ${kind} "${newName(rename)}" already`,
    {
      hint: "say what becomes of that one, too, or leave the rename out",
    },
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(", ");
  if (names.length === 0) return "none";
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
