/** Where simulating revisions may be wrong about what a database makes of them. */
import type { Dialect, Statement } from "../dialects/dialect";
import type { Constraint, Index } from "../model/schema";
import { flatten } from "../operations/describe";
import type { Operation } from "../operations/operation";
import type { MigrationContext } from "./context";

/**
 * Whether what entities want is certain without asking a server: TypeORM's types depend on the version of MySQL and
 * MariaDB (a uuid is a type of MariaDB since 10.7).
 */
export function knowsServer({ dialect, parts }: MigrationContext): boolean {
  return (dialect.name !== "mysql" && dialect.name !== "mariadb") || parts.serverVersion !== undefined;
}

/** SQL that changes rows only. */
const ROWS_ONLY = /^\s*(?:insert|update|delete|merge|replace\s+into|truncate)\b/i;

/** Whether a statement does something to the schema that a simulation cannot follow: SQL text, a custom operation, a name that the server gives. */
export function leavesTrace({ operation, sql }: Statement, dialect: Dialect): boolean {
  if (!operation) return false;
  return flatten([operation]).some((single) => {
    switch (single.kind) {
      case "execute":
        return !ROWS_ONLY.test(sql);
      case "custom":
        return true;
      case "createTable":
        return single.table.constraints.some((constraint) => isNamedByServer(constraint, dialect));
      case "addConstraint":
        return isNamedByServer(single.constraint, dialect);
      default:
        return false;
    }
  });
}

/** SQLite leaves nameless what nobody names, and MySQL's primary keys have no name of their own. */
function isNamedByServer({ name, kind }: Constraint, dialect: Dialect): boolean {
  if (name !== undefined || dialect.name === "sqlite") return false;
  return !(kind === "primaryKey" && (dialect.name === "mysql" || dialect.name === "mariadb"));
}

/**
 * Whether a difference may be one of spelling only, which the database itself must judge: between expressions, or between
 * a view's text and another.
 */
export function restsOnSpelling(operation: Operation): boolean {
  return flatten([operation]).some((single) => {
    switch (single.kind) {
      case "alterColumn":
        return (
          (single.change.default !== undefined && single.was?.default !== undefined) ||
          single.change.generated !== undefined ||
          single.change.onUpdate !== undefined
        );
      case "dropConstraint":
        return single.was?.kind === "check" || single.was?.kind === "exclusion";
      case "dropIndex":
        return single.was !== undefined && hasExpression(single.was);
      case "dropView":
      case "replaceView":
        return true;
      default:
        return false;
    }
  });
}

function hasExpression({ where, parts }: Index): boolean {
  return where !== undefined || parts.some(({ expression }) => expression !== undefined);
}
