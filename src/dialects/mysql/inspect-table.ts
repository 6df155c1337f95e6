/** One table from the rows of the catalogue. */
import { compact } from "../../model/equal";
import type {
  Column,
  Constraint,
  Default,
  ForeignKey,
  Generated,
  Index,
  IndexPart,
  QualifiedName,
  ReferentialAction,
  Table,
} from "../../model/schema";
import type { Capabilities } from "./capabilities";
import { currentTimestamp } from "./default";
import { canonicalColumn } from "./normalize";
import { parseType } from "./type";
import { sameTokens, stripOuterParentheses, withoutIntroducers } from "./tokens";

export interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly collation: string | null;
  readonly comment: string;
}
export interface ColumnRow {
  readonly tbl: string;
  readonly name: string;
  readonly preset: string | null;
  readonly nullable: string;
  readonly type: string;
  readonly collation: string | null;
  readonly extra: string;
  readonly comment: string;
  readonly expression: string | null;
  readonly srid: number | null;
}
export interface IndexRow {
  readonly tbl: string;
  readonly name: string;
  readonly plain: number | string;
  readonly col: string | null;
  readonly part: number | string | null;
  readonly direction: string | null;
  readonly type: string;
  readonly expression: string | null;
  readonly visible: number | string;
}
export interface KeyRow {
  readonly tbl: string;
  readonly name: string;
  readonly col: string;
  readonly parentSchema: string;
  readonly parent: string;
  readonly parentColumn: string;
}
export interface ReferenceRow {
  readonly tbl: string;
  readonly name: string;
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
}
export interface CheckRow {
  readonly tbl: string;
  readonly name: string;
  readonly expression: string;
  readonly level: string | null;
}

/** The rows of one table, and where they come from. */
export interface TableRows {
  /** Absent for the connection's own database. */
  readonly schema: string | undefined;
  /** The connection's own database. */
  readonly own: string | undefined;
  readonly capabilities: Capabilities;
  /** Parsers of full-text indexes, by `table index`. */
  readonly parsers: ReadonlyMap<string, string>;
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
  readonly keys: readonly KeyRow[];
  readonly references: readonly ReferenceRow[];
  readonly checks: readonly CheckRow[];
}

/** The table that the rows describe. */
export function readTable(row: TableRow, rows: TableRows): Table {
  const json = rows.capabilities.jsonIsText ? jsonColumns(rows) : new Set<string>();
  const columns = rows.columns.map((column) => readColumn(column, row.collation, json, rows));
  const checks = rows.checks
    .filter(
      (check) => !isOfColumn(check) && !(json.has(check.name) && isJsonCheck(check.name, check.expression)),
    )
    .map(({ name, expression }): Constraint => ({
      kind: "check",
      name,
      expression: stripOuterParentheses(expressionOf(expression, rows.capabilities)),
    }));
  const primary = rows.indexes.filter(({ name }) => name === "PRIMARY");
  const primaryKey: readonly Constraint[] =
    primary.length === 0 ? [] : [{ kind: "primaryKey", columns: primary.flatMap(({ col }) => col ?? []) }];
  const charset = row.collation?.split("_")[0];
  return compact<Table>({
    schema: rows.schema,
    name: row.name,
    columns,
    constraints: [...primaryKey, ...readKeys(rows), ...checks],
    indexes: readIndexes(row.name, rows),
    comment: row.comment === "" ? undefined : row.comment,
    options: compact({
      engine: row.engine ?? undefined,
      charset,
      collation: row.collation ?? undefined,
    }),
  });
}

function readColumn(
  row: ColumnRow,
  tableCollation: string | null,
  json: ReadonlySet<string>,
  rows: TableRows,
): Column {
  const { capabilities } = rows;
  const isJson = json.has(row.name);
  const parsed = isJson ? { name: "json" } : parseType(row.type);
  const isInherited = isJson || row.collation === tableCollation;
  return canonicalColumn({
    name: row.name,
    type: row.srid === null ? parsed : { ...parsed, srid: row.srid },
    nullable: row.nullable === "YES",
    default: readDefault(row, capabilities),
    generated: readGenerated(row, capabilities),
    onUpdate: /on update (\S+)/i.exec(row.extra)?.[1],
    collation: isInherited ? undefined : (row.collation ?? undefined),
    comment: row.comment,
    check: isJson ? undefined : checkOfColumn(row.name, rows),
    invisible: /\binvisible\b/i.test(row.extra) ? true : undefined,
  });
}

