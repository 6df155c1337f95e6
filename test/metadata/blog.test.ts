/** The whole blog, written out. */
import * as blog from "../../fixtures/entities/blog";
import { typeormLine } from "../../fixtures/entities/typeorm-line";
import type { Target } from "../../src/metadata/read";
import { emptySchema, findColumn } from "../../src/model/schema";
import type { Column, Table } from "../../src/model/schema";
import { databaseTypes, read, tableOf } from "./build";

const id = {
  name: "id",
  type: { name: "integer" },
  nullable: false,
  generated: { kind: "increment" },
} as const;
const now = {
  name: "created_at",
  type: { name: "datetime" },
  nullable: false,
  default: { sql: "datetime('now')" },
} as const;
/** Until 1.1.1, TypeORM gave no actions to the far side of a relation that both sides know. */
const action = typeormLine === "1" ? "CASCADE" : "NO ACTION";
const inverseSide = { onDelete: action, onUpdate: action } as const;
const cascade = { onDelete: "CASCADE", onUpdate: "NO ACTION" } as const;

const tables: readonly Table[] = [
  {
    name: "comment",
    columns: [
      { name: "id", type: { name: "varchar" }, nullable: false },
      { name: "body", type: { name: "text" }, nullable: false },
      now,
      { name: "post_id", type: { name: "integer" }, nullable: false },
      { name: "author_id", type: { name: "integer" }, nullable: true },
    ],
    constraints: [
      { kind: "primaryKey", name: "PK_0b0e4bbc8415ec426f87f3a88e2", columns: ["id"] },
      {
        kind: "foreignKey",
        name: "FK_8aa21186314ce53c5b61a0e8c93",
        columns: ["post_id"],
        references: { name: "post" },
        referencedColumns: ["id"],
        ...cascade,
      },
      {
        kind: "foreignKey",
        name: "FK_3ce66469b26697baa097f8da923",
        columns: ["author_id"],
        references: { name: "user" },
        referencedColumns: ["id"],
        onDelete: "SET NULL",
        onUpdate: "NO ACTION",
      },
    ],
    indexes: [{ name: "IDX_9611a099501597c519429f2595", parts: [{ column: "created_at" }] }],
  },
  {
    name: "post",
    columns: [
      id,
      { name: "title", type: { name: "varchar", length: 200 }, nullable: false },
      { name: "body", type: { name: "text" }, nullable: false },
      {
        name: "status",
        type: { name: "varchar", values: ["draft", "published"] },
        nullable: false,
        default: { value: "draft" },
      },
      { name: "rating", type: { name: "integer" }, nullable: false, default: { value: 0 } },
      { name: "published_at", type: { name: "datetime" }, nullable: true },
      { name: "author_id", type: { name: "integer" }, nullable: false },
    ],
    constraints: [
      { kind: "primaryKey", name: "PK_be5fda3aac270b134ff9c21cdee", columns: ["id"] },
      { kind: "check", name: "post_rating_check", expression: "rating >= 0" },
      {
        kind: "foreignKey",
        name: "FK_2f1a9ca8908fc8168bc18437f62",
        columns: ["author_id"],
        references: { name: "user" },
        referencedColumns: ["id"],
        ...cascade,
      },
    ],
    indexes: [
      {
        name: "IDX_b5a1eebded08a5043ef2a82242",
        parts: [{ column: "author_id" }, { column: "published_at" }],
      },
      {
        name: "post_published_at",
        parts: [{ column: "published_at" }],
        where: "published_at IS NOT NULL",
      },
    ],
  },
  {
    name: "post_tag",
    columns: [
      { name: "post_id", type: { name: "integer" }, nullable: false },
      { name: "tag_id", type: { name: "integer" }, nullable: false },
    ],
    constraints: [
      { kind: "primaryKey", name: "PK_c6d49aa86322a6f58c39ea25a5d", columns: ["post_id", "tag_id"] },
      {
        kind: "foreignKey",
        name: "FK_b5ec92f15aaa1e371f2662f6812",
        columns: ["post_id"],
        references: { name: "post" },
        referencedColumns: ["id"],
        onDelete: "CASCADE",
        onUpdate: "CASCADE",
      },
      {
        kind: "foreignKey",
        name: "FK_d2fd5340bb68556fe93650fedc1",
        columns: ["tag_id"],
        references: { name: "tag" },
        referencedColumns: ["id"],
        ...inverseSide,
      },
    ],
    indexes: [
      { name: "IDX_b5ec92f15aaa1e371f2662f681", parts: [{ column: "post_id" }] },
      { name: "IDX_d2fd5340bb68556fe93650fedc", parts: [{ column: "tag_id" }] },
    ],
  },
  {
    name: "tag",
    columns: [id, { name: "name", type: { name: "varchar", length: 40 }, nullable: false }],
    constraints: [
      { kind: "primaryKey", name: "PK_8e4052373c579afc1471f526760", columns: ["id"] },
      { kind: "unique", name: "UQ_6a9775008add570dc3e5a0bab7b", columns: ["name"] },
    ],
    indexes: [],
  },
  {
    name: "user",
    columns: [
      id,
      { name: "email", type: { name: "varchar", length: 120 }, nullable: false },
      { name: "name", type: { name: "varchar", length: 80 }, nullable: false },
      { name: "bio", type: { name: "text" }, nullable: true },
      now,
    ],
    constraints: [
      { kind: "primaryKey", name: "PK_cace4a159ff9f2512dd42373760", columns: ["id"] },
      { kind: "unique", name: "UQ_e12875dfb3b1d92d7d7c5377e22", columns: ["email"] },
      { kind: "check", name: "user_email_check", expression: "email LIKE '%@%'" },
    ],
    indexes: [],
  },
];

