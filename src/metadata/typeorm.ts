/** What this room knows of TypeORM: the types of its metadata, and which databases its drivers speak to. */
import type { DataSource, EntityMetadata } from "typeorm";

export type ColumnMetadata = EntityMetadata["columns"][number];
export type ForeignKeyMetadata = EntityMetadata["foreignKeys"][number];
export type IndexMetadata = EntityMetadata["indices"][number];

/** Drivers that treat metadata alike. `other` stands for databases that Limbeck does not serve. */
export type DriverFamily = "postgres" | "mysql" | "mssql" | "sqlite" | "other";

const FAMILIES: Readonly<Record<string, DriverFamily>> = {
  postgres: "postgres",
  "aurora-postgres": "postgres",
  cockroachdb: "postgres",
  mysql: "mysql",
  mariadb: "mysql",
  "aurora-mysql": "mysql",
  mssql: "mssql",
  "better-sqlite3": "sqlite",
  sqlite: "sqlite",
  sqljs: "sqlite",
  capacitor: "sqlite",
  cordova: "sqlite",
  expo: "sqlite",
  nativescript: "sqlite",
  "react-native": "sqlite",
};

/** Whether metadata comes from the 1.x line, which gave its owner a new name. */
export function isTypeorm1(metadata: EntityMetadata): boolean {
  return "dataSource" in metadata;
}

/** The family of a data source's driver. */
export function familyOf({ options }: DataSource): DriverFamily {
  return FAMILIES[options.type] ?? "other";
}
