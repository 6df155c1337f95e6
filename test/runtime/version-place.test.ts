/** Where the version table is on PostgreSQL, with a data source whose schema is not where its connection looks. */
import { EntitySchema } from "typeorm";
import type { Config } from "../../src/config/config";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { describeOn } from "../support/describe-on";
import { temporaryFolder } from "../support/sqlite";

const account = (columns: readonly string[] = []): EntitySchema =>
  new EntitySchema({
    name: "account",
    columns: {
      id: { type: "int", primary: true },
      ...Object.fromEntries(columns.map((name) => [name, { type: "int", nullable: true }])),
    },
  });

const postgres = kinds.filter(({ name }) => name === "postgres");

describeOn(postgres, "on %s, with a schema of its own", (kind) => {
  let place: ReturnType<typeof temporaryFolder>;
  let database: TestDatabase;
  beforeEach(async () => {
    place = temporaryFolder();
    database = await kind.create(place.folder, "app");
  });
  afterEach(async () => {
    await database.drop();
    place.remove();
  });

  const project = async (
    columns: readonly string[] = [],
    config: Partial<Config> = {},
    script: string[] = [],
  ): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: {
        dataSource: { ...database.options, schema: "app", entities: [account(columns)] },
        ...config,
      },
      write: (text) => script.push(text),
    });
  const tables = async (): Promise<readonly string[]> =>
    await connected(database.options, async (dataSource) => {
      const rows = await dataSource.query<{ readonly place: string }[]>(
        "SELECT schemaname || '.' || tablename AS place FROM pg_tables WHERE schemaname IN ('app', 'public') ORDER BY 1",
      );
      return rows.map((row) => row.place);
    });
  const written = async (limbeck: Limbeck): Promise<string> =>
    (await limbeck.revision({ autogenerate: true, message: "next" })).revision ?? "none";
  const heads = async (limbeck: Limbeck): Promise<readonly string[]> =>
    (await limbeck.current()).map(({ revision }) => revision);

  test("it stands in that schema, which is made for it and stays with it", async () => {
    const limbeck = await project();
    const first = await written(limbeck);
    await limbeck.upgrade();
    expect(await tables()).toEqual(["app.account", "app.limbeck_history", "app.limbeck_version"]);
    expect(await heads(limbeck)).toEqual([first]);
    expect(await limbeck.check({ includeUnmanaged: true })).toMatchObject({ differences: [] });
    await limbeck.downgrade({ revision: "base" });
    expect(await tables()).toEqual(["app.limbeck_history", "app.limbeck_version"]);
    await limbeck.upgrade();
    expect(await heads(limbeck)).toEqual([first]);
  });

  test("a script puts it there too", async () => {
    const script: string[] = [];
    const limbeck = await project([], {}, script);
    const first = await written(limbeck);
    await limbeck.upgrade({ sql: true });
    database.feed?.(script.join(""));
    expect(await heads(limbeck)).toEqual(database.feed ? [first] : []);
    if (!database.feed) console.warn("not run: the script, because there is no psql");
  });

  test.each([["public"], ["app"]])("a database that has it in %s goes on with it", async (schema) => {
    const before = await project([], { versionTableSchema: schema });
    const first = await written(before);
    await before.upgrade();
    expect(await before.check({ includeUnmanaged: true })).toMatchObject({ differences: [] });
    const after = await project(["extra"]);
    expect(await heads(after)).toEqual([first]);
    const more = await written(after);
    await after.upgrade();
    expect(await heads(after)).toEqual([more]);
    expect(await tables()).toEqual([
      ...["app.account", `${schema}.limbeck_history`, `${schema}.limbeck_version`].sort(),
    ]);
    await after.downgrade({ revision: "base" });
    expect(await heads(after)).toEqual([]);
    expect(await heads(await project(["extra"]))).toEqual([]);
    expect(await tables()).toHaveLength(2);
  });

  test("one of somebody else's, where the connection looks, is left alone", async () => {
    await connected(database.options, async (dataSource) => {
      await dataSource.query("CREATE TABLE limbeck_version (version_num varchar(255) PRIMARY KEY)");
      await dataSource.query("INSERT INTO limbeck_version VALUES ('theirs')");
    });
    const limbeck = await project();
    const first = await written(limbeck);
    await limbeck.upgrade();
    expect(await heads(limbeck)).toEqual([first]);
    expect(await tables()).toContain("app.limbeck_version");
  });

  test("a role that may make no schema can go on where it is there", async () => {
    const role = `limbeck_${database.options.type}_${process.pid}`;
    const run = async (sql: string): Promise<unknown> =>
      await connected(database.options, (dataSource) => dataSource.query(sql));
    await run(`CREATE ROLE "${role}" LOGIN; CREATE SCHEMA app AUTHORIZATION "${role}"`);
    try {
      const url = new URL((database.options as { readonly url?: string }).url ?? "");
      url.username = role;
      const dataSource = {
        ...database.options,
        url: url.href,
        schema: "app",
        entities: [account()],
      } as never;
      const limbeck = await project([], { dataSource });
      const first = await written(limbeck);
      await limbeck.upgrade();
      expect(await heads(limbeck)).toEqual([first]);
    } finally {
      await run(`DROP OWNED BY "${role}" CASCADE; DROP ROLE "${role}"`);
    }
  });
});
