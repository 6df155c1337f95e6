/** The canonical form: equal schemas become equal data, except for the spelling of expressions (see canonicalize). */
import { compact, equal, fingerprint } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import type {
  Column,
  ColumnParts,
  Constraint,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  Schema,
  Table,
  TableOptions,
  Unique,
  View,
} from "../../model/schema";
import { columnOf, primaryKeyOf } from "../../model/schema";
import { currentTimestamp, normalizeDefault } from "./default";
import { isString, normalizeType } from "./type";
import { stripOuterParentheses } from "./tokens";

const ENGINES = ["InnoDB", "MyISAM", "MEMORY", "ARCHIVE", "CSV", "Aria", "BLACKHOLE", "NDB", "RocksDB"];

/** What the servers cannot hold is left out, what they hold in several spellings gets one. Idempotent. */
export function normalize(schema: Schema): Schema {
  return {
    namespaces: schema.namespaces.toSorted(),
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
  return compact<Table>({
    ...qualified(table),
    columns: table.columns.map((column) => normalizeColumn(column, key.includes(column.name))),
    constraints: sortedBy(
      table.constraints.flatMap(normalizeConstraint),
      // A primary key is the only one of its kind.
      (constraint) =>
        `${constraint.kind} ${constraint.name ?? (constraint.kind === "primaryKey" ? "" : fingerprint(constraint))}`,
    ),
    indexes: sortedBy(normalizeIndexes(table), ({ name }) => name),
    comment: table.comment === "" ? undefined : table.comment,
    options: normalizeOptions(table.options),
  });
}

function normalizeOptions({ engine, charset, collation }: TableOptions = {}): TableOptions | undefined {
  const options = compact<TableOptions>({
    engine: ENGINES.find((name) => name.toLowerCase() === engine?.toLowerCase()) ?? engine,
    charset: charset?.toLowerCase(),
    collation: collation?.toLowerCase(),
  });
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Columns in their canonical form already: most are asked for several times in a run. */
const canonical = new WeakSet<Column>();

function normalizeColumn(column: Column, isKey: boolean): Column {
  return canonical.has(column) && !(isKey && column.nullable) ? column : canonicalColumn(column, isKey);
}

/** The canonical form of a column, which takes no nulls where it is part of the primary key. */
export function canonicalColumn(column: ColumnParts, isKey = false): Column {
  const type = normalizeType(column.type);
  const generated = normalizeGenerated(column.generated);
  const { collation, charset } = isString(type) ? column : {};
  const { onUpdate } = column;
  const result = columnOf({
    name: column.name,
    type,
    nullable: column.nullable && !isKey && generated?.kind !== "increment",
    default: generated === undefined ? normalizeDefault(column.default, type) : undefined,
    generated,
    onUpdate: onUpdate === undefined ? undefined : (currentTimestamp(onUpdate) ?? onUpdate),
    // A collation belongs to one character set, so it says both.
    charset: collation === undefined ? charset?.toLowerCase() : undefined,
    collation: collation?.toLowerCase(),
    comment: column.comment === "" ? undefined : column.comment,
    check: column.check === undefined ? undefined : stripOuterParentheses(column.check),
    invisible: column.invisible,
  });
  canonical.add(result);
  return result;
}

/** Servers make no uuids by themselves and know no identity. */
function normalizeGenerated(generated: Generated | undefined): Generated | undefined {
  switch (generated?.kind) {
    case undefined:
    case "uuid":
      return undefined;
    case "increment":
    case "identity":
      return { kind: "increment" };
    case "computed":
      return generated;
  }
}

/** Primary keys have no names, uniques are indexes, and nothing is deferrable. */
function normalizeConstraint(constraint: Constraint): readonly Constraint[] {
  switch (constraint.kind) {
    case "primaryKey":
      return [{ kind: "primaryKey", columns: constraint.columns }];
    case "check": {
      const { kind, name, expression } = constraint;
      return [compact<Constraint>({ kind, name, expression: stripOuterParentheses(expression) })];
    }
    case "foreignKey": {
      const { deferrable, notValid, ...rest } = constraint;
      return [rest];
    }
    case "unique":
    case "exclusion":
      return [];
  }
}

function normalizeIndexes(table: Table): readonly Index[] {
  const { indexes } = withUniquesAsIndexes(table);
  const named = new Map(indexes.map((index) => [index.name, normalizeIndex(index)]));
  return [...named.values()].filter((index) => !isMadeForKey(index, table));
}

/** A table whose uniques are indexes. */
export function withUniquesAsIndexes(table: Table): Table {
  const uniques = table.constraints.filter((constraint) => constraint.kind === "unique");
  if (uniques.length === 0) return table;
  const others = table.constraints.filter((constraint: Constraint) => constraint.kind !== "unique");
  return { ...table, constraints: others, indexes: [...table.indexes, ...uniques.map(indexOf)] };
}

/** The server names an index after its first column. */
export function indexOf({ name, columns }: Unique): Index {
  return { name: name ?? columns[0] ?? "", parts: columns.map((column) => ({ column })), unique: true };
}

/** The server makes an index of the name and columns of a foreign key where none serves it, and takes it away as it likes. */
export function isMadeForKey(index: Index, table: Table): boolean {
  return (
    !index.unique &&
    index.method === undefined &&
    table.constraints.some(
      (constraint) =>
        constraint.kind === "foreignKey" &&
        isNamedAfter(constraint, index.name) &&
        equal(
          index.parts.map((part) => (part.length === undefined ? part.column : undefined)),
          constraint.columns,
        ),
    )
  );
}

/** Where the server named the foreign key too, the index has the name of its first column. */
function isNamedAfter({ name, columns }: ForeignKey, index: string): boolean {
  return name === index || (columns[0] === index && /_ibfk_\d+$/.test(name ?? ""));
}

function normalizeIndex(index: Index): Index {
  const method = index.method?.toLowerCase();
  return compact<Index>({
    name: index.name,
    parts: index.parts.map(normalizePart),
    unique: index.unique ? true : undefined,
    method: method === "btree" || method === "rtree" ? undefined : method,
    parser: method === "fulltext" ? index.parser : undefined,
    invisible: index.invisible,
  });
}

function normalizePart(part: IndexPart): IndexPart {
  return compact<IndexPart>({
    column: part.column,
    expression: part.expression === undefined ? undefined : stripOuterParentheses(part.expression),
    order: part.order,
    length: part.length,
  });
}

function normalizeView(view: View): View {
  return compact<View>({ ...qualified(view), sql: view.sql.trim(), dependsOn: view.dependsOn });
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  if (items.length < 2) return items;
  // Each key is made once, because some are dear.
  const keyed = items.map((item) => ({ item, key: key(item) }));
  if (keyed.every((each, place) => place === 0 || (keyed[place - 1]?.key ?? "") <= each.key)) return items;
  keyed.sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  return keyed.map(({ item }) => item);
}
