/** One column of an entity. */
import type { DataSource } from "typeorm";
import { LimbeckError } from "../errors";
import { compact } from "../model/equal";
import { qualified } from "../model/names";
import { columnOf } from "../model/schema";
import type { Column, ColumnType, EnumType, Generated, QualifiedName } from "../model/schema";
import { readDefault } from "./default";
import { identityOf } from "./entity-schema";
import type { DroppedOptionsByTarget } from "./entity-schema";
import { familyOf, isTypeorm1 } from "./typeorm";
import type { ColumnMetadata } from "./typeorm";

/**
 * A column as the entity wants it.
 *
 * Throws UNKNOWN_COLUMN_TYPE where TypeORM does not know its type.
 */
export function readColumn(
  column: ColumnMetadata,
  table: QualifiedName,
  dataSource: DataSource,
  dropped: DroppedOptionsByTarget,
): Column {
  const isComputed = column.asExpression !== undefined;
  return columnOf({
    name: column.databaseName,
    type: readType(column, table, dataSource),
    nullable: column.isNullable,
    default: isComputed ? undefined : readDefault(column, dataSource),
    generated: readGenerated(column, dataSource, dropped),
    onUpdate: familyOf(dataSource) === "mysql" ? filled(column.onUpdate) : undefined,
    charset: filled(column.charset),
    collation: filled(column.collation),
    comment: filled(column.comment),
  });
}

/**
 * The named enum type of a column, where its database has such. Unless it is named, it is called after its table and
 * column and lives in the table's schema (`PostgresQueryRunner.buildEnumName`).
 */
export function enumTypeOf(
  column: ColumnMetadata,
  table: QualifiedName,
  dataSource: DataSource,
): EnumType | undefined {
  const name = enumNameOf(column, table, dataSource);
  return name && column.enum ? { ...name, values: column.enum.map(String) } : undefined;
}

/** A column may name an enum type without its values, which another column says. */
function enumNameOf(
  column: ColumnMetadata,
  table: QualifiedName,
  dataSource: DataSource,
): QualifiedName | undefined {
  if (column.enum === undefined && column.enumName === undefined) return undefined;
  if (familyOf(dataSource) !== "postgres") return undefined;
  if (column.type !== "enum" && column.type !== "simple-enum") return undefined;
  const name = column.enumName ?? `${table.name}_${column.databaseName.toLowerCase()}_enum`;
  return qualified({ ...table, name });
}

/** A type without values and a name of its own, with the column that it was read from. */
interface KnownType {
  readonly column: ColumnOf03;
  readonly length: string;
  readonly type: ColumnType;
}

/** By name, for each data source: columns are many, and types few. */
const knownTypes = new WeakMap<DataSource, Map<string, KnownType[]>>();

function readType(column: ColumnMetadata, table: QualifiedName, dataSource: DataSource): ColumnType {
  const name = typeNameOf(column, dataSource);
  const length = dataSource.driver.getColumnLength(column);
  if (column.enum !== undefined || column.enumName !== undefined) {
    return compact<ColumnType>({
      ...plainType(column, name, length),
      ...valuesOf(column, dataSource),
      enumName: enumNameOf(column, table, dataSource),
    });
  }
  const types = knownTypes.get(dataSource) ?? new Map<string, KnownType[]>();
  const named = types.get(name) ?? [];
  const found = named.find((known) => known.length === length && sameSizes(known.column, column));
  if (found) return found.type;
  const type = plainType(column, name, length);
  knownTypes.set(dataSource, types.set(name, [...named, { column, length, type }]));
  return type;
}

/** Only TypeORM 0.3 has `width` and `zerofill`. */
type ColumnOf03 = ColumnMetadata & { readonly width?: number; readonly zerofill?: boolean };

function sameSizes(left: ColumnOf03, right: ColumnOf03): boolean {
  return (
    left.precision === right.precision &&
    left.scale === right.scale &&
    left.width === right.width &&
    left.unsigned === right.unsigned &&
    left.zerofill === right.zerofill &&
    left.isArray === right.isArray &&
    left.spatialFeatureType === right.spatialFeatureType &&
    left.srid === right.srid
  );
}

function plainType(column: ColumnOf03, name: string, length: string): ColumnType {
  const { width, zerofill } = column;
  return compact<ColumnType>({
    name,
    length: sizeOf(length),
    precision: column.precision ?? undefined,
    scale: column.scale ?? undefined,
    width,
    unsigned: column.unsigned ? true : undefined,
    zerofill: zerofill ? true : undefined,
    array: column.isArray ? true : undefined,
    spatialFeatureType: filled(column.spatialFeatureType),
    srid: column.srid,
  });
}

/**
 * Whether a column is an array, and the values that it may have where these are part of it. SQLite has no arrays of enum
 * values: TypeORM 1.x writes text without a check, 0.3 with one.
 */
function valuesOf(
  column: ColumnMetadata,
  dataSource: DataSource,
): { readonly array: true | undefined; readonly values: readonly string[] | undefined } {
  const family = familyOf(dataSource);
  const array = column.isArray ? true : undefined;
  const values = family === "postgres" ? undefined : column.enum?.map(String);
  if (family !== "sqlite" || !array || !values) return { array, values };
  return { array: undefined, values: isTypeorm1(column.entityMetadata) ? undefined : values };
}

function typeNameOf(column: ColumnMetadata, { driver }: DataSource): string {
  const name: unknown = driver.normalizeType(column);
  if (typeof name === "string" && name !== "") return name;
  throw new LimbeckError(
    "UNKNOWN_COLUMN_TYPE",
    `the type of ${column.entityMetadata.name}.${column.propertyPath} is not known to TypeORM`,
    { hint: `give its @Column a type, such as { type: "varchar" }` },
  );
}

/** `""` is TypeORM's word for no length; `"max"` and the like stay text. */
function sizeOf(length: string): number | string | undefined {
  return /^\d+$/.test(length) ? Number(length) : filled(length);
}

function readGenerated(
  column: ColumnMetadata,
  dataSource: DataSource,
  dropped: DroppedOptionsByTarget,
): Generated | undefined {
  if (column.asExpression !== undefined) {
    // Not trimmed: TypeORM compares it letter by letter with its row in typeorm_metadata.
    return { kind: "computed", sql: column.asExpression, stored: column.generatedType === "STORED" };
  }
  if (!column.isGenerated) return undefined;
  // TypeORM's types leave out `identity`.
  const strategy = column.generationStrategy as "uuid" | "identity" | "rowid" | "increment" | undefined;
  switch (strategy) {
    case "uuid":
      // Elsewhere the application makes it.
      return dataSource.driver.isUUIDGenerationSupported() ? { kind: "uuid" } : undefined;
    case "identity":
      return { kind: "identity", always: identityOf(column, dropped) === "ALWAYS" };
    case "rowid":
      // SQLite gives it to every INTEGER PRIMARY KEY by itself, and nothing else.
      return familyOf(dataSource) === "sqlite" ? undefined : { kind: "increment" };
    case "increment":
      return { kind: "increment" };
    case undefined:
      return undefined;
  }
}

function filled(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
