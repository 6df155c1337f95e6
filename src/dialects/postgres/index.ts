/** PostgreSQL, through pg. */
import type { Operation } from "../../operations/operation";
import type { Dialect, Queryable } from "../dialect";
import { arrange } from "./arrange";
import { canonicalize } from "./canonicalize";
import { compile } from "./compile";
import { columnTypes } from "./insert";
import { inspect, schemas } from "./inspect";
import { literal, literalOf, parameter } from "./literal";
import { normalize } from "./normalize";
import { quote, quoteName } from "./quote";
import { remembered } from "./remembered";
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
  normalize,
  canonicalize,
  remembered,
  arrange,
  compile,
  columnTypes,
  rewrite,
  unseen,
  spellOut,
  expectVersions,
  parameter,
  literalOf,
  placeholder: "$1",
  script,
  session,
  scratch,
  clearFailed,
};

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
