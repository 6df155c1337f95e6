/** PostgreSQL, through pg. */
import type { Operation } from "../../operations/operation";
import type { Dialect, Queryable } from "../dialect";
import { arrange } from "./arrange";
import { canonicalize } from "./canonicalize";
import { checkNames } from "./check-names";
import { compile } from "./compile";
import { columnTypes } from "./insert";
import { hasTable, inspect, schemas } from "./inspect";
import { literal, literalOf, parameter } from "./literal";
import { normalize } from "./normalize";
import { quote, quoteName, stringLiteral } from "./quote";
import { remembered } from "./remembered";
import { block } from "./recreate";
import { rewrite } from "./rewrite";
import { unseen } from "./unseen";
import { scratch } from "./scratch";
import { expectVersions, script } from "./script";
import { session } from "./session";
import { spellOut } from "./spell-out";

export const postgres: Dialect = {
  name: "postgres",
  traits: {
    transactionalDdl: true,
    forwardReferences: false,
    batches: false,
    longText: "text",
  },
  quote,
  quoteName,
  literal,
  schemas,
  inspect,
  checkNames,
  normalize,
  canonicalize,
  remembered,
  arrange,
  compile,
  columnTypes,
  rewrite,
  unseen,
  spellOut,
  hasTable,
  // Since 17 (its release notes, E.1.3.4 "Data Types"); a script that does not know its server must not count on it.
  usesFreshValues: (serverVersion) => Number.parseInt(serverVersion ?? "0") >= 17,
  ensureSchema,
  expectVersions,
  parameter,
  literalOf,
  placeholder: "$1",
  script,
  session,
  scratch,
  clearFailed,
};

/** CREATE SCHEMA IF NOT EXISTS asks for the right to make one before it looks whether there is one. */
function ensureSchema(name: string): string {
  return block(
    "",
    `IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${stringLiteral(name)}) THEN CREATE SCHEMA ${quote(name)}; END IF;`,
  );
}

/** CREATE INDEX CONCURRENTLY that failed leaves an index that no query uses (manual, CREATE INDEX). */
async function clearFailed(db: Queryable, operation: Operation): Promise<void> {
  if (operation.kind !== "createIndex" || !operation.concurrently) return;
  const { schema } = operation.table;
  const name = quoteName({ ...(schema === undefined ? {} : { schema }), name: operation.index.name });
  const [row] = await db.query<{ readonly invalid: boolean }>(
    "SELECT NOT indisvalid AS invalid FROM pg_catalog.pg_index WHERE indexrelid = to_regclass($1)",
    [name],
  );
  if (row?.invalid) await db.query(`DROP INDEX CONCURRENTLY ${name}`);
}