function readGenerated(row: ColumnRow, capabilities: Capabilities): Generated | undefined {
  if (/auto_increment/i.test(row.extra)) return { kind: "increment" };
  if (row.expression === null || row.expression === "") return undefined;
  return {
    kind: "computed",
    sql: stripOuterParentheses(expressionOf(row.expression, capabilities)),
    stored: /stored|persistent/i.test(row.extra),
  };
}

function readDefault(row: ColumnRow, capabilities: Capabilities): Default | undefined {
  if (row.preset === null) return undefined;
  if (capabilities.quotedDefaults) return { sql: row.preset };
  if (/default_generated/i.test(row.extra) || currentTimestamp(row.preset) !== undefined) {
    return { sql: expressionOf(row.preset, capabilities) };
  }
  return /^(?:b'[01]*'|0x[0-9a-f]*)$/i.test(row.preset) ? { sql: row.preset } : { value: row.preset };
}

/** MySQL escapes expressions once more for `information_schema`, and names the character set of every string. */
function expressionOf(text: string, { escapedExpressions }: Capabilities): string {
  if (!escapedExpressions) return text;
  return withoutIntroducers(decoded(text).replaceAll(/\\([\s\S])/g, "$1"));
}

/** MySQL takes each byte of an expression for a letter, and encodes it once more; SHOW CREATE TABLE does not. */
function decoded(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\x00-\xff]/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

function checkOfColumn(column: string, { checks, capabilities }: TableRows): string | undefined {
  const found = checks.find((check) => isOfColumn(check) && check.name === column);
  return found && stripOuterParentheses(expressionOf(found.expression, capabilities));
}

/** MariaDB names the check of a column after it, and a check of the table may have the same name. */
function isOfColumn({ level }: CheckRow): boolean {
  return level?.toLowerCase() === "column";
}

/** The columns that MariaDB made of `json`: `longtext` that must be valid. */
function jsonColumns({ checks, columns }: TableRows): ReadonlySet<string> {
  const texts = new Set(columns.filter(({ type }) => type === "longtext").map(({ name }) => name));
  return new Set(
    checks
      .filter(({ name, expression }) => texts.has(name) && isJsonCheck(name, expression))
      .map(({ name }) => name),
  );
}

function isJsonCheck(column: string, expression: string): boolean {
  return sameTokens(expression, `json_valid(\`${column.replaceAll("`", "``")}\`)`);
}

function readKeys({ own, keys, references }: TableRows): readonly ForeignKey[] {
  const names = [...new Set(keys.map(({ name }) => name))];
  return names.flatMap((name) => {
    const rows = keys.filter((key) => key.name === name);
    const rule = references.find((reference) => reference.name === name);
    const [first] = rows;
    if (!first || !rule) return [];
    return [
      {
        kind: "foreignKey",
        name,
        columns: rows.map(({ col }) => col),
        references: parentOf(first, own),
        referencedColumns: rows.map(({ parentColumn }) => parentColumn),
        onDelete: rule.onDelete,
        onUpdate: rule.onUpdate,
      },
    ];
  });
}

/** A table in the connection's own database has no schema, wherever the foreign key stands. */
function parentOf({ parent, parentSchema }: KeyRow, own: string | undefined): QualifiedName {
  return parentSchema === own ? { name: parent } : { schema: parentSchema, name: parent };
}

function readIndexes(table: string, { indexes, parsers, capabilities }: TableRows): readonly Index[] {
  const names = [...new Set(indexes.map(({ name }) => name))].filter((name) => name !== "PRIMARY");
  return names.map((name) => {
    const rows = indexes.filter((row) => row.name === name);
    const type = rows[0]?.type ?? "BTREE";
    const isPlain = type === "BTREE" || type === "RTREE";
    return compact<Index>({
      name,
      parts: rows.map((row) => readPart(row, type, capabilities)),
      unique: Number(rows[0]?.plain) === 0 ? true : undefined,
      method: isPlain ? undefined : type.toLowerCase(),
      parser: parsers.get(`${table} ${name}`),
      invisible: Number(rows[0]?.visible) === 0 ? true : undefined,
    });
  });
}

function readPart(row: IndexRow, type: string, capabilities: Capabilities): IndexPart {
  const whole = row.part === null || type === "SPATIAL" || type === "FULLTEXT" || type === "VECTOR";
  return compact<IndexPart>({
    column: row.col ?? undefined,
    expression:
      row.expression === null ? undefined : stripOuterParentheses(expressionOf(row.expression, capabilities)),
    order: row.direction === "D" ? "DESC" : undefined,
    length: whole ? undefined : Number(row.part),
  });
}
