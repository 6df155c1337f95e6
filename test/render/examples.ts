/** Every kind of operation with the statement that it becomes in a file, before prettier lays it out. */
import type { OperationKind } from "../../src/operations/operation";
import type { Example } from "./table-examples";
import { TABLE_EXAMPLES, account, log, order } from "./table-examples";

export const EXAMPLES: { readonly [K in OperationKind]: readonly Example<K>[] } = {
  ...TABLE_EXAMPLES,
  createEnum: [
    [
      { kind: "createEnum", enum: { schema: "shop", name: "status", values: ["new", "it's"] } },
      'await op.createEnum("shop.status", ["new", "it\'s"]);',
    ],
  ],
  alterEnum: [
    [
      {
        kind: "alterEnum",
        name: { name: "status" },
        change: { values: ["new", "done"], rename: { old: "done" }, mapping: { gone: "new" } },
      },
      'await op.alterEnum("status", { values: ["new", "done"], rename: { old: "done" }, mapping: { gone: "new" } });',
    ],
    [
      {
        kind: "alterEnum",
        name: { schema: "shop", name: "status" },
        change: {
          name: { schema: "shop", name: "state" },
          add: [{ value: "late" }, { value: "early", before: "new" }],
        },
      },
      'await op.alterEnum("shop.status", { add: ["late", { value: "early", before: "new" }], newName: "shop.state" });',
    ],
  ],
  dropEnum: [
    [
      { kind: "dropEnum", name: { name: "status" }, ifExists: true },
      'await op.dropEnum("status", { ifExists: true });',
    ],
  ],
  createView: [
    [
      {
        kind: "createView",
        view: {
          name: "by_country",
          sql: "SELECT country\nFROM customer",
          materialized: true,
          indexes: [{ name: "IDX", parts: [{ column: "country" }], unique: true }],
        },
      },
      'await op.createView("by_country", `SELECT country\nFROM customer`, ' +
        '{ materialized: true, indexes: [{ name: "IDX", parts: ["country"], unique: true }] });',
    ],
  ],
  replaceView: [
    [{ kind: "replaceView", view: { name: "v", sql: "SELECT 1" } }, 'await op.replaceView("v", "SELECT 1");'],
  ],
  refreshView: [
    [
      { kind: "refreshView", view: { name: "v" }, concurrently: true },
      'await op.refreshView("v", { concurrently: true });',
    ],
  ],
  dropView: [
    [
      { kind: "dropView", view: { schema: "a.b", name: "v" }, materialized: true },
      'await op.dropView({ schema: "a.b", name: "v" }, { materialized: true });',
    ],
  ],
  createSchema: [
    [
      { kind: "createSchema", name: "audit", ifNotExists: true },
      'await op.createSchema("audit", { ifNotExists: true });',
    ],
  ],
  dropSchema: [
    [
      { kind: "dropSchema", name: "audit", cascade: true },
      'await op.dropSchema("audit", { cascade: true });',
    ],
  ],
  createSequence: [
    [
      {
        kind: "createSequence",
        sequence: {
          schema: "shop",
          name: "numbers",
          type: "bigint",
          start: "9007199254740993",
          increment: "-1",
        },
      },
      'await op.createSequence("shop.numbers", { start: 9007199254740993n, increment: -1, type: "bigint" });',
    ],
  ],
  alterSequence: [
    [
      {
        kind: "alterSequence",
        name: { name: "numbers" },
        change: { name: { name: "counts" }, restart: "1", increment: "2" },
      },
      'await op.alterSequence("numbers", { restart: 1, increment: 2, newName: "counts" });',
    ],
  ],
  dropSequence: [[{ kind: "dropSequence", name: { name: "numbers" } }, 'await op.dropSequence("numbers");']],
  createExtension: [
    [
      { kind: "createExtension", extension: { name: "citext", schema: "public" }, ifNotExists: true },
      'await op.createExtension("citext", { ifNotExists: true, schema: "public" });',
    ],
  ],
  dropExtension: [
    [
      { kind: "dropExtension", name: "citext", ifExists: true },
      'await op.dropExtension("citext", { ifExists: true });',
    ],
  ],
  batchAlterTable: [
    [
      {
        kind: "batchAlterTable",
        table: log,
        operations: [
          {
            kind: "addColumn",
            table: log,
            column: { name: "pinned", type: { name: "boolean" }, nullable: false, default: { value: false } },
            after: "title",
          },
          {
            kind: "alterColumn",
            table: log,
            column: "body",
            change: { nullable: false },
            fill: { value: "" },
          },
          { kind: "dropColumn", table: log, column: "old" },
          { kind: "createIndex", table: log, index: { name: "IDX", parts: [{ column: "a" }] } },
          { kind: "dropIndex", table: log, name: "IDX_old" },
          { kind: "renameIndex", table: log, from: "IDX_a", to: "IDX_b" },
          {
            kind: "addConstraint",
            table: log,
            constraint: { kind: "check", name: "CHK", expression: "a > 0" },
          },
          { kind: "dropConstraint", table: log, type: "unique", was: { kind: "unique", columns: ["a"] } },
          { kind: "renameConstraint", table: log, from: "CHK_a", to: "CHK_b" },
        ],
      },
      'await op.batchAlterTable("audit.log", (batch) => {\n' +
        'batch.addColumn({ name: "pinned", type: "boolean", default: false }, { after: "title" });\n' +
        'batch.alterColumn("body", { nullable: false }, { fill: "" });\n' +
        'batch.dropColumn("old");\n' +
        'batch.createIndex("IDX", ["a"]);\n' +
        'batch.dropIndex("IDX_old");\n' +
        'batch.renameIndex("IDX_a", "IDX_b");\n' +
        'batch.createCheckConstraint("CHK", "a > 0");\n' +
        'batch.dropConstraint(null, { type: "unique", columns: ["a"] });\n' +
        'batch.renameConstraint("CHK_a", "CHK_b");\n' +
        "});",
    ],
    [
      {
        kind: "batchAlterTable",
        table: account,
        operations: [{ kind: "dropColumn", table: account, column: "a" }],
        recreate: "always",
        copyFrom: {
          ...account,
          columns: [{ name: "a", type: { name: "int" }, nullable: false }],
          constraints: [],
          indexes: [],
        },
      },
      'await op.batchAlterTable("account", { recreate: "always", copyFrom: { columns: [{ name: "a", type: "int" }] } }, ' +
        '(batch) => {\nbatch.dropColumn("a");\n});',
    ],
    [
      {
        kind: "batchAlterTable",
        table: account,
        operations: [{ kind: "dropIndex", table: account, name: "IDX", online: true }],
        moves: [
          { column: "a", after: "b" },
          { column: "c", after: null },
          { column: "d", before: "e" },
        ],
        reorder: [["x", "y"]],
        namingConvention: { unique: "UQ_{table}_{columns}" },
      },
      'await op.batchAlterTable("account", { reorder: [["x", "y"]], namingConvention: { unique: "UQ_{table}_{columns}" } }, ' +
        '(batch) => {\nbatch.dropIndex("IDX", { online: true });\nbatch.alterColumn("a", {}, { after: "b" });\n' +
        'batch.alterColumn("c", {}, { first: true });\nbatch.alterColumn("d", {}, { before: "e" });\n});',
    ],
  ],
  backfill: [
    [
      {
        kind: "backfill",
        table: account,
        set: { cents: { sql: "total * 100" }, state: "done" },
        where: "cents IS NULL",
        batchSize: 500,
        pause: "20ms",
      },
      'await op.backfill("account", { set: { cents: () => "total * 100", state: "done" }, ' +
        'where: "cents IS NULL", batchSize: 500, pause: "20ms" });',
    ],
  ],
  bulkInsert: [
    [
      {
        kind: "bulkInsert",
        table: account,
        rows: [
          { code: "DE", since: new Date(0), "a key": null, big: 1n, at: { sql: "now()" }, names: { de: 1 } },
        ],
      },
      'await op.bulkInsert("account", [{ code: "DE", since: new Date("1970-01-01T00:00:00.000Z"), ' +
        '"a key": null, big: 1n, at: () => "now()", names: { de: 1 } }]);',
    ],
    [
      { kind: "bulkInsert", table: log, rows: [{ at: "2026-01-01" }], types: { at: "date" } },
      'await op.bulkInsert(op.table("audit.log", { at: "date" }), [{ at: "2026-01-01" }]);',
    ],
  ],
  execute: [
    [{ kind: "execute", sql: "SELECT 1" }, 'await op.execute("SELECT 1");'],
    [
      { kind: "execute", sql: "UPDATE a SET b = ?", parameters: [1] },
      'await op.execute("UPDATE a SET b = ?", [1]);',
    ],
    [
      {
        kind: "execute",
        sql: { postgres: "SELECT 1", sqlite: "SELECT 2" },
        parameters: [],
        reverse: { postgres: "SELECT 3" },
      },
      'await op.execute({ postgres: "SELECT 1", sqlite: "SELECT 2" }, [], { reverse: { postgres: "SELECT 3" } });',
    ],
  ],
  custom: [
    [
      { kind: "custom", name: "grant", payload: { to: "reader" } },
      'await op.invoke("grant", { to: "reader" });',
    ],
    [{ kind: "custom", name: "grant", payload: {} }, 'await op.invoke("grant", {});'],
  ],
  recreateTable: [
    [
      { kind: "recreateTable", from: order, to: order, copy: {} },
      "recreateTable never stands in a revision file",
    ],
  ],
};
