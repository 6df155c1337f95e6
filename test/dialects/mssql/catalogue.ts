/**
 * What the catalogue views of SQL Server answer, as rows for `inspect`, in the spelling that the manual gives them. The
 * pages are under https://learn.microsoft.com/sql/relational-databases/system-catalog-views/. No Microsoft server was at
 * hand to record them from: each fixture names the page that it follows.
 */
import type { Queryable } from "../../../src/dialects/dialect";
import type {
  CheckRow,
  ColumnRow,
  ForeignKeyRow,
  IndexRow,
  TableRow,
  TriggerRow,
} from "../../../src/dialects/mssql/inspect-table";
import { tokenize } from "../../../src/dialects/mssql/tokens";
import { defaultOf } from "../../../src/dialects/mssql/text";
import { storedType } from "../../../src/dialects/mssql/types";
import type { Column, Constraint, Schema, Table } from "../../../src/model/schema";
import { primaryKeyOf } from "../../../src/model/schema";

/** The rows of each query of `inspect`. */
export interface Catalogue {
  readonly namespaces: readonly { readonly name: string }[];
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
  readonly checks: readonly CheckRow[];
  readonly keys: readonly ForeignKeyRow[];
  readonly triggers: readonly TriggerRow[];
  readonly views: readonly {
    readonly schema: string | null;
    readonly name: string;
    readonly definition: string | null;
  }[];
  readonly sequences: readonly Readonly<Record<string, string | null>>[];
}

export const emptyCatalogue: Catalogue = {
  namespaces: [],
  tables: [],
  columns: [],
  indexes: [],
  checks: [],
  keys: [],
  triggers: [],
  views: [],
  sequences: [],
};

