/** Tables as TypeORM itself writes them, read back and compared with what the entities want. */
import "reflect-metadata";
import {
  Check,
  Column,
  CreateDateColumn,
  DataSource,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  ViewColumn,
  ViewEntity,
} from "typeorm";
import { canonicalize } from "../../../src/dialects/sqlite/canonicalize";
import { inspect } from "../../../src/dialects/sqlite/inspect";
import { normalize } from "../../../src/dialects/sqlite/normalize";
import { readMetadata } from "../../../src/metadata/read";
import { findTable } from "../../../src/model/schema";
import type { Column as ColumnData, Schema } from "../../../src/model/schema";
import { queryableOf } from "../../../src/runtime/queryable";

@Entity("tag")
class Tag {
  @PrimaryColumn("varchar", { length: 20, collation: "NOCASE" })
  name!: string;
}

@Entity("author")
@Unique("author_names", ["first", "last"])
@Check("author_age", `"age" > 0 AND "first" <> ')'`)
class Author {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ default: "it''s, (new)" })
  first!: string;

  @Column({ type: "varchar", length: 40, nullable: true })
  last!: string | null;

  @Column({ type: "int", default: 18 })
  age!: number;

  @Column({ default: true })
  active!: boolean;

  @Column("decimal", { precision: 10, scale: 2 })
  balance!: string;

  @Column("simple-json", { default: { a: [1] } })
  settings!: unknown;

  @Column("simple-enum", { enum: ["new", "old, (x)"], default: "new" })
  status!: string;

  @Column({ type: "varchar", asExpression: `lower("first" || ')')`, generatedType: "STORED" })
  key!: string;

  @Column({ type: "datetime", default: () => "current_timestamp" })
  seen!: Date;

  @Column({ type: "boolean", default: () => "TRUE" })
  shown!: boolean;

  @CreateDateColumn()
  made!: Date;
}

@Entity("post")
@Index("post_titles", ["title"], { where: `"title" IS NOT NULL`, unique: true })
class Post {
  @PrimaryGeneratedColumn("uuid")
  id!: string;

  @Column({ type: "text", nullable: true })
  title!: string | null;

  @ManyToOne(() => Author, { onDelete: "CASCADE", deferrable: "INITIALLY DEFERRED" })
  author!: Author;

  @ManyToMany(() => Tag)
  @JoinTable()
  tags!: Tag[];
}

@Entity("setting", { withoutRowid: true })
class Setting {
  @PrimaryColumn("varchar")
  scope!: string;

  @PrimaryColumn("int")
  key!: number;
}

@ViewEntity({ name: "titles", expression: `SELECT "title" AS "title" FROM "post"` })
class Titles {
  @ViewColumn()
  title!: string;
}

let dataSource: DataSource;
let target: Schema;
let live: Schema;

beforeAll(async () => {
  dataSource = new DataSource({
    type: "better-sqlite3",
    database: ":memory:",
    entities: [Tag, Author, Post, Setting, Titles],
    synchronize: true,
  });
  await dataSource.initialize();
  const { schema, ownTables } = readMetadata(dataSource);
  const db = queryableOf(dataSource.createQueryRunner());
  const found = await inspect(db, { schemas: [] });
  const tables = found.tables.filter(({ name }) => !ownTables.some((own) => own.name === name));
  live = normalize({ ...found, tables });
  target = await canonicalize(db, normalize(schema), live);
});

afterAll(async () => {
  await dataSource.destroy();
});

test("what TypeORM made is what the entities want", () => {
  expect(live.tables.map(({ name }) => name)).toEqual(["author", "post", "post_tags_tag", "setting", "tag"]);
  expect(live.tables).toEqual(target.tables);
  expect(live.views).toEqual(target.views);
});

test.each<[string, string, Partial<ColumnData>]>([
  ["author", "id", { type: { name: "integer" }, nullable: false, generated: { kind: "increment" } }],
  ["author", "first", { default: { value: "it's, (new)" } }],
  ["author", "last", { type: { name: "varchar", length: 40 }, nullable: true }],
  ["author", "balance", { type: { name: "decimal", precision: 10, scale: 2 } }],
  ["author", "active", { type: { name: "boolean" }, default: { value: 1 } }],
  ["author", "settings", { type: { name: "text" }, default: { value: '{"a":[1]}' } }],
  ["author", "status", { type: { name: "varchar", values: ["new", "old, (x)"] }, default: { value: "new" } }],
  ["author", "key", { generated: { kind: "computed", sql: `lower("first" || ')')`, stored: true } }],
  ["author", "seen", { default: { sql: "current_timestamp" } }],
  ["author", "shown", { default: { sql: "TRUE" } }],
  ["author", "made", { type: { name: "datetime" }, default: { sql: "datetime('now')" } }],
  ["post", "id", { type: { name: "varchar" }, nullable: false }],
  ["tag", "name", { collation: "NOCASE", nullable: false }],
])("column %s.%s", (table, column, expected) => {
  const found = findTable(live, { name: table })?.columns.find(({ name }) => name === column);
  expect(found).toMatchObject(expected);
});

test("constraints and indexes keep the names that TypeORM gave them", () => {
  expect(findTable(live, { name: "author" })?.constraints).toEqual([
    { kind: "check", name: "author_age", expression: `"age" > 0 AND "first" <> ')'` },
    { kind: "primaryKey", columns: ["id"] },
    { kind: "unique", name: "author_names", columns: ["first", "last"] },
  ]);
  expect(findTable(live, { name: "post" })?.constraints[0]).toMatchObject({
    kind: "foreignKey",
    name: expect.stringMatching(/^FK_/) as string,
    columns: ["authorId"],
    references: { name: "author" },
    referencedColumns: ["id"],
    onDelete: "CASCADE",
    deferrable: "INITIALLY DEFERRED",
  });
  expect(findTable(live, { name: "post" })?.indexes).toEqual([
    { name: "post_titles", parts: [{ column: "title" }], unique: true, where: `"title" IS NOT NULL` },
  ]);
  expect(findTable(live, { name: "setting" })?.options).toEqual({ withoutRowid: true });
});
