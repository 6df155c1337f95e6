/** Scratch databases: made beside the application's own, and gone afterwards, however the body ended. */
import { join } from "node:path";
import { DataSource } from "typeorm";
import type { DataSourceOptions, QueryRunner } from "typeorm";
import { withScratch } from "../../src/runtime/scratch";
import { silentReporter } from "../../src/runtime/reporter";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { failure } from "../support/error";
import { temporaryFolder } from "../support/sqlite";

const FILE = join(process.cwd(), "ormconfig.ts");

/** Where the databases of a server are listed, and its sessions. */
const LISTS: Readonly<Record<string, string>> = {
  postgres: "SELECT datname AS name FROM pg_database",
  mysql: "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA",
  mariadb: "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA",
  mssql: "SELECT name FROM sys.databases",
};

/** A statement that takes longer than any test. */
const SLEEPS: Readonly<Record<string, string>> = {
  postgres: "SELECT pg_sleep(600)",
  mysql: "SELECT SLEEP(600)",
  mariadb: "SELECT SLEEP(600)",
  mssql: "WAITFOR DELAY '00:10:00'",
};

describe.each(kinds.map((kind) => [kind.name, kind] as const))("on %s, a scratch database", (_name, kind) => {
  const place = temporaryFolder();
  let database: TestDatabase;
  let options: DataSourceOptions;
  beforeAll(async () => {
    database = await kind.create(place.folder, "own");
    ({ options } = database);
    await connected(options, (dataSource) => dataSource.query("CREATE TABLE own (id int)"));
  });
  afterAll(async () => {
    await database.drop();
    place.remove();
  });

  const scratches = async (): Promise<readonly string[]> => {
    const sql = LISTS[kind.name];
    if (sql === undefined) return [];
    const rows = await connected(options, (dataSource) => dataSource.query<{ name: string }[]>(sql));
    return rows.map(({ name }) => name).filter((name) => name.startsWith("limbeck_scratch_"));
  };
  const given = { reporter: silentReporter, file: FILE };
  const make = async (queryRunner: QueryRunner): Promise<void> => {
    await queryRunner.query("CREATE TABLE made (id int)");
  };
  const tables = async (): Promise<readonly boolean[]> =>
    await connected(options, async (dataSource) => {
      const queryRunner = dataSource.createQueryRunner();
      return [await queryRunner.hasTable("own"), await queryRunner.hasTable("made")];
    });

  test("is empty, and what is done there is not done to the application's own", async () => {
    const dataSource = new DataSource(options);
    const before = { ...dataSource.options };
    const own = await withScratch(dataSource, given, async (queryRunner) => {
      await make(queryRunner);
      return [await queryRunner.hasTable("own"), await queryRunner.hasTable("made")];
    });
    expect(own).toEqual([false, true]);
    expect(await tables()).toEqual([true, false]);
    expect(await scratches()).toEqual([]);
    expect(dataSource.options).toEqual(before);
    await dataSource.initialize();
    expect(await dataSource.createQueryRunner().hasTable("own")).toBe(true);
    await dataSource.destroy();
  });

  test("is one beside a data source that is connected, which stays so", async () => {
    await connected(options, async (dataSource) => {
      await withScratch(dataSource, given, make);
      expect(await dataSource.createQueryRunner().hasTable("own")).toBe(true);
    });
    expect(await tables()).toEqual([true, false]);
    expect(await scratches()).toEqual([]);
  });

  test("is removed after a failure, which comes through", async () => {
    const body = async (queryRunner: QueryRunner): Promise<void> => {
      await make(queryRunner);
      throw new Error("no");
    };
    await expect(withScratch(new DataSource(options), given, body)).rejects.toThrow("no");
    expect(await scratches()).toEqual([]);
  });

  test("is removed at once when the run is interrupted, although the body would go on", async () => {
    const controller = new AbortController();
    const sleep = SLEEPS[kind.name];
    const before = { ...options };
    const error = await failure(
      withScratch(new DataSource(options), { ...given, signal: controller.signal }, async (queryRunner) => {
        await make(queryRunner);
        setTimeout(() => controller.abort("SIGINT"), 50);
        if (sleep === undefined) await new Promise(() => undefined);
        else await queryRunner.query(sleep);
      }),
    );
    expect(error.code).toBe("INTERRUPTED");
    expect(options).toEqual(before);
    expect(await scratches()).toEqual([]);
  });

  test("is made where the application's own database is not there yet", async () => {
    if (!(kind.name in LISTS)) return;
    const { url, database: name } = options as { readonly url?: string; readonly database?: string };
    const absent = url === undefined ? { database: `${name ?? ""}_absent` } : { url: `${url}_absent` };
    const dataSource = new DataSource({ ...options, ...absent } as DataSourceOptions);
    await withScratch(dataSource, given, make);
    expect(await scratches()).toEqual([]);
  });
});

test("nothing runs where the data source connects elsewhere whatever its option says", async () => {
  const postgres = kinds.find(({ name }) => name === "postgres");
  if (!postgres) return;
  const database = await postgres.create("", "own");
  const { url } = database.options as { readonly url: string };
  const dataSource = new DataSource({ type: "postgres", url, extra: { connectionString: url } });
  const body = jest.fn();
  const error = await failure(
    withScratch(dataSource, { reporter: silentReporter, file: FILE }, async () => {
      await Promise.resolve();
      body();
    }),
  );
  expect(error.code).toBe("SCRATCH_FAILED");
  expect(body).not.toHaveBeenCalled();
  await database.drop();
});
