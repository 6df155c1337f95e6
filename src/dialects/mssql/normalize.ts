/** SQL Server's canonical form: equal schemas become equal data, except for the spelling of expressions (see canonicalize). */
import { compact, fingerprint } from "../../model/equal";
import { keyOf, qualified } from "../../model/names";
import type {
  Column,
  Constraint,
  Default,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  ReferentialAction,
  Schema,
  Sequence,
  Table,
  View,
} from "../../model/schema";
import { stripOuterParentheses, tokenize, isSymbol } from "./tokens";
import { storedType } from "./types";

/** Digits that a number of JavaScript holds without loss. */
const EXACT_DIGITS = 15;

/** What SQL Server cannot hold is left out, what it holds in several spellings gets one. Idempotent. */
export function normalize(schema: Schema): Schema {
  return {
    namespaces: schema.namespaces.toSorted(),
    extensions: [],
    enums: [],
    sequences: sortedBy(schema.sequences.map(normalizeSequence), keyOf),
    tables: sortedBy(schema.tables.map(normalizeTable), keyOf),
    views: sortedBy(schema.views.map(normalizeView), keyOf),
    objects: schema.objects,
  };
}

function normalizeTable(table: Table): Table {
  return compact<Table>({
    ...qualified(table),
    columns: table.columns.map(normalizeColumn),
    constraints: sortedBy(
      table.constraints.flatMap(normalizeConstraint),
      (constraint) => `${constraint.kind} ${constraint.name ?? ""} ${fingerprint(constraint)}`,
    ),
    indexes: sortedBy(table.indexes.map(normalizeIndex), ({ name }) => name),
    triggers: table.triggers,
    comment: filled(table.comment),
  });
}

function normalizeColumn(column: Column): Column {
  const value = column.default && normalizeDefault(column.default);
  const isUuid = value !== undefined && "sql" in value && /^newsequentialid\(\)$/i.test(value.sql);
  const generated = isUuid ? ({ kind: "uuid" } as const) : normalizeGenerated(column.generated);
  return compact<Column>({
    name: column.name,
    type: storedType(column.type),
    nullable: column.nullable,
    default: generated === undefined ? value : undefined,
    generated,
    collation: filled(column.collation),
    comment: filled(column.comment),
  });
}

/** An identity column is one kind here, and the expression of a computed one is compared without its parentheses. */
function normalizeGenerated(generated: Generated | undefined): Generated | undefined {
  switch (generated?.kind) {
    case undefined:
    case "uuid":
      return generated;
    case "increment":
    case "identity":
      return { kind: "increment" };
    case "computed":
      return generated;
  }
}

/**
 * SQL that is exactly a number or a text becomes that value: the catalogue writes `((0))` and `(N'text')`. Any other
 * spelling stays; whether it means the same is for `canonicalize` to say.
 */
function normalizeDefault(value: Default): Default | undefined {
  if ("value" in value) return storedValue(value.value);
  const sql = stripOuterParentheses(value.sql);
  const tokens = tokenize(sql);
  const [first, second] = tokens;
  if (tokens.length === 1 && first?.kind === "text") return { value: first.text };
  if (tokens.length === 1 && first?.kind === "word" && /^null$/i.test(first.text)) return undefined;
  const number = isSymbol(first, "-") ? second : first;
  if (number?.kind !== "number" || tokens.length !== (number === first ? 1 : 2)) return { sql };
  return isExact(number.text) ? { value: Number(sql.replace(/\s+/g, "")) } : { sql };
}

function isExact(number: string): boolean {
  if (/^0x/i.test(number)) return false;
  const [mantissa = ""] = number.toLowerCase().split("e");
  return mantissa.replace(".", "").replace(/^0+/, "").length <= EXACT_DIGITS;
}

function storedValue(value: Extract<Default, { value: unknown }>["value"]): Default | undefined {
  if (value === null) return undefined;
  if (typeof value === "boolean") return { value: value ? 1 : 0 };
  if (typeof value === "object") return { value: JSON.stringify(value) };
  return { value: Object.is(value, -0) ? 0 : value };
}

/** There are no exclusions, nothing can be put off until COMMIT, and every unique rule takes one null. */
function normalizeConstraint(constraint: Constraint): readonly Constraint[] {
  switch (constraint.kind) {
    case "primaryKey":
    case "unique": {
      const { kind, name, columns, clustered } = constraint;
      const isUsual = clustered === (kind === "primaryKey");
      return [compact<Constraint>({ kind, name, columns, clustered: isUsual ? undefined : clustered })];
    }
    case "check": {
      const { kind, name, expression, notValid } = constraint;
      return [
        compact<Constraint>({
          kind,
          name,
          expression: stripOuterParentheses(expression),
          notValid: notValid ? true : undefined,
        }),
      ];
    }
    case "foreignKey": {
      const { deferrable, notValid, ...rest } = constraint;
      return [
        compact<ForeignKey>({
          ...rest,
          onDelete: withoutRestrict(constraint.onDelete),
          onUpdate: withoutRestrict(constraint.onUpdate),
          notValid: notValid ? true : undefined,
        }),
      ];
    }
    case "exclusion":
      return [];
  }
}

function withoutRestrict(action: ReferentialAction): ReferentialAction {
  return action === "RESTRICT" ? "NO ACTION" : action;
}

/** The order of included columns means nothing. */
function normalizeIndex(index: Index): Index {
  return compact<Index>({
    name: index.name,
    parts: index.parts.map(({ column, expression, order }) =>
      compact<IndexPart>({ column, expression, order }),
    ),
    unique: index.unique ? true : undefined,
    where: index.where === undefined ? undefined : stripOuterParentheses(index.where),
    method: index.method === "nonclustered" ? undefined : index.method,
    include: index.include?.length ? index.include.toSorted() : undefined,
  });
}

function normalizeView({ materialized, indexes, ...view }: View): View {
  return { ...view, sql: view.sql.trim().replace(/;$/, "").trimEnd() };
}

function normalizeSequence(sequence: Sequence): Sequence {
  return {
    ...qualified(sequence),
    type: sequence.type?.toLowerCase() ?? "bigint",
    start: sequence.start ?? "1",
    increment: sequence.increment ?? "1",
  };
}

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

function sortedBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((left, right) => (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : 0));
}
