/**
 * The two tables that Limbeck keeps: the version table, whose rows are the heads of what is applied, and the history,
 * which remembers what ran, so that a row that no file knows can be told from a database that is ahead.
 */
import type { CompileContext, Dialect, Queryable, Statement } from "../dialects/dialect";
import { LimbeckError, messageOf } from "../errors";
import { displayName } from "../model/names";
import type { QualifiedName, Table } from "../model/schema";
import type { HistoryEntry } from "../operations/migration-context";
import type { Operation } from "../operations/operation";
import type { Step } from "../revisions/revision";
import type { Executor } from "./executor";

const VERSION_COLUMN = "version_num";

/** Where Limbeck's own tables are. */
export interface VersionTables {
  readonly version: QualifiedName;
  readonly history: QualifiedName;
  /** Made when a statement that commits by itself first runs. */
  readonly journal: QualifiedName;
  /** Made where the lock is a row. */
  readonly lock: QualifiedName;
}

/** The tables by the names of two; those of journal and lock follow that of the version table. */
export function versionTables(version: QualifiedName, history: QualifiedName): VersionTables {
  const beside = (what: string): QualifiedName => ({
    ...version,
    name: `${version.name.replace(/_version$/, "")}_${what}`,
  });
  return { version, history, journal: beside("journal"), lock: beside("lock") };
}

/** What is noted of a step besides the revision itself. */
export interface StepRecord {
  /** Absent in a script, which takes the time when it is run. */
  readonly appliedAt?: Date;
  readonly milliseconds: number;
  readonly hash: string;
  readonly limbeckVersion: string;
  readonly appliedBy: string;
}

/** The version table: one column, and its primary key. */
export function versionTable(name: QualifiedName): Table {
  return {
    ...name,
    columns: [{ name: VERSION_COLUMN, type: { name: "varchar", length: 255 }, nullable: false }],
    constraints: [{ kind: "primaryKey", name: `${name.name}_pkc`, columns: [VERSION_COLUMN] }],
    indexes: [],
  };
}

/** The history table. */
export function historyTable(name: QualifiedName, longText: string): Table {
  const text = (column: string, length: number) =>
    ({ name: column, type: { name: "varchar", length }, nullable: false }) as const;
  return {
    ...name,
    columns: [
      { name: "position", type: { name: "integer" }, nullable: false },
      text("revision", 255),
      { name: "parents", type: { name: longText }, nullable: false },
      { name: "message", type: { name: longText }, nullable: false },
      text("direction", 10),
      text("applied_at", 40),
      { name: "milliseconds", type: { name: "integer" }, nullable: false },
      text("sql_hash", 64),
      text("limbeck_version", 40),
      text("applied_by", 255),
    ],
    constraints: [{ kind: "primaryKey", name: `${name.name}_pkc`, columns: ["position"] }],
    indexes: [],
  };
}

/** The statements that make both tables, and the schema that they are to be in, where they are absent. */
export function ensureTables(
  dialect: Dialect,
  tables: VersionTables,
  context: CompileContext,
): readonly Statement[] {
  const operations: readonly Operation[] = [
    { kind: "createTable", table: versionTable(tables.version), ifNotExists: true },
    { kind: "createTable", table: historyTable(tables.history, dialect.traits.longText), ifNotExists: true },
  ];
  const { schema } = tables.version;
  const place = schema === undefined ? undefined : dialect.ensureSchema?.(schema);
  return [
    ...(place === undefined ? [] : [{ sql: place }]),
    ...operations.flatMap((operation) => dialect.compile(operation, context).map(({ sql }) => ({ sql }))),
  ];
}

/** The rows of the version table, sorted. */
export async function readVersions(
  dialect: Dialect,
  db: Queryable,
  table: QualifiedName,
): Promise<readonly string[]> {
  const rows = await db.query<{ version_num: string }>(
    `SELECT ${dialect.quote(VERSION_COLUMN)} FROM ${dialect.quoteName(table)}`,
  );
  return rows.map((row) => row.version_num).sort();
}

/** The history, oldest first. */
export async function readHistory(
  dialect: Dialect,
  db: Queryable,
  table: QualifiedName,
): Promise<readonly HistoryEntry[]> {
  const names = ["revision", "parents", "message", "direction", "applied_at"].map((name) =>
    dialect.quote(name),
  );
  const rows = await db.query<
    Record<"revision" | "parents" | "message" | "direction" | "applied_at", string>
  >(`SELECT ${names.join(", ")} FROM ${dialect.quoteName(table)} ORDER BY ${dialect.quote("position")}`);
  return rows.map((row) => ({
    revision: row.revision,
    parents: row.parents === "" ? [] : row.parents.split(" "),
    message: row.message,
    direction: row.direction as HistoryEntry["direction"],
    appliedAt: inOneFormat(row.applied_at),
  }));
}

