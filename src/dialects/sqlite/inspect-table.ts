/** One table out of the catalogue's rows and its CREATE TABLE text. */
import { assertNever } from "../../errors";
import { compact } from "../../model/equal";
import type {
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexPart,
  QualifiedName,
  ReferentialAction,
  Table,
  TableOptions,
} from "../../model/schema";
import { parseIndex, parseTable } from "./parse";
import type { ParsedConstraint, ParsedIndexPart, ParsedTable } from "./parse";
import { closing, isSymbol, isWord, sameIdentifier, tokenize } from "./tokens";

/** A row of sqlite_schema. */
export interface ObjectRow {
  readonly type: string;
  readonly name: string;
  readonly tbl_name: string;
  readonly sql: string | null;
}
/** A row of pragma_table_xinfo. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}
/** A row of pragma_foreign_key_list: one column of a foreign key. */
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
/** A row of pragma_index_xinfo: one part of an index. */
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
  const enums = enumChecksOf(parsed);
  const keyLength = rows.columns.filter(({ pk }) => pk > 0).length;
  const options = compact<TableOptions>({
    withoutRowid: parsed.withoutRowid ? true : undefined,
    strict: parsed.strict ? true : undefined,
  });
  return compact<Table>({
    schema,
    name,
    columns: rows.columns.map((row) => readColumn(row, parsed, enums, keyLength)),
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
  });
}

interface EnumCheck {
  readonly values: readonly string[];
  readonly check: ParsedConstraint;
}

/** An INTEGER PRIMARY KEY is the row id, which is never null; of other keys the catalogue says whether they may be. */
function readColumn(
  row: ColumnRow,
  parsed: ParsedTable,
  enums: ReadonlyMap<string, EnumCheck>,
  keyLength: number,
): Column {
  const isRowid = row.pk > 0 && keyLength === 1 && row.type.toUpperCase() === "INTEGER";
  const own = parsed.columns.find(({ name }) => name === row.name);
  return compact<Column>({
    name: row.name,
    type: compact<ColumnType>({ ...readType(row.type), values: enums.get(row.name)?.values }),
    nullable: row.notnull === 0 && !isRowid,
    default: row.dflt_value === null ? undefined : { sql: row.dflt_value },
    generated: own?.computed
      ? { kind: "computed", ...own.computed }
      : own?.autoincrement
        ? { kind: "increment" }
        : undefined,
    collation: own?.collation,
  });
}

/** `varchar(20)`, `decimal(10,2)`, `varchar array`: a name and its sizes. Any other text is a name as it stands. */
export function readType(text: string): ColumnType {
  const [, base = "", array] = /^(.*?)(\s+array)?$/is.exec(text.trim()) ?? [];
  const sized = /^([^()]*[^()\s])\s*\(\s*([^,()]*[^,()\s])\s*(?:,\s*(\d+)\s*)?\)$/.exec(base);
  const type = sized ? sizedType(sized[1] ?? "", sized[2] ?? "", sized[3]) : { name: base };
  // TypeORM writes `varchar array` for an array column; SQLite takes any words for a type.
  return array === undefined ? type : { ...type, array: true };
}

const PRECISE: ReadonlySet<string> = new Set([
  ...["real", "double", "double precision", "float", "numeric", "decimal", "date", "time", "datetime"],
]);

function sizedType(name: string, size: string, scale: string | undefined): ColumnType {
  const length = /^\d+$/.test(size) ? Number(size) : size;
  if (typeof length === "string") return { name, length: scale === undefined ? length : `${size},${scale}` };
  if (scale !== undefined) return { name, precision: length, scale: Number(scale) };
  return PRECISE.has(name.toLowerCase()) ? { name, precision: length } : { name, length };
}

function readConstraints(
  schema: string | undefined,
  rows: TableRows,
  parsed: ParsedTable,
  enumChecks: ReadonlySet<ParsedConstraint>,
): readonly Constraint[] {
  const foreignKeys = readForeignKeys(schema, rows.keys, parsed);
  return [
    ...parsed.constraints.flatMap((constraint): readonly Constraint[] => {
      switch (constraint.kind) {
        case "primaryKey":
        case "unique":
          return [constraint];
        case "check": {
          const { column, ...check } = constraint;
          return enumChecks.has(constraint) ? [] : [check];
        }
        case "foreignKey":
          return [];
        default:
          return assertNever(constraint);
      }
    }),
    ...foreignKeys,
  ];
}

