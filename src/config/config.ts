/** The configuration: what users write in ormconfig.ts, and what it becomes. */
import type { AutogenerateOptions } from "../autogenerate/options";
import type { Plugin } from "../autogenerate/plugin";
import type { DialectName } from "../dialects/dialect";

/** Which tables get their changes as one batch. */
export type RenderAsBatch = "auto" | boolean;
/** Something done with a new revision file. Where it fails, the file is taken away again. */
export type PostWriteHook = {
  /** For messages. */
  readonly name: string;
} & (
  | {
      /** A program, in `node_modules/.bin`, in PATH, or by its path relative to the configuration. */
      readonly command: string;
      /** Its arguments; `{file}` stands for the new file, which comes last unless it is said. */
      readonly arguments?: readonly string[];
      /** Where it runs, relative to the configuration: the folder of the configuration unless said. */
      readonly cwd?: string;
      /** Variables beside those of the process. */
      readonly env?: Readonly<Record<string, string>>;
    }
  | {
      /** Is given the absolute path of the new file. */
      readonly run: (file: string) => void | Promise<void>;
    }
);

/** What is said while commands work. */
export interface Logging {
  /** `info` unless said; `warn` leaves progress out, `silent` warnings as well. Errors are always told. */
  readonly level?: "info" | "warn" | "silent";
  /** Whether each statement that runs is told, too. */
  readonly sql?: boolean;
  /** Takes the lines, in place of the terminal. */
  readonly logger?: { info(line: string): void; warn(line: string): void };
}

/** The default export of `ormconfig.ts`. Paths are relative to that file. */
export interface Config extends AutogenerateOptions {
  /**
   * The application's own TypeORM DataSource: the data source itself, its options, a promise, a module, or a function
   * that gives one of these (or `{ dataSource, close }`). Asked for only by commands that need entities or a connection.
   */
  readonly dataSource?: unknown;
  /** With it, `--sql` and the graph commands never load the application. Otherwise it is the data source's. */
  readonly dialect?: DialectName;
  /** The folder of env.ts, the template and `versions/`. `revisions` unless said. */
  readonly scriptLocation?: string;
  /**
   * Folders of revision files, instead of `versions` in the script location. A new file goes where its parent is; where
   * it has none and there are several folders, `--version-path` says which.
   */
  readonly versionLocations?: readonly string[];
  /** Whether folders inside the version locations are read, too. False unless said. */
  readonly recursiveVersionLocations?: boolean;
  /**
   * Names of new files: `{rev}_{slug}` unless said; also `{year}`, `{month}`, `{day}`, `{hour}`, `{minute}`, `{second}`,
   * `{epoch}`. With `recursiveVersionLocations` it may hold folders: `{year}/{rev}_{slug}`.
   */
  readonly fileTemplate?: string;
  /** The time zone of dates in new files and their names, such as `Europe/Vienna`. UTC unless said. */
  readonly timeZone?: string;
  /** Whether `revision`, `merge` and `history` run env.ts also where they need no database. False unless said. */
  readonly revisionEnvironment?: boolean;
  /** What is done with each new revision file, in this order: a formatter, `git add`, a function of your own. */
  readonly postWriteHooks?: readonly PostWriteHook[];
  /** How long the slug in a file name may be, in characters. 40 unless said. */
  readonly slugLength?: number;
  /** One transaction for `all` revisions of a run (unless said), for `each`, or `none`. */
  readonly transaction?: "all" | "each" | "none";
  /**
   * How several processes that run at once are kept apart: by a lock of the server's session (unless said; SQLite has the
   * file's own), by a row that beats (`table`, behind poolers and on Galera clusters), or not at all.
   */
  readonly lock?: "session" | "table" | "none";
  /** How long to wait for that lock, such as `"5min"`. `60s` unless said. */
  readonly lockWait?: string;
  /** How long a statement may wait for a lock on a table, such as `"5s"`; it is tried again a few times. The server's own setting unless said. */
  readonly lockTimeout?: string;
  /** How long a statement may take, such as `"30min"`. The server's own setting unless said. */
  readonly statementTimeout?: string;
  /** The name of the version table. `limbeck_version` unless said. */
  readonly versionTable?: string;
  /** The line that ends a batch in scripts for SQL Server. `GO` unless said. */
  readonly batchSeparator?: string;
  /**
   * The schema (or database) of Limbeck's own tables. Unless said, the data source's `schema` on PostgreSQL, else the
   * connection's current one.
   */
  readonly versionTableSchema?: string;
  /** The name of the history table. `limbeck_history` unless said. */
  readonly historyTable?: string;
  /** Whether names follow the project's naming strategy by renaming (`strategy`), or equal content is enough (`content`). */
  readonly names?: "strategy" | "content";
  /** Whether TypeORM's own rows about views and generated columns are kept in step. True unless said. */
  readonly typeormMetadata?: boolean;
  /**
   * How values are added to an enum type of PostgreSQL: by ADD VALUE (`add`, unless said), which commits by itself, or by a
   * new type (`rebuild`), which writes the tables that use it anew and is part of the transaction.
   */
  readonly enumStrategy?: "add" | "rebuild";
  /**
   * Whether autogenerate writes the changes of a table as one batch: `auto` (unless said) wherever the database would copy
   * the table for them (SQLite), `true` for every table on any database, `false` never.
   */
  readonly renderAsBatch?: RenderAsBatch;
  /**
   * A file of answers to questions about renames, one `old:new` a line as `--rename` takes them; `#` begins a comment. A
   * line whose rename is applied says nothing any more. No file unless said.
   */
  readonly renames?: string;
  /**
   * The version of the server, such as `"10.11.6"`, for what is done without a connection: some types and statements of
   * MySQL and MariaDB depend on it. With a connection, the server is asked.
   */
  readonly serverVersion?: string;
  /** `none` leaves the loading of TypeScript to whatever the user has registered. */
  readonly loader?: "auto" | "none";
  /** What is said while commands work: the level, whether SQL is told, and who takes the lines. */
  readonly logging?: Logging;
  /**
   * Several databases, each with keys of its own over those above; `-n` chooses. Where none has a `scriptLocation` or
   * `versionLocations` of its own, one line of revisions covers all of them: without `-n` a command is for all, and env.ts
   * goes through them (template `multidb`).
   */
  readonly databases?: Readonly<Record<string, Omit<Config, "databases" | "environments">>>;
  /** Several environments, each with keys of its own over those above; `--env` or LIMBECK_ENV chooses. */
  readonly environments?: Readonly<Record<string, Omit<Config, "environments">>>;
}

