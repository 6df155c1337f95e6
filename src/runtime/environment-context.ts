/** What env.ts is given: the context that a command runs in, which the user's own script sets up. */
import type { DataSource, QueryRunner } from "typeorm";
import type { ResolvedConfig } from "../config/config";
import type { DialectName } from "../dialects/dialect";
import type { TransactionMode } from "./context";

/** What `configure` takes; everything that is not said comes from the configuration. */
export interface ConfigureOptions {
  /** The connection; absent in a script. */
  readonly queryRunner?: QueryRunner;
  /** The data source whose entities are the target. */
  readonly target?: DataSource;
  /** The dialect of a script; online it is the connection's. */
  readonly dialect?: DialectName | undefined;
  readonly transaction?: TransactionMode;
  readonly versionTable?: string;
  readonly versionTableSchema?: string;
  readonly historyTable?: string;
  /** Named in messages when there are several. */
  readonly database?: string;
}

/** The argument of env.ts's function; Alembic's `context`. */
export interface EnvironmentContext {
  readonly config: ResolvedConfig;
  /** Whether a script is written instead of running on a database. */
  readonly isOffline: boolean;
  /** Free for the user: values that an API caller handed in. */
  readonly attributes: Map<string, unknown>;
  /** `-x key=value` of the command line. */
  readonly xArguments: Readonly<Record<string, string>>;
  /** What the user typed as revision, where the command has one. */
  readonly revisionArgument: string | undefined;
  /** `--tag` of the command line: a text for this script alone. */
  readonly tag: string | undefined;
  /** Writes to the command's output: standard output, or the file of `--output`. */
  readonly output: { write(text: string): void };
  /** The application's data source, with its metadata built and no connection. */
  dataSource(): Promise<DataSource>;
  /** Connects, runs the body on one pinned connection, and closes what it opened. */
  connect(dataSource: DataSource, body: (queryRunner: QueryRunner) => Promise<void>): Promise<void>;
  /** Sets up the migration context that the next `runMigrations` runs in. */
  configure(options: ConfigureOptions): Promise<void>;
  /** Runs the command in the context that was configured; `args` reach `upgrade(op, ...args)`. */
  runMigrations(...args: readonly unknown[]): Promise<void>;
  /** Runs one statement in the configured context, or writes it into the script. */
  execute(sql: string, parameters?: readonly string[]): Promise<void>;
}

/** The function that env.ts exports. */
export type EnvironmentScript = (context: EnvironmentContext) => void | Promise<void>;

/** The environment that is used where a project has no env.ts of its own. */
export const genericEnvironment: EnvironmentScript = async (context) => {
  if (context.isOffline) {
    await context.configure({ dialect: context.config.dialect });
    await context.runMigrations();
    return;
  }
  const dataSource = await context.dataSource();
  await context.connect(dataSource, async (queryRunner) => {
    await context.configure({ queryRunner, target: dataSource });
    await context.runMigrations();
  });
};
