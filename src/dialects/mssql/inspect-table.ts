/** One table from the rows of the catalogue. */
import { compact } from "../../model/equal";
import { qualified } from "../../model/names";
import type {
  Check,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  QualifiedName,
  ReferentialAction,
  Table,
  Trigger,
} from "../../model/schema";
import { isEnumCheck } from "./names";
import { stripOuterParentheses, tokenize } from "./tokens";

/** What belongs to a table, by its schema (absent for the connection's own) and name. */
export interface OwnedRow {
  readonly schema: string | null;
  readonly table: string;
}
export interface TableRow {
  readonly schema: string | null;
  readonly name: string;
  readonly comment: string | null;
}
/** sys.columns, with sys.types, sys.default_constraints and sys.computed_columns. */
export interface ColumnRow extends OwnedRow {
  readonly name: string;
  readonly type: string;
  readonly isUserDefined: boolean;
  readonly typeSchema: string | null;
  /** In bytes; -1 is max. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly isNullable: boolean;
  readonly isIdentity: boolean;
  readonly collation: string | null;
  readonly default: string | null;
  readonly computed: string | null;
  readonly isPersisted: boolean | null;
  readonly comment: string | null;
}
/** sys.indexes, one row for each column of one. */
export interface IndexRow extends OwnedRow {
  readonly name: string;
  /** 1 clustered, 2 nonclustered, 3 XML, 4 spatial, 5 clustered columnstore, 6 nonclustered columnstore. */
  readonly kind: number;
  readonly isUnique: boolean;
  readonly isPrimaryKey: boolean;
  readonly isUniqueConstraint: boolean;
  readonly where: string | null;
  readonly column: string;
  readonly isDescending: boolean;
  readonly isIncluded: boolean;
}
/** sys.check_constraints. */
export interface CheckRow extends OwnedRow {
  readonly name: string;
  readonly definition: string;
  readonly isNotTrusted: boolean;
}
/** sys.foreign_keys, one row for each column of one. */
export interface ForeignKeyRow extends OwnedRow {
  readonly name: string;
  readonly column: string;
  readonly referencedSchema: string | null;
  readonly referencedTable: string;
  readonly referencedColumn: string;
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly isNotTrusted: boolean;
}
export interface TriggerRow extends OwnedRow {
  readonly name: string;
  readonly definition: string | null;
}

type ByTable<Row> = ReadonlyMap<string, readonly Row[]>;
/** Everything that was read, by table. */
export interface TableRows {
  readonly columns: ByTable<ColumnRow>;
  readonly indexes: ByTable<IndexRow>;
  readonly checks: ByTable<CheckRow>;
  readonly keys: ByTable<ForeignKeyRow>;
  readonly triggers: ByTable<TriggerRow>;
}

/** A table with all that belongs to it. */
export function readTable(row: TableRow, rows: TableRows, collation: string | undefined): Table {
  const key = keyOfRow({ schema: row.schema, table: row.name });
  const checks = rows.checks.get(key) ?? [];
  const indexes = [...groupBy(rows.indexes.get(key) ?? [], ({ name }) => name).values()];
  const keys = [...groupBy(rows.keys.get(key) ?? [], ({ name }) => name).values()];
  const triggers = (rows.triggers.get(key) ?? []).flatMap(({ name, definition }): readonly Trigger[] =>
    definition === null ? [] : [{ name, sql: definition }],
  );
  return compact<Table>({
    ...nameOf(row.schema, row.name),
    columns: (rows.columns.get(key) ?? []).map((column) =>
      readColumn(column, enumValues(column.name, checks), collation),
    ),
    constraints: [
      ...indexes.flatMap(readKey),
      ...checks.filter(({ name }) => !isEnumCheck(name)).map(readCheck),
      ...keys.map(readForeignKey),
    ],
    indexes: indexes.flatMap(readIndex),
    triggers: triggers.length === 0 ? undefined : triggers,
    comment: row.comment ?? undefined,
  });
}

function readColumn(
  row: ColumnRow,
  values: readonly string[] | undefined,
  collation: string | undefined,
): Column {
  const isUuid = row.default !== null && /^\(*newsequentialid\(\)\)*$/i.test(row.default);
  return compact<Column>({
    name: row.name,
    type: compact<ColumnType>({ ...typeOf(row), values }),
    nullable: row.isNullable,
    default: row.default === null || isUuid ? undefined : { sql: stripOuterParentheses(row.default) },
    generated: generatedOf(row, isUuid),
    collation: row.collation === null || row.collation === collation ? undefined : row.collation,
    comment: row.comment ?? undefined,
  });
}

function generatedOf(row: ColumnRow, isUuid: boolean): Generated | undefined {
  if (row.computed !== null) {
    return { kind: "computed", sql: stripOuterParentheses(row.computed), stored: row.isPersisted ?? false };
  }
  if (row.isIdentity) return { kind: "increment" };
  return isUuid ? { kind: "uuid" } : undefined;
}

/** Sizes as the catalogue has them: bytes of a length, two for each character of Unicode (sys.columns, max_length). */
function typeOf(row: ColumnRow): ColumnType {
  if (row.isUserDefined)
    return { name: row.typeSchema === null ? row.type : `${row.typeSchema}.${row.type}` };
  switch (row.type) {
    case "char":
    case "varchar":
    case "binary":
    case "varbinary":
      return { name: row.type, length: row.length < 0 ? "max" : row.length };
    case "nchar":
    case "nvarchar":
      return { name: row.type, length: row.length < 0 ? "max" : row.length / 2 };
    case "decimal":
    case "numeric":
      return { name: row.type, precision: row.precision, scale: row.scale };
    case "time":
    case "datetime2":
    case "datetimeoffset":
      return { name: row.type, precision: row.scale };
    case "vector":
      // Eight bytes of a head, and four for each number (t-sql/data-types/vector-data-type).
      return { name: row.type, length: (row.length - 8) / 4 };
    default:
      return { name: row.type };
  }
}

/**
 * The values that a check keeps. SQL Server writes IN as comparisons from the last to the first:
 * `([colour]='green' OR [colour]='red')`.
 */
function enumValues(column: string, checks: readonly CheckRow[]): readonly string[] | undefined {
  for (const { name, definition } of checks) {
    if (!isEnumCheck(name)) continue;
    const tokens = tokenize(definition);
    if (tokens.find(({ kind }) => kind === "name")?.text !== column) continue;
    return tokens
      .filter(({ kind }) => kind === "text")
      .map(({ text }) => text)
      .reverse();
  }
  return undefined;
}

function readKey(rows: readonly IndexRow[]): readonly Constraint[] {
  const [first] = rows;
  if (!first || (!first.isPrimaryKey && !first.isUniqueConstraint)) return [];
  const columns = rows.filter(({ isIncluded }) => !isIncluded).map(({ column }) => column);
  const isClustered = first.kind === 1;
  return [
    compact<Constraint>({
      kind: first.isPrimaryKey ? "primaryKey" : "unique",
      name: first.name,
      columns,
      clustered: isClustered === first.isPrimaryKey ? undefined : isClustered,
    }),
  ];
}

const METHODS: Readonly<Record<number, string>> = {
  1: "clustered",
  3: "xml",
  4: "spatial",
  5: "clustered columnstore",
  6: "columnstore",
};

function readIndex(rows: readonly IndexRow[]): readonly Index[] {
  const [first] = rows;
  if (!first || first.isPrimaryKey || first.isUniqueConstraint) return [];
  const isColumnstore = first.kind === 5 || first.kind === 6;
  const keys = isColumnstore ? (first.kind === 5 ? [] : rows) : rows.filter(({ isIncluded }) => !isIncluded);
  const include = isColumnstore ? [] : rows.filter(({ isIncluded }) => isIncluded);
  return [
    compact<Index>({
      name: first.name,
      parts: keys.map(({ column, isDescending }) =>
        compact<IndexPart>({ column, order: isDescending ? "DESC" : undefined }),
      ),
      unique: first.isUnique ? true : undefined,
      where: first.where === null ? undefined : stripOuterParentheses(first.where),
      method: METHODS[first.kind],
      include: include.length === 0 ? undefined : include.map(({ column }) => column),
    }),
  ];
}

function readCheck({ name, definition, isNotTrusted }: CheckRow): Check {
  return compact<Check>({
    kind: "check",
    name,
    expression: stripOuterParentheses(definition),
    notValid: isNotTrusted ? true : undefined,
  });
}

function readForeignKey(rows: readonly ForeignKeyRow[]): ForeignKey {
  const [first] = rows as readonly [ForeignKeyRow, ...ForeignKeyRow[]];
  return compact<ForeignKey>({
    kind: "foreignKey",
    name: first.name,
    columns: rows.map(({ column }) => column),
    references: nameOf(first.referencedSchema, first.referencedTable),
    referencedColumns: rows.map(({ referencedColumn }) => referencedColumn),
    onDelete: actionOf(first.onDelete),
    onUpdate: actionOf(first.onUpdate),
    notValid: first.isNotTrusted ? true : undefined,
  });
}

/** The catalogue writes NO_ACTION and SET_NULL. */
function actionOf(description: string): ReferentialAction {
  return description.replace("_", " ") as ReferentialAction;
}

/** A name without a schema where it is the connection's own. */
export function nameOf(schema: string | null, name: string): QualifiedName {
  return qualified(schema === null ? { name } : { schema, name });
}

/** One string for each table. */
export function keyOfRow({ schema, table }: OwnedRow): string {
  return JSON.stringify([schema, table]);
}

/** Rows in groups, in the order in which each first came. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
