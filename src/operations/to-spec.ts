/** From the model to the calls of revision files: the other way round, so that a file says what the operation holds. */
import { compact } from "../model/equal";
import { displayName } from "../model/names";
import type {
  Check,
  Column,
  ColumnType,
  Constraint,
  Default,
  Exclusion,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  PrimaryKey,
  QualifiedName,
  Table,
  Unique,
} from "../model/schema";
import { primaryKeyOf } from "../model/schema";
import type { ColumnChange, Row, RowValue } from "./operation";
import type {
  CheckSpec,
  ColumnChangeSpec,
  ColumnSpec,
  DefaultValue,
  DropConstraintOptions,
  ExclusionSpec,
  ForeignKeySpec,
  IndexOptions,
  IndexPartSpec,
  IndexSpec,
  PrimaryKeySpec,
  TableName,
  TableSpec,
  UniqueSpec,
} from "./spec";

/** A name as a call takes it: an object only where a dot would be misread. */
export function nameToSpec(name: QualifiedName): TableName {
  if (!name.name.includes(".") && !(name.schema?.includes(".") ?? false)) return displayName(name);
  return compact<{ schema?: string; name: string }>({ schema: name.schema, name: name.name });
}

/** A column as calls say it: what is usual is left out. */
export function columnToSpec(column: Column): ColumnSpec {
  const { name: type, ...parts } = column.type;
  return compact<ColumnSpec>({
    name: column.name,
    type,
    ...typePartsToSpec(parts),
    nullable: column.nullable ? true : undefined,
    default: column.default && defaultToSpec(column.default),
    ...generatedToSpec(column.generated),
    onUpdate: column.onUpdate,
    charset: column.charset,
    collation: column.collation,
    comment: column.comment,
    check: column.check,
    invisible: column.invisible,
  });
}

/** What changes of a column: absent leaves as it is, `null` takes away. */
export function changeToSpec(change: ColumnChange): ColumnChangeSpec {
  const { name: type, ...parts } = change.type ?? {};
  return compact<ColumnChangeSpec>({
    newName: change.name,
    type,
    ...typePartsToSpec(parts),
    nullable: change.nullable,
    default:
      change.default === undefined
        ? undefined
        : change.default === null
          ? null
          : defaultToSpec(change.default),
    ...(change.generated === null ? { generated: null } : generatedToSpec(change.generated)),
    onUpdate: change.onUpdate,
    charset: change.charset,
    collation: change.collation,
    comment: change.comment,
  });
}

/** A default: SQL becomes a function, everything else is a value. */
export function defaultToSpec(value: Default): DefaultValue {
  if ("value" in value) return value.value;
  const { sql } = value;
  return () => sql;
}

/** A table with all that belongs to it; what no call says is SQL. */
export function tableToSpec(table: Table): TableSpec {
  const key = primaryKeyOf(table);
  const ofKind = <K extends Constraint["kind"]>(kind: K): readonly Extract<Constraint, { kind: K }>[] =>
    table.constraints.filter(
      (constraint): constraint is Extract<Constraint, { kind: K }> => constraint.kind === kind,
    );
  const listed = <T>(items: readonly T[]): readonly T[] | undefined =>
    items.length === 0 ? undefined : items;
  return compact<TableSpec>({
    columns: table.columns.map(columnToSpec),
    primaryKey: key && primaryKeyToSpec(key),
    uniques: listed(ofKind("unique").map(uniqueToSpec)),
    checks: listed(ofKind("check").map(checkToSpec)),
    foreignKeys: listed(ofKind("foreignKey").map(foreignKeyToSpec)),
    exclusions: listed(ofKind("exclusion").map(exclusionToSpec)),
    indexes: listed(table.indexes.map(indexToSpec)),
    comment: table.comment,
    ...table.options,
    inherits: table.options?.inherits?.map(nameToSpec),
    statements: statementsToSpec(table),
  });
}

/** The SQL of what no call says, in the order in which it can run. */
export function statementsToSpec({
  triggers = [],
  attachments = [],
}: Pick<Table, "triggers" | "attachments">) {
  const statements = [...triggers, ...attachments].map(({ sql }) => sql);
  return statements.length === 0 ? undefined : statements;
}

