/** PostgreSQL's canonical form: equal schemas become equal data, except for the spelling of expressions (see canonicalize). */
import { assertNever } from "../../errors";
import { compact, equal, fingerprint, mapped, replaced } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import type {
  Column,
  Constraint,
  EnumType,
  Generated,
  Index,
  IndexPart,
  QualifiedName,
  Schema,
  Sequence,
  Table,
  TableOptions,
  View,
} from "../../model/schema";
import { columnOf, primaryKeyOf } from "../../model/schema";
import { makesUuid, normalizeDefault } from "./normalize-default";
import { counts, normalizeType, typeNormalizer } from "./normalize-type";
import { cutToBytes, NAME_BYTES } from "./quote";
import { stripOuterParentheses } from "./tokens";

/** What PostgreSQL cannot hold is left out, what it holds in several spellings gets one. Idempotent. */
export function normalize(schema: Schema): Schema {
  return {
    namespaces: [...new Set(schema.namespaces.map(shortened))].toSorted(),
    extensions: sortedBy(schema.extensions, ({ name }) => name),
    enums: sortedBy(
      schema.enums.map(({ values, comment, ...name }) =>
        compact<EnumType>({ ...nameOf(name), values, comment }),
      ),
      keyOf,
    ),
    sequences: sortedBy(schema.sequences.map(normalizeSequence), keyOf),
    tables: sortedBy(schema.tables.map(normalizeTable), keyOf),
    views: sortedBy(schema.views.map(normalizeView), keyOf),
    objects: schema.objects,
  };
}

/** A name as the database keeps it: what is longer than 63 bytes is cut, between two characters. */
export function shortened(name: string): string {
  return cutToBytes(name, NAME_BYTES);
}

function nameOf(object: QualifiedName): QualifiedName {
  return replaced(qualified(object), namesWithin(object));
}

function namesWithin({ schema, name }: QualifiedName): { schema: string | undefined; name: string } {
  return { schema: schema === undefined ? undefined : shortened(schema), name: shortened(name) };
}

function namesOf(names: readonly string[]): readonly string[] {
  return mapped(names, shortened);
}

/** Of all schemas, so that the same type is the same object in those that are compared. */
const typeOf = typeNormalizer(shortened);

function normalizeTable(table: Table): Table {
  const key = primaryKeyOf(table)?.columns ?? [];
  return replaced(table, {
    ...namesWithin(table),
    columns: mapped(table.columns, (column) => normalizeColumn(column, key.includes(column.name))),
    constraints: sorted(mapped(withoutRepeatedKey(table), normalizeConstraint), compareConstraints),
    indexes: normalizeIndexes(table.indexes),
    comment: normalizeComment(table.comment),
    options: table.options && normalizeOptions(table.options),
    source: undefined,
  });
}

function normalizeOptions(options: TableOptions): TableOptions | undefined {
  const { engine, charset, collation, withoutRowid, strict, inherits, ...rest } = options;
  const result = compact<TableOptions>({ ...rest, inherits: inherits?.map(nameOf) });
  return Object.keys(result).length === 0 ? undefined : result;
}

function normalizeColumn(column: Column, isKey: boolean): Column {
  const type = typeOf(column.type);
  const generated = normalizeGenerated(column);
  const isNumbered = generated?.kind === "increment" || generated?.kind === "identity";
  return columnOf(
    {
      name: shortened(column.name),
      type,
      nullable: column.nullable && !isKey && !isNumbered,
      default: column.default && !generated ? normalizeDefault(column.default, type) : undefined,
      generated,
      collation: column.collation === "default" ? undefined : column.collation,
      comment: normalizeComment(column.comment),
    },
    column,
  );
}

/** TypeORM takes every default that makes a random uuid for the same, and one that is said counts before its own. */
function normalizeGenerated(column: Column): Generated | undefined {
  const { generated, default: value, type } = column;
  if (generated?.kind === "uuid" && value !== undefined && !makesUuid(value)) return undefined;
  if (generated !== undefined) return generated;
  if (counts(type)) return { kind: "increment" };
  return makesUuid(value) ? { kind: "uuid" } : undefined;
}

function compareConstraints(left: Constraint, right: Constraint): number {
  if (left.kind !== right.kind) return compareText(left.kind, right.kind);
  return compareText(left.name ?? fingerprint(left), right.name ?? fingerprint(right));
}

function withoutRepeatedKey(table: Table): readonly Constraint[] {
  const { constraints } = table;
  const isKept = (constraint: Constraint): boolean => !repeatsKey(constraint, table);
  return constraints.every(isKept) ? constraints : constraints.filter(isKept);
}

/** CREATE TABLE makes no second index for a unique constraint on the columns of the primary key. */
function repeatsKey(constraint: Constraint, table: Table): boolean {
  if (constraint.kind !== "unique" || constraint.deferrable || constraint.include) return false;
  return equal(constraint.columns, primaryKeyOf(table)?.columns);
}

