/**
 * Reads the schema of a database from its catalogue views: ten queries, however many tables and schemas there are
 * (https://learn.microsoft.com/sql/relational-databases/system-catalog-views/object-catalog-views-transact-sql).
 */
import { LimbeckError } from "../../errors";
import { compact } from "../../model/equal";
import type { Schema, Sequence, View } from "../../model/schema";
import type { Queryable, Scope } from "../dialect";
import { groupBy, keyOfRow, nameOf, readTable } from "./inspect-table";
import type {
  CheckRow,
  ColumnRow,
  ForeignKeyRow,
  IndexRow,
  OwnedRow,
  TableRow,
  TriggerRow,
} from "./inspect-table";
import { parseView } from "./parse-view";
import { literal } from "./quote";

interface ContextRow {
  /** The schema of unqualified names. */
  readonly schema: string;
  readonly collation: string;
}

interface ViewRow {
  readonly schema: string | null;
  readonly name: string;
  readonly definition: string | null;
}

interface SequenceRow {
  readonly schema: string | null;
  readonly name: string;
  readonly type: string;
  readonly start: string;
  readonly increment: string;
}

/** Schemas beside the connection's own; those of fixed roles have ids from 16384 on. */
export async function schemas(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ readonly name: string }>(
    "SELECT s.name " +
      "FROM sys.schemas AS s " +
      "WHERE s.schema_id < 16384 " +
      "AND s.name NOT IN (N'sys', N'INFORMATION_SCHEMA', N'guest') " +
      "AND s.name <> SCHEMA_NAME() " +
      "ORDER BY s.name",
  );
  return rows.map(({ name }) => name);
}

/**
 * Reads the connection's own schema and those that the scope names.
 *
 * Throws UNSUPPORTED for a schema of another database: each database has a catalogue of its own.
 */
export async function inspect(db: Queryable, scope: Scope): Promise<Schema> {
  const elsewhere = scope.schemas.find((name) => name.includes("."));
  if (elsewhere !== undefined) throw anotherDatabase(elsewhere);
  const places = `s.name IN (${["SCHEMA_NAME()", ...scope.schemas.map(literal)].join(", ")})`;
  const [context] = await db.query<ContextRow>(CONTEXT);
  const namespaces = await db.query<{ readonly name: string }>(
    `SELECT s.name FROM sys.schemas AS s WHERE ${places} AND s.name <> SCHEMA_NAME() ORDER BY s.name`,
  );
  const tables = await db.query<TableRow>(tablesSql(places));
  const rows = {
    columns: byOwner(await db.query<ColumnRow>(columnsSql(places))),
    indexes: byOwner(await db.query<IndexRow>(indexesSql(places))),
    checks: byOwner(await db.query<CheckRow>(checksSql(places))),
    keys: byOwner(await db.query<ForeignKeyRow>(foreignKeysSql(places))),
    triggers: byOwner(await db.query<TriggerRow>(triggersSql(places))),
  };
  const views = await db.query<ViewRow>(viewsSql(places));
  const sequences = await db.query<SequenceRow>(sequencesSql(places));
  return {
    namespaces: namespaces.map(({ name }) => name),
    extensions: [],
    enums: [],
    sequences: sequences.map(({ type, start, increment, ...row }) =>
      compact<Sequence>({ ...nameOf(row.schema, row.name), type, start, increment }),
    ),
    tables: tables.map((row) => readTable(row, rows, context?.collation)),
    views: views.flatMap(({ definition, ...row }): readonly View[] =>
      // Text that was made WITH ENCRYPTION cannot be read.
      definition === null ? [] : [{ ...nameOf(row.schema, row.name), sql: parseView(definition) }],
    ),
    objects: [],
  };
}

function byOwner<Row extends OwnedRow>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return groupBy(rows, keyOfRow);
}

const CONTEXT =
  "SELECT SCHEMA_NAME() AS [schema], CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), N'Collation')) AS [collation]";
/** Absent for the connection's own schema. */
const SCHEMA = "CASE WHEN s.name <> SCHEMA_NAME() THEN s.name END AS [schema]";
const TABLES = "FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id";
const OWN = "t.is_ms_shipped = 0";
const COMMENT = "p.class = 1 AND p.name = N'MS_Description'";

function tablesSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name, CAST(p.value AS nvarchar(4000)) AS [comment]
    ${TABLES}
    LEFT JOIN sys.extended_properties AS p ON ${COMMENT} AND p.major_id = t.object_id AND p.minor_id = 0
    WHERE ${OWN} AND ${places} ORDER BY s.name, t.name`;
}

function columnsSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name AS [table], c.name, y.name AS [type], y.is_user_defined AS [isUserDefined],
    CASE WHEN SCHEMA_NAME(y.schema_id) <> SCHEMA_NAME() THEN SCHEMA_NAME(y.schema_id) END AS [typeSchema],
    c.max_length AS [length], c.precision AS [precision], c.scale AS [scale], c.is_nullable AS [isNullable],
    c.is_identity AS [isIdentity], c.collation_name AS [collation], d.definition AS [default],
    k.definition AS [computed], k.is_persisted AS [isPersisted], CAST(p.value AS nvarchar(4000)) AS [comment]
    ${TABLES}
    JOIN sys.columns AS c ON c.object_id = t.object_id
    JOIN sys.types AS y ON y.user_type_id = c.user_type_id
    LEFT JOIN sys.default_constraints AS d ON d.object_id = c.default_object_id
    LEFT JOIN sys.computed_columns AS k ON k.object_id = c.object_id AND k.column_id = c.column_id
    LEFT JOIN sys.extended_properties AS p
      ON ${COMMENT} AND p.major_id = c.object_id AND p.minor_id = c.column_id
    WHERE ${OWN} AND ${places} ORDER BY s.name, t.name, c.column_id`;
}

/** A heap stands among the indexes without a name, and the tuning advisor leaves hypothetical ones. */
function indexesSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name AS [table], i.name, i.type AS [kind], i.is_unique AS [isUnique],
    i.is_primary_key AS [isPrimaryKey], i.is_unique_constraint AS [isUniqueConstraint],
    i.filter_definition AS [where], c.name AS [column], x.is_descending_key AS [isDescending],
    x.is_included_column AS [isIncluded]
    ${TABLES}
    JOIN sys.indexes AS i ON i.object_id = t.object_id
    JOIN sys.index_columns AS x ON x.object_id = i.object_id AND x.index_id = i.index_id
    JOIN sys.columns AS c ON c.object_id = x.object_id AND c.column_id = x.column_id
    WHERE ${OWN} AND ${places} AND i.name IS NOT NULL AND i.is_hypothetical = 0
    ORDER BY s.name, t.name, i.index_id, x.key_ordinal, x.index_column_id`;
}

function checksSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name AS [table], k.name, k.definition, k.is_not_trusted AS [isNotTrusted]
    ${TABLES}
    JOIN sys.check_constraints AS k ON k.parent_object_id = t.object_id
    WHERE ${OWN} AND ${places} ORDER BY s.name, t.name, k.name`;
}

function foreignKeysSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name AS [table], f.name, c.name AS [column],
    CASE WHEN rs.name <> SCHEMA_NAME() THEN rs.name END AS [referencedSchema],
    r.name AS [referencedTable], rc.name AS [referencedColumn],
    f.delete_referential_action_desc AS [onDelete], f.update_referential_action_desc AS [onUpdate],
    f.is_not_trusted AS [isNotTrusted]
    ${TABLES}
    JOIN sys.foreign_keys AS f ON f.parent_object_id = t.object_id
    JOIN sys.foreign_key_columns AS x ON x.constraint_object_id = f.object_id
    JOIN sys.columns AS c ON c.object_id = x.parent_object_id AND c.column_id = x.parent_column_id
    JOIN sys.tables AS r ON r.object_id = f.referenced_object_id
    JOIN sys.schemas AS rs ON rs.schema_id = r.schema_id
    JOIN sys.columns AS rc ON rc.object_id = x.referenced_object_id AND rc.column_id = x.referenced_column_id
    WHERE ${OWN} AND ${places} ORDER BY s.name, t.name, f.name, x.constraint_column_id`;
}

function triggersSql(places: string): string {
  return `SELECT ${SCHEMA}, t.name AS [table], g.name, m.definition
    ${TABLES}
    JOIN sys.triggers AS g ON g.parent_id = t.object_id
    JOIN sys.sql_modules AS m ON m.object_id = g.object_id
    WHERE ${OWN} AND ${places} ORDER BY s.name, t.name, g.name`;
}

function viewsSql(places: string): string {
  return `SELECT ${SCHEMA}, v.name, m.definition
    FROM sys.views AS v JOIN sys.schemas AS s ON s.schema_id = v.schema_id
    JOIN sys.sql_modules AS m ON m.object_id = v.object_id
    WHERE v.is_ms_shipped = 0 AND ${places} ORDER BY s.name, v.name`;
}

/** Their numbers are of any type, as sql_variant. */
function sequencesSql(places: string): string {
  return `SELECT ${SCHEMA}, q.name, TYPE_NAME(q.user_type_id) AS [type],
    CONVERT(nvarchar(40), q.start_value) AS [start], CONVERT(nvarchar(40), q.increment) AS [increment]
    FROM sys.sequences AS q JOIN sys.schemas AS s ON s.schema_id = q.schema_id
    WHERE q.is_ms_shipped = 0 AND ${places} ORDER BY s.name, q.name`;
}

function anotherDatabase(name: string): LimbeckError {
  return new LimbeckError("UNSUPPORTED", `the schema ${name} is in another database than the connection`, {
    hint: "give that database a data source of its own, and list both under `databases` in the configuration",
  });
}
