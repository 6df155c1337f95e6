/** Metadata that is built with indexes is the metadata that TypeORM builds by itself. */
import { DataSource, getMetadataArgsStorage } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import { OrmUtils } from "typeorm/util/OrmUtils.js";
import * as blog from "../../fixtures/entities/blog";
import * as everything from "../../fixtures/entities/everything";
import * as office from "../../fixtures/entities/everything-postgres";
import * as shop from "../../fixtures/entities/shop";
import { withIndexedMetadata } from "../../src/loader/indexed-metadata";
import { readMetadata } from "../../src/metadata/read";

const sets = {
  "the blog": ["postgres", blog.entities],
  "the shop": ["postgres", shop.entities],
  "trees, embedded and inherited entities": ["better-sqlite3", everything.entities],
  "PostgreSQL's own": ["postgres", office.entities],
} as const;

function dataSourceOf(type: string, entities: readonly unknown[]): DataSource {
  const driver = type === "postgres" ? { driver: { stub: true } } : { database: ":memory:" };
  return new DataSource({ type, entities, ...driver } as unknown as DataSourceOptions);
}

async function build(dataSource: DataSource): Promise<void> {
  await (dataSource as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
}

/** What the builder looks up in the lists of all entities, beside what becomes part of a schema. */
function lookedUp({ entityMetadatas }: DataSource): object {
  return entityMetadatas.map((metadata) => ({
    name: metadata.name,
    type: metadata.tableType,
    parent: metadata.parentEntityMetadata?.name,
    columns: metadata.columns.map((column) => [column.propertyPath, column.isNullable, column.isGenerated]),
    relations: metadata.relations.map((relation) => [
      relation.propertyPath,
      relation.inverseEntityMetadata.name,
      relation.inverseRelation?.propertyPath,
      relation.joinColumns.map(({ databaseName }) => databaseName),
      relation.junctionEntityMetadata?.name,
    ]),
    listeners: metadata.listeners.map(({ propertyName, type }) => [propertyName, type]),
    properties: metadata.propertiesMap,
  }));
}

test.each(Object.entries(sets))("%s", async (_what, [type, entities]) => {
  const plain = dataSourceOf(type, entities);
  await build(plain);
  const indexed = dataSourceOf(type, entities);
  await withIndexedMetadata(__filename, () => build(indexed));
  expect(lookedUp(indexed)).toEqual(lookedUp(plain));
  expect(readMetadata(indexed).schema).toEqual(readMetadata(plain).schema);
});

test("the lists of all entities are not looked through for each entity", async () => {
  let looks = 0;
  const entities = sets["the shop"][1];
  const plain = dataSourceOf("postgres", entities);
  // The storage of the decorators is one for the whole process, and its items are looked at by their target.
  const storage = getMetadataArgsStorage();
  const columns = storage.columns;
  const watched = (): void => {
    looks = 0;
    (storage as { columns: unknown }).columns = columns.map((column) => ({
      ...column,
      get target() {
        looks++;
        return column.target;
      },
    }));
  };
  try {
    watched();
    await build(plain);
    const before = looks;
    watched();
    await withIndexedMetadata(__filename, () => build(dataSourceOf("postgres", entities)));
    expect(looks).toBeLessThan(before / 4);
  } finally {
    (storage as { columns: unknown }).columns = columns;
  }
});

test("the paths of properties are put together where they are asked for, once", async () => {
  const merge = jest.spyOn(OrmUtils, "mergeDeep");
  try {
    const entities = sets["the shop"][1];
    await build(dataSourceOf("postgres", entities));
    const before = merge.mock.calls.length;
    merge.mockClear();
    const indexed = dataSourceOf("postgres", entities);
    await withIndexedMetadata(__filename, () => build(indexed));
    expect(merge.mock.calls.length).toBeLessThan(before / 2);
    for (const metadata of indexed.entityMetadatas) {
      expect(metadata.propertiesMap).toEqual(metadata.createPropertiesMap());
      expect(metadata.propertiesMap).toBe(metadata.propertiesMap);
    }
  } finally {
    merge.mockRestore();
  }
});