function normalizeConstraint(constraint: Constraint): Constraint {
  const name = constraint.name === undefined ? undefined : shortened(constraint.name);
  switch (constraint.kind) {
    case "primaryKey":
    case "unique":
      return replaced(constraint, {
        name,
        columns: namesOf(constraint.columns),
        include: constraint.include && namesOf(constraint.include),
      });
    case "check":
      return replaced(constraint, { name, expression: stripOuterParentheses(constraint.expression) });
    case "exclusion":
      return replaced(constraint, { name, expression: constraint.expression.trim() });
    case "foreignKey":
      return replaced(constraint, {
        name,
        columns: namesOf(constraint.columns),
        references: replaced(constraint.references, namesWithin(constraint.references)),
        referencedColumns: namesOf(constraint.referencedColumns),
        onDeleteColumns: constraint.onDeleteColumns && namesOf(constraint.onDeleteColumns),
      });
    default:
      return assertNever(constraint);
  }
}

function normalizeIndexes(indexes: readonly Index[]): readonly Index[] {
  return sortedBy(mapped(indexes, normalizeIndex), ({ name }) => name);
}

function normalizeIndex(index: Index): Index {
  return replaced(index, {
    name: shortened(index.name),
    parts: mapped(index.parts, normalizePart),
    unique: index.unique ? true : undefined,
    where: index.where === undefined ? undefined : stripOuterParentheses(index.where),
    method: methodOf(index),
    parser: undefined,
    include: index.include?.length ? namesOf(index.include) : undefined,
    nullsNotDistinct: index.nullsNotDistinct ? true : undefined,
    invalid: index.invalid ? true : undefined,
  });
}

/** TypeORM takes `fulltext` on every database and means nothing by it here. */
function methodOf({ method }: Index): string | undefined {
  const name = method?.toLowerCase();
  return name === "btree" || name === "fulltext" ? undefined : name;
}

/** Nulls come last in ascending and first in descending order unless the index says otherwise. */
function normalizePart(part: IndexPart): IndexPart {
  const { column, expression, order, nulls } = part;
  return replaced(part, {
    column: column === undefined ? undefined : shortened(column),
    expression: expression === undefined ? undefined : stripOuterParentheses(expression),
    nulls: nulls === (order === "DESC" ? "FIRST" : "LAST") ? undefined : nulls,
    length: undefined,
  });
}

function normalizeView(view: View): View {
  const { indexes = [], materialized, sql, dependsOn, attachments } = view;
  return compact<View>({
    ...nameOf(view),
    sql: sql.trim().replace(/\s*;$/, ""),
    materialized: materialized ? true : undefined,
    indexes: materialized && indexes.length > 0 ? normalizeIndexes(indexes) : undefined,
    dependsOn: dependsOn && sortedBy(dependsOn.map(nameOf), keyOf),
    attachments,
  });
}

const LARGEST: Readonly<Record<string, bigint>> = {
  smallint: 32767n,
  integer: 2147483647n,
  bigint: 9223372036854775807n,
};

/** What a sequence of that type has when nothing is said (manual, CREATE SEQUENCE). */
function usualSequence(
  type: string,
  descends: boolean,
): { readonly minimum: string; readonly maximum: string } {
  const largest = LARGEST[type] ?? 0n;
  return descends
    ? { minimum: String(-largest - 1n), maximum: "-1" }
    : { minimum: "1", maximum: String(largest) };
}

function normalizeSequence(sequence: Sequence): Sequence {
  const type = normalizeType({ name: sequence.type ?? "bigint" }, shortened).name;
  const descends = sequence.increment?.startsWith("-") ?? false;
  const usual = usualSequence(type, descends);
  const first = descends ? (sequence.maximum ?? usual.maximum) : (sequence.minimum ?? usual.minimum);
  return compact<Sequence>({
    ...nameOf(sequence),
    type: unless(type, "bigint"),
    start: unless(sequence.start, first),
    increment: unless(sequence.increment, "1"),
    minimum: unless(sequence.minimum, usual.minimum),
    maximum: unless(sequence.maximum, usual.maximum),
    cache: unless(sequence.cache, "1"),
    cycle: sequence.cycle ? true : undefined,
    comment: sequence.comment,
  });
}

function unless(value: string | undefined, usual: string): string | undefined {
  return value === usual ? undefined : value;
}

/** No text of PostgreSQL holds a zero byte, and an empty comment is none. */
function normalizeComment(text: string | undefined): string | undefined {
  const kept = text?.replaceAll("\0", "");
  return kept === "" ? undefined : kept;
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return sorted(items, (left, right) => compareText(key(left), key(right)));
}

/** What is sorted already stays the list that it is. */
function sorted<T>(items: readonly T[], compare: (left: T, right: T) => number): readonly T[] {
  for (let place = 1; place < items.length; place++) {
    if (compare(items[place - 1] as T, items[place] as T) > 0) return items.toSorted(compare);
  }
  return items;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
