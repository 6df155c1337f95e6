/** The page of Microsoft's documentation that each kind of statement was held against. */

const LEARN = "https://learn.microsoft.com/sql/";

/** The first that matches counts; every statement of a golden script must match one. */
const PAGES: readonly (readonly [statement: RegExp, page: string])[] = [
  [/^SET ANSI_NULLS/, "t-sql/statements/set-statements-transact-sql"],
  [/^SET NOEXEC|^IF @@ERROR/, "t-sql/statements/set-noexec-transact-sql"],
  [/^BEGIN TRANSACTION/, "t-sql/language-elements/begin-transaction-transact-sql"],
  [/^COMMIT TRANSACTION/, "t-sql/language-elements/commit-transaction-transact-sql"],
  [/^DECLARE @held/, "relational-databases/system-catalog-views/object-catalog-views-transact-sql"],
  [
    /sys\.database_permissions/,
    "relational-databases/system-catalog-views/sys-database-permissions-transact-sql",
  ],
  [/\bTHROW 50000/, "t-sql/language-elements/throw-transact-sql"],
  [/sys\.key_constraints/, "relational-databases/system-catalog-views/sys-key-constraints-transact-sql"],
  [/sys\.foreign_keys/, "relational-databases/system-catalog-views/sys-foreign-keys-transact-sql"],
  [
    /sys\.default_constraints/,
    "relational-databases/system-catalog-views/sys-default-constraints-transact-sql",
  ],
  [
    /CONSTRAINT_COLUMN_USAGE/,
    "relational-databases/system-information-schema-views/constraint-column-usage-transact-sql",
  ],
  [/sys\.stats\b/, "relational-databases/system-catalog-views/sys-stats-transact-sql"],
  [/sp_rename/, "relational-databases/system-stored-procedures/sp-rename-transact-sql"],
  [
    /sp_addextendedproperty/,
    "relational-databases/system-stored-procedures/sp-addextendedproperty-transact-sql",
  ],
  [
    /sp_updateextendedproperty/,
    "relational-databases/system-stored-procedures/sp-updateextendedproperty-transact-sql",
  ],
  [
    /sp_dropextendedproperty/,
    "relational-databases/system-stored-procedures/sp-dropextendedproperty-transact-sql",
  ],
  [/IDENTITY_INSERT/, "t-sql/statements/set-identity-insert-transact-sql"],
  [/DBCC CHECKIDENT/, "t-sql/database-console-commands/dbcc-checkident-transact-sql"],
  [/ALTER SCHEMA/, "t-sql/statements/alter-schema-transact-sql"],
  [/CREATE TABLE/, "t-sql/statements/create-table-transact-sql"],
  [/^ALTER TABLE .* ADD .* AS \(/, "t-sql/statements/alter-table-computed-column-definition-transact-sql"],
  [
    /^ALTER TABLE .* ADD (?:CONSTRAINT|UNIQUE|CHECK|PRIMARY|FOREIGN)/,
    "t-sql/statements/alter-table-table-constraint-transact-sql",
  ],
  [/^ALTER TABLE .* ADD /, "t-sql/statements/alter-table-column-definition-transact-sql"],
  [/^ALTER TABLE/, "t-sql/statements/alter-table-transact-sql"],
  [/^DROP TABLE/, "t-sql/statements/drop-table-transact-sql"],
  [
    /^CREATE (?:NONCLUSTERED |CLUSTERED )?COLUMNSTORE/,
    "t-sql/statements/create-columnstore-index-transact-sql",
  ],
  [/^CREATE SPATIAL INDEX/, "t-sql/statements/create-spatial-index-transact-sql"],
  [/^CREATE (?:UNIQUE )?(?:CLUSTERED )?INDEX/, "t-sql/statements/create-index-transact-sql"],
  [/^DROP INDEX/, "t-sql/statements/drop-index-transact-sql"],
  [/^CREATE VIEW/, "t-sql/statements/create-view-transact-sql"],
  [/^ALTER VIEW/, "t-sql/statements/alter-view-transact-sql"],
  [/^DROP VIEW/, "t-sql/statements/drop-view-transact-sql"],
  [/CREATE SCHEMA/, "t-sql/statements/create-schema-transact-sql"],
  [/^DROP SCHEMA/, "t-sql/statements/drop-schema-transact-sql"],
  [/^CREATE SEQUENCE/, "t-sql/statements/create-sequence-transact-sql"],
  [/^ALTER SEQUENCE/, "t-sql/statements/alter-sequence-transact-sql"],
  [/^DROP SEQUENCE/, "t-sql/statements/drop-sequence-transact-sql"],
  [/^INSERT INTO/, "t-sql/statements/insert-transact-sql"],
  [/^UPDATE /, "t-sql/queries/update-transact-sql"],
  [/^DELETE FROM/, "t-sql/statements/delete-transact-sql"],
];

/** The page of a statement. Throws where nobody has named one. */
export function pageOf(sql: string): string {
  const found = PAGES.find(([statement]) => statement.test(sql));
  if (found) return LEARN + found[1];
  throw new Error(`no page of the manual is named for: ${sql}`);
}
