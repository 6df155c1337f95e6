/** SQLite's canonical form: equal schemas become equal data, except for the spelling of expressions (see canonicalize). */
import { compact, fingerprint } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import type {
  Column,
  ColumnType,
  Constraint,
  Default,
  Generated,
  Index,
  IndexPart,
  QualifiedName,
  Schema,
  Table,
  TableOptions,
  View,
} from "../../model/schema";
import { primaryKeyOf } from "../../model/schema";
import { literal } from "./quote";
import { stripOuterParentheses, tokenize } from "./tokens";

/** What SQLite cannot hold is left out, what it holds in several spellings gets one. Idempotent. */
export function normalize(schema: Schema): Schema {
  return {
    namespaces: [],
    extensions: [],
    enums: [],
    sequences: [],
    tables: sortedBy(schema.tables.map(normalizeTable), keyOf),
    views: sortedBy(schema.views.map(normalizeView), keyOf),
    objects: schema.objects,
  };
}

function normalizeTable(table: Table): Table {
  const key = primaryKeyOf(table)?.columns ?? [];
  // The row id goes by the name of this column, if its type is INTEGER.
  const rowidKey = key.length === 1 ? key[0] : undefined;
  const options = compact<TableOptions>({
    withoutRowid: table.options?.withoutRowid ? true : undefined,
    strict: table.options?.strict ? true : undefined,
  });
  return compact<Table>({
    ...qualified(table),
    columns: table.columns.map((column) => normalizeColumn(column, column.name === rowidKey)),
    constraints: sortedBy(
      table.constraints.flatMap((constraint) => normalizeConstraint(constraint, table)),
      (constraint) => `${constraint.kind} ${constraint.name ?? ""} ${fingerprint(constraint)}`,
    ),
    indexes: sortedBy(
      table.indexes.map((index) => normalizeIndex(index, table.columns)),
      ({ name }) => name,
    ),
    triggers: table.triggers,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}

function normalizeColumn(column: Column, isKey: boolean): Column {
  const type = normalizeType(column.type);
  const generated = normalizeGenerated(column.generated, isKey);
  return compact<Column>({
    name: column.name,
    type,
    nullable: column.nullable && !(isKey && type.name === "integer"),
    default: column.default && generated?.kind !== "computed" ? normalizeDefault(column.default) : undefined,
    generated,
    collation: column.collation?.toUpperCase() === "BINARY" ? undefined : column.collation?.toUpperCase(),
  });
}

function normalizeType(type: ColumnType): ColumnType {
  const length =
    typeof type.length === "string" && /^\d+$/.test(type.length) ? Number(type.length) : type.length;
  return compact<ColumnType>({
    name: type.name.toLowerCase().replace(/\s+/g, " ").trim(),
    length: length === "" ? undefined : length,
    precision: type.precision,
    scale: type.precision === undefined ? undefined : type.scale,
    // TypeORM writes an array of enum values as text without a check.
    array: type.array && type.values === undefined ? true : undefined,
    values: type.array ? undefined : type.values,
  });
}

/**
 * SQLite makes no uuids and numbers nothing but its rows. It does so for every INTEGER PRIMARY KEY, which is all that
 * TypeORM makes of an identity column; AUTOINCREMENT only keeps it from giving a number twice.
 */
function normalizeGenerated(generated: Generated | undefined, isKey: boolean): Generated | undefined {
  switch (generated?.kind) {
    case undefined:
    case "uuid":
    case "identity":
      return undefined;
    case "increment":
      return isKey ? generated : undefined;
    case "computed":
      return generated;
  }
}

/**
 * SQL that is exactly how a value is written becomes that value. Any other spelling stays as it is, because TypeORM
 * compares this text letter by letter; whether it means the same is for `canonicalize` to say.
 */
function normalizeDefault(value: Default): Default | undefined {
  if ("value" in value) return storedValue(value.value);
  const sql = stripOuterParentheses(value.sql);
  const tokens = tokenize(sql);
  const [only] = tokens;
  if (tokens.length === 1 && only?.kind === "string") return { value: only.text };
  const number = Number(sql);
  return Number.isFinite(number) && literal(number) === sql ? { value: number } : { sql: value.sql.trim() };
}

function storedValue(value: Extract<Default, { value: unknown }>["value"]): Default | undefined {
  if (value === null) return undefined;
  if (typeof value === "boolean") return { value: value ? 1 : 0 };
  if (typeof value === "object") return { value: JSON.stringify(value) };
  return { value: Object.is(value, -0) ? 0 : value };
}

/** TypeORM writes no names of primary keys on SQLite, and there are no exclusions. */
function normalizeConstraint(constraint: Constraint, table: QualifiedName): readonly Constraint[] {
  switch (constraint.kind) {
    case "primaryKey":
      return [{ kind: "primaryKey", columns: constraint.columns }];
    case "unique":
      return [
        compact<Constraint>({
          kind: "unique",
          name: constraint.name,
          columns: constraint.columns,
        }),
      ];
    case "check": {
      const { kind, name, expression } = constraint;
      return [compact<Constraint>({ kind, name, expression: stripOuterParentheses(expression) })];
    }
    case "foreignKey": {
      const { notValid, ...rest } = constraint;
      const references =
        table.schema === undefined
          ? { name: constraint.references.name }
          : { schema: table.schema, name: constraint.references.name };
      return [{ ...rest, references }];
    }
    case "exclusion":
      return [];
  }
}

function normalizeIndex(index: Index, columns: readonly Column[]): Index {
  return compact<Index>({
    name: index.name,
    parts: index.parts.map((part) => normalizePart(part, columns)),
    unique: index.unique ? true : undefined,
    where: index.where === undefined ? undefined : stripOuterParentheses(index.where),
  });
}

/** A part is sorted by the collation of its column unless it names another. */
function normalizePart(part: IndexPart, columns: readonly Column[]): IndexPart {
  const own = columns.find(({ name }) => name === part.column)?.collation ?? "BINARY";
  const collation = part.collation?.toUpperCase();
  return compact<IndexPart>({
    column: part.column,
    expression: part.expression,
    order: part.order,
    collation: collation === own.toUpperCase() ? undefined : collation,
  });
}

function normalizeView({ materialized, indexes, ...view }: View): View {
  return { ...view, sql: view.sql.trim() };
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}
