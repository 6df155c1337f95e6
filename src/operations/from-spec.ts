/** From the calls of revision files to the model. */
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { displayName, parseName } from "../model/names";
import type {
  Attachment,
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
  JsonValue,
  PrimaryKey,
  Table,
  TableOptions,
  Unique,
} from "../model/schema";
import type { ColumnChange } from "./operation";
import type {
  CheckSpec,
  ColumnChangeSpec,
  ColumnSpec,
  DefaultValue,
  DropConstraintOptions,
  ExclusionSpec,
  ForeignKeySpec,
  IndexPartSpec,
  IndexSpec,
  PrimaryKeySpec,
  TableName,
  TableSpec,
  UniqueSpec,
} from "./spec";

// Revision files may be JavaScript, where nothing has checked a call yet; hence the checks for what types forbid.

const COLUMN_HINT = 'write it as { name: "email", type: "varchar" }';

/** A column of the model. Throws INVALID_OPERATION where name or type are missing. */
export function columnFromSpec(spec: ColumnSpec): Column {
  const { name, type } = (spec as Partial<ColumnSpec> | null) ?? {};
  if (typeof name !== "string") {
    throw new LimbeckError("INVALID_OPERATION", "a column has no name", { hint: COLUMN_HINT });
  }
  if (typeof type !== "string") {
    throw new LimbeckError("INVALID_OPERATION", `column "${name}" has no type`, { hint: COLUMN_HINT });
  }
  return compact<Column>({
    name,
    type: { ...typePartsFromSpec(spec), name: type },
    nullable: spec.nullable ?? false,
    default: spec.default === undefined ? undefined : defaultFromSpec(spec.default),
    generated: generatedFromSpec(spec),
    onUpdate: spec.onUpdate,
    charset: spec.charset,
    collation: spec.collation,
    comment: spec.comment,
    check: spec.check,
    invisible: spec.invisible === true ? true : undefined,
  });
}

/** What is said of a column that cannot be looked up. */
export function existingFromSpec(name: string, spec: Partial<ColumnSpec>): Column {
  return columnFromSpec({ type: "", ...spec, name });
}

/** A change of the model: a type with a name replaces the whole type, parts of one change it. */
export function changeFromSpec(spec: ColumnChangeSpec): ColumnChange {
  const parts = typePartsFromSpec(spec);
  const type = spec.type === undefined ? parts : { ...parts, name: spec.type };
  return compact<ColumnChange>({
    name: spec.newName,
    type: Object.keys(type).length === 0 ? undefined : type,
    nullable: spec.nullable,
    default:
      spec.default === undefined ? undefined : spec.default === null ? null : defaultFromSpec(spec.default),
    generated: generatedFromSpec(spec),
    onUpdate: spec.onUpdate,
    charset: spec.charset,
    collation: spec.collation,
    comment: spec.comment,
  });
}

/**
 * A default: a function gives SQL, everything else is a value. Throws INVALID_OPERATION for bytes, which each database
 * writes in its own way.
 */
export function defaultFromSpec(value: DefaultValue): Default {
  if (typeof value === "function") return { sql: (value as () => string)() };
  if (typeof value === "bigint") return { sql: value.toString() };
  if (value instanceof Date) return { value: dateText(value) };
  if (value instanceof Uint8Array) {
    throw new LimbeckError("INVALID_OPERATION", "bytes cannot be the default of a column", {
      hint: "write them as SQL: `default: () => \"X'00ff'\"`",
    });
  }
  return { value: value as JsonValue };
}

/** A table of the model. Throws INVALID_OPERATION where columns, keys or parts of indexes are missing. */
export function tableFromSpec(name: TableName, spec: TableSpec): Table {
  const qualified = parseName(name);
  const title = `table "${displayName(qualified)}"`;
  const columns = demandList((spec as TableSpec | undefined)?.columns, title, "columns");
  const options = compact<TableOptions>({
    engine: spec.engine,
    charset: spec.charset,
    collation: spec.collation,
    withoutRowid: spec.withoutRowid,
    strict: spec.strict,
    storage: spec.storage,
    tablespace: spec.tablespace,
    unlogged: spec.unlogged,
    partitionBy: spec.partitionBy,
    inherits: spec.inherits?.map(parseName),
  });
  return compact<Table>({
    schema: qualified.schema,
    name: qualified.name,
    columns: columns.map(columnFromSpec),
    constraints: constraintsFromSpec(spec),
    indexes: (spec.indexes ?? []).map(indexFromSpec),
    attachments: attachmentsFromSpec(spec.statements),
    comment: spec.comment,
    options: Object.keys(options).length === 0 ? undefined : options,
  });
}

/** Statements that bring back what no call says; of what kind each is, the SQL says. */
export function attachmentsFromSpec(
  statements: readonly string[] | undefined,
): readonly Attachment[] | undefined {
  return statements?.map((sql) => ({ kind: "statement", name: "", sql }));
}

function constraintsFromSpec(spec: TableSpec): readonly Constraint[] {
  return [
    ...(spec.primaryKey === undefined ? [] : [primaryKeyFromSpec(spec.primaryKey)]),
    ...(spec.uniques ?? []).map(uniqueFromSpec),
    ...(spec.checks ?? []).map(checkFromSpec),
    ...(spec.foreignKeys ?? []).map(foreignKeyFromSpec),
    ...(spec.exclusions ?? []).map(exclusionFromSpec),
  ];
}

