/**
 * A process that is killed at any statement of a generated revision that changes many tables with rows, on a server whose
 * DDL commits by itself, leaves what the next `upgrade` finishes: schema and rows are those of a run that nobody disturbed.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { dialectOfDriver, loadDialect } from "../../src/dialects";
import { statementKind } from "../../src/dialects/ansi/statement-kind";
import { open } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import * as everything from "../../fixtures/entities/everything-mysql";
import { connected, kinds } from "../roundtrip/databases";
import type { TestDatabase } from "../roundtrip/databases";
import { upgradeKilled } from "./upgrade-killed";
import { requiredColumns, rowsOf, seed } from "../roundtrip/rows";
import { describeOn } from "../support/describe-on";

/** One place of so many is tried, because each costs a process; all of them on demand. */
const STRIDE = process.env["LIMBECK_TEST_ALL"] ? 1 : 10;
const servers = kinds.filter(({ name }) => name === "mariadb" || name === "mysql");

type Rows = Awaited<ReturnType<typeof rowsOf>>;
interface State {
  readonly schema: unknown;
  readonly rows: Readonly<Record<string, readonly string[]>>;
}

describeOn(servers, "on %s", (kind) => {
  let folder: string;
  let required: ReadonlySet<string>;
  let seeded: Rows;
  let made = 0;
  const here = async (options: DataSourceOptions, entities: typeof everything.entities = []) =>
    await open({ cwd: folder, config: { dataSource: { ...options, entities } } });

  /** A database at the first revision, with rows. */
  const prepared = async (revisions: readonly string[]): Promise<TestDatabase> => {
    const database = await kind.create(folder, `copy${++made}`);
    const options = { ...database.options, entities: everything.entities };
    await (await here(database.options)).upgrade({ revisions });
    await connected(options, (dataSource) => seed(dataSource, required));
    return database;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-generated-"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const { options, drop } = await kind.create(folder, "author");
    required = await requiredColumns({ ...options, entities: everything.edited });
    await (
      await here(options, everything.entities)
    ).revision({ autogenerate: true, message: "first", id: "a1", javascript: true });
    await (await here(options)).upgrade();
    await (
      await here(options, everything.edited)
    ).revision({ autogenerate: true, message: "later", id: "b2", javascript: true, noRenames: true });
    await drop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Kills a run before a statement and finishes it; answers whether the revision was half done in between. */
  const killAndFinish = async (at: number, sql: string, expected: State): Promise<boolean> => {
    const { options, drop } = await prepared(["a1"]);
    try {
      expect({
        at,
        sql,
        statements: await upgradeKilled({ kind, folder, options: options, at: at, when: "before" }),
      }).toEqual({ at, sql, statements: undefined });
      const warnings: string[] = [];
      const limbeck = await open({
        cwd: folder,
        config: { dataSource: options },
        reporter: { info: () => undefined, warn: (line) => warnings.push(line) },
      });
      // What is half done is said, and the version rows do not claim it.
      const rows = (await limbeck.current()).map(({ revision }) => revision);
      const isHalfDone = warnings.some((line) => line.includes("the upgrade to b2 stopped half done"));
      if (isHalfDone) expect({ at, sql, rows }).toEqual({ at, sql, rows: ["a1"] });
      await limbeck.upgrade();
      expect({ at, sql, ...(await stateOf(options, seeded)) }).toEqual({ at, sql, ...expected });
      expect({ at, sql, again: (await limbeck.upgrade()).steps }).toEqual({ at, sql, again: [] });
      return isHalfDone;
    } finally {
      await drop();
    }
  };

  test("a generated revision killed at any statement that changes something is finished", async () => {
    const undisturbed = await prepared(["a1"]);
    seeded = await connected(undisturbed.options, rowsOf);
    const statements =
      (await upgradeKilled({ kind, folder, options: undisturbed.options, at: 0, when: "before" })) ?? [];
    const expected = await stateOf(undisturbed.options, seeded);
    await undisturbed.drop();
    // What was killed before a statement that reads is as if killed before the next one.
    const places = statements.flatMap((sql, place) =>
      statementKind(sql) === "read" ? [] : [{ at: place + 1, sql }],
    );
    const tables = new Set(statements.flatMap((sql) => /^ALTER TABLE (\S+)/.exec(sql)?.[1] ?? []));
    expect(tables.size).toBeGreaterThanOrEqual(5);
    const tried = places.filter((_, number) => number % STRIDE === 5 % STRIDE);
    const { length } = tried;
    let halfDone = 0;
    await Promise.all(
      [1, 2].map(async () => {
        for (let place = tried.pop(); place; place = tried.pop()) {
          if (await killAndFinish(place.at, place.sql, expected)) halfDone++;
        }
      }),
    );
    expect(halfDone).toBeGreaterThan(length / 2);
  }, 900_000);
});

/** The schema, and what the rows hold in the columns that were there before. */
async function stateOf(options: DataSourceOptions, before: Rows): Promise<State> {
  return await connected(options, async (dataSource) => {
    const dialect = loadDialect(dialectOfDriver(options.type));
    const queryRunner = dataSource.createQueryRunner();
    const schema = dialect.normalize(await dialect.inspect(queryableOf(queryRunner), { schemas: [] }));
    await queryRunner.release();
    const rows = Object.entries(await rowsOf(dataSource)).map(([table, list]) => {
      const kept = Object.keys(before[table]?.[0] ?? {});
      return [table, list.map((row) => JSON.stringify(kept.map((column) => row[column]))).sort()] as const;
    });
    return { schema, rows: Object.fromEntries(rows) };
  });
}