/** A script lets the database write the time, in its own way; without a zone it is that of the server, and stays as it is. */
function inOneFormat(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d*)?(?:Z|[+]00(?::?00)?)$/.exec(text);
  if (!match) return text;
  const [, day = "", time = "", part = ""] = match;
  return `${day}T${time}.${part.padEnd(3, "0")}Z`;
}

/** Moves the version rows from what they are to what they shall be, each statement changing exactly one row. */
export async function writeVersions(
  dialect: Dialect,
  executor: Executor,
  table: QualifiedName,
  { before, after }: Pick<Step, "before" | "after">,
): Promise<void> {
  const gone = before.filter((id) => !after.includes(id));
  const fresh = after.filter((id) => !before.includes(id));
  const name = dialect.quoteName(table);
  const column = dialect.quote(VERSION_COLUMN);
  for (const [index, id] of gone.entries()) {
    const next = fresh[index];
    const where = `WHERE ${column} = ${dialect.literal(id)}`;
    const sql =
      next === undefined
        ? `DELETE FROM ${name} ${where}`
        : `UPDATE ${name} SET ${column} = ${dialect.literal(next)} ${where}`;
    await executor.change({ sql }, 1);
  }
  for (const id of fresh.slice(gone.length)) {
    await executor.change({ sql: `INSERT INTO ${name} (${column}) VALUES (${dialect.literal(id)})` }, 1);
  }
}

/** A line of the history that is to be written. */
export interface HistoryLine extends Omit<HistoryEntry, "appliedAt"> {
  readonly record: StepRecord;
}

/** Notes in the history which revisions ran, in one statement. */
export async function writeHistory(
  dialect: Dialect,
  executor: Executor,
  table: QualifiedName,
  lines: readonly HistoryLine[],
): Promise<void> {
  const name = dialect.quoteName(table);
  const columns = ["position", ...HISTORY_COLUMNS].map((column) => dialect.quote(column)).join(", ");
  const highest = `COALESCE(MAX(${dialect.quote("position")}), 0)`;
  const rows = lines.map(
    (line, index) =>
      `SELECT ${[`${highest} + ${index + 1}`, ...historyLiterals(dialect, line)].join(", ")} FROM ${name}`,
  );
  const sql = `INSERT INTO ${name} (${columns}) ${rows.join(" UNION ALL ")}`;
  await executor.change({ sql }, lines.length);
}

const HISTORY_COLUMNS = [
  "revision",
  "parents",
  "message",
  "direction",
  "applied_at",
  "milliseconds",
  "sql_hash",
  "limbeck_version",
  "applied_by",
];

/** In the order of the columns. */
function historyLiterals(
  dialect: Dialect,
  { revision, parents, message, direction, record }: HistoryLine,
): readonly string[] {
  const { appliedAt, milliseconds, hash, limbeckVersion, appliedBy } = record;
  const literal = (value: string | number): string => dialect.literal(value);
  return [
    ...[revision, parents.join(" "), message, direction].map(literal),
    appliedAt === undefined
      ? (dialect.traits.nowText ?? "CURRENT_TIMESTAMP")
      : literal(appliedAt.toISOString()),
    ...[milliseconds, hash, limbeckVersion, appliedBy].map(literal),
  ];
}

/** The guard of a script: fails unless the version rows are these. */
export function expectVersions(
  dialect: Dialect,
  table: QualifiedName,
  rows: readonly string[],
): readonly Statement[] {
  return dialect.expectVersions(table, VERSION_COLUMN, rows);
}

/** The error of a version table that is there, and that the database will not show. */
export function versionsUnreadable(
  version: QualifiedName,
  { writeLock }: Dialect,
  cause: unknown,
): LimbeckError {
  const message = `the version table ${displayName(version)} cannot be read: ${messageOf(cause)}`;
  const hint = writeLock
    ? "another program may hold the file, so try again later; or it is no database of SQLite"
    : "without it nobody knows where the database is; give this role SELECT on it, or connect as its owner";
  return new LimbeckError("STATEMENT_FAILED", message, { cause, hint });
}