/** A configuration with everything said: defaults filled in, paths absolute, database and environment chosen. */
export interface ResolvedConfig extends AutogenerateOptions {
  /** The file it was read from; the data source file where there is no configuration. */
  readonly file: string;
  readonly dataSource?: unknown;
  readonly dialect?: DialectName;
  readonly scriptLocation: string;
  readonly versionLocations: readonly string[];
  readonly recursiveVersionLocations: boolean;
  readonly fileTemplate: string;
  readonly timeZone: string;
  readonly revisionEnvironment: boolean;
  readonly postWriteHooks: readonly PostWriteHook[];
  readonly slugLength: number;
  readonly transaction: "all" | "each" | "none";
  readonly lock: "session" | "table" | "none";
  readonly lockWait: string;
  readonly lockTimeout?: string;
  readonly statementTimeout?: string;
  readonly batchSeparator: string;
  readonly versionTable: string;
  readonly versionTableSchema?: string;
  readonly historyTable: string;
  readonly names: "strategy" | "content";
  readonly typeormMetadata: boolean;
  readonly enumStrategy: "add" | "rebuild";
  readonly renderAsBatch: RenderAsBatch;
  readonly plugins: readonly Plugin[];
  readonly renames?: string;
  readonly serverVersion?: string;
  readonly loader: "auto" | "none";
  /** The chosen one of `databases`. */
  readonly database?: string;
  /** The databases that one line of revisions covers, by name; absent where each has revisions of its own. */
  readonly databases?: Readonly<Record<string, ResolvedConfig>>;
  readonly logging: Logging;
}
