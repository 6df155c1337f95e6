/** MySQL and MariaDB, through mysql2: one dialect under two names, because TypeORM has two types of data source. */
import { unseenInPlace } from "../ansi/unseen";
import type { Dialect } from "../dialect";
import { arrange } from "./arrange";
import { canonicalize } from "./canonicalize";
import { compile } from "./compile";
import { expectVersions, frame } from "./guard";
import { hasTable, inspect, schemas } from "./inspect";
import { normalize } from "./normalize";
import { literal, literalOf, parameter, quote, quoteName } from "./quote";
import { rewrite } from "./rewrite";
import { scratch } from "./scratch";
import { sessionNamed } from "./session";
import { understand } from "./understand";

/** The dialect for a type of data source; what servers differ in is found by their version, not by this name. */
function dialectNamed(name: "mysql" | "mariadb"): Dialect {
  return {
    name,
    traits: {
      transactionalDdl: false,
      forwardReferences: false,
      batches: false,
      longText: "longtext",
    },
    quote,
    quoteName,
    literal,
    schemas,
    hasTable,
    inspect: (db, scope) => inspect(db, scope, name),
    normalize,
    canonicalize: (db, target, live) => canonicalize(db, target, live, name),
    compile: (operation, context) => compile(operation, context, name),
    understand,
    rewrite,
    unseen: unseenInPlace,
    arrange,
    frame,
    expectVersions,
    parameter,
    literalOf,
    placeholder: "?",
    // Both clients stop at the first error unless they are run with --force.
    script: { header: [], terminator: ";", begin: "START TRANSACTION", commit: "COMMIT" },
    session: sessionNamed(name),
    scratch,
  };
}

export const mysql = dialectNamed("mysql");
export const mariadb = dialectNamed("mariadb");
