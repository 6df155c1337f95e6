/** One table out of the catalogue's rows and its CREATE TABLE text. */
import { compact } from "../../model/equal";
import type {
  Check,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexPart,
  ReferentialAction,
  Table,
  TableOptions,
} from "../../model/schema";
import { parseIndex, parseTable } from "./parse";
import type { ParsedConstraint, ParsedTable } from "./parse";
import { isSymbol, isWord, tokenize } from "./tokens";

export interface ObjectRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
  /** 2 and 3 are computed columns, virtual and stored; 1 belongs to virtual tables. */
  readonly hidden: number;
}
export interface ForeignKeyRow {
  readonly table: string;
  readonly id: number;
  readonly seq: number;
  readonly parent: string;
  readonly from: string;
  /** Absent where the reference names no column and so means the primary key. */
  readonly to: string | null;
  readonly on_update: string;
  readonly on_delete: string;
}
export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly unique: number;
  /** `c` by CREATE INDEX, `u` by UNIQUE, `pk` by PRIMARY KEY. */
  readonly origin: string;
  readonly cid: number;
  readonly column: string | null;
  readonly desc: number;
  readonly coll: string;
}

/** The catalogue's rows of one table. */
export interface TableRows {
  readonly columns: readonly ColumnRow[];
  readonly keys: readonly ForeignKeyRow[];
  readonly indexes: readonly IndexRow[];
  readonly triggers: readonly ObjectRow[];
  readonly indexSql: ReadonlyMap<string, string>;
}

/** A table, faithful to what the database has; comparing is for `normalize`. */
export function readTable(schema: string | undefined, { name, sql }: ObjectRow, rows: TableRows): Table {
  const parsed = parseTable(sql ?? "");
  const enums = enumChecks(parsed);
  const options = compact<TableOptions>({
    withoutRowid: parsed.withoutRowid ? true : undefined,
    strict: parsed.strict ? true : undefined,
  } as TableOptions);
  return compact<Table>({
    schema,
    name,
    columns: rows.columns.filter(({ hidden }) => hidden !== 1).map((row) => readColumn(row, parsed, enums)),
    constraints: readConstraints(
      schema,
      rows,
      parsed,
      new Set([...enums.values()].map(({ check }) => check)),
    ),
    indexes: readIndexes(rows, parsed),
    triggers:
      rows.triggers.length === 0
        ? undefined
        : rows.triggers.map((row) => ({ name: row.name, sql: row.sql ?? "" })),
    options: Object.keys(options).length === 0 ? undefined : options,
  } as Table);
}

interface EnumCheck {
  readonly values: readonly string[];
  readonly check: ParsedConstraint;
}

function readColumn(row: ColumnRow, parsed: ParsedTable, enums: ReadonlyMap<string, EnumCheck>): Column {
  const own = parsed.columns.find(({ name }) => name === row.name);
  return compact<Column>({
    name: row.name,
    type: compact<ColumnType>({ ...readType(row.type), values: enums.get(row.name)?.values } as ColumnType),
    nullable: row.notnull === 0 && !(row.pk > 0 && isRowidKey(row)),
    default: row.dflt_value === null ? undefined : { sql: row.dflt_value },
    generated: own?.computed
      ? { kind: "computed", ...own.computed }
      : own?.autoincrement
        ? { kind: "increment" }
        : undefined,
    collation: own?.collation,
  } as Column);
}

/** An INTEGER PRIMARY KEY is the row id, which is never null; any other key may be null in SQLite unless it says not. */
function isRowidKey(row: ColumnRow): boolean {
  return row.type.toUpperCase() === "INTEGER";
}

/** `varchar(20)`, `decimal(10,2)`, `unsigned big int`: a name and up to two sizes. */
export function readType(text: string): ColumnType {
  const match = /^(.*?)\s*\(\s*([^,()]+?)\s*(?:,\s*([^()]+?)\s*)?\)\s*(.*)$/s.exec(text);
  if (!match) return arrayType(text.trim());
  const [, name = "", first = "", second, rest = ""] = match;
  const type = arrayType(`${name} ${rest}`.trim());
  if (second !== undefined) return { ...type, precision: Number(first), scale: Number(second) };
  const length = /^\d+$/.test(first) ? Number(first) : first;
  return typeof length === "number" && PRECISE.has(type.name.toLowerCase())
    ? { ...type, precision: length }
    : { ...type, length };
}

const PRECISE: ReadonlySet<string> = new Set([
  ...["real", "double", "double precision", "float", "numeric", "decimal", "date", "time", "datetime"],
]);

