/** One call of every operation, as the reference shows it; each is compiled for every database. */

/** The tables that the examples start from. */
export const SETTING = `
await op.createTable("account", {
  columns: [
    { name: "id", type: "int" },
    { name: "name", type: "varchar", length: 40 },
    { name: "age", type: "int", nullable: true },
  ],
  primaryKey: { name: "PK_account", columns: ["id"] },
  checks: [{ name: "CHK_age", expression: "age > 0" }],
  comment: "who may log in",
});
await op.createTable("post", {
  columns: [
    { name: "id", type: "int" },
    { name: "author", type: "int" },
  ],
});
await op.createIndex("IDX_name", "account", ["name"]);
`;
export const ENUM_SETTING = `await op.createEnum("mood", ["sad", "happy"]);`;
export const SEQUENCE_SETTING = `await op.createSequence("ticket");`;
export const VIEW_SETTING = `await op.createView("adult", "SELECT id FROM account WHERE age > 17");`;

/** An example: what is there before, beside the tables, and the call. */
export interface Example {
  readonly before?: string;
  readonly call: string;
  /** What the page says under the call, beside the doc comment of the operation. */
  readonly note?: string;
}

export const EXAMPLES: Readonly<Record<string, Example>> = {
  createTable: {
    call: `await op.createTable("tag", {
  columns: [
    { name: "id", type: "int" },
    { name: "label", type: "varchar", length: 40, default: "new" },
    { name: "account", type: "int" },
  ],
  primaryKey: { name: "PK_tag", columns: ["id"] },
  uniques: [{ name: "UQ_label", columns: ["label"] }],
  foreignKeys: [
    {
      name: "FK_account",
      columns: ["account"],
      references: "account",
      referencedColumns: ["id"],
      onDelete: "CASCADE",
    },
  ],
});`,
    note: "The columns take the words of `@Column`.",
  },
  dropTable: { call: `await op.dropTable("post");` },
  renameTable: { call: `await op.renameTable("post", "article");` },
  alterTable: {
    call: `await op.alterTable("post", { collation: "utf8mb4_unicode_ci" });`,
    note: "Engine, character set and collation on MySQL and MariaDB; WITHOUT ROWID and STRICT on SQLite.",
  },
  createTableComment: { call: `await op.createTableComment("post", "what people write");` },
  dropTableComment: { call: `await op.dropTableComment("account");` },
  addColumn: {
    call: `await op.addColumn("account", { name: "email", type: "varchar", length: 255 }, { fill: "" });`,
    note: "`fill` is what rows get that are there already; without it and without a default, a column that takes no NULL fails on a table with rows.",
  },
  alterColumn: {
    call: `await op.alterColumn("account", "name", { newName: "title", length: 200 });`,
    note: "Only what is named changes, and the column keeps its rows; `null` takes a default or a comment away.",
  },
  dropColumn: { call: `await op.dropColumn("account", "age");` },
  createIndex: {
    call: `await op.createIndex("IDX_author", "post", ["author"], { unique: true });`,
    note: "`concurrently` builds it beside the running application on PostgreSQL, outside the transaction.",
  },
  dropIndex: { call: `await op.dropIndex("IDX_name", "account");` },
  renameIndex: { call: `await op.renameIndex("IDX_name", "account", "IDX_account_name");` },
  createPrimaryKey: { call: `await op.createPrimaryKey("PK_post", "post", ["id"]);` },
  createUniqueConstraint: { call: `await op.createUniqueConstraint("UQ_name", "account", ["name"]);` },
  createCheckConstraint: { call: `await op.createCheckConstraint("CHK_author", "post", "author > 0");` },
  createForeignKey: {
    call: `await op.createForeignKey("FK_author", "post", ["author"], "account", ["id"], { onDelete: "CASCADE" });`,
    note: "`notValid` leaves the rows that are there unchecked until `validateConstraint` (PostgreSQL).",
  },
  createExclusionConstraint: {
    before: `await op.createExtension("btree_gist", { ifNotExists: true });`,
    call: `await op.createExclusionConstraint("XCL_author", "post", "USING gist (author WITH =)");`,
  },
  validateConstraint: { call: `await op.validateConstraint("CHK_age", "account");` },
  renameConstraint: { call: `await op.renameConstraint("CHK_age", "account", "CHK_account_age");` },
  dropConstraint: { call: `await op.dropConstraint("CHK_age", "account", { type: "check" });` },
  createEnum: { call: `await op.createEnum("mood", ["sad", "happy"]);` },
  alterEnum: { before: ENUM_SETTING, call: `await op.alterEnum("mood", { rename: { sad: "unhappy" } });` },
  dropEnum: { before: ENUM_SETTING, call: `await op.dropEnum("mood");` },
  createView: { call: `await op.createView("adult", "SELECT id FROM account WHERE age > 17");` },
  replaceView: {
    before: VIEW_SETTING,
    call: `await op.replaceView("adult", "SELECT id FROM account WHERE age > 20");`,
  },
  refreshView: {
    before: `await op.createView("adult", "SELECT id FROM account WHERE age > 17", { materialized: true });`,
    call: `await op.refreshView("adult");`,
  },
  dropView: { before: VIEW_SETTING, call: `await op.dropView("adult");` },
  createSchema: { call: `await op.createSchema("audit", { ifNotExists: true });` },
  dropSchema: { before: `await op.createSchema("audit");`, call: `await op.dropSchema("audit");` },
  createSequence: { call: `await op.createSequence("ticket", { start: 100 });` },
  alterSequence: { before: SEQUENCE_SETTING, call: `await op.alterSequence("ticket", { restart: 1000 });` },
  dropSequence: { before: SEQUENCE_SETTING, call: `await op.dropSequence("ticket");` },
  createExtension: { call: `await op.createExtension("citext", { ifNotExists: true });` },
  dropExtension: { before: `await op.createExtension("citext");`, call: `await op.dropExtension("citext");` },
  bulkInsert: {
    call: `await op.bulkInsert("account", [
  { id: 1, name: "O'Brien", age: 40 },
  { id: 2, name: "größe", age: null },
]);`,
  },
  backfill: {
    call: `await op.backfill("account", {
  set: { name: () => "upper(name)" },
  where: "age > 17",
  batchSize: 5000,
  pause: "50ms",
});`,
  },
  execute: {
    call: `await op.execute("UPDATE account SET name = ? WHERE id = ?", ["first", 7]);`,
    note: "A parameter is a value of its own online, and a literal of the database in a script. Both `?` and the database's own sign are taken.",
  },
  query: {
    call: `const adults = await op.query<{ id: number }>("SELECT id FROM account WHERE age > ?", [17]);
for (const { id } of adults) {
  await op.execute("UPDATE account SET name = ? WHERE id = ?", ["grown up", id]);
}`,
  },
  table: {
    call: `const account = op.table("account", { id: "int", name: "varchar" });
await op.bulkInsert(account, [{ id: 1, name: "Ada" }]);`,
  },
  invoke: {
    call: `await op.invoke("analyze", { table: "account" });`,
    note: "The plugin that brings it stands at [`plugins`](../configuration/plugins.md).",
  },
  onlineOnly: {
    call: `await op.onlineOnly("asks a service for names", async () => {
  const rows = await op.query("SELECT id FROM account");
  console.log(rows);
});`,
  },
  batchAlterTable: {
    call: `await op.batchAlterTable("account", (batch) => {
  batch.alterColumn("name", { length: 200 });
  batch.dropColumn("age");
});`,
    note: "SQLite moves and copies the table once; other databases alter it in place.",
  },
  autocommitBlock: {
    call: `await op.autocommitBlock(async () => {
  await op.createIndex("IDX_author", "post", ["author"]);
});`,
  },
  typeormMigration: {
    call: `// import { AddCity1700000000000 } from "../../src/migrations/1700000000000-AddCity";
class AddCity1700000000000 {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("ALTER TABLE account ADD city varchar(40)");
  }
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query("ALTER TABLE account DROP COLUMN city");
  }
}

await op.typeormMigration(new AddCity1700000000000(), "up", { migrationsTable: "migrations" });`,
    note: "`limbeck init --from-typeorm` writes such revisions ([Coming from TypeORM's migrations](../coming-from-typeorm.md)). Without `migrationsTable`, TypeORM's own table is left as it is.",
  },
};

/** What reads a live database: a script has nothing of it. */
export const WITHOUT_SQL: ReadonlySet<string> = new Set(["query"]);
