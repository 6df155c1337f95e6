import { Column, Entity, PrimaryColumn, VirtualColumn } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import { readMetadata } from "../../src/metadata/read";
import type { Column as ColumnData } from "../../src/model/schema";
import type { DatabaseType } from "./build";
import { build, read, readValue, tableOf, thing } from "./build";

type Expected = Partial<ColumnData>;
type Case = readonly [string, DatabaseType, EntitySchemaColumnOptions, Expected];

const cases: readonly Case[] = [
  ["a reflected string", "better-sqlite3", { type: String }, { type: { name: "varchar" } }],
  ["a reflected string", "postgres", { type: String }, { type: { name: "character varying" } }],
  ["a reflected string", "mysql", { type: String }, { type: { name: "varchar", length: 255 } }],
  ["a reflected string", "mssql", { type: String }, { type: { name: "nvarchar", length: 255 } }],
  ["a length", "better-sqlite3", { type: "varchar", length: 40 }, { type: { name: "varchar", length: 40 } }],
  [
    "a length in words",
    "mssql",
    { type: "nvarchar", length: "max" },
    { type: { name: "nvarchar", length: "max" } },
  ],
  [
    "precision and scale",
    "postgres",
    { type: "decimal", precision: 12, scale: 0 },
    { type: { name: "numeric", precision: 12, scale: 0 } },
  ],
  ["an unsigned number", "mysql", { type: "int", unsigned: true }, { type: { name: "int", unsigned: true } }],
  ["an array", "postgres", { type: "int", array: true }, { type: { name: "integer", array: true } }],
  [
    "an enum without types of its own",
    "better-sqlite3",
    { type: "simple-enum", enum: ["a", "b"] },
    { type: { name: "varchar", values: ["a", "b"] } },
  ],
  [
    "an enum of numbers",
    "mysql",
    { type: "enum", enum: [1, 2] },
    { type: { name: "enum", values: ["1", "2"] } },
  ],
  ["a set", "mysql", { type: "set", enum: ["a", "b"] }, { type: { name: "set", values: ["a", "b"] } }],
  [
    "an enum with a type of its own",
    "postgres",
    { type: "enum", enum: ["a", "b"] },
    { type: { name: "enum", enumName: { name: "thing_value_enum" } } },
  ],
  [
    "an enum of a given name, in an array",
    "postgres",
    { type: "enum", enum: ["a"], enumName: "mood", array: true },
    { type: { name: "enum", array: true, enumName: { name: "mood" } } },
  ],
  [
    "a place",
    "postgres",
    { type: "geometry", spatialFeatureType: "Point", srid: 4326 },
    { type: { name: "geometry", spatialFeatureType: "Point", srid: 4326 } },
  ],
  ["null", "better-sqlite3", { type: Number, nullable: true }, { nullable: true }],
  ["a default of null", "better-sqlite3", { type: Number, default: null }, { nullable: true }],
  ["a collation", "better-sqlite3", { type: "text", collation: "NOCASE" }, { collation: "NOCASE" }],
  ["a charset", "mysql", { type: "varchar", charset: "utf8mb4" }, { charset: "utf8mb4" }],
  ["a comment", "postgres", { type: "text", comment: "it's" }, { comment: "it's" }],
  [
    "a uuid that the database makes",
    "postgres",
    { type: "uuid", generated: "uuid" },
    { generated: { kind: "uuid" } },
  ],
  [
    "a uuid that the database makes",
    "mssql",
    { type: "uuid", generated: "uuid" },
    { generated: { kind: "uuid" } },
  ],
  ["a uuid that the application makes", "better-sqlite3", { type: "uuid", generated: "uuid" }, {}],
  [
    "a uuid that the application makes",
    "mysql",
    { type: "uuid", generated: "uuid" },
    { type: { name: "varchar", length: 36 } },
  ],
  ["an increment", "mysql", { type: Number, generated: "increment" }, { generated: { kind: "increment" } }],
  [
    "a computed column",
    "better-sqlite3",
    { type: "varchar", asExpression: " upper('x') ", generatedType: "STORED" },
    { generated: { kind: "computed", sql: " upper('x') ", stored: true } },
  ],
  [
    "a computed column of no said kind",
    "mysql",
    { type: "int", asExpression: "1 + 1", default: 5 },
    { type: { name: "int" }, generated: { kind: "computed", sql: "1 + 1", stored: false } },
  ],
  [
    "an update date",
    "mysql",
    { type: "datetime", updateDate: true },
    {
      type: { name: "datetime", precision: 6 },
      default: { sql: "CURRENT_TIMESTAMP(6)" },
      onUpdate: "CURRENT_TIMESTAMP(6)",
    },
  ],
  ["an update date", "postgres", { type: "timestamp", updateDate: true }, { default: { sql: "now()" } }],
];