/** Which rows a query asks for, by the view that it alone reads. */
const ASKED: readonly (readonly [RegExp, keyof Catalogue | "context"])[] = [
  [/^SELECT SCHEMA_NAME\(\) AS \[schema\]|^SELECT CONVERT\(nvarchar\(128\), DATABASEPROPERTYEX/, "context"],
  [/FROM sys\.schemas AS s WHERE/, "namespaces"],
  [/JOIN sys\.columns AS c ON c\.object_id = t\.object_id/, "columns"],
  [/JOIN sys\.indexes/, "indexes"],
  [/JOIN sys\.check_constraints/, "checks"],
  [/JOIN sys\.foreign_keys/, "keys"],
  [/JOIN sys\.triggers/, "triggers"],
  [/FROM sys\.views/, "views"],
  [/FROM sys\.sequences/, "sequences"],
  [/FROM sys\.tables/, "tables"],
];

/** What a query of `inspect` or `canonicalize` asks for. */
export function partOf(sql: string): keyof Catalogue | "context" {
  const found = ASKED.find(([view]) => view.test(sql));
  if (found) return found[1];
  throw new Error(`nobody recorded an answer to ${sql}`);
}

const CONTEXT = [{ schema: "dbo", collation: "SQL_Latin1_General_CP1_CI_AS" }];

/** A connection that answers with recorded rows, and keeps what it was asked. */
export interface Recorded extends Queryable {
  readonly asked: readonly string[];
}

/** A recorded connection; `twin` answers what `canonicalize` asks a twin, by the text that was put in. */
export function recorded(
  catalogue: Catalogue,
  twin: (sql: string) => Promise<readonly Readonly<Record<string, string>>[]> = () => Promise.resolve([]),
  context: readonly object[] = CONTEXT,
): Recorded {
  const asked: string[] = [];
  return {
    asked,
    query: async <Row>(sql: string) => {
      asked.push(sql);
      const answer = async (): Promise<readonly unknown[]> => {
        if (sql.includes("ROLLBACK TRANSACTION")) return await twin(sql);
        const part = partOf(sql);
        return part === "context" ? context : catalogue[part];
      };
      return (await answer()) as readonly Row[];
    },
    change: () => Promise.reject(new Error("reading changes nothing")),
  };
}

/** The rows of a schema as SQL Server would keep it, after CREATE TABLE of everything in it. */
export function catalogueOf(schema: Schema): Catalogue {
  const all = <T>(rows: (table: Table) => readonly T[]): readonly T[] => schema.tables.flatMap(rows);
  return {
    namespaces: schema.namespaces.map((name) => ({ name })),
    tables: schema.tables.map((table) => ({
      schema: table.schema ?? null,
      name: table.name,
      comment: table.comment ?? null,
    })),
    columns: all((table) => table.columns.map((column) => columnRow(table, column))),
    indexes: all((table) => [...keyRows(table), ...indexRows(table)]),
    checks: all((table) => [...checkRows(table), ...enumRows(table)]),
    keys: all(foreignKeyRows),
    triggers: [],
    views: schema.views.map((view) => ({
      schema: view.schema ?? null,
      name: view.name,
      // sys.sql_modules: "the SQL text that defines this module", as it was sent.
      definition: `CREATE VIEW [${view.name}] AS ${view.sql};`,
    })),
    sequences: [],
  };
}

/** sys-columns-transact-sql: max_length is in bytes, -1 for max, 16 for the old large types; scale of times. */
function columnRow(table: Table, column: Column): ColumnRow {
  const type = storedType(column.type);
  const unicode = ["nchar", "nvarchar"].includes(type.name) ? 2 : 1;
  const computed = column.generated?.kind === "computed" ? column.generated : undefined;
  const value = computed ? undefined : defaultOf(column);
  return {
    schema: table.schema ?? null,
    table: table.name,
    name: column.name,
    type: type.name,
    isUserDefined: false,
    typeSchema: "sys",
    length: type.length === "max" ? -1 : Number(type.length ?? 16) * unicode,
    precision: type.precision ?? 0,
    scale: type.scale ?? type.precision ?? 0,
    isNullable: column.nullable,
    isIdentity: column.generated?.kind === "increment",
    collation: column.collation ?? "SQL_Latin1_General_CP1_CI_AS",
    default: value === undefined ? null : speltDefault(value),
    computed: computed ? `(${spelt(computed.sql)})` : null,
    isPersisted: computed ? computed.stored : null,
    comment: column.comment ?? null,
  };
}

/** sys-default-constraints-transact-sql: numbers in two pairs of parentheses, all else in one, functions in small letters. */
function speltDefault(sql: string): string {
  return /^-?[\d.]+$/.test(sql)
    ? `((${sql}))`
    : `(${sql.replace(/^[A-Z]+\(/, (call) => call.toLowerCase())})`;
}

/** sys-indexes-transact-sql, sys-index-columns-transact-sql. */
function keyRows(table: Table): readonly IndexRow[] {
  return table.constraints.flatMap((constraint) =>
    constraint.kind === "primaryKey" || constraint.kind === "unique"
      ? constraint.columns.map((column) => ({
          ...indexRow(table, constraint.name ?? "", column),
          kind: constraint === primaryKeyOf(table) ? 1 : 2,
          isUnique: true,
          isPrimaryKey: constraint.kind === "primaryKey",
          isUniqueConstraint: constraint.kind === "unique",
        }))
      : [],
  );
}

function indexRows(table: Table): readonly IndexRow[] {
  return table.indexes.flatMap((index) => [
    ...index.parts.map((part) => ({
      ...indexRow(table, index.name, part.column ?? ""),
      isUnique: index.unique ?? false,
      where: index.where === undefined ? null : `(${spelt(index.where)})`,
      isDescending: part.order === "DESC",
    })),
  ]);
}

function indexRow(table: Table, name: string, column: string): IndexRow {
  return {
    schema: table.schema ?? null,
    table: table.name,
    name,
    kind: 2,
    isUnique: false,
    isPrimaryKey: false,
    isUniqueConstraint: false,
    where: null,
    column,
    isDescending: false,
    isIncluded: false,
  };
}

/** sys-check-constraints-transact-sql. */
function checkRows(table: Table): readonly CheckRow[] {
  return table.constraints.flatMap((constraint: Constraint) =>
    constraint.kind === "check"
      ? [
          {
            schema: table.schema ?? null,
            table: table.name,
            name: constraint.name ?? "",
            definition: `(${spelt(constraint.expression)})`,
            isNotTrusted: false,
          },
        ]
      : [],
  );
}

/** IN is kept as comparisons, from the last value to the first. */
function enumRows(table: Table): readonly CheckRow[] {
  return table.columns.flatMap(({ name, type }) =>
    type.values
      ? [
          {
            schema: table.schema ?? null,
            table: table.name,
            name: `CHK_${name}_ENUM`,
            definition: `(${type.values
              .map((value) => `[${name}]='${value.replaceAll("'", "''")}'`)
              .reverse()
              .join(" OR ")})`,
            isNotTrusted: false,
          },
        ]
      : [],
  );
}

/** sys-foreign-keys-transact-sql: actions with an underscore. */
function foreignKeyRows(table: Table): readonly ForeignKeyRow[] {
  return table.constraints.flatMap((constraint) =>
    constraint.kind === "foreignKey"
      ? constraint.columns.map((column, place) => ({
          schema: table.schema ?? null,
          table: table.name,
          name: constraint.name ?? "",
          column,
          referencedSchema: constraint.references.schema ?? null,
          referencedTable: constraint.references.name,
          referencedColumn: constraint.referencedColumns[place] ?? "",
          onDelete: constraint.onDelete.replace(" ", "_"),
          onUpdate: constraint.onUpdate.replace(" ", "_"),
          isNotTrusted: false,
        }))
      : [],
  );
}

/**
 * An expression as the catalogue spells it: names in brackets, numbers in parentheses, functions in small letters, no
 * space but around words.
 */
export function spelt(sql: string): string {
  return tokenize(sql)
    .map(({ kind, text }) => {
      if (kind === "name") return `[${text}]`;
      if (kind === "number") return `(${text})`;
      if (kind === "text") return `'${text.replaceAll("'", "''")}'`;
      if (kind === "symbol") return text;
      return /^(and|or|not|is|null|like)$/i.test(text) ? ` ${text.toUpperCase()} ` : text.toLowerCase();
    })
    .join("")
    .replaceAll("  ", " ")
    .trim();
}
