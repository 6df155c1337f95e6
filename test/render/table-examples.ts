/** The operations on tables with the statements that they become in a file, before prettier lays them out. */
import type { Table } from "../../src/model/schema";
import type { OperationKind, OperationOf } from "../../src/operations/operation";

/** An operation and its statement; the statement of one that no call makes is the error instead. */
export type Example<K extends OperationKind = OperationKind> = readonly [OperationOf<K>, string];

export const account = { name: "account" };
export const log = { schema: "audit", name: "log" };
export const order: Table = {
  name: "order",
  columns: [
    { name: "id", type: { name: "bigint" }, nullable: false, generated: { kind: "identity", always: true } },
    { name: "customer_id", type: { name: "int" }, nullable: true },
    { name: "meta", type: { name: "jsonb" }, nullable: false, default: { value: { source: "web" } } },
    { name: "created_at", type: { name: "timestamptz" }, nullable: false, default: { sql: "now()" } },
  ],
  constraints: [
    { kind: "primaryKey", name: "PK_1", columns: ["id"] },
    { kind: "unique", name: "UQ_1", columns: ["customer_id"], deferrable: "INITIALLY DEFERRED" },
    { kind: "check", name: "CHK_1", expression: '"total" >= 0' },
    {
      kind: "foreignKey",
      name: "FK_1",
      columns: ["customer_id"],
      references: { name: "customer" },
      referencedColumns: ["id"],
      onDelete: "CASCADE",
      onUpdate: "NO ACTION",
    },
  ],
  indexes: [{ name: "IDX_1", parts: [{ column: "customer_id" }], where: '"id" > 0' }],
  comment: "what was ordered",
  options: { engine: "InnoDB" },
};

