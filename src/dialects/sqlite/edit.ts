/**
 * The CREATE TABLE text of a changed table: the old text with the pieces changed that the change is about. Everything
 * else stays letter by letter.
 */
import { equal } from "../../model/equal";
import type { Column, Constraint, Index, Table, TableSource } from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import { typeText } from "../ansi/sql";
import {
  collationText,
  columnText,
  computedText,
  defaultClauseText,
  enumCheckText,
  inlineKeyOf,
  primaryKeyText,
  tableConstraintText,
  tableOptionsText,
  widthOf,
} from "./column-text";
import { joinItems, splitColumn, splitDefinition } from "./definition";
import type { ClauseKind, ColumnClause, Item } from "./definition";
import { enumChecksOf } from "./inspect-table";
import { parseTable } from "./parse";
import type { ParsedConstraint } from "./parse";
import { quote } from "./quote";
import { sameTokens } from "./tokens";

/** What becomes of a constraint of the old text: it stays, with its new name, or it goes. */
type Fate =
  | {
      readonly stays: true;
      readonly name: string | undefined;
      readonly kind: Constraint["kind"];
      readonly columns?: readonly string[];
    }
  | { readonly stays: false };

/**
 * The texts of a table after a change. `kept` says which columns of the new table are columns of the old one, under the
 * same name. Nothing where the old text does not fit the old table; then the new one must be written from the model.
 */
export function editedSource(from: Table, to: Table, kept: ReadonlySet<string>): TableSource | undefined {
  const { source } = from;
  if (source === undefined) return undefined;
  const fates = fatesOf(from, to, source.sql, kept);
  const definition = splitDefinition(source.sql, from.name);
  if (!fates || definition.columns.length !== from.columns.length) return undefined;
  const inlineKey = inlineKeyOf(to);
  const key = primaryKeyOf(to);
  const keyIsNew = key !== undefined && ![...fates.matched.values()].includes(key);
  const columns = to.columns.map((column): Item => {
    const place = from.columns.findIndex(({ name }) => name === column.name);
    const [was, item] = [from.columns[place], definition.columns[place]];
    const newKey = keyIsNew && column.name === inlineKey ? { name: key.name } : undefined;
    if (!was || !item || !kept.has(column.name)) {
      return newItem(columnText(column, newKey), definition.columns);
    }
    return { ...item, text: editedColumn(item.text, was, column, fates.ofColumn(place), newKey) };
  });
  const constraints = definition.constraints.flatMap((item, place): readonly Placed[] => {
    const fate = fates.ofTable(place);
    return fate.stays
      ? [{ item: { ...item, text: renamedConstraint(item.text, fate.name) }, width: widthOf(fate) }]
      : [];
  });
  const added = to.constraints
    .filter((constraint) => ![...fates.matched.values()].includes(constraint))
    .filter((constraint) => constraint !== key || inlineKey === undefined)
    .map((constraint) => ({
      item: newItem(tableConstraintText(constraint), definition.columns),
      width: widthOf(constraint),
    }));
  const sameOptions = tableOptionsText(from) === tableOptionsText(to);
  const body = joinItems(
    [...columns, ...added.reduce(placed, constraints).map(({ item }) => item)],
    definition.closingSpace,
  );
  return {
    sql: `CREATE TABLE ${quote(to.name)} (${body})${sameOptions ? definition.options : tableOptionsText(to)}`,
    indexes: keptIndexes(from.indexes, to.indexes, source.indexes),
  };
}

interface Placed {
  readonly item: Item;
  readonly width: number;
}

/** A new constraint stands behind all that are as wide, as in a table that is written anew. */
function placed(constraints: readonly Placed[], added: Placed): readonly Placed[] {
  const place = constraints.findIndex(({ width }) => width < added.width);
  return constraints.toSpliced(place < 0 ? constraints.length : place, 0, added);
}

/** What is new is laid out like the last column before it. */
function newItem(text: string, columns: readonly Item[]): Item {
  const lead = columns.at(-1)?.lead ?? "";
  const space = lead.trim() === "" ? lead : (/\n[ \t]*/.exec(lead)?.[0] ?? " ");
  return { lead: space === "" ? " " : space, text, after: "", trailing: "" };
}

