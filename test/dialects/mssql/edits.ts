/** The table of single edits: one change each, on a table that stands for most. */
import type { Column, Schema, Table } from "../../../src/model/schema";
import { emptySchema } from "../../../src/model/schema";
import type { Operation } from "../../../src/operations/operation";

const customer: Table = {
  name: "customer",
  columns: [
    { name: "id", type: { name: "int" }, nullable: false, generated: { kind: "increment" } },
    { name: "code", type: { name: "varchar", length: 20 }, nullable: false },
  ],
  constraints: [
    { kind: "primaryKey", name: "PK_customer", columns: ["id"] },
    { kind: "unique", name: "UQ_customer_code", columns: ["code"] },
  ],
  indexes: [],
};

/** A heap: its key is only a key. */
const log: Table = {
  name: "log",
  columns: [
    { name: "id", type: { name: "int" }, nullable: false },
    { name: "at", type: { name: "datetime2", precision: 7 }, nullable: false },
    { name: "text", type: { name: "ntext" }, nullable: true },
  ],
  constraints: [{ kind: "primaryKey", name: "PK_log", columns: ["id"], clustered: false }],
  indexes: [],
};

/** As long as a name may be. */
const LONG = "n".repeat(128);

const order: Table = {
  name: "order",
  columns: [
    { name: "id", type: { name: "int" }, nullable: false },
    { name: "customer_id", type: { name: "int" }, nullable: false },
    { name: "amount", type: { name: "int" }, nullable: true, default: { value: 0 } },
    { name: "note", type: { name: "nvarchar", length: 50 }, nullable: true, comment: "what they said" },
    {
      name: "state",
      type: { name: "nvarchar", length: 255, values: ["open", "paid"] },
      nullable: false,
      default: { value: "open" },
    },
    {
      name: "total",
      type: { name: "int" },
      nullable: true,
      generated: { kind: "computed", sql: "[amount] * 2", stored: false },
    },
  ],
  constraints: [
    { kind: "primaryKey", name: "PK_order", columns: ["id"] },
    { kind: "check", name: "CHK_order_amount", expression: "[amount] >= 0" },
    {
      kind: "foreignKey",
      name: "FK_order_customer",
      columns: ["customer_id"],
      references: { name: "customer" },
      referencedColumns: ["id"],
      onDelete: "CASCADE",
      onUpdate: "NO ACTION",
    },
  ],
  indexes: [
    { name: "IDX_order_note", parts: [{ column: "note" }] },
    {
      name: "IDX_order_amount",
      parts: [{ column: "amount", order: "DESC" }],
      where: "[amount] IS NOT NULL",
      include: ["state"],
    },
  ],
};

/** What every edit starts from. */
export const start: Schema = {
  ...emptySchema,
  tables: [customer, log, order],
  views: [{ name: "open_orders", sql: "SELECT [id] FROM [order] WHERE [state] = N'open'" }],
  sequences: [{ name: "numbers", type: "bigint", start: "1", increment: "1" }],
};

const table = { name: "order" };
const columnOf = (name: string): Column => {
  const found = order.columns.find((column) => column.name === name);
  if (found) return found;
  throw new Error(`no column ${name}`);
};
const alter = (column: string, change: Extract<Operation, { kind: "alterColumn" }>["change"]): Operation => ({
  kind: "alterColumn",
  table,
  column,
  change,
  was: columnOf(column),
});
const view = { name: "open_orders", sql: "SELECT [id], [note] FROM [order] WHERE [state] = N'open'" };

