/**
 * Scripts in the hands of a database's own client, with its default flags: whatever fails in them, the version rows never
 * claim what was not done, and the same script again changes nothing.
 */
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { dialectOfDriver } from "../../src/dialects";
import { open } from "../../src/open";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";

const IDS = ["a1", "b2", "c3", "d4"] as const;

/** Each revision makes two tables and rows between, so that half of one shows. */
function source(id: string, parent: string | undefined, isBroken: boolean): string {
  const table = (name: string): string =>
    `await op.createTable("${name}", { columns: [{ name: "id", type: "int" }], primaryKey: { columns: ["id"] } });`;
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(parent ?? null)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "it's revision ${id}";

export async function upgrade(op) {
  ${table(`first_${id}`)}
  await op.bulkInsert("first_${id}", [{ id: 1 }, { id: 2 }]);
  ${isBroken ? 'await op.execute("INSERT INTO nowhere VALUES (1)");' : ""}
  ${table(`last_${id}`)}
}

export async function downgrade(op) {
  await op.dropTable("last_${id}");
  ${isBroken ? 'await op.execute("INSERT INTO nowhere VALUES (1)");' : ""}
  await op.dropTable("first_${id}");
}
`;
}

const fed = kinds.filter(({ name }) => name !== "sqlite");

describe.each(fed.map((kind) => [kind.name, kind] as const))("a script for %s", (_name, kind) => {
  let place: ReturnType<typeof temporaryFolder>;
  let database: TestDatabase;
  beforeEach(async () => {
    place = temporaryFolder();
    mkdirSync(join(place.folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(place.folder, "package.json"), '{"type":"module"}');
    database = await kind.create(place.folder, "app");
  });
  afterEach(async () => {
    await database.drop();
    place.remove();
  });

  /** The script for a range, of a project whose revision `broken` fails in its middle. */
  const scriptOf = async (
    direction: "upgrade" | "downgrade",
    broken: string | undefined,
  ): Promise<string> => {
    for (const [index, id] of IDS.entries()) {
      writeFileSync(
        join(place.folder, "revisions", "versions", `${id}.js`),
        source(id, IDS[index - 1], id === broken),
      );
    }
    const written: string[] = [];
    const limbeck = await open({
      cwd: place.folder,
      // Nothing but the name of the dialect: neither driver nor application is there.
      config: { dialect: dialectOfDriver(database.options.type) },
      write: (text) => written.push(text),
    });
    if (direction === "upgrade") await limbeck.upgrade({ sql: true });
    else await limbeck.downgrade({ revision: "head:base", sql: true });
    return written.join("");
  };

  const state = async (): Promise<{
    readonly tables: readonly string[];
    readonly versions: readonly string[];
  }> => await connected(database.options, stateOf);

  test.each([undefined, ...IDS])("of an upgrade in which %s fails", async (broken) => {
    if (!demandClient(database)) return;
    const script = await scriptOf("upgrade", broken);
    const feed = (): void => database.feed?.(script);
    if (broken === undefined) feed();
    else expect(feed).toThrow();
    const { tables, versions } = await state();
    const applied = IDS.slice(0, IDS.indexOf(versions[0] as "a1") + 1);
    for (const id of applied) expect(tables).toEqual(expect.arrayContaining([`first_${id}`, `last_${id}`]));
    if (broken === undefined) expect(versions).toEqual(["d4"]);
    else expect(applied).not.toContain(broken);
    expect(feed).toThrow();
    expect(await state()).toEqual({ tables, versions });
  });

  test.each([undefined, ...IDS])("of a downgrade in which %s fails", async (broken) => {
    if (!demandClient(database)) return;
    database.feed?.(await scriptOf("upgrade", undefined));
    const [first, second] = [place, temporaryFolder()];
    place = {
      folder: second.folder,
      remove: () => {
        first.remove();
        second.remove();
      },
    };
    mkdirSync(join(place.folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(place.folder, "package.json"), '{"type":"module"}');
    const script = await scriptOf("downgrade", broken);
    const feed = (): void => database.feed?.(script);
    if (broken === undefined) feed();
    else expect(feed).toThrow();
    const { tables, versions } = await state();
    const applied = IDS.slice(0, IDS.indexOf(versions[0] as "a1") + 1);
    const gone = IDS.slice(applied.length);
    for (const id of gone) {
      expect(tables).not.toContain(`first_${id}`);
      expect(tables).not.toContain(`last_${id}`);
    }
    if (broken === undefined) expect(versions).toEqual([]);
    else expect(applied).toContain(broken);
    expect(feed).toThrow();
    expect(await state()).toEqual({ tables, versions });
  });
});

/** Without a client the proof cannot be made; it must be there where it is required. */
function demandClient({ feed, options }: TestDatabase): boolean {
  if (feed) return true;
  if (process.env.LIMBECK_REQUIRE_CLIENTS) throw new Error(`there is no client for ${options.type}`);
  console.warn(`not run: this machine has no client for ${options.type}`);
  return false;
}

async function stateOf(dataSource: {
  query<T>(sql: string): Promise<T>;
  readonly options: DataSourceOptions;
}): Promise<{ readonly tables: readonly string[]; readonly versions: readonly string[] }> {
  const names = IDS.flatMap((id) => [`first_${id}`, `last_${id}`]);
  const exists = async (name: string): Promise<boolean> => {
    try {
      await dataSource.query(`SELECT * FROM ${name} WHERE 1 = 0`);
      return true;
    } catch {
      return false;
    }
  };
  const tables: string[] = [];
  for (const name of names) if (await exists(name)) tables.push(name);
  if (!(await exists("limbeck_version"))) return { tables, versions: [] };
  const rows = await dataSource.query<{ version_num: string }[]>("SELECT version_num FROM limbeck_version");
  return { tables, versions: rows.map((row) => row.version_num) };
}
