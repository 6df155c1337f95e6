/** TypeORM's own reading of the same metadata (`Table.create`), and its own SQL, as oracles. */
import { DataSource, Table as TypeormTable, TableForeignKey } from "typeorm";
import * as blog from "../../fixtures/entities/blog";
import * as everything from "../../fixtures/entities/everything";
import * as shop from "../../fixtures/entities/shop";
import { readMetadata } from "../../src/metadata/read";
import type { Column, Constraint, Default, Table } from "../../src/model/schema";
import type { DatabaseType } from "./build";
import { build, read, tableOf } from "./build";

type Fixture = readonly [string, DatabaseType, readonly unknown[]];

const fixtures: readonly Fixture[] = [
  ["the blog", "better-sqlite3", blog.entities],
  ["the blog", "postgres", blog.entities],
  ["the blog", "mysql", blog.entities],
  ["the blog", "mariadb", blog.entities],
  ["the blog", "mssql", blog.entities],
  ["the edited blog", "better-sqlite3", blog.edited],
  ["the shop", "better-sqlite3", shop.entities],
  ["the shop", "postgres", shop.entities],
  ["the shop", "mysql", shop.entities],
  ["the shop", "mssql", shop.entities],
  ["the edited shop", "better-sqlite3", shop.edited],
  ["everything", "better-sqlite3", everything.entities],
  ["everything edited", "better-sqlite3", everything.edited],
  ["what TypeORM writes wrongly", "better-sqlite3", everything.beyondTypeorm],
];

/** The default as TypeORM's drivers write it; a number may stand between quotes and with zeros behind its point. */
function literal(value: Default | undefined, text: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if ("sql" in value) return value.sql;
  if (typeof value.value === "string") return `'${value.value.replaceAll("'", "''")}'`;
  const meaning = text?.replaceAll("'", "").replace("true", "1").replace("false", "0");
  return Number(meaning) === Number(value.value) ? text : JSON.stringify(value.value);
}

function described(column: Column, text: string | undefined): object {
  const { type } = column;
  return {
    name: column.name,
    type: type.name,
    length: String(type.length ?? ""),
    precision: type.precision,
    scale: type.scale,
    isArray: type.array ?? false,
    isNullable: column.nullable,
    default: column.generated?.kind === "computed" ? text : literal(column.default, text),
    comment: column.comment,
    collation: column.collation,
    asExpression: column.generated?.kind === "computed" ? column.generated.sql : undefined,
  };
}

function names(constraints: readonly Constraint[], kind: Constraint["kind"]): readonly unknown[] {
  return constraints.filter((constraint) => constraint.kind === kind).map(({ name }) => name);
}

function expectSame(table: Table, oracle: TypeormTable, foreignKeys: readonly TableForeignKey[]): void {
  const texts = new Map(oracle.columns.map((column) => [column.name, column.default as string | undefined]));
  expect(table.columns.map((column) => described(column, texts.get(column.name)))).toEqual(
    oracle.columns.map((column) => ({
      name: column.name,
      type: column.type,
      length: column.length,
      precision: column.precision ?? undefined,
      scale: column.scale,
      // An array of enum values is plain text on SQLite, whatever TypeORM's model says.
      isArray: column.isArray && !(column.type === "varchar" && column.enum),
      isNullable: column.isNullable,
      default: column.default as string | undefined,
      comment: column.comment,
      collation: column.collation,
      asExpression: column.asExpression,
    })),
  );
  const key = table.constraints.find(({ kind }) => kind === "primaryKey");
  expect(key?.kind === "primaryKey" && key.columns).toEqual(oracle.primaryColumns.map(({ name }) => name));
  expect(names(table.constraints, "unique")).toEqual(oracle.uniques.map(({ name }) => name));
  expect(names(table.constraints, "check")).toEqual(oracle.checks.map(({ name }) => name));
  expect(names(table.constraints, "foreignKey")).toEqual(foreignKeys.map(({ name }) => name));
  expect(
    table.indexes.map(({ name, parts, unique, where }) => [name, parts, unique ?? false, where ?? ""]),
  ).toEqual(
    oracle.indices.map((index) => [
      index.name,
      index.columnNames.map((column) => ({ column })),
      index.isUnique,
      index.where,
    ]),
  );
}

test.each(fixtures)("%s on %s is read as TypeORM reads it", async (_title, type, entities) => {
  const dataSource = await build(type, entities);
  const target = readMetadata(dataSource);
  const stored = dataSource.entityMetadatas.filter(
    ({ tableType }) => tableType !== "entity-child" && tableType !== "view",
  );
  expect(target.schema.tables.map(({ name }) => name).sort()).toEqual(
    stored.map(({ tableName }) => tableName).sort(),
  );
  for (const metadata of stored) {
    expectSame(
      tableOf(target, metadata.tableName),
      TypeormTable.create(metadata, dataSource.driver),
      metadata.foreignKeys.map((key) => TableForeignKey.create(key, dataSource.driver)),
    );
  }
  expect(target.warnings).toEqual([]);
});

const creatable = fixtures.filter(([title, type]) => type === "better-sqlite3" && !title.includes("wrongly"));

test.each(creatable)(
  "%s can be created by TypeORM, and holds what was read",
  async (_title, _type, entities) => {
    const dataSource = new DataSource({
      type: "better-sqlite3",
      database: ":memory:",
      entities: [...entities] as never,
    });
    await dataSource.initialize();
    try {
      await dataSource.synchronize();
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries).toEqual([]);
      const { schema } = readMetadata(dataSource);
      const rows: { type: string; name: string }[] = await dataSource.query(
        `SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'typeorm_metadata'`,
      );
      const live = (type: string): readonly string[] =>
        rows
          .filter((row) => row.type === type)
          .map(({ name }) => name)
          .sort();
      expect(schema.tables.map(({ name }) => name).sort()).toEqual(live("table"));
      expect(schema.views.map(({ name }) => name).sort()).toEqual(live("view"));
      expect(schema.tables.flatMap(({ indexes }) => indexes.map(({ name }) => name)).sort()).toEqual(
        live("index"),
      );
    } finally {
      await dataSource.destroy();
    }
  },
);

test("entities in another order give equal data, which JSON can hold", async () => {
  for (const entities of [blog.entities, shop.entities, everything.entities]) {
    const { schema } = await read("better-sqlite3", entities);
    const reversed = await read("better-sqlite3", [...entities].reverse());
    expect(reversed.schema).toEqual(schema);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  }
});
