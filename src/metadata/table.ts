/** One entity's table: its name, constraints and indexes. */
import type { DataSource, EntityMetadata } from "typeorm";
import type { ForeignKeyMetadata } from "typeorm/metadata/ForeignKeyMetadata.js";
import type { IndexMetadata } from "typeorm/metadata/IndexMetadata.js";
import { compact } from "../model/equal";
import type {
  Check,
  Constraint,
  Deferrable,
  EnumType,
  Exclusion,
  ForeignKey,
  Index,
  PrimaryKey,
  QualifiedName,
  ReferentialAction,
  Table,
  TableOptions,
  Unique,
} from "../model/schema";
import { enumTypeOf, readColumn } from "./column";

/** The table of an entity. */
export function readTable(metadata: EntityMetadata, dataSource: DataSource): Table {
  const name = tableNameOf(metadata, dataSource);
  const options = compact<TableOptions>({
    engine: metadata.engine ?? schemaOptionsOf(metadata)["engine"],
    withoutRowid: metadata.withoutRowid ? true : undefined,
  } as TableOptions);
  return compact<Table>({
    ...name,
    columns: columnsOf(metadata).map((column) => readColumn(column, name, dataSource)),
    constraints: readConstraints(metadata, dataSource),
    indexes: readIndexes(metadata),
    comment: metadata.comment ?? schemaOptionsOf(metadata)["comment"],
    options: Object.keys(options).length === 0 ? undefined : options,
  } as Table);
}

/** The named enum types that the columns of an entity need. */
export function enumTypesOf(metadata: EntityMetadata, dataSource: DataSource): readonly EnumType[] {
  const name = tableNameOf(metadata, dataSource);
  return columnsOf(metadata).flatMap((column) => enumTypeOf(column, name, dataSource) ?? []);
}

/**
 * The name of an entity's table. What TypeORM puts before it (schema, database, attached file) is kept where it is not
 * what the connection means anyway.
 */
export function tableNameOf(metadata: EntityMetadata, dataSource: DataSource): QualifiedName {
  return nameFromPath(metadata.tablePath, metadata.tableName, dataSource);
}

function nameFromPath(path: string, name: string, { driver }: DataSource): QualifiedName {
  const prefix = path.endsWith(`.${name}`) ? path.slice(0, -name.length - 1) : "";
  const usual = [driver.schema, driver.database].filter((part) => part !== undefined);
  return prefix === "" || usual.includes(prefix) ? { name } : { schema: prefix, name };
}

function columnsOf(metadata: EntityMetadata) {
  return metadata.columns.filter((column) => !column.isVirtualProperty);
}

/** What an EntitySchema says that TypeORM drops on the way (`EntitySchemaTransformer`). */
function schemaOptionsOf(metadata: EntityMetadata): Readonly<Record<string, string | undefined>> {
  const target = metadata.tableMetadataArgs.target as unknown as
    { readonly options?: Record<string, string> } | string;
  return typeof target === "object" ? (target.options ?? {}) : {};
}

function readConstraints(metadata: EntityMetadata, dataSource: DataSource): readonly Constraint[] {
  return uniqueByName([
    ...readPrimaryKey(metadata, dataSource),
    ...metadata.uniques.map((unique) =>
      compact<Unique>({
        kind: "unique",
        name: unique.name,
        columns: unique.columns.map(({ databaseName }) => databaseName),
        deferrable: unique.deferrable as Deferrable | undefined,
      } as Unique),
    ),
    ...metadata.checks.map(({ name, expression }): Check => ({ kind: "check", name, expression })),
    ...metadata.exclusions.map((exclusion) =>
      compact<Exclusion>({
        kind: "exclusion",
        name: exclusion.name,
        expression: exclusion.expression,
        deferrable: "deferrable" in exclusion ? (exclusion.deferrable as Deferrable | undefined) : undefined,
      } as Exclusion),
    ),
    ...metadata.foreignKeys.map((key) => readForeignKey(key, dataSource)),
  ]);
}

function readPrimaryKey(metadata: EntityMetadata, dataSource: DataSource): readonly PrimaryKey[] {
  const { primaryColumns } = metadata;
  if (primaryColumns.length === 0) return [];
  const columns = primaryColumns.map(({ databaseName }) => databaseName);
  const given = primaryColumns.find(({ primaryKeyConstraintName }) => primaryKeyConstraintName !== undefined);
  const name =
    given?.primaryKeyConstraintName ?? dataSource.namingStrategy.primaryKeyName(metadata.tableName, columns);
  return [{ kind: "primaryKey", name, columns }];
}

function readForeignKey(key: ForeignKeyMetadata, dataSource: DataSource): ForeignKey {
  const referenced = key.referencedEntityMetadata;
  return compact<ForeignKey>({
    kind: "foreignKey",
    name: key.name,
    columns: key.columnNames,
    references: nameFromPath(key.referencedTablePath, referenced.tableName, dataSource),
    referencedColumns: key.referencedColumnNames,
    onDelete: action(key.onDelete),
    onUpdate: action(key.onUpdate),
    deferrable: key.deferrable,
  } as ForeignKey);
}

/** TypeORM's `DEFAULT` is SQL's SET DEFAULT. */
function action(value: string | undefined): ReferentialAction {
  if (value === undefined) return "NO ACTION";
  return value === "DEFAULT" ? "SET DEFAULT" : (value as ReferentialAction);
}

function readIndexes(metadata: EntityMetadata): readonly Index[] {
  return uniqueByName(metadata.indices.filter(({ synchronize }) => synchronize).map(readIndex));
}

/** An index of a table or of a materialized view. */
export function readIndex(index: IndexMetadata): Index {
  const type = "type" in index ? (index.type as string | undefined) : undefined;
  return compact<Index>({
    name: index.name,
    parts: index.columns.map(({ databaseName }) => ({ column: databaseName })),
    unique: index.isUnique ? true : undefined,
    where: index.where,
    method: index.isFulltext ? "fulltext" : index.isSpatial ? "spatial" : type,
    parser: index.parser,
  } as Index);
}

/** Two decorators can make one name, such as a unique column with a unique index on MySQL: a unique one counts. */
function uniqueByName<T extends { readonly name?: string; readonly unique?: boolean }>(
  items: readonly T[],
): readonly T[] {
  const byName = new Map<string, T>();
  const unnamed: T[] = [];
  for (const item of items) {
    if (item.name === undefined) unnamed.push(item);
    else if (!byName.has(item.name) || item.unique) byName.set(item.name, item);
  }
  return [...byName.values(), ...unnamed];
}
