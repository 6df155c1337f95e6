/** Columns, constraints and indexes as they stand inside statements (CREATE TABLE, t-sql/statements/create-table-transact-sql). */
import { LimbeckError } from "../../errors";
import { displayName } from "../../model/names";
import type { Column, Constraint, Default, ForeignKey, Index, QualifiedName } from "../../model/schema";
import { columnList, constraintText as ansiConstraint } from "../ansi/sql";
import { defaultName, enumCheckName } from "./names";
import { defaultLiteral, isAscii, literal, quote, quoteName, writer } from "./quote";
import { typeText } from "./types";

/** What of a column is written: a copy of a table gets its rules only when the old table and their names are gone. */
export interface ColumnTextOptions {
  readonly rules?: boolean;
  readonly nullable?: boolean;
  /** Rows that are there get the default too. */
  readonly withValues?: boolean;
}

/** A column as CREATE TABLE and ADD take it. */
export function columnText(table: QualifiedName, column: Column, options: ColumnTextOptions = {}): string {
  const { rules = true, nullable = column.nullable } = options;
  const { generated } = column;
  if (generated?.kind === "computed") return computedText(column, generated);
  const value = rules ? defaultOf(column) : undefined;
  const withValues = options.withValues ? " WITH VALUES" : "";
  return [
    quote(column.name),
    ...typeAndCollation(table, column),
    isIdentity(column) ? "IDENTITY(1,1)" : undefined,
    nullable ? "NULL" : "NOT NULL",
    value && `CONSTRAINT ${quote(defaultName(table, column.name))} DEFAULT ${value}${withValues}`,
    rules && column.type.values ? enumCheckText(table, column) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** Type and collation, which ALTER COLUMN repeats even where they stay. */
export function typeAndCollation(table: QualifiedName, column: Column): readonly string[] {
  if (column.type.array) {
    throw new LimbeckError(
      "UNSUPPORTED",
      `SQL Server has no arrays, so ${displayName(table)}.${column.name} cannot be one`,
      { hint: 'keep the values in a table of their own, or as text: `type: "simple-array"`' },
    );
  }
  return [typeText(column.type), ...(column.collation === undefined ? [] : [`COLLATE ${column.collation}`])];
}

// NOT NULL is possible for computed columns that are stored (computed_column_definition).
function computedText(
  column: Column,
  { sql, stored }: { readonly sql: string; readonly stored: boolean },
): string {
  const text = `${quote(column.name)} AS (${sql})`;
  if (!stored) return text;
  return `${text} PERSISTED${column.nullable ? "" : " NOT NULL"}`;
}

/** Whether SQL Server counts a column. Its identity columns have no ALWAYS and no BY DEFAULT. */
export function isIdentity({ generated }: Column): boolean {
  return generated?.kind === "increment" || generated?.kind === "identity";
}

/** The default of a column as SQL; that of a uuid which the database makes is what TypeORM takes for it. */
export function defaultOf(column: Column): string | undefined {
  if (column.default) return defaultText(column.default);
  return column.generated?.kind === "uuid" ? "NEWSEQUENTIALID()" : undefined;
}

/** A default as SQL. */
export function defaultText(value: Default): string {
  if ("sql" in value) return value.sql;
  return typeof value.value === "object" && value.value !== null
    ? defaultLiteral(JSON.stringify(value.value))
    : defaultLiteral(value.value);
}

/** The check that keeps the values of a column, spelt so that TypeORM reads them back. */
export function enumCheckText(table: QualifiedName, column: Column): string {
  const values = (column.type.values ?? []).map((value) =>
    isAscii(value) ? defaultLiteral(value) : literal(value),
  );
  const name = quote(enumCheckName(table, column));
  return `CONSTRAINT ${name} CHECK (${quote(column.name)} IN (${values.join(", ")}))`;
}

/**
 * A constraint. RESTRICT is what NO ACTION does here.
 *
 * Throws UNSUPPORTED for what can be put off until COMMIT, and for exclusions.
 */
export function constraintText(table: QualifiedName, constraint: Constraint): string {
  if (constraint.kind === "exclusion") {
    throw unsupportedRule(table, "exclusion constraints", "a unique index or a trigger may do instead");
  }
  if ("deferrable" in constraint) {
    throw unsupportedRule(table, "deferrable constraints", "leave out `deferrable`");
  }
  const text = ansiConstraint(
    writer,
    constraint.kind === "foreignKey" ? withoutRestrict(constraint) : constraint,
  );
  if (!("clustered" in constraint)) return text;
  const list = columnList(writer, constraint.columns);
  return `${text.slice(0, -list.length)}${constraint.clustered ? "CLUSTERED" : "NONCLUSTERED"} ${list}`;
}

function withoutRestrict(key: ForeignKey): ForeignKey {
  const action = (value: ForeignKey["onDelete"]): ForeignKey["onDelete"] =>
    value === "RESTRICT" ? "NO ACTION" : value;
  return { ...key, onDelete: action(key.onDelete), onUpdate: action(key.onUpdate) };
}

/** How CREATE INDEX is run (Relational index options, t-sql/statements/create-index-transact-sql). */
export interface IndexRun {
  readonly online?: boolean;
  readonly resumable?: boolean;
  readonly ifNotExists?: boolean;
}

/** CREATE INDEX. Throws UNSUPPORTED for indexes of a kind that SQL Server does not have. */
export function createIndexText(table: QualifiedName, index: Index, run: IndexRun = {}): string {
  const where = index.where === undefined ? "" : ` WHERE ${index.where}`;
  const include = index.include?.length ? ` INCLUDE ${columnList(writer, index.include)}` : "";
  const options = [
    ...(run.online || run.resumable ? ["ONLINE = ON"] : []),
    ...(run.resumable ? ["RESUMABLE = ON"] : []),
  ];
  const text =
    `CREATE ${index.unique ? "UNIQUE " : ""}${methodText(table, index)}INDEX ${quote(index.name)}` +
    ` ON ${quoteName(table)}${partsText(table, index)}${include}${where}` +
    (options.length === 0 ? "" : ` WITH (${options.join(", ")})`);
  return run.ifNotExists ? `${ifNoIndex(table, index.name)} ${text}` : text;
}

const METHODS: Readonly<Record<string, string>> = {
  nonclustered: "",
  clustered: "CLUSTERED ",
  columnstore: "NONCLUSTERED COLUMNSTORE ",
  "clustered columnstore": "CLUSTERED COLUMNSTORE ",
  spatial: "SPATIAL ",
};

function methodText(table: QualifiedName, { name, method, parser }: Index): string {
  const text = method === undefined ? "" : METHODS[method];
  if (text !== undefined && parser === undefined) return text;
  throw unsupportedIndex(table, name, `of the type ${method ?? parser ?? ""}`);
}

function partsText(table: QualifiedName, index: Index): string {
  if (index.method === "clustered columnstore") return "";
  const parts = index.parts.map((part) => {
    if (part.column === undefined) throw unsupportedIndex(table, index.name, "on an expression");
    if (part.nulls !== undefined || part.opclass !== undefined || part.length !== undefined) {
      throw unsupportedIndex(table, index.name, "with a length, a class of operators or an order of nulls");
    }
    return `${quote(part.column)}${part.order === undefined ? "" : ` ${part.order}`}`;
  });
  return ` (${parts.join(", ")})`;
}

function ifNoIndex(table: QualifiedName, name: string): string {
  const object = `OBJECT_ID(${literal(quoteName(table))})`;
  return `IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = ${object} AND name = ${literal(name)})`;
}

function unsupportedIndex(table: QualifiedName, name: string, what: string): LimbeckError {
  return new LimbeckError(
    "UNSUPPORTED",
    `SQL Server has no index ${what}, so ${name} on ${displayName(table)} cannot be made`,
    { hint: "index a computed column for an expression; write `op.execute` for full-text and XML indexes" },
  );
}

function unsupportedRule(table: QualifiedName, what: string, hint: string): LimbeckError {
  return new LimbeckError(
    "UNSUPPORTED",
    `SQL Server has no ${what}, so ${displayName(table)} cannot have one`,
    {
      hint,
    },
  );
}
