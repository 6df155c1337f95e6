/** Why there is no connection, by the code that the driver gives, and what to do about it. */
import { messageOf } from "../errors";

/** What went wrong, in words where the driver's own say nothing to people, and the next step. */
export interface ConnectionFailure {
  readonly reason: string;
  readonly hint: string;
}

const CHECK = "check that the server runs, and host, user and password of the data source";
const NO_DATABASE = "create the database, or correct `database` of the data source";
const REFUSED = "check user and password of the data source";
const NO_SERVER = "start the server, or correct host and port of the data source";
const NO_HOST = "correct the host of the data source: no such name is known here";
const NO_ANSWER = "check host and port of the data source, and what stands between (a firewall, a network)";
const NO_PASSWORD = "give the data source its password: it may come from a variable that is not set here";

/** SQLSTATEs of PostgreSQL, errors of MySQL and MariaDB, and of the system. */
const HINTS: Readonly<Record<string, string>> = {
  "3D000": NO_DATABASE,
  ER_BAD_DB_ERROR: NO_DATABASE,
  "28P01": REFUSED,
  "28000": REFUSED,
  ER_ACCESS_DENIED_ERROR: REFUSED,
  ER_DBACCESS_DENIED_ERROR: "let the user of the data source into this database, or correct `database`",
  ELOGIN: "check user, password and database of the data source",
  ECONNREFUSED: NO_SERVER,
  ENOENT: NO_SERVER,
  ENOTFOUND: NO_HOST,
  EAI_AGAIN: NO_HOST,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: NO_ANSWER,
  ENETUNREACH: NO_ANSWER,
};

/** Reads what a driver threw when it connected. */
export function connectionFailure(thrown: unknown): ConnectionFailure {
  const said = messageOf(thrown);
  // The driver of PostgreSQL meets a question for a password and has none.
  if (/SASL.*password must be a string/.test(said))
    return { reason: "the server wants a password, and the data source has none", hint: NO_PASSWORD };
  const code = codeOf(thrown);
  // Of several addresses that were tried, Node gives an error without a message.
  const reason = said === "" ? (code ?? "no reason was given") : said;
  // The driver of SQL Server has a code of its own for what it met on the way, and says the system's.
  const known = code !== undefined && code in HINTS ? code : /\b(E[A-Z_]{4,})\b/.exec(reason)?.[1];
  return { reason, hint: HINTS[known ?? ""] ?? CHECK };
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const { code, driverError } = thrown as { readonly code?: unknown; readonly driverError?: unknown };
  return typeof code === "string" ? code : codeOf(driverError);
}
