/**
 * The servers decide whether expressions are equal: both texts go into one temporary table of the same name, on the
 * columns that are there, and are read back as the server writes them. CREATE TEMPORARY TABLE neither commits nor shows
 * in any catalogue. Tokens decide first, because they are cheap.
 */
import { equal } from "../../model/equal";
import { keyOf } from "../../model/names";
import type {
  Check,
  Column,
  Constraint,
  Default,
  ForeignKey,
  Index,
  Schema,
  Table,
  View,
} from "../../model/schema";
import type { Queryable } from "../dialect";
import { sessionOf } from "./inspect";
import type { Session } from "./inspect";
import { judgeTable } from "./judge";
import type { Question } from "./judge";
import { sameViews } from "./judge-view";
import { defaultSql } from "./clauses";
import { sameTokens } from "./tokens";
import { isInteger, isString } from "./type";

/** The target with everything spelt as the live schema spells it, wherever both mean the same. */
export async function canonicalize(
  db: Queryable,
  target: Schema,
  live: Schema,
  name: "mysql" | "mariadb",
): Promise<Schema> {
  const session = await sessionOf(db, name);
  const collations = await usualCollations(db, target);
  const liveTables = new Map(live.tables.map((table) => [keyOf(table), table]));
  const tables: Table[] = [];
  for (const table of target.tables) {
    const found = liveTables.get(keyOf(table));
    tables.push(found ? await respellTable(db, table, found, collations, session) : table);
  }
  return { ...target, tables, views: await respellViews(db, target.views, live.views) };
}

async function respellViews(
  db: Queryable,
  target: readonly View[],
  live: readonly View[],
): Promise<readonly View[]> {
  const liveTexts = new Map(live.map((view) => [keyOf(view), view.sql]));
  const pairs = target.map((view) => [view.sql, liveTexts.get(keyOf(view)) ?? view.sql] as const);
  const same = await sameViews(db, pairs);
  return target.map((view, place) => (same[place] ? { ...view, sql: pairs[place]?.[1] ?? view.sql } : view));
}

/** The collation that each character set means by itself; asked only where an entity names one. */
async function usualCollations(db: Queryable, target: Schema): Promise<ReadonlyMap<string, string>> {
  const named = target.tables.some(
    ({ columns, options }) =>
      options?.charset !== undefined || columns.some(({ charset }) => charset !== undefined),
  );
  if (!named) return new Map();
  const rows = await db.query<{ charset: string; collation: string }>(
    "SELECT CHARACTER_SET_NAME AS charset, DEFAULT_COLLATE_NAME AS collation FROM information_schema.CHARACTER_SETS",
  );
  return new Map(rows.map(({ charset, collation }) => [charset, collation]));
}

async function respellTable(
  db: Queryable,
  target: Table,
  live: Table,
  collations: ReadonlyMap<string, string>,
  session: Session,
): Promise<Table> {
  const known: Table = { ...target, ...respelledOptions(target, live) };
  // Most tables are as they were.
  if (equal(known, live)) return live;
  const plain: Table = {
    ...known,
    columns: target.columns.map((column) => {
      const found = live.columns.find(({ name }) => name === column.name);
      return found ? respellColumn(column, found, live, collations, session) : column;
    }),
    constraints: target.constraints.map((constraint) => respellKey(constraint, live)),
    indexes: target.indexes.map((index) => respellParts(index, live)),
  };
  const questions = questionsOf(plain, live);
  if (questions.length === 0) return plain;
  const same = await judgeTable(db, live, questions, session.capabilities);
  return answered(plain, live, same);
}

/** An entity says little of its table: what it says nothing against is as it is, and most tables are equal then. */
function respelledOptions(target: Table, live: Table): Pick<Table, "options"> {
  const said = Object.entries(target.options ?? {});
  const found: Readonly<Record<string, unknown>> = { ...live.options };
  return live.options && said.every(([key, value]) => found[key] === value) ? { options: live.options } : {};
}

/** What needs no question: character sets that mean the same, and what this server cannot keep. */
function respellColumn(
  target: Column,
  live: Column,
  table: Table,
  collations: ReadonlyMap<string, string>,
  { capabilities }: Session,
): Column {
  const { charset, collation, ...rest } = target;
  const effective = (column: Column): string | undefined =>
    fullName(
      column.collation ??
        (column.charset === undefined
          ? table.options?.collation
          : (collations.get(column.charset) ?? collations.get(fullName(column.charset)))),
    );
  const sameText = !isString(target.type) || !isString(live.type) || effective(target) === effective(live);
  const letters = sameText
    ? { ...(live.collation === undefined ? {} : { collation: live.collation }) }
    : { ...(charset === undefined ? {} : { charset }), ...(collation === undefined ? {} : { collation }) };
  const { width, srid, ...type } = target.type;
  // A display width that nobody asks for is left as it is, and one that the server does not keep is not asked for.
  const keptWidth = isInteger(target.type)
    ? keptOf(
        keepsWidth(target.type, capabilities) ? width : undefined,
        live.type.width,
        live.type.name === type.name,
      )
    : undefined;
  const keptSrid = capabilities.spatialReferenceSystems ? srid : live.type.srid;
  return {
    ...rest,
    ...letters,
    type: {
      ...type,
      ...(keptWidth === undefined ? {} : { width: keptWidth }),
      ...(keptSrid === undefined ? {} : { srid: keptSrid }),
    },
    nullable:
      target.generated?.kind === "computed" && !capabilities.generatedNotNull
        ? live.nullable
        : target.nullable,
  };
}

