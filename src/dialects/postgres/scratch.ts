/** Scratch databases on PostgreSQL (manual: CREATE DATABASE, DROP DATABASE, 52.15 pg_database). */
import type { ScratchDatabases } from "../dialect";
import { literal } from "./literal";
import { quote } from "./quote";

/** How a database encodes and sorts. */
interface Locale {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `c` (libc), `i` (ICU) or `b` (builtin); nothing before PostgreSQL 15, which has libc only. */
  readonly provider: string | null;
  readonly locale: string | null;
}

/** The columns are read through JSON because their names differ between 14, 15 and 17. */
const LOCALE = `SELECT pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
  to_jsonb(d) ->> 'datlocprovider' AS provider,
  coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale
FROM pg_catalog.pg_database d WHERE d.datname = $1`;

export const scratch: ScratchDatabases = {
  current: "SELECT current_database() AS name",
  fallback: "postgres",
  contains: () => true,
  create: async (db, name, like) => {
    const [row] = like === undefined ? [] : await db.query<Locale>(LOCALE, [like]);
    // template0 holds nothing that an administrator has added, and is the only one that takes a locale.
    await db.query(`CREATE DATABASE ${quote(name)} TEMPLATE template0${row ? localeClauses(row) : ""}`);
  },
  drop: async (db, name) => {
    // WITH (FORCE) came with 13; this is what it does.
    await db.query("SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1", [
      name,
    ]);
    const [row] = await db.query<{ readonly version: string }>(
      "SELECT current_setting('server_version_num') AS version",
    );
    const force = Number(row?.version) >= 130_000 ? " WITH (FORCE)" : "";
    await db.query(`DROP DATABASE IF EXISTS ${quote(name)}${force}`);
  },
};

function localeClauses({ encoding, collate, ctype, provider, locale }: Locale): string {
  const clauses = [`ENCODING ${literal(encoding)} LC_COLLATE ${literal(collate)} LC_CTYPE ${literal(ctype)}`];
  if (provider === "i" && locale !== null) clauses.push(`LOCALE_PROVIDER icu ICU_LOCALE ${literal(locale)}`);
  if (provider === "b" && locale !== null) {
    clauses.push(`LOCALE_PROVIDER builtin BUILTIN_LOCALE ${literal(locale)}`);
  }
  return ` ${clauses.join(" ")}`;
}