/** A primary key of the model. Throws INVALID_OPERATION where the columns are missing. */
export function primaryKeyFromSpec(spec: PrimaryKeySpec): PrimaryKey {
  const { name, columns, deferrable, include, clustered, comment } = spec;
  return compact<PrimaryKey>({
    kind: "primaryKey",
    name,
    columns: demandList(columns, titleOf("primary key", name), "columns"),
    deferrable,
    include,
    clustered,
    comment,
  });
}

/** A unique constraint of the model. Throws INVALID_OPERATION where the columns are missing. */
export function uniqueFromSpec(spec: UniqueSpec): Unique {
  const { name, columns, deferrable, nullsNotDistinct, include, clustered, comment } = spec;
  return compact<Unique>({
    kind: "unique",
    name,
    columns: demandList(columns, titleOf("unique constraint", name), "columns"),
    deferrable,
    nullsNotDistinct,
    include,
    clustered,
    comment,
  });
}

/** A check of the model. */
export function checkFromSpec({ name, expression, notValid, noInherit, comment }: CheckSpec): Check {
  return compact<Check>({ kind: "check", name, expression, notValid, noInherit, comment });
}

/** An exclusion constraint of the model. */
export function exclusionFromSpec({ name, expression, deferrable, comment }: ExclusionSpec): Exclusion {
  return compact<Exclusion>({ kind: "exclusion", name, expression, deferrable, comment });
}

/** A foreign key of the model; its actions are NO ACTION unless said. Throws INVALID_OPERATION where columns are missing. */
export function foreignKeyFromSpec(spec: ForeignKeySpec): ForeignKey {
  const title = titleOf("foreign key", spec.name);
  return compact<ForeignKey>({
    kind: "foreignKey",
    name: spec.name,
    columns: demandList(spec.columns, title, "columns"),
    references: parseName(spec.references),
    referencedColumns: demandList(spec.referencedColumns, title, "referencedColumns"),
    onDelete: spec.onDelete ?? "NO ACTION",
    onUpdate: spec.onUpdate ?? "NO ACTION",
    deferrable: spec.deferrable,
    notValid: spec.notValid,
    match: spec.match,
    onDeleteColumns: spec.onDeleteColumns,
    comment: spec.comment,
  });
}

/** An index of the model; its name is empty where none was said. Throws INVALID_OPERATION where the parts are missing. */
export function indexFromSpec(spec: IndexSpec): Index {
  return compact<Index>({
    name: spec.name ?? "",
    parts: demandList(spec.parts, titleOf("index", spec.name), "parts").map(indexPartFromSpec),
    unique: spec.unique === true ? true : undefined,
    where: spec.where,
    method: spec.fulltext ? "fulltext" : spec.spatial ? "spatial" : spec.type,
    parser: spec.parser,
    include: spec.include,
    nullsNotDistinct: spec.nullsNotDistinct,
    invisible: spec.invisible === true ? true : undefined,
    storage: spec.storage,
    comment: spec.comment,
  });
}

function indexPartFromSpec(part: IndexPartSpec): IndexPart {
  if (typeof part === "string") return { column: part };
  const { order, ...rest } = part;
  return order === "DESC" ? { ...rest, order } : rest;
}

/** The content of an unnamed constraint, by which it is found; nothing where a name says it. */
export function constraintFromDrop(options: DropConstraintOptions): Constraint | undefined {
  const { type, columns, expression, references, referencedColumns } = options;
  if (expression !== undefined && (type === "check" || type === "exclusion"))
    return { kind: type, expression };
  if (columns === undefined) return undefined;
  if (type === "unique") return { kind: "unique", columns };
  if (type === "primary") return { kind: "primaryKey", columns };
  if (type !== "foreignKey" || references === undefined) return undefined;
  return foreignKeyFromSpec({ columns, references, referencedColumns: referencedColumns ?? [] });
}

function typePartsFromSpec(spec: ColumnChangeSpec | ColumnSpec): Partial<ColumnType> {
  return compact<Partial<ColumnType>>({
    length: spec.length,
    precision: spec.precision,
    scale: spec.scale,
    width: spec.width,
    unsigned: spec.unsigned,
    zerofill: spec.zerofill,
    array: spec.array,
    values: spec.enum,
    enumName: spec.enumName === undefined ? undefined : parseName(spec.enumName),
    spatialFeatureType: spec.spatialFeatureType,
    srid: spec.srid,
  });
}

function generatedFromSpec(spec: ColumnSpec): Generated | undefined;
function generatedFromSpec(spec: ColumnChangeSpec): Generated | null | undefined;
function generatedFromSpec(spec: ColumnChangeSpec | ColumnSpec): Generated | null | undefined {
  if (spec.asExpression !== undefined) {
    return { kind: "computed", sql: spec.asExpression, stored: spec.generatedType === "STORED" };
  }
  if (spec.generated === undefined || spec.generated === null) return spec.generated;
  if (spec.generated === "identity") return { kind: "identity", always: spec.generatedIdentity === "ALWAYS" };
  return { kind: spec.generated };
}

/** As TypeORM stores dates as text. */
function dateText(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "");
}

function demandList<T>(list: readonly T[] | undefined, owner: string, key: string): readonly T[] {
  const isList: boolean = Array.isArray(list);
  if (list !== undefined && isList) return list;
  throw new LimbeckError("INVALID_OPERATION", `${owner} has no \`${key}\``, { hint: `write ${key}: [...]` });
}

function titleOf(what: string, name: string | undefined): string {
  return name === undefined ? `the ${what}` : `${what} "${name}"`;
}