/** Servers that say `utf8mb3` take `utf8` for it (MySQL 8.0.28, MariaDB 10.6). */
function fullName<Name extends string | undefined>(name: Name): Name | string {
  return name?.replace(/^utf8(?=_|$)/, "utf8mb3") ?? name;
}

function keepsWidth(
  { name, width, unsigned, zerofill }: Column["type"],
  { displayWidths }: Session["capabilities"],
): boolean {
  return displayWidths || zerofill === true || (name === "tinyint" && width === 1 && !unsigned);
}

function keptOf(
  wanted: number | undefined,
  found: number | undefined,
  sameType: boolean,
): number | undefined {
  return wanted === undefined && sameType ? found : wanted;
}

/** NO ACTION and RESTRICT are one (InnoDB checks at once), and servers differ in which of them they write. */
function respellKey(constraint: Constraint, live: Table): Constraint {
  if (constraint.kind !== "foreignKey") return constraint;
  const action = (text: ForeignKey["onDelete"]): string => (text === "RESTRICT" ? "NO ACTION" : text);
  const form = (key: ForeignKey): ForeignKey =>
    ({ ...key, onDelete: action(key.onDelete), onUpdate: action(key.onUpdate) }) as ForeignKey;
  const found = live.constraints.find(
    (other): other is ForeignKey => other.kind === "foreignKey" && equal(form(other), form(constraint)),
  );
  return found ?? constraint;
}

/** Entities have no words for the order of a part and for how much of its column it holds: both stay as they are. */
function respellParts(index: Index, live: Table): Index {
  const found = live.indexes.find(({ name }) => name === index.name);
  const columns = ({ parts }: Index): readonly unknown[] => parts.map(({ column }) => column);
  if (!found || !equal(columns(found), columns(index))) return index;
  return {
    ...index,
    parts: index.parts.map((part, place) => {
      const { order, length } = found.parts[place] ?? {};
      return {
        ...(order === undefined ? {} : { order }),
        ...(length === undefined ? {} : { length }),
        ...part,
      };
    }),
  };
}

/** Every pair of texts that tokens leave undecided. */
function questionsOf(target: Table, live: Table): readonly Question[] {
  return [
    ...target.columns.flatMap((column) => columnQuestions(column, live)),
    ...checksOf(target).flatMap((check) =>
      partners(check, checksOf(live)).map((other) => question("check", check.expression, other.expression)),
    ),
    ...target.indexes.flatMap((index) =>
      partners(index, live.indexes).flatMap((other) =>
        index.parts.flatMap((part, place) => {
          const found = other.parts[place]?.expression;
          return part.expression === undefined || found === undefined
            ? []
            : [question("index", part.expression, found)];
        }),
      ),
    ),
  ].filter(({ target: left, live: right }) => left !== right);
}

function columnQuestions(column: Column, live: Table): readonly Question[] {
  const found = live.columns.find(({ name }) => name === column.name);
  if (!found) return [];
  const { generated } = column;
  if (generated?.kind === "computed" && found.generated?.kind === "computed")
    return [{ ...question("computed", generated.sql, found.generated.sql), column: found }];
  if (!column.default || !found.default || equal(column.default, found.default)) return [];
  // In a type of fewer digits, the moments of both would be one.
  const { type } = column;
  return [
    {
      ...question("default", defaultSql(column.default, column), defaultSql(found.default, column)),
      column: { ...found, type },
    },
  ];
}

function question(kind: Question["kind"], target: string, live: string): Question {
  return { kind, target, live };
}

type SameAs = (question: Question) => boolean;

/** The table with the live spelling of everything that was found to be the same. */
function answered(target: Table, live: Table, same: SameAs): Table {
  return {
    ...target,
    columns: target.columns.map((column) => {
      const found = live.columns.find(({ name }) => name === column.name);
      const [asked] = columnQuestions(column, live);
      if (!found || !asked || !(asked.target === asked.live || same(asked))) return column;
      if (asked.kind === "default") return withDefault(column, found.default);
      const { generated } = column;
      return generated?.kind === "computed" && found.generated?.kind === "computed"
        ? { ...column, generated: { ...generated, sql: found.generated.sql } }
        : column;
    }),
    constraints: target.constraints.map((constraint) => {
      if (constraint.kind !== "check") return constraint;
      const found = partners(constraint, checksOf(live)).find(({ expression }) =>
        isSame(question("check", constraint.expression, expression), same),
      );
      return found ? { ...constraint, expression: found.expression } : constraint;
    }),
    indexes: target.indexes.map((index) => respellIndex(index, live, same)),
  };
}

function withDefault(column: Column, value: Default | undefined): Column {
  return value === undefined ? column : { ...column, default: value };
}

function respellIndex(index: Index, live: Table, same: SameAs): Index {
  const others = partners(index, live.indexes);
  return {
    ...index,
    parts: index.parts.map((part, place) => {
      const { expression } = part;
      if (expression === undefined) return part;
      const texts = others.flatMap((other) => other.parts[place]?.expression ?? []);
      const found = texts.find((text) => isSame(question("index", expression, text), same));
      return found === undefined ? part : { ...part, expression: found };
    }),
  };
}

function isSame(asked: Question, same: SameAs): boolean {
  return asked.target === asked.live || sameTokens(asked.target, asked.live) || same(asked);
}

function checksOf(table: Table): readonly Check[] {
  return table.constraints.filter((constraint) => constraint.kind === "check");
}

/** The one of the same name; where there is none, all. */
function partners<T extends { readonly name?: string }>(item: T, others: readonly T[]): readonly T[] {
  const named = others.filter(({ name }) => name === item.name);
  return named.length > 0 ? named : others;
}
