/**
 * What must hold before a table is copied: nobody writes to it, and the copy brings along all that it has. The catalogue
 * is asked when the statement runs, so that a script which was written without a look at the database asks as well.
 */
import type { Column, ConstraintKind, Table } from "../../model/schema";
import { objectId } from "./lookup";
import { argument, quoteName } from "./quote";
import { defaultOf } from "./text";

/** A part of WHERE; absent where it holds for every row. */
type Condition = string | undefined;

/** THROW takes no more characters (t-sql/language-elements/throw-transact-sql). */
const MESSAGE_LIMIT = 2048;

/**
 * Locks the table until the transaction ends, and fails where it has what the copy would lose: things that nobody told
 * of, and things that no statement of ours brings back. `keys` are the foreign keys of other tables that refer to it.
 */
export function beforeCopy(table: Table, keys: readonly string[]): string {
  const parts = [...unknownParts(table, keys), ...unknownTexts(table), ...NEVER_KEPT];
  const sentence = `a copy of ${quoteName(table)} would lose what is not known here or cannot be brought back: `;
  return [
    `DECLARE @held int = (SELECT TOP (1) 1 FROM ${quoteName(table)} WITH (HOLDLOCK, TABLOCKX));`,
    `DECLARE @table int = ${objectId(table)};`,
    "DECLARE @lost nvarchar(max) = N'';",
    ...parts,
    `DECLARE @message nvarchar(${MESSAGE_LIMIT}) = LEFT(${argument(sentence)} + STUFF(@lost, 1, 2, N''), ${MESSAGE_LIMIT});`,
    "IF @lost <> N'' THROW 50000, @message, 1",
  ].join("\n");
}

/** What has a name and stands in the catalogue, but not in the table as it is known. */
function unknownParts(table: Table, keys: readonly string[]): readonly string[] {
  const { columns, indexes, triggers = [] } = table;
  return [
    found("column", "name", "sys.columns", "object_id = @table", notIn("name", namesOf(columns))),
    found("primary key", "name", "sys.key_constraints", "type = 'PK'", ...isUnknown(table, "primaryKey")),
    found("unique", "name", "sys.key_constraints", "type = 'UQ'", ...isUnknown(table, "unique")),
    found("check", "name", "sys.check_constraints", ...isUnknown(table, "check")),
    found("foreign key", "name", "sys.foreign_keys", ...isUnknown(table, "foreignKey")),
    found(
      "foreign key",
      "name, N' of ', OBJECT_NAME(parent_object_id)",
      "sys.foreign_keys",
      "referenced_object_id = @table AND parent_object_id <> @table",
      notIn("name", keys),
    ),
    found(
      "index",
      "name",
      "sys.indexes",
      "object_id = @table AND type > 0 AND is_hypothetical = 0 AND is_primary_key = 0 AND is_unique_constraint = 0",
      notIn("name", namesOf(indexes)),
    ),
    found("trigger", "name", "sys.triggers", "parent_id = @table", notIn("name", namesOf(triggers))),
  ];
}

/** Whether a rule of the table is none that is known. One that is known without its name may be any of its kind. */
function isUnknown(table: Table, kind: ConstraintKind): readonly Condition[] {
  const known = table.constraints.filter((constraint) => constraint.kind === kind);
  const names = known.flatMap(({ name }) => name ?? []);
  const keepsValues = kind === "check" && table.columns.some(({ type }) => type.values);
  return [
    "parent_object_id = @table",
    names.length < known.length ? "1 = 0" : notIn("name", names),
    keepsValues ? "name NOT LIKE N'%CHK[_]%[_]ENUM%'" : undefined,
  ];
}

/** The same for defaults and comments, which belong to a column by its name. */
function unknownTexts(table: Table): readonly string[] {
  const columnsWith = (text: (column: Column) => string | undefined): readonly string[] =>
    namesOf(table.columns.filter((column) => text(column) !== undefined));
  const description = "p.class = 1 AND p.major_id = @table AND p.name = N'MS_Description'";
  return [
    found(
      "default of",
      "c.name",
      "sys.default_constraints AS d JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id",
      "c.object_id = @table",
      notIn("c.name", columnsWith(defaultOf)),
    ),
    found(
      "comment of",
      "c.name",
      "sys.extended_properties AS p JOIN sys.columns AS c ON c.object_id = p.major_id AND c.column_id = p.minor_id",
      description,
      notIn(
        "c.name",
        columnsWith(({ comment }) => comment),
      ),
    ),
    ...(table.comment === undefined
      ? [found("comment", "p.name", "sys.extended_properties AS p", `${description} AND p.minor_id = 0`)]
      : []),
  ];
}