// TypeORM writes `varchar array` for an array column; SQLite takes any words for a type.
function arrayType(name: string): ColumnType {
  return name.endsWith(" array") ? { name: name.slice(0, -" array".length), array: true } : { name };
}

function readConstraints(
  schema: string | undefined,
  rows: TableRows,
  parsed: ParsedTable,
  enumChecks: ReadonlySet<ParsedConstraint>,
): readonly Constraint[] {
  const checks = parsed.constraints.filter(
    (constraint) => constraint.kind === "check" && !enumChecks.has(constraint),
  );
  const keys = parsed.constraints.filter(
    (constraint) => constraint.kind === "primaryKey" || constraint.kind === "unique",
  );
  return [
    ...keys.map((constraint): Constraint => constraint as Constraint),
    ...checks.map((constraint): Constraint =>
      compact<Check>({
        kind: "check",
        name: constraint.name,
        expression: "expression" in constraint ? constraint.expression : "",
      }),
    ),
    ...readForeignKeys(schema, rows.keys, parsed),
  ];
}

function readForeignKeys(
  schema: string | undefined,
  rows: readonly ForeignKeyRow[],
  parsed: ParsedTable,
): readonly ForeignKey[] {
  // The catalogue counts foreign keys from the last one in the text to the first.
  const texts = parsed.constraints.filter((constraint) => constraint.kind === "foreignKey").reverse();
  const ids = [...new Set(rows.map(({ id }) => id))];
  return ids
    .map((id): ForeignKey => {
      const parts = rows.filter((row) => row.id === id);
      const text = texts[id];
      const [first] = parts;
      return compact<ForeignKey>({
        kind: "foreignKey",
        name: text?.name,
        columns: parts.map(({ from }) => from),
        references: compact<{ schema?: string; name: string }>({ schema, name: first?.parent ?? "" }),
        referencedColumns: parts.flatMap(({ to }) => (to === null ? [] : [to])),
        onDelete: (first?.on_delete ?? "NO ACTION") as ReferentialAction,
        onUpdate: (first?.on_update ?? "NO ACTION") as ReferentialAction,
        deferrable: text?.kind === "foreignKey" ? text.deferrable : undefined,
      } as ForeignKey);
    })
    .reverse();
}

function readIndexes(rows: TableRows, parsed: ParsedTable): readonly Index[] {
  const names = [...new Set(rows.indexes.filter(({ origin }) => origin === "c").map(({ name }) => name))];
  return names.map((name) => {
    const parts = rows.indexes.filter((row) => row.name === name);
    const text = parseIndex(rows.indexSql.get(name) ?? "");
    return compact<Index>({
      name,
      parts: parts.map((row, place) => readIndexPart(row, text.parts[place] ?? "", parsed)),
      unique: parts[0]?.unique === 1 ? true : undefined,
      where: text.where,
    } as Index);
  });
}

function readIndexPart(row: IndexRow, text: string, parsed: ParsedTable): IndexPart {
  const own = parsed.columns.find(({ name }) => name === row.column)?.collation ?? "BINARY";
  return compact<IndexPart>({
    column: row.column ?? undefined,
    expression: row.column === null ? text : undefined,
    order: row.desc === 1 ? "DESC" : undefined,
    collation: row.coll.toUpperCase() === own.toUpperCase() ? undefined : row.coll,
  } as IndexPart);
}

/** Checks of the form `"c" IN ('a', 'b')` on their own column: how TypeORM keeps a simple-enum. */
function enumChecks(parsed: ParsedTable): ReadonlyMap<string, EnumCheck> {
  const found = new Map<string, EnumCheck>();
  for (const check of parsed.constraints) {
    if (check.kind !== "check" || check.name !== undefined || check.column === undefined) continue;
    const values = enumValues(check.expression, check.column);
    if (values) found.set(check.column, { values, check });
  }
  return found;
}

function enumValues(expression: string, column: string): readonly string[] | undefined {
  const tokens = tokenize(expression);
  const [name, word, open] = tokens;
  if (name?.text !== column || !isWord(word, "IN") || !isSymbol(open, "(") || !isSymbol(tokens.at(-1), ")"))
    return undefined;
  const list = tokens.slice(3, -1);
  const regular = list.every((token, index) =>
    index % 2 === 0 ? token.kind === "string" : isSymbol(token, ","),
  );
  return regular && list.length % 2 === 1
    ? list.filter((_, index) => index % 2 === 0).map(({ text }) => text)
    : undefined;
}
