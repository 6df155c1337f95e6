/** The dialects, by name and by TypeORM's driver type. */
import { LimbeckError } from "../errors";
import type { Dialect, DialectName } from "./dialect";

/** TypeORM's `type` of a data source, and the dialect that serves it. */
const BY_DRIVER: Readonly<Record<string, DialectName>> = {
  "better-sqlite3": "sqlite",
  sqlite: "sqlite",
  postgres: "postgres",
  mssql: "mssql",
  mysql: "mysql",
  mariadb: "mariadb",
};

/** The dialect of that name, loaded when it is first needed. */
export function loadDialect(name: DialectName): Dialect {
  switch (name) {
    case "sqlite":
      return (require("./sqlite/index") as typeof import("./sqlite/index")).sqlite;
    case "mssql":
      return (require("./mssql/index") as typeof import("./mssql/index")).mssql;
    case "postgres":
      return (require("./postgres/index") as typeof import("./postgres/index")).postgres;
    case "mysql":
      return (require("./mysql/index") as typeof import("./mysql/index")).mysql;
    case "mariadb":
      return (require("./mysql/index") as typeof import("./mysql/index")).mariadb;
  }
}

/** The dialect that serves a driver type of TypeORM; throws where there is none. */
export function dialectOfDriver(type: string): DialectName {
  const name = BY_DRIVER[type];
  if (name !== undefined) return name;
  throw new LimbeckError(
    "UNSUPPORTED",
    `this version of Limbeck does not speak to data sources of type ${type}`,
    {
      hint: `it speaks to ${Object.keys(BY_DRIVER).join(", ")}`,
    },
  );
}