export const TABLE_EXAMPLES = {
  createTable: [
    [
      { kind: "createTable", table: order, ifNotExists: true },
      'await op.createTable("order", { columns: [' +
        '{ name: "id", type: "bigint", generated: "identity", generatedIdentity: "ALWAYS" }, ' +
        '{ name: "customer_id", type: "int", nullable: true }, ' +
        '{ name: "meta", type: "jsonb", default: { source: "web" } }, ' +
        '{ name: "created_at", type: "timestamptz", default: () => "now()" }], ' +
        'primaryKey: { name: "PK_1", columns: ["id"] }, ' +
        'uniques: [{ name: "UQ_1", columns: ["customer_id"], deferrable: "INITIALLY DEFERRED" }], ' +
        'checks: [{ name: "CHK_1", expression: "\\"total\\" >= 0" }], ' +
        'foreignKeys: [{ name: "FK_1", columns: ["customer_id"], references: "customer", ' +
        'referencedColumns: ["id"], onDelete: "CASCADE" }], ' +
        'indexes: [{ name: "IDX_1", parts: ["customer_id"], where: "\\"id\\" > 0" }], ' +
        'comment: "what was ordered", engine: "InnoDB", ifNotExists: true });',
    ],
  ],
  dropTable: [
    [{ kind: "dropTable", table: account, was: order }, 'await op.dropTable("account");'],
    [
      { kind: "dropTable", table: log, ifExists: true, cascade: true },
      'await op.dropTable("audit.log", { ifExists: true, cascade: true });',
    ],
  ],
  renameTable: [
    [
      { kind: "renameTable", from: account, to: { name: "user" } },
      'await op.renameTable("account", "user");',
    ],
    [{ kind: "renameTable", from: account, to: log }, 'await op.renameTable("account", "audit.log");'],
  ],
  alterTable: [
    [
      { kind: "alterTable", table: account, change: { engine: "InnoDB" }, was: {}, run: { lock: "NONE" } },
      'await op.alterTable("account", { engine: "InnoDB" }, { lock: "NONE" });',
    ],
    [
      { kind: "alterTable", table: account, change: { withoutRowid: true, strict: true } },
      'await op.alterTable("account", { withoutRowid: true, strict: true });',
    ],
  ],
  commentTable: [
    [
      { kind: "commentTable", table: account, comment: "it's\ntwo lines" },
      'await op.createTableComment("account", `it\'s\ntwo lines`);',
    ],
    [
      { kind: "commentTable", table: account, was: { comment: "old" } },
      'await op.dropTableComment("account");',
    ],
  ],
  addColumn: [
    [
      {
        kind: "addColumn",
        table: account,
        column: { name: "country", type: { name: "char", length: 2 }, nullable: false },
        ifNotExists: true,
        fill: { value: "DE" },
        after: null,
        run: { lockTimeout: "2s" },
      },
      'await op.addColumn("account", { name: "country", type: "char", length: 2 }, ' +
        '{ ifNotExists: true, fill: "DE", first: true, lockTimeout: "2s" });',
    ],
    [
      {
        kind: "addColumn",
        table: log,
        column: {
          name: "total",
          type: { name: "int", unsigned: true },
          nullable: true,
          generated: { kind: "computed", sql: "a + b", stored: true },
          comment: "sum",
        },
        after: "b",
      },
      'await op.addColumn("audit.log", { name: "total", type: "int", unsigned: true, nullable: true, ' +
        'asExpression: "a + b", generatedType: "STORED", comment: "sum" }, { after: "b" });',
    ],
  ],
  alterColumn: [
    [
      {
        kind: "alterColumn",
        table: account,
        column: "name",
        change: { name: "full_name", type: { name: "varchar", length: 320 }, nullable: false, default: null },
        using: '"name"::varchar',
        fill: { sql: "''" },
        was: { name: "name", type: { name: "text" }, nullable: true },
      },
      'await op.alterColumn("account", "name", { newName: "full_name", type: "varchar", length: 320, ' +
        'nullable: false, default: null }, { using: "\\"name\\"::varchar", fill: () => "\'\'" });',
    ],
    [
      { kind: "alterColumn", table: account, column: "a", change: { generated: null, comment: null } },
      'await op.alterColumn("account", "a", { generated: null, comment: null });',
    ],
    [
      { kind: "alterColumn", table: account, column: "a", change: {} },
      'await op.alterColumn("account", "a", {});',
    ],
  ],
  dropColumn: [
    [
      { kind: "dropColumn", table: account, column: "a", after: null },
      'await op.dropColumn("account", "a");',
    ],
    [
      { kind: "dropColumn", table: account, column: "a", ifExists: true },
      'await op.dropColumn("account", "a", { ifExists: true });',
    ],
  ],
  createIndex: [
    [
      {
        kind: "createIndex",
        table: account,
        index: { name: "IDX", parts: [{ column: "email" }], unique: true },
      },
      'await op.createIndex("IDX", "account", ["email"], { unique: true });',
    ],
    [
      {
        kind: "createIndex",
        table: account,
        index: {
          name: "IDX",
          parts: [{ expression: "lower(email)" }, { column: "at", order: "DESC", nulls: "LAST" }],
          method: "gin",
          include: ["id"],
        },
        concurrently: true,
        ifNotExists: true,
      },
      'await op.createIndex("IDX", "account", [{ expression: "lower(email)" }, ' +
        '{ column: "at", order: "DESC", nulls: "LAST" }], ' +
        '{ type: "gin", include: ["id"], concurrently: true, ifNotExists: true });',
    ],
  ],
  dropIndex: [
    [
      { kind: "dropIndex", table: account, name: "IDX", concurrently: true, ifExists: true },
      'await op.dropIndex("IDX", "account", { ifExists: true, concurrently: true });',
    ],
  ],
  renameIndex: [
    [
      { kind: "renameIndex", table: account, from: "IDX", to: "IDX_2" },
      'await op.renameIndex("IDX", "account", "IDX_2");',
    ],
  ],
  addConstraint: [
    [
      { kind: "addConstraint", table: account, constraint: { kind: "primaryKey", columns: ["id"] } },
      'await op.createPrimaryKey(null, "account", ["id"]);',
    ],
    [
      {
        kind: "addConstraint",
        table: account,
        constraint: { kind: "unique", name: "UQ", columns: ["a", "b"], nullsNotDistinct: true },
        run: { lockTimeout: "2s" },
      },
      'await op.createUniqueConstraint("UQ", "account", ["a", "b"], { nullsNotDistinct: true, lockTimeout: "2s" });',
    ],
    [
      {
        kind: "addConstraint",
        table: account,
        constraint: { kind: "check", name: "CHK", expression: "a > 0", notValid: true },
      },
      'await op.createCheckConstraint("CHK", "account", "a > 0", { notValid: true });',
    ],
    [
      {
        kind: "addConstraint",
        table: account,
        constraint: { kind: "exclusion", name: "XCL", expression: "USING gist (a WITH =)" },
      },
      'await op.createExclusionConstraint("XCL", "account", "USING gist (a WITH =)");',
    ],
    [
      {
        kind: "addConstraint",
        table: account,
        constraint: {
          kind: "foreignKey",
          name: "FK",
          columns: ["log_id"],
          references: log,
          referencedColumns: ["id"],
          onDelete: "SET NULL",
          onUpdate: "CASCADE",
          deferrable: "INITIALLY IMMEDIATE",
        },
      },
      'await op.createForeignKey("FK", "account", ["log_id"], "audit.log", ["id"], ' +
        '{ onDelete: "SET NULL", onUpdate: "CASCADE", deferrable: "INITIALLY IMMEDIATE" });',
    ],
  ],
  dropConstraint: [
    [
      { kind: "dropConstraint", table: account, name: "PK", type: "primaryKey", ifExists: true },
      'await op.dropConstraint("PK", "account", { type: "primary", ifExists: true });',
    ],
    [{ kind: "dropConstraint", table: account, name: "CHK" }, 'await op.dropConstraint("CHK", "account");'],
    [
      { kind: "dropConstraint", table: account, type: "unique", was: { kind: "unique", columns: ["a"] } },
      'await op.dropConstraint(null, "account", { type: "unique", columns: ["a"] });',
    ],
    [
      { kind: "dropConstraint", table: account, type: "check", was: { kind: "check", expression: "a > 0" } },
      'await op.dropConstraint(null, "account", { type: "check", expression: "a > 0" });',
    ],
    [
      {
        kind: "dropConstraint",
        table: account,
        type: "foreignKey",
        was: {
          kind: "foreignKey",
          columns: ["log_id"],
          references: log,
          referencedColumns: ["id"],
          onDelete: "NO ACTION",
          onUpdate: "NO ACTION",
        },
      },
      'await op.dropConstraint(null, "account", { type: "foreignKey", columns: ["log_id"], ' +
        'references: "audit.log", referencedColumns: ["id"] });',
    ],
  ],
  renameConstraint: [
    [
      { kind: "renameConstraint", table: account, from: "UQ", to: "UQ_2" },
      'await op.renameConstraint("UQ", "account", "UQ_2");',
    ],
  ],
  validateConstraint: [
    [
      { kind: "validateConstraint", table: account, name: "CHK" },
      'await op.validateConstraint("CHK", "account");',
    ],
  ],
} satisfies { readonly [K in OperationKind]?: readonly Example<K>[] };
