/**
 * A database that is made for one purpose and always removed: in memory on SQLite, else an empty one beside the
 * application's own, on the same server. Rehearsals and replays run there.
 */
import { randomBytes } from "node:crypto";
import type { DataSource, DataSourceOptions, QueryRunner } from "typeorm";
import { dialectOfDriver, loadDialect } from "../dialects/index";
import type { Queryable, ScratchDatabases } from "../dialects/dialect";
import { LimbeckError, messageOf } from "../errors";
import { connectedWith } from "./connection";
import { mask } from "./mask";
import { queryableOf } from "./queryable";
import type { Reporter } from "./reporter";

export interface ScratchOptions {
  readonly reporter: Reporter;
  /** The file that the data source comes from, for messages. */
  readonly file: string;
  /** Ends the body at once; the database is removed then, too. */
  readonly signal?: AbortSignal;
}

type Body<T> = (queryRunner: QueryRunner) => Promise<T>;

/** The start of every scratch database's name. */
const PREFIX = "limbeck_scratch_";

/**
 * Runs a body on an empty database with the options of a data source otherwise: same server, user, entities. The
 * database is removed when the body has ended, however it has, and when the run is interrupted.
 *
 * Throws SCRATCH_FAILED where the server refuses to make one, CONNECTION_FAILED where it cannot be reached, INTERRUPTED.
 */
export async function withScratch<T>(
  dataSource: DataSource,
  options: ScratchOptions,
  body: Body<T>,
): Promise<T> {
  const { scratch } = loadDialect(dialectOfDriver(dataSource.options.type));
  if (!scratch) return await inMemory(dataSource, options, body);
  const name = PREFIX + randomBytes(8).toString("hex");
  return await onServer(dataSource, scratch, options, async (server, own) => {
    await create(scratch, server, name, own);
    const drop = async (): Promise<void> => await remove(scratch, server, name, options.reporter);
    try {
      const changes = elsewhere(dataSource.options, name);
      return await connectedWith(restingTwin(dataSource), changes, options.file, async (queryRunner) => {
        await demandOn(name, scratch, queryableOf(queryRunner));
        // What still runs ends with its database, and no longer keeps its connection.
        return await interruptible(options.signal, drop, async () => await body(queryRunner));
      });
    } finally {
      await drop();
    }
  });
}

/** A database in memory goes with its connection. Files that entities attach would stay what they are. */
async function inMemory<T>(
  dataSource: DataSource,
  { file, signal }: ScratchOptions,
  body: Body<T>,
): Promise<T> {
  return await connectedWith(restingTwin(dataSource), { database: ":memory:" }, file, async (queryRunner) => {
    const files = await queryableOf(queryRunner).query<{ readonly file: string }>("PRAGMA database_list");
    const attached = files.find((database) => database.file !== "");
    if (attached) {
      throw new LimbeckError(
        "UNSUPPORTED",
        `the entities attach the file ${attached.file}, and a scratch database stands in for one only`,
        { hint: "nothing was done there; compare with the database itself instead" },
      );
    }
    return await interruptible(
      signal,
      () => Promise.resolve(),
      async () => await body(queryRunner),
    );
  });
}

/** The options of a data source with another database, wherever that is said. */
function elsewhere(options: DataSourceOptions, database: string | undefined): Record<string, unknown> {
  const { url, replication } = options as {
    readonly url?: string;
    readonly replication?: { readonly master: { readonly url?: string } };
  };
  const urlOf = (text: string | undefined) =>
    text === undefined ? {} : { url: withDatabase(text, database) };
  const master = { ...replication?.master, ...urlOf(replication?.master.url), database };
  return {
    database,
    ...urlOf(url),
    ...(replication ? { replication: { ...replication, master, slaves: [] } } : {}),
  };
}

/** TypeORM takes what stands between the first slash after the host and the question mark. */
function withDatabase(url: string, database = ""): string {
  return url.replace(/^([^:]*:\/\/[^/]*)(?:\/[^?]*)?/, (_whole, server: string) => `${server}/${database}`);
}

/** The data source itself while it rests; for one that is connected, another one with the same options. */
function restingTwin(dataSource: DataSource, changes: Readonly<Record<string, unknown>> = {}): DataSource {
  if (!dataSource.isInitialized && Object.keys(changes).length === 0) return dataSource;
  const Constructor = dataSource.constructor as new (options: DataSourceOptions) => DataSource;
  return new Constructor({ ...dataSource.options, ...changes });
}

/** Connects to the server for making and removing databases: on the application's own one or, where there is none yet, beside it. */
async function onServer<T>(
  dataSource: DataSource,
  { fallback }: ScratchDatabases,
  { file }: ScratchOptions,
  body: (server: Queryable, own: string | undefined) => Promise<T>,
): Promise<T> {
  const { database: own } = dataSource.driver;
  const server = restingTwin(dataSource, { entities: [], cache: false });
  const connection = { isMade: false };
  const run = async (queryRunner: QueryRunner): Promise<T> => {
    connection.isMade = true;
    return await body(queryableOf(queryRunner), own);
  };
  const attempt = async (changes: Readonly<Record<string, unknown>>): Promise<T> =>
    await connectedWith(server, changes, file, run);
  return await attempt({}).catch(async (error: unknown) => {
    if (connection.isMade || own === fallback) throw error;
    return await attempt(elsewhere(dataSource.options, fallback)).catch((second: unknown) => {
      throw connection.isMade ? second : error;
    });
  });
}

async function create(
  scratch: ScratchDatabases,
  server: Queryable,
  name: string,
  own: string | undefined,
): Promise<void> {
  try {
    await scratch.create(server, name, own);
  } catch (cause) {
    throw new LimbeckError("SCRATCH_FAILED", `the scratch database could not be made: ${messageOf(cause)}`, {
      cause,
      hint: "the user of the data source needs the right to create databases; take a server of your own for this, such as a container",
    });
  }
}

async function remove(
  scratch: ScratchDatabases,
  server: Queryable,
  name: string,
  reporter: Reporter,
): Promise<void> {
  try {
    await scratch.drop(server, name);
  } catch (cause) {
    reporter.warn(`the scratch database ${name} could not be removed: ${mask(messageOf(cause))}`);
  }
}

/** Options that Limbeck does not know of may lead back to the application's database: nothing may run there. */
async function demandOn(name: string, { current }: ScratchDatabases, db: Queryable): Promise<void> {
  const [row] = await db.query<{ readonly name: string }>(current);
  if (row?.name === name) return;
  throw new LimbeckError(
    "SCRATCH_FAILED",
    `the data source connects to ${row?.name ?? "no database"} whatever its option \`database\` says, so that nothing can run on a scratch database`,
    { hint: "name the database in `database` or `url`, and nowhere else" },
  );
}

/** Ends waiting for a body when the signal says so, after some clearing up. */
async function interruptible<T>(
  signal: AbortSignal | undefined,
  clear: () => Promise<void>,
  body: () => Promise<T>,
): Promise<T> {
  if (!signal) return await body();
  const interrupted = (): LimbeckError =>
    new LimbeckError(
      "INTERRUPTED",
      `interrupted by ${String(signal.reason)}; the scratch database is removed`,
    );
  if (signal.aborted) throw interrupted();
  return await new Promise<T>((resolve, reject) => {
    const stop = (): void => void clear().then(() => reject(interrupted()));
    signal.addEventListener("abort", stop, { once: true });
    void body()
      .then(resolve, (error: unknown) => {
        // A statement that fails because its database went away is no news.
        if (!signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => signal.removeEventListener("abort", stop));
  });
}
