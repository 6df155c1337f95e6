import { existsSync } from "node:fs";
import { join } from "node:path";
import { Column, DataSource, Entity, EntitySchema, PrimaryGeneratedColumn } from "typeorm";
import { buildMetadata } from "../../src/loader/build-metadata";
import { optionWarnings } from "../../src/loader/quiet-options";
import { loadDataSource } from "../../src/loader/data-source";
import { isDataSource, isDataSourceOptions } from "../../src/loader/recognize";
import { readMetadata } from "../../src/metadata/read";
import { since1 } from "../../fixtures/entities/typeorm-line";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

@Entity()
class Account {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  email!: string;
}

const options = { type: "better-sqlite3" as const, database: ":memory:", entities: [Account] };
const origin = { file: __filename };

describe("what may be given for a data source", () => {
  const dataSource = new DataSource(options);

  it.each<readonly [string, unknown]>([
    ["itself", dataSource],
    ["a promise of it", Promise.resolve(dataSource)],
    ["a function", () => dataSource],
    ["a function that promises it", () => Promise.resolve(dataSource)],
    ["a module with it as default", { default: dataSource }],
    ["a module that exports it by name", { AppDataSource: dataSource }],
    ["a module that exports a promise of it", { AppDataSource: Promise.resolve(dataSource) }],
    ["a module that exports it twice", { AppDataSource: dataSource, default: dataSource }],
    ["a module that exports its options, too", { options, default: options, AppDataSource: dataSource }],
    ["CommonJS inside an ES module", { default: { AppDataSource: dataSource } }],
    ["a default of CommonJS inside an ES module", { default: { __esModule: true, default: dataSource } }],
    ["a module with a function as default", { default: () => dataSource }],
    ["a function that gives a module", () => Promise.resolve({ AppDataSource: dataSource })],
  ])("%s", async (_what, value) => {
    expect(await loadDataSource(value, origin)).toEqual({ dataSource });
  });

  it.each<readonly [string, unknown]>([
    ["options", options],
    ["a function that gives options", () => options],
    ["a module with options as default", { default: options }],
    ["a promise of options", Promise.resolve(options)],
  ])("%s make one with the user's TypeORM", async (_what, value) => {
    const loaded = await loadDataSource(value, origin);
    expect(loaded.dataSource).toBeInstanceOf(DataSource);
    expect(loaded.dataSource.options.database).toBe(":memory:");
  });

  it("comes with what closes it, called on what gave it", async () => {
    const application = {
      closed: 0,
      dataSource,
      close() {
        this.closed += 1;
      },
    };
    const loaded = await loadDataSource(() => application, origin);
    await loaded.close?.();
    expect([loaded.dataSource, application.closed]).toEqual([dataSource, 1]);
  });

  it.each<readonly [string, unknown, RegExp]>([
    ["nothing", {}, /gives no DataSource$/],
    ["undefined", undefined, /gives no DataSource$/],
    ["a text", "src/data-source.ts", /gives no DataSource$/],
    ["a class", { default: class Application {} }, /gives no DataSource$/],
    [
      "two",
      { main: new DataSource(options), audit: new DataSource(options) },
      /gives 2 data sources: main, audit$/,
    ],
    [
      "a function that throws",
      () => {
        throw new Error("my trouble");
      },
      /cannot be made: my trouble$/,
    ],
  ])("is not %s", async (_what, value, message) => {
    await expect(loadDataSource(value, origin)).rejects.toMatchObject({
      code: "DATA_SOURCE_INVALID",
      message: expect.stringMatching(message),
      file: __filename,
    });
  });

  it("without its driver is an error that names the package", async () => {
    await expect(loadDataSource({ type: "oracle" }, origin)).rejects.toMatchObject({
      code: "DRIVER_MISSING",
      hint: "npm install oracledb",
    });
  });

  it("is told from its options", () => {
    expect([isDataSource(dataSource), isDataSourceOptions(dataSource)]).toEqual([true, false]);
    expect([isDataSource(options), isDataSourceOptions(options)]).toEqual([false, true]);
    expect([isDataSource(null), isDataSourceOptions(undefined)]).toEqual([false, false]);
  });
});

