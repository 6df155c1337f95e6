/** Columns, indexes and constraints as they stand in CREATE TABLE and ALTER TABLE. */
import { LimbeckError } from "../../errors";
import type {
  Column,
  Constraint,
  Default,
  Index,
  IndexPart,
  QualifiedName,
  Table,
  TableOptions,
} from "../../model/schema";
import type { TableOptionsChange } from "../../operations/operation";
import { columnList, constraintText } from "../ansi/sql";
import type { Capabilities } from "./capabilities";
import { currentTimestamp } from "./default";
import { referenceFrom } from "./prepared";
import { literal, quote, quoteName, writer } from "./quote";
import { stripOuterParentheses, tokenize } from "./tokens";
import { canonicalName, normalizeType, typeSql } from "./type";

/** A column with all that is said of it: what is left out of a MODIFY is lost. */
export function columnSql(column: Column, capabilities: Capabilities): string {
  const { generated } = column;
  const computed = generated?.kind === "computed" ? generated : undefined;
  const type = normalizeType(column.type);
  return [
    quote(column.name),
    typeSql(type),
    column.charset && `CHARACTER SET ${word(column.charset)}`,
    column.collation && `COLLATE ${word(column.collation)}`,
    computed && `AS (${computed.sql}) ${computed.stored ? "STORED" : "VIRTUAL"}`,
    nullability(column, computed !== undefined, capabilities),
    type.srid !== undefined && capabilities.spatialReferenceSystems && `SRID ${type.srid}`,
    (generated?.kind === "increment" || generated?.kind === "identity") && "AUTO_INCREMENT",
    !generated && column.default && `DEFAULT ${defaultSql(column.default, column)}`,
    column.onUpdate && `ON UPDATE ${column.onUpdate}`,
    column.invisible && "INVISIBLE",
    column.comment && `COMMENT ${literal(column.comment)}`,
    column.check && `CHECK (${column.check})`,
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join(" ");
}

/** NULL is said too, because without it some servers make a timestamp NOT NULL. */
function nullability(column: Column, isComputed: boolean, { generatedNotNull }: Capabilities): string {
  if (isComputed) return column.nullable || !generatedNotNull ? "" : "NOT NULL";
  return column.nullable ? "NULL" : "NOT NULL";
}

/** A default. Expressions stand in parentheses, and so do values of types that take no others on MySQL. */
export function defaultSql(value: Default, column: Pick<Column, "type">): string {
  if ("value" in value) {
    return /text$|blob$|^json$|^geometry|^vector$/.test(canonicalName(column.type.name))
      ? `(${literal(value.value)})`
      : literal(value.value);
  }
  return isLiteral(value.sql) ? value.sql : `(${stripOuterParentheses(value.sql)})`;
}

function isLiteral(sql: string): boolean {
  if (currentTimestamp(sql) !== undefined && !sql.trim().startsWith("(")) return true;
  const tokens = tokenize(sql);
  const [first, second] = tokens;
  if (tokens.length === 1) {
    return (
      first?.kind === "string" || first?.kind === "number" || /^(?:null|true|false)$/i.test(first?.text ?? "")
    );
  }
  return (
    tokens.length === 2 &&
    ((/^[bx]$/i.test(first?.text ?? "") && second?.kind === "string") ||
      (first?.text === "-" && second?.kind === "number"))
  );
}

/** What MySQL and MariaDB (vectors, since 11.7) have another kind of index for. */
const KINDS: ReadonlySet<string> = new Set(["fulltext", "spatial", "vector"]);

/** An index as it stands inside CREATE TABLE; ALTER TABLE puts ADD before it. */
export function indexSql(index: Index, { ignoredIndexes }: Capabilities, ifNotExists = ""): string {
  if (index.where !== undefined || index.include !== undefined) {
    throw new LimbeckError(
      "UNSUPPORTED",
      `MySQL and MariaDB have no partial or covering indexes, such as ${index.name}`,
      { hint: "leave out `where` and `include` there, or index a generated column" },
    );
  }
  const method = index.method?.toLowerCase();
  const kind =
    method !== undefined && KINDS.has(method) ? `${method.toUpperCase()} ` : index.unique ? "UNIQUE " : "";
  const using = method === "hash" || method === "btree" ? ` USING ${method.toUpperCase()}` : "";
  const parser = index.parser === undefined ? "" : ` WITH PARSER ${word(index.parser)}`;
  const hidden = index.invisible ? (ignoredIndexes ? " IGNORED" : " INVISIBLE") : "";
  return `${kind}INDEX ${ifNotExists}${quote(index.name)} (${index.parts.map(partSql).join(", ")})${using}${parser}${hidden}`;
}

function partSql(part: IndexPart): string {
  const order = part.order === undefined ? "" : ` ${part.order}`;
  if (part.column === undefined) return `(${stripOuterParentheses(part.expression ?? "")})${order}`;
  return `${quote(part.column)}${part.length === undefined ? "" : `(${part.length})`}${order}`;
}

/** A constraint of a table as it stands inside CREATE TABLE; ALTER TABLE puts ADD before it. */
export function constraintSql(
  constraint: Constraint,
  owner: QualifiedName,
  ownDatabase: string | undefined,
): string {
  switch (constraint.kind) {
    case "primaryKey":
      // The name would be lost: it is always PRIMARY.
      return `PRIMARY KEY ${columnList(writer, constraint.columns)}`;
    case "unique":
      return `UNIQUE INDEX ${constraint.name === undefined ? "" : `${quote(constraint.name)} `}${columnList(writer, constraint.columns)}`;
    case "exclusion":
      throw new LimbeckError("UNSUPPORTED", "MySQL and MariaDB have no exclusion constraints", {
        hint: "leave it out there, or keep the rule in a trigger",
      });
    case "check":
      return constraintText(writer, constraint);
    case "foreignKey": {
      const { deferrable, ...rest } = constraint;
      return constraintText(writer, { ...rest, references: referenceFrom(owner, rest, ownDatabase) });
    }
  }
}

/** CREATE TABLE with everything inside, which is many times faster than adding it afterwards. */
export function createTableSql(
  table: Table,
  ifNotExists: boolean,
  capabilities: Capabilities,
  ownDatabase: string | undefined,
): string {
  const constraintsSql = (isKey: boolean): readonly string[] =>
    table.constraints
      .filter(({ kind }) => (kind === "foreignKey") === isKey)
      .map((constraint) => constraintSql(constraint, table, ownDatabase));
  const lines = [
    ...table.columns.map((column) => columnSql(column, capabilities)),
    ...constraintsSql(false),
    ...table.indexes.map((index) => indexSql(index, capabilities)),
    ...constraintsSql(true),
  ];
  const options = [
    ...optionClauses(table.options ?? {}),
    ...(table.comment === undefined ? [] : [`COMMENT = ${literal(table.comment)}`]),
  ];
  const head = `CREATE TABLE ${ifNotExists ? "IF NOT EXISTS " : ""}${quoteName(table)}`;
  return `${head} (${lines.join(", ")})${options.length === 0 ? "" : ` ${options.join(" ")}`}`;
}

/** Options of a table; what is taken away falls back to what the database has. */
export function optionClauses({
  engine,
  charset,
  collation,
}: TableOptions | TableOptionsChange): readonly string[] {
  return [
    ...(engine ? [`ENGINE = ${word(engine)}`] : []),
    ...(charset ? [`DEFAULT CHARACTER SET = ${word(charset)}`] : []),
    ...(collation ? [`COLLATE = ${word(collation)}`] : []),
  ];
}

/** The names of engines, character sets and the like, which stand without quotes. */
function word(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw new LimbeckError(
    "INVALID_OPERATION",
    `"${name}" is no name of an engine, character set or collation`,
  );
}