const CHILDREN = "(SELECT object_id FROM sys.objects WHERE parent_object_id = @table)";

/** What is not read, and so not brought back. */
const NEVER_KEPT: readonly string[] = [
  found(
    "property",
    "name",
    "sys.extended_properties",
    `class = 1 AND major_id = @table AND name <> N'MS_Description' OR class = 7 AND major_id = @table OR class = 1 AND major_id IN ${CHILDREN}`,
  ),
  found("statistics", "name", "sys.stats", "object_id = @table AND user_created = 1"),
  found("disabled check", "name", "sys.check_constraints", "parent_object_id = @table AND is_disabled = 1"),
  found("disabled foreign key", "name", "sys.foreign_keys", "parent_object_id = @table AND is_disabled = 1"),
  found("disabled trigger", "name", "sys.triggers", "parent_id = @table AND is_disabled = 1"),
  found(
    "options of the index",
    "name",
    "sys.indexes",
    "object_id = @table AND (is_disabled = 1 OR ignore_dup_key = 1 OR fill_factor NOT IN (0, 100))",
  ),
  found(
    "storage in",
    "d.name",
    "sys.indexes AS i JOIN sys.data_spaces AS d ON d.data_space_id = i.data_space_id",
    "i.object_id = @table AND d.is_default = 0",
  ),
  found(
    "compression",
    "data_compression_desc",
    "sys.partitions",
    "object_id = @table AND data_compression IN (1, 2)",
  ),
  found(
    "kind of the column",
    "name",
    "sys.columns",
    "object_id = @table AND (is_sparse = 1 OR is_rowguidcol = 1 OR is_filestream = 1 OR is_masked = 1 OR is_hidden = 1" +
      " OR encryption_type IS NOT NULL OR rule_object_id <> 0)",
  ),
  found(
    "count of",
    "name",
    "sys.identity_columns",
    "object_id = @table AND (CONVERT(varchar(40), seed_value) <> '1' OR CONVERT(varchar(40), increment_value) <> '1' OR is_not_for_replication = 1)",
  ),
  found(
    "kind of the table",
    "name",
    "sys.tables",
    "object_id = @table AND (temporal_type <> 0 OR is_memory_optimized = 1 OR is_filetable = 1 OR is_tracked_by_cdc = 1" +
      " OR is_published = 1 OR is_schema_published = 1 OR is_merge_published = 1 OR is_replicated = 1)",
  ),
  found("owner", "USER_NAME(principal_id)", "sys.tables", "object_id = @table AND principal_id IS NOT NULL"),
  found(
    "rights on columns for",
    "USER_NAME(grantee_principal_id)",
    "sys.database_permissions",
    "class = 1 AND major_id = @table AND minor_id > 0",
  ),
  found("change tracking", "N''", "sys.change_tracking_tables", "object_id = @table"),
  found("full-text index", "N''", "sys.fulltext_indexes", "object_id = @table"),
  found("security policy", "OBJECT_NAME(object_id)", "sys.security_predicates", "target_object_id = @table"),
];

/** One thing that would be lost, for each row. A name that may not be seen is none: it must not swallow the others. */
function found(what: string, name: string, from: string, ...conditions: readonly Condition[]): string {
  const where = conditions.filter((condition) => condition !== undefined).join(" AND ");
  return `SELECT @lost += CONCAT(${argument(`, ${what} `)}, ${name}) FROM ${from} WHERE ${where};`;
}

function notIn(column: string, known: readonly string[]): Condition {
  return known.length === 0 ? undefined : `${column} NOT IN (${known.map(argument).join(", ")})`;
}

function namesOf(items: readonly { readonly name: string }[]): readonly string[] {
  return items.map(({ name }) => name);
}
