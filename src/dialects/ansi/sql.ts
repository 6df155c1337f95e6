/**
 * The SQL that most databases share, as functions over a dialect's own way of quoting. Dialects call these; nothing
 * here asks which database it is.
 */
import { assertNever, LimbeckError } from "../../errors";
import { describe } from "../../operations/describe";
import type { Operation, Row, RowValue } from "../../operations/operation";
import type {
  ColumnType,
  Constraint,
  Default,
  Index,
  IndexPart,
  QualifiedName,
  Table,
} from "../../model/schema";

/** How a dialect writes names and values. */
export interface Writer {
  quote(name: string): string;
  quoteName(name: QualifiedName): string;
  literal(value: RowValue): string;
}

/** Names in parentheses: `("a", "b")`. */
export function columnList(writer: Writer, columns: readonly string[]): string {
  return `(${columns.map((column) => writer.quote(column)).join(", ")})`;
}

/** A type with its size: `varchar(20)`, `decimal(10,2)`. */
export function typeText(type: ColumnType): string {
  const array = type.array ? " array" : "";
  if (type.length !== undefined && type.length !== "") return `${type.name}(${type.length})${array}`;
  if (type.precision !== undefined) {
    return `${type.name}(${type.precision}${type.scale === undefined ? "" : `,${type.scale}`})${array}`;
  }
  return type.name + array;
}

/** A default as SQL: text as it is, a value as a literal. */
export function defaultText(writer: Writer, value: Default): string {
  return "sql" in value ? value.sql : writer.literal(value.value);
}

/** A table constraint as it stands inside CREATE TABLE. */
export function constraintText(writer: Writer, constraint: Constraint): string {
  const name = constraint.name === undefined ? "" : `CONSTRAINT ${writer.quote(constraint.name)} `;
  return name + constraintBody(writer, constraint);
}

function constraintBody(writer: Writer, constraint: Constraint): string {
  switch (constraint.kind) {
    case "primaryKey":
      return `PRIMARY KEY ${columnList(writer, constraint.columns)}`;
    case "unique":
      return `UNIQUE ${columnList(writer, constraint.columns)}${deferrable(constraint.deferrable)}`;
    case "check":
      return `CHECK (${constraint.expression})`;
    case "foreignKey":
      return (
        `FOREIGN KEY ${columnList(writer, constraint.columns)}` +
        ` REFERENCES ${writer.quoteName(constraint.references)} ${columnList(writer, constraint.referencedColumns)}` +
        ` ON DELETE ${constraint.onDelete} ON UPDATE ${constraint.onUpdate}${deferrable(constraint.deferrable)}`
      );
    case "exclusion":
      return `EXCLUDE ${constraint.expression}${deferrable(constraint.deferrable)}`;
    default:
      return assertNever(constraint);
  }
}

function deferrable(when: string | undefined): string {
  return when === undefined ? "" : ` DEFERRABLE ${when}`;
}

/** The parts of an index in parentheses. */
export function indexPartsText(writer: Writer, index: Index): string {
  return `(${index.parts.map((part) => indexPartText(writer, part)).join(", ")})`;
}

function indexPartText(writer: Writer, part: IndexPart): string {
  const what = part.column === undefined ? (part.expression ?? "") : writer.quote(part.column);
  const collation = part.collation === undefined ? "" : ` COLLATE ${part.collation}`;
  return `${what}${collation}${part.order === undefined ? "" : ` ${part.order}`}`;
}

/** What a table or view brings with it as SQL: its triggers, and what no decorator can say. */
export function broughtAlong({
  triggers = [],
  attachments = [],
}: Pick<Table, "triggers" | "attachments">): readonly string[] {
  return [...triggers, ...attachments].map(({ sql }) => sql);
}

/** The error for what a database does not have. */
export function unsupported(database: string, operation: Operation, hint: string): LimbeckError {
  return new LimbeckError("UNSUPPORTED", `${database} cannot ${describe(operation)}`, { hint });
}

/** The SQL of an `execute` for a dialect; throws where the call names other databases only. */
export function sqlFor(
  sql: string | Readonly<Record<string, string>>,
  ...dialects: readonly string[]
): string {
  if (typeof sql === "string") return sql;
  const key = dialects.find((name) => sql[name] !== undefined);
  const text = key === undefined ? undefined : sql[key];
  if (text !== undefined) return text;
  throw new LimbeckError(
    "INVALID_OPERATION",
    `execute has SQL for ${Object.keys(sql).join(", ")} but none for ${dialects[0] ?? "this database"}`,
    { hint: "add the text for this database, or an empty one to do nothing there" },
  );
}

/** Lists cut into pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Rows that name the same columns in the same order, together. */
export function rowsByShape(rows: readonly Row[]): readonly (readonly Row[])[] {
  const shapes = new Map<string, Row[]>();
  for (const row of rows) {
    const shape = Object.keys(row).join("\0");
    const alike = shapes.get(shape);
    if (alike) alike.push(row);
    else shapes.set(shape, [row]);
  }
  return [...shapes.values()];
}
