/** The words in which single edits of a schema are written, the tables that they are of, and what tests do with them. */
import { diff } from "../../../src/diff/diff";
import type { Check, Column, ColumnType, Constraint, Index, Schema, Table } from "../../../src/model/schema";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import type { MysqlTest } from "../../support/mysql";

/** Three tables with rows, of most kinds of columns and keys. */
export const DDL = [
  // Old servers would make it latin1.
  `ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
  `CREATE TABLE parent (id int NOT NULL, code varchar(20) NOT NULL, PRIMARY KEY (id), UNIQUE KEY uq_code (code))`,
  `CREATE TABLE account (
    id int NOT NULL AUTO_INCREMENT,
    name varchar(20) NOT NULL COMMENT 'who''s',
    note varchar(255) NULL,
    digits varchar(10) NULL DEFAULT '7',
    amount decimal(10,2) NOT NULL DEFAULT 0,
    small smallint NULL,
    big bigint NULL,
    seen datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    day datetime NULL,
    role enum('admin','it''s','user') NOT NULL DEFAULT 'user',
    flags set('a','b','c') NULL,
    body text NULL,
    settings json NULL,
    parent_id int NULL,
    count int NULL DEFAULT 3,
    price varchar(12) NULL DEFAULT '1.5',
    parent_code varchar(20) NULL,
    doubled int AS (small * 2) VIRTUAL,
    label varchar(60) AS (concat(name, '!')) STORED,
    PRIMARY KEY (id),
    KEY ix_note (note(10)),
    KEY ix_pair (name, small),
    UNIQUE KEY uq_name (name),
    CONSTRAINT ck_small CHECK (small > -100),
    CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE SET NULL,
    CONSTRAINT fk_code FOREIGN KEY (parent_code) REFERENCES parent (code) ON UPDATE CASCADE
  ) COMMENT 'the accounts'`,
  `CREATE TABLE plain (id int NOT NULL, word varchar(9) NULL, PRIMARY KEY (id))`,
  `INSERT INTO plain VALUES (1, 'größe')`,
  `INSERT INTO parent VALUES (1, 'one'), (2, 'two')`,
  `INSERT INTO account (name, note, digits, amount, small, big, day, role, flags, body, settings, parent_id, parent_code) VALUES
    ('größe 日本', 'plain', '12', 12.34, 5, 900, '2026-01-28 23:59:59', 'admin', 'a,c', 'long text', '{"a": 1}', 1, 'two'),
    ('it''s', NULL, NULL, -1, NULL, NULL, NULL, 'it''s', '', NULL, NULL, NULL, NULL),
    ('\\\\ back', 'x', '007', 99999999.99, -99, -900, '2026-12-31 00:00:00', 'user', 'b', '', '[]', 2, 'one')`,
  `CREATE VIEW names AS SELECT id, name AS title FROM account WHERE small > 1`,
];

/** What becomes of a schema. */
export type Edit = (schema: Schema) => Schema;

export const table =
  (name: string, change: (table: Table) => Table): Edit =>
  (schema) => ({
    ...schema,
    tables: schema.tables.map((one) => (one.name === name ? change(one) : one)),
  });
export const column = (name: string, change: Partial<Column> | ((column: Column) => Column)): Edit =>
  table("account", (one) => ({
    ...one,
    columns: one.columns.map((each) =>
      each.name !== name ? each : typeof change === "function" ? change(each) : { ...each, ...change },
    ),
  }));
export const type = (name: string, to: ColumnType): Edit => column(name, { type: to });
export const both =
  (...edits: readonly Edit[]): Edit =>
  (schema) =>
    edits.reduce((current, edit) => edit(current), schema);
export const added = (one: Column): Edit =>
  table("account", (to) => ({ ...to, columns: [...to.columns, one] }));
export const constraints = (
  change: (list: readonly Constraint[]) => readonly Constraint[],
  of = "account",
): Edit => table(of, (to) => ({ ...to, constraints: change(to.constraints) }));
export const indexes = (change: (list: readonly Index[]) => readonly Index[]): Edit =>
  table("account", (to) => ({ ...to, indexes: change(to.indexes) }));
export const index = (name: string, change: Partial<Index>): Edit =>
  indexes((list) => list.map((one) => (one.name === name ? { ...one, ...change } : one)));
export const without =
  <T extends object>(key: keyof T) =>
  (one: T): T =>
    Object.fromEntries(Object.entries(one).filter(([name]) => name !== key)) as T;
export const check = (expression: string): Check => ({ kind: "check", name: "ck_small", expression });

export async function read({ dialect, db }: MysqlTest): Promise<Schema> {
  const schema = dialect.normalize(await dialect.inspect(db, { schemas: [] }));
  return { ...schema, tables: schema.tables.filter(({ name }) => name !== "typeorm_metadata") };
}

export async function difference(
  { dialect, db }: MysqlTest,
  from: Schema,
  to: Schema,
): Promise<readonly Operation[]> {
  const wanted = (await dialect.canonicalize?.(db, dialect.normalize(to), from)) ?? to;
  const operations = diff(from, wanted, {
    forwardReferences: false,
    registry: emptyRegistry,
    names: "strategy",
  });
  return dialect.arrange?.(operations, from) ?? operations;
}

export async function perform(on: MysqlTest, operations: readonly Operation[]): Promise<void> {
  const context = on.context();
  for (const operation of operations) await context.perform(operation);
}

type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export async function rowsOf({ connection }: MysqlTest): Promise<Rows> {
  const rows: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
  for (const name of ["parent", "plain", "account"]) {
    const [found] = await connection.query(`SELECT * FROM ${name} ORDER BY id`);
    rows[name] = found as readonly Readonly<Record<string, unknown>>[];
  }
  return rows;
}

/** Columns that are on both sides hold what they held; numbers may have more places behind the point. */
export function expectKept(before: Rows, after: Rows, recomputed: readonly string[] = []): void {
  for (const [name, rows] of Object.entries(before)) {
    const now = after[name] ?? [];
    const shared = Object.keys(rows[0] ?? {}).filter(
      (key) => key in (now[0] ?? {}) && !recomputed.includes(key),
    );
    const values = (row: Readonly<Record<string, unknown>>): unknown =>
      shared.map((key) => [key, plain(key, row[key])]);
    expect(now.map(values)).toEqual(rows.map(values));
  }
}

/** The columns of the accounts that are computed by another expression than before. */
export function recomputedBetween(from: Schema, to: Schema): readonly string[] {
  const sqlOf = (schema: Schema): ReadonlyMap<string, string> => {
    const columns = schema.tables.find(({ name }) => name === "account")?.columns ?? [];
    return new Map(
      columns.flatMap(({ name, generated }) =>
        generated?.kind === "computed" ? [[name, generated.sql] as const] : [],
      ),
    );
  };
  const before = sqlOf(from);
  return [...sqlOf(to)].flatMap(([name, sql]) => (before.get(name) === sql ? [] : [name]));
}

function plain(key: string, value: unknown): unknown {
  if ((key === "amount" || key === "price") && value !== null) return Number(value);
  // The members of a set come in the order of its definition.
  return key === "flags" && typeof value === "string" ? value.split(",").sort() : value;
}

/** The schema without the order of its columns: a column that was taken away and added again stands elsewhere. */
export function ordered(schema: Schema): Schema {
  return {
    ...schema,
    tables: schema.tables.map((one) => ({
      ...one,
      columns: one.columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    })),
  };
}