describe("while user code loads", () => {
  it("nothing is connected, synchronised or dropped", async () => {
    const database = join(makeProject({}), "untouched.sqlite");
    const calls: unknown[] = [];
    const { dataSource } = await loadDataSource(async () => {
      const made = new DataSource({ ...options, database, synchronize: true });
      calls.push(await made.initialize(), await made.synchronize(), await made.dropDatabase());
      calls.push(await made.runMigrations(), await made.undoLastMigration());
      return made;
    }, origin);
    expect(calls).toEqual([dataSource, [], [], [], []]);
    expect(dataSource.isInitialized).toBe(false);
    expect(existsSync(database)).toBe(false);
  });

  it("the application's own work beside it goes on, and afterwards all is as before", async () => {
    const beside = new DataSource(options);
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const loading = loadDataSource(async () => {
      await gate;
      return new DataSource(options);
    }, origin);
    await beside.initialize();
    open();
    const { dataSource } = await loading;
    await dataSource.initialize();
    expect([beside.isInitialized, dataSource.isInitialized]).toEqual([true, true]);
    await Promise.all([beside.destroy(), dataSource.destroy()]);
  });
});

describe("metadata", () => {
  it("is built without a connection, and the options stay the application's", async () => {
    const subscribers = [class Subscriber {}];
    const dataSource = new DataSource({
      ...options,
      subscribers,
      migrations: ["nowhere/*.ts"],
      synchronize: true,
    });
    await buildMetadata(dataSource, __filename);
    expect(dataSource.entityMetadatas.map(({ tableName }) => tableName)).toEqual(["account"]);
    expect(dataSource.isInitialized).toBe(false);
    expect(dataSource.options).toMatchObject({
      subscribers,
      migrations: ["nowhere/*.ts"],
      synchronize: true,
    });
  });

  it("that the application has built already is left as it is", async () => {
    const dataSource = new DataSource(options);
    await dataSource.initialize();
    const before = dataSource.entityMetadatas;
    await buildMetadata(dataSource, __filename);
    expect(dataSource.entityMetadatas).toBe(before);
    await dataSource.destroy();
  });

  it("takes globs and folders from the working directory, as TypeORM does", async () => {
    const schema = "module.exports.A = new (require('typeorm').EntitySchema)";
    const folder = makeProject({
      "package.json": "{}",
      "entities/a.js": `${schema}({ name: "A", columns: { id: { type: Number, primary: true } } });`,
    });
    // In 0.3 a folder stands for itself, and so for no file.
    for (const entities of [...since1([`${folder}/entities`]), { a: `${folder}/entities/*.{ts,js}` }]) {
      const dataSource = new DataSource({ ...options, entities });
      await buildMetadata(dataSource, __filename);
      expect(dataSource.entityMetadatas.map(({ name }) => name)).toEqual(["A"]);
    }
  });

  it.each([
    ["mariadb", "10.7.0", "uuid", "json"],
    ["mariadb", "10.6.19", "varchar", "json"],
    ["mariadb", "11.4", "uuid", "json"],
    ["mariadb", "10.4.2", "varchar", "longtext"],
    ["mysql", "9.5.0", "varchar", "json"],
  ] as const)("of %s %s without a connection is that of such a server", async (type, version, uuid, json) => {
    const columns = { id: { type: "uuid", primary: true }, data: { type: "json" } } as const;
    const entities = [new EntitySchema({ name: "A", columns })];
    const stub = { driver: { stub: true }, connectorPackage: "mysql2" };
    const dataSource = new DataSource({ type, database: "main", entities, ...stub });
    await buildMetadata(dataSource, __filename, version);
    const [table] = readMetadata(dataSource).schema.tables;
    expect(table?.columns.map((column) => column.type.name)).toEqual([uuid, json]);
  });

  it.each<readonly [string, unknown[], string, RegExp]>([
    ["no entities", [], "NO_ENTITIES", /has no entities$/],
    ["a glob of nothing", ["nowhere/*.ts"], "NO_ENTITIES", /"nowhere\/\*\.ts" of .* matches no file$/],
    [
      "a column of type Object",
      [new EntitySchema({ name: "B", columns: { id: { type: Object as never, primary: true } } })],
      "UNKNOWN_COLUMN_TYPE",
      /the type of B\.id cannot be known/,
    ],
    [
      "a type of another database",
      [new EntitySchema({ name: "B", columns: { id: { type: "uniqueidentifier", primary: true } } })],
      "METADATA_INVALID",
      /TypeORM refuses the entities of .*uniqueidentifier/,
    ],
  ])("with %s is refused", async (_what, entities, code, message) => {
    const dataSource = new DataSource({ ...options, entities: entities as [] });
    await expect(buildMetadata(dataSource, __filename)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      file: __filename,
    });
  });

  it("warns of options that change the database by themselves", () => {
    expect(optionWarnings({ ...options, synchronize: false })).toEqual([]);
    expect(optionWarnings({ ...options, synchronize: true, dropSchema: true })).toEqual([
      expect.stringContaining("synchronize: true"),
      expect.stringContaining("dropSchema: true"),
    ]);
  });
});
