/** Opening and closing the application's data source, without anything that it would do by itself. */
import { existsSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { DataSource, QueryRunner } from "typeorm";
import { LimbeckError } from "../errors";
import { absentDriverOf } from "../loader/absent-driver";
import { withIndexedMetadata } from "../loader/indexed-metadata";
import { withStdoutToStderr } from "../loader/load";
import { withQuietOptions } from "../loader/quiet-options";
import { driverMissing } from "../loader/typeorm-error";
import { connectionFailure } from "./connection-failure";
import { mask } from "./mask";
import { pinned } from "./pinned";
import type { Reporter } from "./reporter";

/** How a connection is meant. */
export interface ConnectOptions {
  /** A command that only reads creates no database file: a missing one is read as an empty database. */
  readonly readsOnly: boolean;
  readonly reporter: Reporter;
  /** The file that the data source comes from, for messages. */
  readonly file: string;
}

/**
 * Runs a body on one pinned connection. A data source that is connected already is used as it is and stays open; any
 * other is connected, without synchronising or running migrations, and closed afterwards.
 *
 * Throws CONNECTION_FAILED with the driver's reason, passwords masked; UNKNOWN_COLUMN_TYPE or METADATA_INVALID where
 * TypeORM refuses the entities.
 */
export async function withConnection<T>(
  dataSource: DataSource,
  { readsOnly, reporter, file }: ConnectOptions,
  body: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  if (dataSource.isInitialized) return await withQueryRunner(dataSource, body);
  const missing = missingFile(dataSource);
  if (missing !== undefined && readsOnly) {
    reporter.warn(`there is no database file ${missing}: an empty database is assumed, and none is created`);
  } else if (missing !== undefined) reporter.info(`new database file ${missing}`);
  const elsewhere = missing !== undefined && readsOnly ? { database: ":memory:" } : {};
  try {
    return await withQuietOptions(dataSource, async () => await opened(dataSource, file, body), elsewhere);
  } finally {
    if (missing !== undefined) removeEmpty(missing);
  }
}

/**
 * Runs a body on one pinned connection that is opened for it with other options, and closed. The data source is then what
 * it was before.
 */
export async function connectedWith<T>(
  dataSource: DataSource,
  changes: Readonly<Record<string, unknown>>,
  file: string,
  body: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  const driver = dataSource.driver as unknown as Record<(typeof LEARNT)[number], unknown>;
  const learnt = LEARNT.map((name) => [name, driver[name]] as const);
  const run = async (): Promise<T> => {
    // The driver of MySQL connects with a copy of the options.
    driver.options = { ...(driver.options as object), ...changes };
    return await opened(dataSource, file, body);
  };
  try {
    return await withQuietOptions(dataSource, run, changes);
  } finally {
    Object.assign(driver, Object.fromEntries(learnt));
  }
}

/** What a driver connects with, and what it learns of the place that it is connected to. */
const LEARNT = ["options", "database", "schema", "searchSchema"] as const;

async function opened<T>(
  dataSource: DataSource,
  file: string,
  body: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  await open(dataSource, file);
  try {
    return await withQueryRunner(dataSource, body);
  } finally {
    await dataSource.destroy();
  }
}

/** A database file that was made by connecting and got nothing is taken away again: nothing has happened. */
function removeEmpty(file: string): void {
  if (existsSync(file) && statSync(file).size === 0) rmSync(file);
}

async function withQueryRunner<T>(
  dataSource: DataSource,
  body: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await pinned(queryRunner, dataSource.options.type, async () => await body(queryRunner));
  } finally {
    await queryRunner.release();
  }
}

/** The file of an SQLite database that does not exist yet. */
function missingFile(dataSource: DataSource): string | undefined {
  const file = databaseFile(dataSource);
  return file === undefined || existsSync(file) ? undefined : file;
}

/** The absolute path of an SQLite database; nothing for databases that are no file. */
export function databaseFile({ options }: DataSource): string | undefined {
  if (options.type !== "better-sqlite3" && (options.type as string) !== "sqlite") return undefined;
  const { database } = options as { readonly database?: unknown };
  return typeof database === "string" && database !== ":memory:" && database !== ""
    ? resolve(database)
    : undefined;
}

async function open(dataSource: DataSource, file: string): Promise<void> {
  const absent = absentDriverOf(dataSource);
  if (absent !== undefined) throw driverMissing(absent, file);
  const isConnected = watchConnecting(dataSource);
  try {
    await withStdoutToStderr(
      async () => await withIndexedMetadata(file, async () => await dataSource.initialize()),
    );
  } catch (cause) {
    // TypeORM connects first, and builds its metadata then.
    if (isConnected()) {
      const { refused } = require("../loader/build-metadata") as typeof import("../loader/build-metadata");
      throw refused(dataSource, file, cause);
    }
    const { reason, hint } = connectionFailure(cause);
    const message = `no connection to ${describeDatabase(dataSource)}: ${mask(reason)}`;
    throw new LimbeckError("CONNECTION_FAILED", message, { cause, hint });
  }
}

/** Whether the driver has connected since, whatever became of it afterwards. */
function watchConnecting({ driver }: DataSource): () => boolean {
  let isConnected = false;
  const connect = driver.connect.bind(driver);
  driver.connect = async () => {
    await connect();
    isConnected = true;
    Reflect.deleteProperty(driver, "connect");
  };
  return () => isConnected;
}

/** The database in words, without secrets. */
export function describeDatabase(dataSource: DataSource): string {
  const { host, port, database, type } = dataSource.options as {
    readonly type: string;
    readonly host?: string;
    readonly port?: number;
    readonly database?: unknown;
  };
  const file = databaseFile(dataSource);
  if (file !== undefined) return `${type} ${file}`;
  const name = typeof database === "string" ? ` ${database}` : "";
  return host === undefined
    ? `${type}${name}`
    : `${type}${name} on ${host}${port === undefined ? "" : `:${port}`}`;
}