function editedColumn(
  text: string,
  from: Column,
  to: Column,
  fateOf: (number: number) => Fate,
  newKey: { readonly name?: string | undefined } | undefined,
): string {
  const pieces = splitColumn(text);
  const own = pieces.clauses.filter(({ kind }) => isConstraint(kind));
  const staysWhole = own.every((clause, place) => {
    const fate = fateOf(place);
    return fate.stays && fate.name === clause.name;
  });
  if (staysWhole && newKey === undefined && equal(from, to)) return text;
  let number = 0;
  const clauses = pieces.clauses.flatMap((clause, index): readonly string[] => {
    if (isConstraint(clause.kind)) {
      const fate = fateOf(number++);
      return fate.stays ? [renamedClause(clause, fate.name)] : [];
    }
    // When a foreign key is checked is said behind it, and goes with it.
    if (clause.kind === "deferrable" && goesWithKey(pieces.clauses, index, fateOf)) return [];
    return changedAspect(clause.kind, from, to) ? [] : [clause.text];
  });
  const { values: _was, ...oldType } = from.type;
  const { values: _is, ...newType } = to.type;
  const sameValues = equal(from.type.values, to.type.values) && from.type.array === to.type.array;
  return [
    pieces.name,
    equal(oldType, newType) ? pieces.type : typeText(to.type),
    sameValues ? undefined : enumCheckText(to),
    ...clauses,
    newKey && primaryKeyText(to, newKey.name),
    changedAspect("collate", from, to) ? collationText(to) : undefined,
    changedAspect("notNull", from, to) && !to.nullable ? "NOT NULL" : undefined,
    changedAspect("generated", from, to) ? computedText(to) : undefined,
    changedAspect("default", from, to) && to.generated?.kind !== "computed"
      ? defaultClauseText(to)
      : undefined,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}

const CONSTRAINT_KINDS: readonly ClauseKind[] = ["primaryKey", "unique", "check", "references"];

function isConstraint(kind: ClauseKind): boolean {
  return CONSTRAINT_KINDS.includes(kind);
}

function goesWithKey(
  clauses: readonly ColumnClause[],
  index: number,
  fateOf: (number: number) => Fate,
): boolean {
  const constraints = clauses.slice(0, index).filter(({ kind }) => isConstraint(kind));
  const last = constraints.findLastIndex(({ kind }) => kind === "references");
  return last >= 0 && !fateOf(last).stays;
}

/** Whether what such a clause says is another thing now. */
function changedAspect(kind: ClauseKind, from: Column, to: Column): boolean {
  if (kind === "notNull" || kind === "null") return from.nullable !== to.nullable;
  if (kind === "default") return !equal(from.default, to.default);
  if (kind === "collate") return from.collation !== to.collation;
  return kind === "generated" && !equal(from.generated, to.generated);
}

function renamedClause(clause: ColumnClause, name: string | undefined): string {
  if (clause.name === name) return clause.text;
  return name === undefined ? clause.body : `CONSTRAINT ${quote(name)} ${clause.body}`;
}

/** A table constraint is a clause too, behind a name and type that are not there. */
function renamedConstraint(text: string, name: string | undefined): string {
  const [parsed] = parseTable(`x (${text})`).constraints;
  if (parsed === undefined || parsed.name === name) return text;
  const body = parsed.name === undefined ? text : text.replace(NAMED, "");
  return name === undefined ? body : `CONSTRAINT ${quote(name)} ${body}`;
}

const NAMED = /^CONSTRAINT\s*(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|[^\s"`[(]+)\s*/i;

interface Fates {
  /** The constraints of the new table that an old text says. */
  readonly matched: ReadonlyMap<Constraint, Constraint>;
  /** Of the constraints in a column's definition, by their number in it. */
  ofColumn(place: number): (number: number) => Fate;
  /** Of the constraints of the table, by their number. */
  ofTable(place: number): Fate;
}

function fatesOf(from: Table, to: Table, sql: string, kept: ReadonlySet<string>): Fates | undefined {
  const parsed = parseTable(sql);
  const enums = new Set([...enumChecksOf(parsed).values()].map(({ check }) => check));
  const texts = parsed.constraints.filter((constraint) => !enums.has(constraint));
  const ordered = [...texts.filter(isNoKey), ...texts.filter((text) => !isNoKey(text))];
  if (ordered.length !== from.constraints.length) return undefined;
  if (ordered.some((text, index) => text.kind !== from.constraints[index]?.kind)) return undefined;
  const models = new Map(ordered.map((text, index) => [text, from.constraints[index]]));
  const lost = from.columns.flatMap(({ name }, place) =>
    kept.has(name) ? [] : (parsed.ofColumns[place] ?? []).map((text) => models.get(text)),
  );
  const matched = new Map([...match(from, to)].filter(([model]) => !lost.includes(model)));
  const changed = columnsWithChangedEnum(from, to);
  const fateOf = (text: ParsedConstraint | undefined): Fate => {
    if (text?.kind === "check" && enums.has(text)) {
      return changed.has(text.column ?? "")
        ? { stays: false }
        : { stays: true, name: undefined, kind: "check" };
    }
    const model = text && models.get(text);
    const after = model && matched.get(model);
    if (after === undefined) return { stays: false };
    const { name, kind } = after;
    return { stays: true, name, kind, ...("columns" in after ? { columns: after.columns } : {}) };
  };
  return {
    matched,
    ofColumn: (place) => (number) => fateOf(parsed.ofColumns[place]?.[number]),
    ofTable: (place) => fateOf(parsed.ofTable[place]),
  };
}

function isNoKey({ kind }: ParsedConstraint): boolean {
  return kind !== "foreignKey";
}

function columnsWithChangedEnum(from: Table, to: Table): ReadonlySet<string> {
  const changed = from.columns.filter(({ name, type }) => {
    const after = to.columns.find((column) => column.name === name);
    return !after || !equal(type.values, after.type.values) || type.array !== after.type.array;
  });
  return new Set(changed.map(({ name }) => name));
}

/** Pairs the constraints of both tables: the same under the same name first, then the same under another. */
function match(from: Table, to: Table): ReadonlyMap<Constraint, Constraint> {
  const pairs = new Map<Constraint, Constraint>();
  const free = new Set(to.constraints);
  const pair = (fits: (left: Constraint, right: Constraint) => boolean): void => {
    for (const constraint of from.constraints) {
      if (pairs.has(constraint)) continue;
      const found = [...free].find((other) => fits(constraint, other));
      if (found === undefined) continue;
      pairs.set(constraint, found);
      free.delete(found);
    }
  };
  const same = (left: Constraint, right: Constraint): boolean =>
    sameContent(left, right) && sameKeyColumn(left, from, to);
  pair((left, right) => left.name === right.name && same(left, right));
  pair(same);
  return pairs;
}

function sameContent(left: Constraint, right: Constraint): boolean {
  if ("expression" in left && "expression" in right) {
    return left.kind === right.kind && sameTokens(left.expression, right.expression);
  }
  return equal({ ...left, name: undefined }, { ...right, name: undefined });
}

/** AUTOINCREMENT is part of the key's text. */
function sameKeyColumn(key: Constraint, from: Table, to: Table): boolean {
  if (key.kind !== "primaryKey") return true;
  const counts = (table: Table): boolean =>
    table.columns.some(({ name, generated }) => key.columns[0] === name && generated?.kind === "increment");
  return counts(from) === counts(to);
}

function keptIndexes(
  from: readonly Index[],
  to: readonly Index[],
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = to.filter((index) => {
    const was = from.find(({ name }) => name === index.name);
    return was !== undefined && sameIndex(was, index);
  });
  return Object.fromEntries(
    kept.flatMap(({ name }) => (texts[name] === undefined ? [] : [[name, texts[name]]])),
  );
}

function sameIndex(left: Index, right: Index): boolean {
  const bare = (index: Index): unknown => ({
    ...index,
    where: undefined,
    parts: index.parts.map((part) => ({ ...part, expression: undefined })),
  });
  const texts = (index: Index): readonly string[] => [
    index.where ?? "",
    ...index.parts.map(({ expression }) => expression ?? ""),
  ];
  return (
    equal(bare(left), bare(right)) &&
    texts(left).every((text, place) => sameTokens(text, texts(right)[place] ?? ""))
  );
}
