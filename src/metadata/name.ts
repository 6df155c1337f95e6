/** Where an entity's table or view lives. */
import type { DataSource, EntityMetadata } from "typeorm";
import { assertNever } from "../errors";
import type { QualifiedName } from "../model/schema";
import { familyOf } from "./typeorm";

/** The schema that a connection looks into first, as long as none has told better. */
const USUAL_SCHEMAS = { postgres: "public", mssql: "dbo" } as const;

/**
 * The name of an entity's table or view, with its schema (PostgreSQL, SQL Server), its database (MySQL) or the alias of
 * its attached file (SQLite) where that is not where the connection looks by itself. A data source's option `schema`
 * says where entities live, and does not change where its connection looks: TypeORM writes that schema before each
 * name (`escapePath` of its query runners), and so do we.
 */
export function tableNameOf(metadata: EntityMetadata, dataSource: DataSource): QualifiedName {
  const schema = namespaceOf(metadata, dataSource);
  return schema === undefined ? { name: metadata.tableName } : { schema, name: metadata.tableName };
}

function namespaceOf(metadata: EntityMetadata, dataSource: DataSource): string | undefined {
  const { driver } = dataSource;
  const { database, schema, tableName, tablePath } = metadata;
  const family = familyOf(dataSource);
  switch (family) {
    case "mysql":
      return unless(database, driver.database);
    case "sqlite":
      // TypeORM attaches a file under an alias of its own making, which only the path of the table shows.
      return tablePath.endsWith(`.${tableName}`) ? tablePath.slice(0, -tableName.length - 1) : undefined;
    case "mssql": {
      const usual = currentSchema(dataSource, family);
      const other = unless(database, driver.database);
      return other === undefined ? unless(schema, usual) : `${other}.${schema ?? usual}`;
    }
    case "postgres":
      return unless(schema, currentSchema(dataSource, family));
    case "other":
      return unless(schema, driver.schema);
    default:
      return assertNever(family);
  }
}

/** A table that TypeORM makes for itself lives in the schema of the data source's options. */
export function ownTableName(name: string, dataSource: DataSource): QualifiedName {
  const family = familyOf(dataSource);
  if (family !== "postgres" && family !== "mssql") return { name };
  const { schema } = dataSource.options as { readonly schema?: string };
  const other = unless(schema, currentSchema(dataSource, family));
  return other === undefined ? { name } : { schema: other, name };
}

/** Where TypeORM keeps the text of views and generated columns. */
export function typeormMetadataOf(dataSource: DataSource): QualifiedName {
  return ownTableName(dataSource.options.metadataTableName ?? "typeorm_metadata", dataSource);
}

/** TypeORM asks for it when it connects; the types of its drivers leave it out. */
function currentSchema({ driver }: DataSource, family: keyof typeof USUAL_SCHEMAS): string {
  return (driver as { readonly searchSchema?: string }).searchSchema ?? USUAL_SCHEMAS[family];
}

function unless(name: string | undefined, usual: string | undefined): string | undefined {
  return name === undefined || name === "" || name === usual ? undefined : name;
}