test("the blog is read as written here", async () => {
  const target = await read("better-sqlite3", blog.entities);
  expect(target.schema).toEqual({ ...emptySchema, tables });
  expect(target.warnings).toEqual([]);
});

/** What the edited blog differs in, as the words of its header say. */
test.each<readonly [string, (edited: Target) => unknown, unknown]>([
  ["a wider name", (edited) => column(edited, "user", "name")?.type.length, 160],
  ["a biography for everyone", (edited) => column(edited, "user", "bio")?.nullable, false],
  ["a new column with a default", (edited) => column(edited, "user", "locale")?.default, { value: "en" }],
  ["another default", (edited) => column(edited, "post", "rating")?.default, { value: 1 }],
  [
    "another check",
    (edited) => tableOf(edited, "post").constraints.find(({ kind }) => kind === "check"),
    { kind: "check", name: "post_rating_check", expression: "rating BETWEEN 0 AND 5" },
  ],
  ["one index less", (edited) => tableOf(edited, "post").indexes.length, 1],
  [
    "another action",
    (edited) => tableOf(edited, "post").constraints.find(({ kind }) => kind === "foreignKey"),
    expect.objectContaining({ onDelete: "RESTRICT" }),
  ],
  ["a new table", (edited) => tableOf(edited, "reaction").constraints.length, 4],
])("the edited blog has %s", async (_title, pick, expected) => {
  expect(pick(await read("better-sqlite3", blog.edited))).toEqual(expected);
});

function column(target: Target, table: string, name: string): Column | undefined {
  return findColumn(tableOf(target, table), name);
}

test.each(databaseTypes)("the blog is the same on %s but for types and defaults", async (type) => {
  const { schema } = await read(type, blog.entities);
  expect(schema.tables.map(({ name }) => name)).toEqual(tables.map(({ name }) => name));
  for (const [at, table] of schema.tables.entries()) {
    expect(table.columns.map(({ name, nullable }) => ({ name, nullable }))).toEqual(
      tables[at]?.columns.map(({ name, nullable }) => ({ name, nullable })),
    );
    const foreignKeys = (from: Table | undefined): unknown =>
      from?.constraints.filter(({ kind }) => kind === "foreignKey");
    expect(foreignKeys(table)).toEqual(foreignKeys(tables[at]));
  }
});
