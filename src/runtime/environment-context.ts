/** What env.ts is given: the context that a command runs in, which the user's own script sets up. */
import type { DataSource, QueryRunner } from "typeorm";
import type { AutogenerateOptions } from "../autogenerate/options";
import type { ResolvedConfig } from "../config/config";
import type { DialectName } from "../dialects/dialect";
import type { TransactionMode } from "./context";
import type { OnVersionApply } from "./version-applied";

/** What `configure` takes; everything that is not said comes from the configuration, and plugins come on top of its. */
export interface ConfigureOptions extends AutogenerateOptions {
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
  /** Which of the configuration's `databases` this is, whose keys then hold; or a name for messages and for `-o`. */
  readonly database?: string;
  /** In a script: where it starts, instead of what was typed. */
  readonly startingRevision?: string;
  /** Called after each step and each stamp, its version rows written and nothing committed yet. */
  readonly onVersionApply?: OnVersionApply | readonly OnVersionApply[];
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
  /** The databases that a command is for: all that share these revisions, or the one that `-n` names; none where there is no `databases`. */
  readonly databases: readonly string[];
  /** The application's data source, or that of one of the databases, without a connection. */
  dataSource(database?: string): Promise<DataSource>;
  /** The configuration of one of the databases. */
  configOf(database: string): ResolvedConfig;
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