/** Each edit by its name, which is also that of its file. */
export const edits: Readonly<Record<string, readonly Operation[]>> = {
  "add-column": [
    {
      kind: "addColumn",
      table,
      column: {
        name: "extra",
        type: { name: "nvarchar", length: "max" },
        nullable: true,
        comment: "it's new",
      },
    },
  ],
  "add-column-with-default": [
    {
      kind: "addColumn",
      table,
      column: { name: "extra", type: { name: "int" }, nullable: true, default: { value: 5 } },
    },
  ],
  "add-column-filled": [
    {
      kind: "addColumn",
      table,
      column: { name: "extra", type: { name: "int" }, nullable: false, default: { value: 5 } },
      fill: { sql: "[amount] + 1" },
    },
  ],
  "add-computed-column": [
    {
      kind: "addColumn",
      table,
      column: {
        name: "twice",
        type: { name: "int" },
        nullable: false,
        generated: { kind: "computed", sql: "[customer_id] * 2", stored: true },
      },
    },
  ],
  "add-uuid-column": [
    {
      kind: "addColumn",
      table,
      column: {
        name: "token",
        type: { name: "uniqueidentifier" },
        nullable: false,
        generated: { kind: "uuid" },
      },
    },
  ],
  "drop-column-with-default": [
    { kind: "dropColumn", table, column: "state", was: columnOf("state"), after: "note" },
  ],
  "drop-column-with-index": [
    {
      kind: "dropIndex",
      table,
      name: "IDX_order_note",
      was: { name: "IDX_order_note", parts: [{ column: "note" }] },
    },
    { kind: "dropColumn", table, column: "note", was: columnOf("note"), after: "amount" },
  ],
  "change-type": [alter("amount", { type: { name: "bigint" } })],
  "change-key-type": [alter("id", { type: { name: "bigint" } })],
  "change-nonclustered-key-type": [
    {
      kind: "alterColumn",
      table: { name: "log" },
      column: "id",
      change: { type: { name: "bigint" } },
      was: { name: "id", type: { name: "int" }, nullable: false },
    },
  ],
  "change-unique-column-type": [
    {
      kind: "alterColumn",
      table: { name: "customer" },
      column: "code",
      change: { type: { name: "nvarchar", length: 20 } },
      was: { name: "code", type: { name: "varchar", length: 20 }, nullable: false },
    },
  ],
  "widen-text": [alter("note", { type: { name: "nvarchar", length: 90 } })],
  "change-collation": [alter("note", { collation: "Latin1_General_BIN2" })],
  "set-not-null-with-fill": [
    { ...alter("note", { nullable: false }), fill: { value: "nothing said" } } as Operation,
  ],
  "change-default": [alter("amount", { default: { value: 1 } })],
  "drop-default": [alter("amount", { default: null })],
  "change-enum-values": [
    alter("state", { type: { name: "nvarchar", length: 255, values: ["open", "paid", "it's lost"] } }),
  ],
  "change-computed-column": [
    alter("total", { generated: { kind: "computed", sql: "[amount] * 3", stored: false } }),
  ],
  "rename-column": [alter("amount", { name: "sum" })],
  "change-column-comment": [alter("note", { comment: "what was said" })],
  "make-identity": [
    { kind: "batchAlterTable", table, operations: [alter("id", { generated: { kind: "increment" } })] },
  ],
  "drop-identity": [
    {
      kind: "batchAlterTable",
      table: { name: "customer" },
      operations: [
        {
          kind: "alterColumn",
          table: { name: "customer" },
          column: "id",
          change: { generated: null },
          was: { name: "id", type: { name: "int" }, nullable: false, generated: { kind: "increment" } },
        },
      ],
    },
  ],
  "rename-table": [{ kind: "renameTable", from: table, to: { name: "purchase" }, was: order }],
  "move-table": [
    { kind: "createSchema", name: "sales" },
    { kind: "renameTable", from: table, to: { schema: "sales", name: "order" }, was: order },
  ],
  "drop-table": [{ kind: "dropTable", table, was: order }],
  "comment-table": [{ kind: "commentTable", table, comment: "orders of customers", was: {} }],
  "create-index-online": [
    {
      kind: "createIndex",
      table,
      index: { name: "IDX_state", parts: [{ column: "state" }], unique: true },
      online: true,
    },
  ],
  "create-columnstore-index": [
    {
      kind: "createIndex",
      table,
      index: { name: "CSI_order", parts: [{ column: "amount" }, { column: "state" }], method: "columnstore" },
    },
  ],
  "rename-index": [{ kind: "renameIndex", table, from: "IDX_order_note", to: "IDX_note" }],
  "rename-constraint": [{ kind: "renameConstraint", table, from: "CHK_order_amount", to: "CHK_amount" }],
  "add-unchecked-constraint": [
    {
      kind: "addConstraint",
      table,
      constraint: { kind: "check", name: "CHK_note", expression: "[note] <> N''", notValid: true },
    },
    { kind: "validateConstraint", table, name: "CHK_note" },
  ],
  "add-unnamed-keys": [
    { kind: "addConstraint", table, constraint: { kind: "unique", columns: ["note", "state"] } },
    {
      kind: "addConstraint",
      table,
      constraint: {
        kind: "foreignKey",
        columns: ["amount"],
        references: { name: "customer" },
        referencedColumns: ["id"],
        onDelete: "NO ACTION",
        onUpdate: "NO ACTION",
      },
    },
  ],
  "replace-primary-key": [
    {
      kind: "dropConstraint",
      table,
      name: "PK_order",
      type: "primaryKey",
      was: { kind: "primaryKey", name: "PK_order", columns: ["id"] },
    },
    {
      kind: "addConstraint",
      table,
      constraint: { kind: "primaryKey", name: "PK_order_2", columns: ["id", "customer_id"] },
    },
  ],
  "create-view": [
    { kind: "createView", view: { schema: "dbo", name: "all_orders", sql: "SELECT [id] FROM [order]" } },
  ],
  "replace-view": [
    {
      kind: "replaceView",
      view,
      was: { name: "open_orders", sql: "SELECT [id] FROM [order] WHERE [state] = N'open'" },
    },
  ],
  "create-sequence": [
    {
      kind: "createSequence",
      sequence: { schema: "dbo", name: "more", type: "int", start: "10", increment: "5" },
    },
  ],
  "change-sequence": [
    {
      kind: "alterSequence",
      name: { name: "numbers" },
      change: { increment: "2", name: { name: "counts" } },
      was: { name: "numbers", type: "bigint", start: "1", increment: "1" },
    },
  ],
  "move-sequence": [
    { kind: "createSchema", name: "sales", ifNotExists: true },
    {
      kind: "alterSequence",
      name: { name: "numbers" },
      change: { name: { schema: "sales", name: "numbers" } },
      was: { name: "numbers", type: "bigint", start: "1", increment: "1" },
    },
  ],
  "create-index-resumable": [
    {
      kind: "createIndex",
      table,
      index: { name: "IDX_state", parts: [{ column: "state" }] },
      resumable: true,
    },
  ],
  "create-clustered-index": [
    {
      kind: "createIndex",
      table: { name: "log" },
      index: { name: "IDX_log", parts: [{ column: "at" }], method: "clustered" },
      online: true,
    },
  ],
  "add-nullable-one-to-one": [
    {
      kind: "addColumn",
      table,
      column: { name: "invoice_id", type: { name: "int" }, nullable: true },
    },
    {
      kind: "createIndex",
      table,
      index: {
        name: "REL_order_invoice",
        parts: [{ column: "invoice_id" }],
        unique: true,
        where: "[invoice_id] IS NOT NULL",
      },
    },
    {
      kind: "addConstraint",
      table,
      constraint: {
        kind: "foreignKey",
        name: "FK_order_invoice",
        columns: ["invoice_id"],
        references: { name: "order" },
        referencedColumns: ["id"],
        onDelete: "NO ACTION",
        onUpdate: "NO ACTION",
      },
    },
  ],
  "change-large-type": [
    {
      kind: "alterColumn",
      table: { name: "log" },
      column: "text",
      change: { type: { name: "nvarchar", length: 200 } },
      was: { name: "text", type: { name: "ntext" }, nullable: true },
    },
  ],
  "drop-not-null": [alter("customer_id", { nullable: true })],
  "drop-table-with-keys": [
    { kind: "dropTable", table: { name: "customer" }, was: customer, cascade: true, ifExists: true },
  ],
  "names-of-128": [
    {
      kind: "createTable",
      table: {
        name: LONG,
        columns: [
          { name: "id", type: { name: "int" }, nullable: false, default: { value: 1 } },
          { name: `${LONG.slice(1)}]`, type: { name: "int" }, nullable: true },
        ],
        constraints: [{ kind: "unique", name: `${LONG.slice(2)}'s`, columns: [`${LONG.slice(1)}]`] }],
        indexes: [],
      },
    },
    {
      kind: "batchAlterTable",
      table: { name: LONG },
      operations: [],
      recreate: "always",
    },
  ],
};

/** Edits that have no way back. */
export const oneWay: Readonly<Record<string, readonly Operation[]>> = {
  "change-places": [
    { kind: "batchAlterTable", table, operations: [], moves: [{ column: "note", after: "id" }] },
  ],
  "insert-and-fill-rows": [
    {
      kind: "bulkInsert",
      table: { name: "customer" },
      rows: [
        { id: 7, code: "a'b" },
        { id: 8, code: null },
      ],
    },
    { kind: "backfill", table, set: { note: "old" }, where: "[note] IS NULL" },
  ],
};
