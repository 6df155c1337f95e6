/** Where an entity's table or view lives. */
import type { DataSource, EntityMetadata } from "typeorm";
import { assertNever } from "../errors";
import type { QualifiedName } from "../model/schema";
import { familyOf } from "./typeorm";

/** What these databases mean where no schema is said, as long as no connection tells better. */
const USUAL_SCHEMAS = { postgres: "public", mssql: "dbo" } as const;

/**
 * The name of an entity's table or view, with its schema (PostgreSQL, SQL Server), its database (MySQL) or the alias of
 * its attached file (SQLite) where that is not the data source's own.
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
      const usual = driver.schema ?? USUAL_SCHEMAS.mssql;
      const other = unless(database, driver.database);
      return other === undefined ? unless(schema, usual) : `${other}.${schema ?? usual}`;
    }
    case "postgres":
      return unless(schema, connectedSchema(dataSource));
    case "other":
      return unless(schema, driver.schema);
    default:
      return assertNever(family);
  }
}

/** Where TypeORM keeps a table of its own: in the data source's schema (PostgreSQL), else in its own place. */
export function ownTableName(name: string, dataSource: DataSource): QualifiedName {
  const { schema } = dataSource.options as { readonly schema?: string };
  const elsewhere = familyOf(dataSource) === "postgres" && unless(schema, connectedSchema(dataSource));
  return elsewhere ? { schema: elsewhere, name } : { name };
}

/**
 * The schema in which PostgreSQL looks for a bare name. The data source's `schema` does not change it: TypeORM writes
 * that one before every name (`PostgresQueryRunner.escapePath`).
 */
function connectedSchema({ driver }: DataSource): string {
  return (driver as { readonly searchSchema?: string }).searchSchema ?? USUAL_SCHEMAS.postgres;
}

function unless(name: string | undefined, usual: string | undefined): string | undefined {
  return name === undefined || name === "" || name === usual ? undefined : name;
}