/** A primary key as calls say it. */
export function primaryKeyToSpec({ kind, ...rest }: PrimaryKey): PrimaryKeySpec {
  return rest;
}

/** A unique constraint as calls say it. */
export function uniqueToSpec({ kind, ...rest }: Unique): UniqueSpec {
  return rest;
}

/** A check as calls say it. */
export function checkToSpec({ kind, ...rest }: Check): CheckSpec {
  return rest;
}

/** An exclusion constraint as calls say it. */
export function exclusionToSpec({ kind, ...rest }: Exclusion): ExclusionSpec {
  return rest;
}

/** A foreign key as calls say it: `NO ACTION` is left out. */
export function foreignKeyToSpec(key: ForeignKey): ForeignKeySpec {
  const { kind, references, onDelete, onUpdate, name, columns, referencedColumns, ...rest } = key;
  return compact<ForeignKeySpec>({
    name,
    columns,
    references: nameToSpec(references),
    referencedColumns,
    onDelete: onDelete === "NO ACTION" ? undefined : onDelete,
    onUpdate: onUpdate === "NO ACTION" ? undefined : onUpdate,
    ...rest,
  });
}

/** An index as `createTable` takes it. */
export function indexToSpec(index: Index): IndexSpec {
  return { name: index.name, parts: index.parts.map(indexPartToSpec), ...indexOptionsToSpec(index) };
}

/** A part of an index: a column alone is its name. */
export function indexPartToSpec(part: IndexPart): IndexPartSpec {
  const { column, ...rest } = part;
  return column !== undefined && Object.keys(rest).length === 0 ? column : { ...part };
}

/** What is said of an index besides its name and parts. */
export function indexOptionsToSpec(index: Index): IndexOptions {
  const { method } = index;
  return compact<IndexOptions>({
    unique: index.unique,
    where: index.where,
    type: method === "fulltext" || method === "spatial" ? undefined : method,
    fulltext: method === "fulltext" ? true : undefined,
    spatial: method === "spatial" ? true : undefined,
    parser: index.parser,
    include: index.include,
    nullsNotDistinct: index.nullsNotDistinct,
    invisible: index.invisible,
    storage: index.storage,
    comment: index.comment,
  });
}

/** The values of a row: SQL becomes a function, the rest is data. */
export function rowToLiterals(row: Row): Readonly<Record<string, DefaultValue>> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, literalOf(value)]));
}

/** One value of a row or parameter. */
export function literalOf(value: RowValue): DefaultValue {
  if (typeof value !== "object" || value === null || !("sql" in value)) return value;
  const { sql } = value;
  return typeof sql === "string" ? () => sql : value;
}

/** The options by which an unnamed constraint is found again. */
export function dropToSpec(constraint: Constraint): DropConstraintOptions {
  switch (constraint.kind) {
    case "primaryKey":
      return { type: "primary", columns: constraint.columns };
    case "unique":
      return { type: "unique", columns: constraint.columns };
    case "check":
      return { type: "check", expression: constraint.expression };
    case "exclusion":
      return { type: "exclusion", expression: constraint.expression };
    case "foreignKey":
      return {
        type: "foreignKey",
        columns: constraint.columns,
        references: nameToSpec(constraint.references),
        referencedColumns: constraint.referencedColumns,
      };
  }
}

function typePartsToSpec(parts: Partial<ColumnType>): Partial<ColumnSpec> {
  const { values, enumName, ...rest } = parts;
  return compact<Partial<ColumnSpec>>({
    ...rest,
    enum: values,
    enumName: enumName && nameToSpec(enumName),
  });
}

function generatedToSpec(generated: Generated | undefined): Partial<ColumnSpec> {
  switch (generated?.kind) {
    case undefined:
      return {};
    case "increment":
    case "uuid":
      return { generated: generated.kind };
    case "identity":
      return { generated: "identity", generatedIdentity: generated.always ? "ALWAYS" : "BY DEFAULT" };
    case "computed":
      return { asExpression: generated.sql, generatedType: generated.stored ? "STORED" : "VIRTUAL" };
  }
}