function readForeignKeys(
  schema: string | undefined,
  rows: readonly ForeignKeyRow[],
  parsed: ParsedTable,
): readonly ForeignKey[] {
  // The catalogue counts foreign keys from the last one in the text to the first.
  const texts = parsed.constraints.filter((constraint) => constraint.kind === "foreignKey").toReversed();
  return [...groupBy(rows, ({ id }) => id)]
    .map(([id, parts]): ForeignKey => {
      const text = texts[id];
      const [first] = parts;
      return compact<ForeignKey>({
        kind: "foreignKey",
        name: text?.name,
        columns: parts.map(({ from }) => from),
        references: compact<QualifiedName>({ schema, name: first?.parent ?? "" }),
        referencedColumns: parts.flatMap(({ to }) => (to === null ? [] : [to])),
        onDelete: (first?.on_delete ?? "NO ACTION") as ReferentialAction,
        onUpdate: (first?.on_update ?? "NO ACTION") as ReferentialAction,
        deferrable: text?.deferrable,
      });
    })
    .toReversed();
}

/** Those that CREATE INDEX made; what UNIQUE and PRIMARY KEY make are no indexes of their own. */
function readIndexes(rows: TableRows, parsed: ParsedTable): readonly Index[] {
  const made = groupBy(
    rows.indexes.filter(({ origin }) => origin === "c"),
    ({ name }) => name,
  );
  return [...made].map(([name, parts]): Index => {
    const text = parseIndex(rows.indexSql.get(name) ?? "");
    return compact<Index>({
      name,
      parts: parts.map((row, place) => readIndexPart(row, text.parts[place], parsed)),
      unique: parts[0]?.unique === 1 ? true : undefined,
      where: text.where,
    });
  });
}

function readIndexPart(row: IndexRow, text: ParsedIndexPart | undefined, parsed: ParsedTable): IndexPart {
  const own = parsed.columns.find(({ name }) => name === row.column)?.collation ?? "BINARY";
  // COLLATE at the end may belong to the last operand only (`a || b COLLATE x`): then it stays part of the expression.
  const ends = text?.collation !== undefined && sameIdentifier(text.collation, row.coll);
  const expression = ends ? text.expression : text?.text;
  return compact<IndexPart>({
    column: row.column ?? undefined,
    expression: row.column === null ? expression : undefined,
    order: row.desc === 1 ? "DESC" : undefined,
    collation: sameIdentifier(row.coll, own) ? undefined : row.coll,
  });
}

/** Checks of the form `"c" IN ('a', 'b')` on their own column: how TypeORM keeps a simple-enum. */
export function enumChecksOf(parsed: ParsedTable): ReadonlyMap<string, EnumCheck> {
  const found = new Map<string, EnumCheck>();
  for (const check of parsed.constraints) {
    if (check.kind !== "check" || check.name !== undefined || check.column === undefined) continue;
    if (found.has(check.column)) continue;
    const values = enumValues(check.expression, check.column);
    if (values) found.set(check.column, { values, check });
  }
  return found;
}

function enumValues(expression: string, column: string): readonly string[] | undefined {
  const tokens = tokenize(expression);
  const [name, word, open] = tokens;
  const isList = isWord(word, "IN") && isSymbol(open, "(") && closing(tokens, 2) === tokens.length - 1;
  if (name === undefined || !isList || !sameIdentifier(name.text, column)) return undefined;
  const list = tokens.slice(3, -1);
  const regular = list.every((token, index) =>
    index % 2 === 0 ? token.kind === "string" : isSymbol(token, ","),
  );
  return regular && list.length % 2 === 1
    ? list.filter((_, index) => index % 2 === 0).map(({ text }) => text)
    : undefined;
}

/** Rows by a key, in the order in which they came. */
export function groupBy<T, K>(rows: readonly T[], key: (row: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