test.each(cases)("reads %s on %s", async (_title, type, options, expected) => {
  const column = await readValue(type, options);
  expect(column).toEqual({ name: "value", type: column.type, nullable: false, ...expected });
});

test("reads an identity with its kind", async () => {
  @Entity("identity")
  class Identity {
    @PrimaryColumn({ type: "int", generated: "identity", generatedIdentity: "ALWAYS" })
    always!: number;

    @PrimaryColumn({ type: "int", generated: "identity" })
    byDefault!: number;
  }
  const { columns } = tableOf(await read("postgres", [Identity]), "identity");
  expect(columns.map(({ generated }) => generated)).toEqual([
    { kind: "identity", always: true },
    { kind: "identity", always: false },
  ]);
});

test("skips columns that are queries", async () => {
  @Entity("virtual")
  class Virtual {
    @PrimaryColumn()
    id!: number;

    @VirtualColumn({ query: (alias) => `SELECT COUNT(*) FROM "virtual" WHERE id < ${alias}.id` })
    count!: number;
  }
  const { columns } = tableOf(await read("better-sqlite3", [Virtual]), "virtual");
  expect(columns.map(({ name }) => name)).toEqual(["id"]);
});

test("shares a named enum type between columns, and says where its values differ", async () => {
  @Entity("shirt")
  class Shirt {
    @PrimaryColumn()
    id!: number;

    @Column({ type: "enum", enum: ["s", "l"], enumName: "size" })
    size!: string;

    @Column({ type: "enum", enum: ["s", "l"], enumName: "size" })
    other!: string;

    @Column({ type: "enum", enum: ["s", "m", "l"], enumName: "size" })
    third!: string;
  }
  const { schema, warnings } = await read("postgres", [Shirt], { schema: "shop" });
  expect(schema.enums).toEqual([{ schema: "shop", name: "size", values: ["s", "l"] }]);
  expect(warnings).toEqual([
    "Shirt.other and Shirt.third want the enum type shop.size differently (values); Shirt.other counts",
  ]);
});

test("a column may name an enum type whose values another one says", async () => {
  const target = await read("postgres", [thing({ type: "enum", enumName: "size" })]);
  expect(tableOf(target, "thing").columns[1]?.type).toEqual({ name: "enum", enumName: { name: "size" } });
  expect(target.schema.enums).toEqual([]);
});

test("keeps the display width and zero fill of TypeORM 0.3", async () => {
  const dataSource = await build("mysql", [thing({ type: Number })]);
  Object.assign(dataSource.entityMetadatas[0]?.columns[0] ?? {}, { width: 5, zerofill: true });
  expect(tableOf(readMetadata(dataSource), "thing").columns[0]?.type).toEqual({
    name: "int",
    width: 5,
    zerofill: true,
  });
});

test("refuses a column whose type TypeORM does not know, by its name", async () => {
  const dataSource = await build("better-sqlite3", [thing({ type: Number })]);
  Object.assign(dataSource.entityMetadatas[0]?.columns[1] ?? {}, { type: Map });
  expect(() => readMetadata(dataSource)).toThrow("the type of Thing.value is not known to TypeORM");
});
