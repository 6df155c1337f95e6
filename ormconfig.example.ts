// Every key of the configuration. None is needed but `dataSource`; what stands here is the default unless a comment says
// otherwise. Paths are relative to this file.
//
// Applications write `import type { Config } from "limbeck"`. A type only: the file then loads neither Limbeck nor the
// application, so that `limbeck heads` and `limbeck history` are quick, and its compiled twin runs in production.
import type { Config } from "./src";

export default {
  // The application's own TypeORM DataSource. Mostly a function, which is asked only by commands that need entities or
  // a connection: `dataSource: () => import("./src/data-source")`. Also a data source, its options as here, a promise, or
  // a function that gives one of these. One that has something to close, such as a NestJS application, gives
  // `{ dataSource, close }`. No default.
  dataSource: { type: "postgres", url: process.env.DATABASE_URL, entities: ["src/**/*.entity{.ts,.js}"] },

  // With it, `--sql` and the graph commands never load the application. Otherwise it is the data source's. One of
  // "postgres", "mysql", "mariadb", "sqlite" and "mssql". No default.
  dialect: "postgres",

  // The folder of env.ts, of the template of revision files, and of `versions/`.
  scriptLocation: "revisions",

  // The folders of revision files. A new file goes where its parent is; where it has none and there are several folders,
  // --version-path says which. Here is the default.
  versionLocations: ["revisions/versions"],

  // Whether the folders inside them are read, too.
  recursiveVersionLocations: false,

  // The names of new files: `{rev}`, `{slug}`, `{year}`, `{month}`, `{day}`, `{hour}`, `{minute}`, `{second}`, `{epoch}`.
  // Order comes from the files themselves, never from their names. With `recursiveVersionLocations` there may be folders:
  // "{year}/{rev}_{slug}".
  fileTemplate: "{rev}_{slug}",

  // How long the slug in a file name may be.
  slugLength: 40,

  // The time zone of dates in new files and in their names.
  timeZone: "UTC",

  // Whether `revision`, `merge` and `history` run env.ts also where they need no database.
  revisionEnvironment: false,

  // What is done with each new revision file, in this order. A hook that fails takes the file away again. None by default.
  postWriteHooks: [
    { name: "eslint", command: "eslint", arguments: ["--fix", "{file}"] },
    { name: "note", run: (file) => console.log(file) },
  ],

  // "all" revisions of a run in one transaction, "each" in one of its own, or "none". A revision file may say
  // `export const transaction = false` for itself.
  transaction: "all",

  // How processes that run at once are kept apart: "session" takes a lock of the server's session (on SQLite, the file's
  // own), "table" keeps a row that beats, for poolers and Galera clusters, "none" trusts you.
  lock: "session",

  // How long to wait for that lock. --lock-wait and LIMBECK_LOCK_WAIT say it for one run.
  lockWait: "60s",

  // How long a statement may wait for a lock on a table (it is tried again a few times, with growing pauses), and how
  // long it may take. The server's own settings by default.
  lockTimeout: "5s",
  statementTimeout: "30min",

  // Limbeck's own two tables, and the schema (or database) where they are. Unless said here: the data source's `schema` on
  // PostgreSQL, as with TypeORM's own tables, else where the connection looks.
  versionTable: "limbeck_version",
  historyTable: "limbeck_history",
  versionTableSchema: "public",

  // The line that ends a batch in scripts for SQL Server.
  batchSeparator: "GO",

  // Whether names follow the project's naming strategy by renaming in place ("strategy"), or equal content is enough and
  // a name that differs is left alone ("content").
  names: "strategy",

  // Whether TypeORM's own rows about views and generated columns, in `typeorm_metadata`, are kept in step.
  typeormMetadata: true,

  // How values are added to an enum type of PostgreSQL: "add" commits them by themselves, outside of the transaction of the
  // run, because a new value cannot be used in the transaction that adds it; "rebuild" makes a new type and casts all
  // columns to it, in the transaction, which writes their tables anew.
  enumStrategy: "add",

  // Whether the changes of a table are written as one batch: "auto" wherever the database would copy the table for them
  // (SQLite), true for every table on any database, false never.
  renderAsBatch: "auto",

  // A file of answers to questions about renames, one `old:new` a line as --rename takes them, such as
  // `account.name:full_name`. Lines that were applied say nothing any more. None by default.
  renames: "revisions/renames.txt",

  // Globs of the tables and views that autogenerate looks at, `schema.name` where there is a schema. With a kind before it
  // a glob is for objects of that kind. All, by default.
  include: ["*", "sales.*"],

  // Globs of what it leaves alone. None by default.
  exclude: ["spatial_ref_sys", "legacy_*", "index:tmp_*", "column:account.old_*"],

  // The last word on each table, view, column, index and so on: it sees the object as entities and database have it.
  // No default.
  includeObject: (object) => !(object.kind === "table" && object.definition.comment === "not ours"),

  // Whether a name in the database is looked at, before anything is compared. No default.
  includeName: (name, kind) => kind !== "schema" || !name.startsWith("tenant_"),

  // Schemas (or attached databases) to read beside those that the entities name: names and globs, true for all, or a
  // function of the name. None by default.
  includeSchemas: ["audit", "sales_*"],

  // Whether types of columns are compared: true, false, or a function that answers true (they differ), false (they are
  // the same) or undefined (as Limbeck sees it). True by default, like the five that follow.
  compareType: ({ live, target }) => (live?.name === "citext" && target?.name === "text" ? false : undefined),

  // Whether it is compared which columns take nulls.
  compareNullable: true,

  // Whether defaults are compared.
  compareDefault: true,

  // Whether it is compared how the database makes the values of columns: increment, identity, uuid, computed.
  compareGenerated: true,

  // Whether character sets and collations of columns are compared.
  compareCollation: true,

  // Whether comments of tables and columns are compared.
  compareComment: true,

  // Sees, changes or empties what a new revision is to do; a function or a Rewriter. No default.
  processRevisionDirectives: (_context, _revision, directives) => {
    for (const directive of directives) directive.message ||= "change the schema";
  },

  // Writes columns, their types or defaults in a new revision file as code of your own. No default.
  renderItem: (item, file) => {
    if (item.kind !== "type" || item.definition.name !== "numeric") return undefined;
    file.addImport('import { money } from "../../src/money";');
    return "money()";
  },

  // The version of the server, for what is done without a connection (`--sql`): some types and statements of MySQL and
  // MariaDB depend on it. With a connection, the server is asked. No default.
  serverVersion: "16.4",

  // "none" leaves the loading of TypeScript to what you have registered yourself (`node --import ...`).
  loader: "auto",

  // Operations of your own, for `op.invoke("analyze", { table: "account" })`, and comparators for objects that Limbeck
  // does not know by itself, such as functions or policies. None by default.
  plugins: [
    {
      name: "statistics",
      operations: [
        {
          name: "analyze",
          describe: ({ table }: { table: string }) => `gather statistics of ${table}`,
          compile: {
            postgres: ({ table }: { table: string }, { quote }) => [`ANALYZE ${quote(table)}`],
            mysql: ({ table }: { table: string }, { quote }) => [`ANALYZE TABLE ${quote(table)}`],
            sqlite: ({ table }: { table: string }, { quote }) => [`ANALYZE ${quote(table)}`],
            mssql: ({ table }: { table: string }, { quote }) => [`UPDATE STATISTICS ${quote(table)}`],
          },
          invert: (payload) => ({ name: "analyze", payload }),
        },
      ],
    },
  ],

  // What is said while commands work: "info", "warn" (no progress) or "silent"; whether each statement that runs is told;
  // and who takes the lines in place of the terminal. Errors are always told. No logger by default.
  logging: { level: "info", sql: false, logger: { info: console.error, warn: console.error } },

  // Several databases, each with keys of its own over those above; `-n audit` chooses. None by default.
  databases: {
    main: { scriptLocation: "revisions/main" },
    audit: { scriptLocation: "revisions/audit", dialect: "sqlite" },
  },

  // Several environments, each with keys of its own over those above; `--env production` or LIMBECK_ENV chooses. An
  // environment may hold `databases`, too. None by default.
  environments: {
    production: { transaction: "each", databases: { audit: { versionTableSchema: "audit" } } },
  },
} satisfies Config;
