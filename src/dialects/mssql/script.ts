/**
 * What stands around the statements of a run and of a script. Clients go on after a failed batch, and an error may take
 * the transaction with it, so that what follows would run outside of any: after each GO a script looks whether it still
 * stands where it should, and goes blind to the rest where it does not (SET NOEXEC,
 * https://learn.microsoft.com/sql/t-sql/statements/set-noexec-transact-sql).
 */
import type { QualifiedName } from "../../model/schema";
import type { ScriptStyle, Statement } from "../dialect";
import { argument, literal, quote, quoteName } from "./quote";

/** Compares byte by byte, whatever the collation of the database. */
const BINARY = "COLLATE Latin1_General_BIN2";

/**
 * sqlcmd begins with QUOTED_IDENTIFIER off, with which filtered indexes and indexes on computed columns are refused
 * (SET options in t-sql/statements/create-index-transact-sql). With XACT_ABORT every error of a statement rolls back; what
 * a procedure such as sp_rename raises does not, so the guard does.
 */
export const script: ScriptStyle = {
  header: [
    "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;",
    "SET NUMERIC_ROUNDABORT OFF;",
    "SET NOCOUNT, XACT_ABORT ON;",
  ],
  terminator: ";",
  begin: "BEGIN TRANSACTION",
  commit: "COMMIT TRANSACTION",
  batches: {
    separator: "GO",
    guard: (inTransaction) =>
      inTransaction
        ? "IF @@ERROR <> 0 OR @@TRANCOUNT = 0 BEGIN IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; SET NOEXEC ON; END;"
        : "IF @@ERROR <> 0 SET NOEXEC ON;",
  },
  footer: ["SET NOEXEC OFF;"],
};

/** Fails unless the version table holds exactly these rows. THROW ends the batch and, with XACT_ABORT, the transaction. */
export function expectVersions(
  table: QualifiedName,
  column: string,
  rows: readonly string[],
): readonly Statement[] {
  const expected = rows.length === 0 ? "no revision" : rows.join(", ");
  const name = quoteName(table);
  const others =
    rows.length === 0
      ? ""
      : ` WHERE ${quote(column)} ${BINARY} NOT IN (${rows.map((row) => `${literal(row)} ${BINARY}`).join(", ")})`;
  return [
    {
      sql: [
        `IF (SELECT COUNT(*) FROM ${name}) <> ${rows.length} OR EXISTS (SELECT 1 FROM ${name}${others})`,
        `  THROW 50000, ${argument(`the database is not at ${expected}`)}, 1`,
      ].join("\n"),
    },
  ];
}
