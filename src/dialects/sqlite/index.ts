/** SQLite, through better-sqlite3 or sqlite3. */
import type { RowValue } from "../../operations/operation";
import type { Dialect } from "../dialect";
import { canonicalize } from "./canonicalize";
import { compile } from "./compile";
import { expectVersions, frame } from "./frame";
import { inspect, schemas } from "./inspect";
import { normalize } from "./normalize";
import { literal, literalOf, quote, quoteName } from "./quote";
import { reread } from "./reread";
import { rewrite } from "./rewrite";
import { unseen } from "./unseen";
import { session, writeLock } from "./session";

export const sqlite: Dialect = {
  name: "sqlite",
  traits: {
    transactionalDdl: true,
    forwardReferences: true,
    batches: true,
    longText: "text",
  },
  quote,
  quoteName,
  literal,
  schemas,
  inspect,
  normalize,
  canonicalize,
  compile,
  rewrite,
  unseen,
  reread,
  frame,
  expectVersions,
  parameter,
  literalOf,
  placeholder: "?",
  // The shell goes on after an error unless it is told not to (https://www.sqlite.org/cli.html).
  script: { header: [".bail on"], terminator: ";", begin: "BEGIN", commit: "COMMIT" },
  session,
  writeLock,
};

/** The drivers know no booleans, dates or objects. */
function parameter(value: RowValue): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
  return JSON.stringify(value);
}
