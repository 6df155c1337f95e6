/** SQL Server and Azure SQL, through mssql. Written against the manual of SQL Server 2017 and later. */
import type { RowValue } from "../../operations/operation";
import { unseenInPlace } from "../ansi/unseen";
import type { Dialect } from "../dialect";
import { arrange } from "./arrange";
import { canonicalize } from "./canonicalize";
import { compile } from "./compile";
import { inspect, schemas } from "./inspect";
import { normalize } from "./normalize";
import { literal, literalOf, quote, quoteName } from "./quote";
import { rewrite } from "./rewrite";
import { scratch } from "./scratch";
import { expectVersions, script } from "./script";
import { session } from "./session";

export const mssql: Dialect = {
  name: "mssql",
  traits: {
    transactionalDdl: true,
    forwardReferences: false,
    batches: true,
    longText: "nvarchar(max)",
    nowText: "CONVERT(varchar(40), SYSUTCDATETIME(), 126)",
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
  unseen: unseenInPlace,
  arrange,
  expectVersions,
  parameter,
  literalOf,
  placeholder: "@0",
  script,
  session,
  scratch,
};

/** The driver knows no bigint, no plain bytes and no objects. */
function parameter(value: RowValue): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return JSON.stringify(value);
}
