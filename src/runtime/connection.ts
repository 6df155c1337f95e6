/** Opening and closing the application's data source, without anything that it would do by itself. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DataSource, QueryRunner } from "typeorm";
import { LimbeckError, messageOf } from "../errors";
import { withStdoutToStderr } from "../loader/load";
import { mask } from "./mask";
import type { Reporter } from "./reporter";

/** How a connection is meant. */
export interface ConnectOptions {
  /** A command that only reads creates no database file: a missing one is read as an empty database. */
  readonly readsOnly: boolean;
  readonly reporter: Reporter;
}

/**
 * Runs a body on one pinned connection. A data source that is connected already is used as it is and stays open; any
 * other is connected, without synchronising or running migrations, and closed afterwards.
 *
 * Throws CONNECTION_FAILED with the driver's reason, passwords masked.
 */
export async function withConnection<T>(
  dataSource: DataSource,
  { readsOnly, reporter }: ConnectOptions,
  body: (queryRunner: QueryRunner) => Promise<T>,
): Promise<T> {
  const opens = !dataSource.isInitialized;
  if (opens) {
    prepare(dataSource, readsOnly, reporter);
    await open(dataSource);
  }
  const queryRunner = dataSource.createQueryRunner();
  try {
    return await body(queryRunner);
  } finally {
    await queryRunner.release();
    if (opens) await dataSource.destroy();
  }
}

function prepare(dataSource: DataSource, readsOnly: boolean, reporter: Reporter): void {
  dataSource.setOptions({
    synchronize: false,
    migrationsRun: false,
    dropSchema: false,
    subscribers: [],
    migrations: [],
  });
  const file = databaseFile(dataSource);
  if (file === undefined || existsSync(file)) return;
  if (!readsOnly) {
    reporter.info(`new database file ${file}`);
    return;
  }
  reporter.warn(`there is no database file ${file}: an empty database is assumed, and none is created`);
  dataSource.setOptions({ database: ":memory:" });
}

/** The absolute path of an SQLite database; nothing for databases that are no file. */
export function databaseFile({ options }: DataSource): string | undefined {
  if (options.type !== "better-sqlite3" && (options.type as string) !== "sqlite") return undefined;
  const { database } = options as { readonly database?: unknown };
  return typeof database === "string" && database !== ":memory:" && database !== ""
    ? resolve(database)
    : undefined;
}

async function open(dataSource: DataSource): Promise<void> {
  try {
    await withStdoutToStderr(async () => await dataSource.initialize());
  } catch (cause) {
    throw new LimbeckError(
      "CONNECTION_FAILED",
      `no connection to ${describeDatabase(dataSource)}: ${mask(messageOf(cause))}`,
      {
        cause,
        hint: "check that the server runs, and host, user and password of the data source",
      },
    );
  }
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
