/** What must hold before a table is copied: nobody writes to it, and the copy brings along all that it has. */
import type { Table } from "../../model/schema";
import { quoteName, stringLiteral } from "./quote";
import { block } from "./recreate";

/** What stands around a table, by name. */
export interface Surroundings {
  readonly views: readonly string[];
  /** The foreign keys of other tables that refer to it. */
  readonly keys: readonly string[];
}

/**
 * Locks the table, and stops where it has what the copy would lose: things that nobody told of, as in a script that was
 * written without a look at the database, and things that no statement brings back.
 */
export function beforeCopy(table: Table, around: Surroundings): readonly string[] {
  const parts = [...unknownParts(table, around), ...unknownSettings(table), ...neverKept(table)];
  const sentence = "a copy of % would lose what is not known here or cannot be brought back: %";
  return [
    `LOCK TABLE ${quoteName(table)} IN ACCESS EXCLUSIVE MODE`,
    block(
      "found text;",
      `SELECT string_agg(what, ', ') INTO found FROM (${parts.join("\n  UNION ALL ")}) AS lost (what);`,
      `IF found IS NOT NULL THEN RAISE EXCEPTION ${stringLiteral(sentence)}, ${stringLiteral(quoteName(table))}, found; END IF;`,
    ),
  ];
}

const CONTYPES = { primaryKey: "p", unique: "u", check: "c", foreignKey: "f", exclusion: "x" } as const;

/** What has a name and stands in the catalogue, but not in the table as it is known. */
function unknownParts(table: Table, { views, keys }: Surroundings): readonly string[] {
  const id = idOf(table);
  const { columns, indexes, constraints, triggers = [] } = table;
  const names = constraints.flatMap(({ name }) => name ?? []);
  const nameless = constraints.filter(({ name }) => name === undefined).map(({ kind }) => CONTYPES[kind]);
  const isBehindKey =
    "SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid AND contype IN ('p', 'u', 'x')";
  const reads = `SELECT FROM pg_depend WHERE classid = 'pg_rewrite'::regclass AND objid = w.oid AND refclassid = 'pg_class'::regclass AND refobjid = ${id}`;
  const ofTable = `attrelid = ${id} AND attnum > 0 AND NOT attisdropped`;
  return [
    found("column", "attname", `pg_attribute WHERE ${ofTable} AND ${notIn("attname", namesOf(columns))}`),
    found(
      "constraint",
      "conname",
      `pg_constraint WHERE conrelid = ${id} AND contype IN ('p', 'u', 'c', 'f', 'x') AND ${notIn("conname", names)} AND ${notIn("contype::text", nameless)}`,
    ),
    found(
      "foreign key",
      "conname || ' of ' || conrelid::regclass",
      `pg_constraint WHERE confrelid = ${id} AND conrelid <> ${id} AND ${notIn("conname", keys)}`,
    ),
    found(
      "index",
      "relname",
      `pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = ${id} AND NOT EXISTS (${isBehindKey}) AND ${notIn("relname", namesOf(indexes))}`,
    ),
    found(
      "trigger",
      "tgname",
      `pg_trigger WHERE tgrelid = ${id} AND NOT tgisinternal AND ${notIn("tgname", namesOf(triggers))}`,
    ),
    found(
      "view",
      "relname",
      `pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class WHERE rulename = '_RETURN' AND EXISTS (${reads}) AND ${notIn("relname", views)}`,
    ),
  ];
}

/** The same for what comes back as the statements that are kept with the table. */
function unknownSettings(table: Table): readonly string[] {
  const id = idOf(table);
  const kept = (kind: string): readonly string[] =>
    namesOf((table.attachments ?? []).filter((item) => item.kind === kind));
  const row = `pg_class WHERE oid = ${id}`;
  const role = "CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END";
  const policies = `pg_policy WHERE polrelid = ${id} AND ${notIn("polname", kept("policy"))}`;
  const statistics = `pg_statistic_ext WHERE stxrelid = ${id} AND ${notIn("stxname", kept("statistics"))}`;
  return [
    found("policy", "polname", policies),
    found("rule", "rulename", `pg_rewrite WHERE ev_class = ${id} AND ${notIn("rulename", kept("rule"))}`),
    found("statistics", "stxname", statistics),
    ...(kept("row security").length > 0
      ? []
      : [found("row security of", "relname", `${row} AND relrowsecurity`)]),
    ...(kept("grant").length > 0
      ? []
      : [found("rights of", role, `pg_class, aclexplode(relacl) WHERE oid = ${id} AND grantee <> relowner`)]),
  ];
}

/** What cannot be read whole or brought back. */
function neverKept(table: Table): readonly string[] {
  const id = idOf(table);
  const other = "CASE inhparent WHEN c.oid THEN inhrelid ELSE inhparent END::regclass";
  return [
    found(
      "rows hidden by the policies of",
      "relname",
      `pg_class WHERE oid = ${id} AND row_security_active(oid)`,
    ),
    found("rights on column", "attname", `pg_attribute WHERE attrelid = ${id} AND attacl IS NOT NULL`),
    found(
      "publication",
      "pubname",
      `pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid WHERE prrelid = ${id}`,
    ),
    found(
      "inheritance between it and",
      other,
      `pg_inherits JOIN pg_class c ON c.oid = ${id} AND c.oid IN (inhparent, inhrelid)`,
    ),
  ];
}

function found(what: string, name: string, from: string): string {
  return `SELECT ${stringLiteral(`${what} `)} || ${name} FROM ${from}`;
}

function notIn(column: string, known: readonly string[]): string {
  return `${column} <> ALL (ARRAY[${known.map(stringLiteral).join(", ")}]::text[])`;
}

function namesOf(items: readonly { readonly name: string }[]): readonly string[] {
  return items.map(({ name }) => name);
}

function idOf(table: Table): string {
  return `${stringLiteral(quoteName(table))}::regclass`;
}
