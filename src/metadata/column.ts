/** One column of an entity. */
import type { DataSource } from "typeorm";
import type { ColumnMetadata } from "typeorm/metadata/ColumnMetadata.js";
import { compact } from "../model/equal";
import type {
  Column,
  ColumnType,
  Default,
  EnumType,
  Generated,
  JsonValue,
  QualifiedName,
} from "../model/schema";

/** Drivers whose databases make uuids; elsewhere the application makes them. */
const MAKES_UUIDS = new Set(["postgres", "cockroachdb", "mssql", "aurora-postgres"]);
/** Drivers with enum types of their own name. */
const NAMES_ENUMS = new Set(["postgres", "cockroachdb", "aurora-postgres"]);
/** Drivers with ON UPDATE for columns. */
const KNOWS_ON_UPDATE = new Set(["mysql", "mariadb", "aurora-mysql"]);

/** A column as the entity wants it. */
export function readColumn(column: ColumnMetadata, table: QualifiedName, dataSource: DataSource): Column {
  const driver = dataSource.options.type;
  return compact<Column>({
    name: column.databaseName,
    type: readType(column, table, dataSource),
    nullable: column.isNullable,
    default: column.asExpression === undefined ? readDefault(column) : undefined,
    generated: readGenerated(column, driver),
    onUpdate: KNOWS_ON_UPDATE.has(driver) ? column.onUpdate : undefined,
    charset: filled(column.charset),
    collation: filled(column.collation),
    comment: filled(column.comment),
  } as Column);
}

/** The named enum type of a column, where its database has such. */
export function enumTypeOf(
  column: ColumnMetadata,
  table: QualifiedName,
  { options }: DataSource,
): EnumType | undefined {
  if (!column.enum || !NAMES_ENUMS.has(options.type)) return undefined;
  const name = column.enumName ?? `${table.name}_${column.databaseName.toLowerCase()}_enum`;
  return compact<EnumType>({ schema: table.schema, name, values: column.enum.map(String) } as EnumType);
}

function readType(column: ColumnMetadata, table: QualifiedName, dataSource: DataSource): ColumnType {
  const { driver } = dataSource;
  const enumType = enumTypeOf(column, table, dataSource);
  // Only TypeORM 0.3 has these.
  const { width, zerofill } = column as { readonly width?: number; readonly zerofill?: boolean };
  return compact<ColumnType>({
    name: driver.normalizeType(column as Parameters<typeof driver.normalizeType>[0]),
    length: sizeOf(driver.getColumnLength(column)),
    precision: column.precision ?? undefined,
    scale: column.scale,
    width,
    unsigned: column.unsigned ? true : undefined,
    zerofill: zerofill ? true : undefined,
    array: column.isArray ? true : undefined,
    values: enumType ? undefined : column.enum?.map(String),
    enumName:
      enumType &&
      compact<{ schema?: string; name: string }>({ schema: enumType.schema, name: enumType.name }),
    spatialFeatureType: column.spatialFeatureType,
    srid: column.srid,
  } as ColumnType);
}

function sizeOf(length: string): number | string | undefined {
  if (length === "") return undefined;
  return /^\d+$/.test(length) ? Number(length) : length;
}

/**
 * The default as a value or as SQL. TypeORM puts strings between quotes as they are, so quotes in them were doubled by
 * their author: here they become what they mean.
 */
function readDefault(column: ColumnMetadata): Default | undefined {
  const value: unknown = column.default;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "function") return { sql: String((value as () => unknown)()) };
  if (typeof value === "string") return { value: value.replaceAll("''", "'") };
  if (Array.isArray(value) && column.type === "simple-enum") return { value: value.join(",") };
  if (typeof value === "object" && column.type === "jsonb" && !column.isArray)
    return jsonbDefault(value, column);
  return { value: value as JsonValue };
}

/** On SQLite jsonb is a format of its own, made by a function. */
function jsonbDefault(value: object, column: ColumnMetadata): Default {
  const { options } = dataSourceOf(column);
  const isSqlite = options.type === "better-sqlite3" || (options.type as string) === "sqlite";
  return isSqlite
    ? { sql: `jsonb('${JSON.stringify(value).replaceAll("'", "''")}')` }
    : { value: value as JsonValue };
}

/** The owner of metadata has another name in each line of TypeORM. */
function dataSourceOf(column: ColumnMetadata): DataSource {
  const owner = column.entityMetadata as unknown as {
    readonly dataSource?: DataSource;
    readonly connection: DataSource;
  };
  return owner.dataSource ?? owner.connection;
}

function readGenerated(column: ColumnMetadata, driver: string): Generated | undefined {
  if (column.asExpression !== undefined) {
    return { kind: "computed", sql: column.asExpression, stored: column.generatedType === "STORED" };
  }
  if (!column.isGenerated) return undefined;
  switch (column.generationStrategy as "uuid" | "identity" | "rowid" | "increment" | undefined) {
    case "uuid":
      return MAKES_UUIDS.has(driver) ? { kind: "uuid" } : undefined;
    case "identity":
      return { kind: "identity", always: column.generatedIdentity === "ALWAYS" };
    case "rowid":
    case "increment":
      return { kind: "increment" };
    case undefined:
      return undefined;
  }
}

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
