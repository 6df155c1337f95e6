/**
 * The databases that the round trips run on. A dialect joins them by adding itself here: how a database of its own is
 * made, how a script is fed to its own client, and what is left of one.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { DataSource } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import {
  createMssqlDatabase,
  createMysqlDatabase,
  createPostgresDatabase,
  hasServer,
  mssqlParts,
} from "../support/servers";
import { typeormLine } from "../../fixtures/entities/typeorm-line";

/** One database that exists for one test. */
export interface TestDatabase {
  /** Options for a data source on it. */
  readonly options: DataSourceOptions;
  /** Feeds a script to the database's own client; nothing where there is no client on this machine. */
  readonly feed?: (script: string) => void;
  /** Takes the database away again. */
  readonly drop: () => Promise<void>;
}

/** A kind of database to run on. */
export interface Kind {
  readonly name: string;
  /** Proofs that it is let off: `edits`, `scripts`. */
  readonly lacks?: readonly string[];
  /** Makes an empty database; `name` tells those of one test apart. */
  create(folder: string, name: string): Promise<TestDatabase>;
}

const sqlite = (type: "better-sqlite3" | "sqlite"): Kind => ({
  name: type,
  create: (folder, name) => {
    const database = join(folder, `${name}.db`);
    return Promise.resolve({
      // The types are those of 1.x, which knows one of the two.
      options: { type: type as "better-sqlite3", database },
      ...(hasClient("sqlite3") ? { feed: (script: string) => feed("sqlite3", [database], script) } : {}),
      // The file goes with its folder.
      drop: () => Promise.resolve(),
    });
  },
});

const postgres: Kind = {
  name: "postgres",
  create: async () => {
    const { url, drop } = await createPostgresDatabase();
    return {
      options: { type: "postgres", url, logging: false },
      ...(hasClient("psql") ? { feed: (script: string) => feed("psql", ["-q", url], script) } : {}),
      drop,
    };
  },
};

const mysql = (type: "mysql" | "mariadb"): Kind => ({
  name: type,
  create: async () => {
    const { url, drop } = await createMysqlDatabase(type);
    const { hostname, port, username, pathname } = new URL(url);
    const client = ["mariadb", "mysql"].find(hasClient);
    const args = [
      `--host=${hostname}`,
      `--port=${port}`,
      `--user=${username}`,
      "--default-character-set=utf8mb4",
    ];
    return {
      options: { type, url, logging: false },
      ...(client ? { feed: (script: string) => feed(client, [...args, pathname.slice(1)], script) } : {}),
      drop,
    };
  },
});

/** Proofs that a server which speaks only a part of T-SQL is let off, such as `edits,scripts`; each is said. */
const MSSQL_LACKS = (process.env["LIMBECK_TEST_MSSQL_LACKS"] ?? "").split(",");

const mssql: Kind = {
  name: "mssql",
  lacks: MSSQL_LACKS,
  create: async () => {
    const { url, drop } = await createMssqlDatabase();
    return {
      options: { type: "mssql", ...mssqlParts(url), logging: false },
      // sqlcmd is seldom there: this one cuts a script as sqlcmd does, and stops at the first batch that fails.
      feed: (script: string) =>
        feed(
          process.execPath,
          [join(__dirname, "../servers/sqlcmd.js"), JSON.stringify(mssqlParts(url))],
          script,
        ),
      drop,
    };
  },
};

/** The one kind that is asked for; all, unless said. */
const ONLY = process.env["LIMBECK_ONLY"] ?? "";

/** The kinds that run here: a server that the setup found none of has said so there. */
const found: readonly Kind[] = [
  sqlite("better-sqlite3"),
  ...(typeormLine === "0.3" ? [sqlite("sqlite")] : []),
  ...(hasServer("postgres") ? [postgres] : []),
  ...(hasServer("mariadb") ? [mysql("mariadb")] : []),
  ...(hasServer("mysql") ? [mysql("mysql")] : []),
  ...(hasServer("mssql") ? [mssql] : []),
];

export const kinds = found.filter(({ name }) => ONLY === "" || name === ONLY);

/** Whether a command is on this machine. */
export function hasClient(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function feed(command: string, args: readonly string[], script: string): void {
  execFileSync(command, [...args], { input: script, stdio: ["pipe", "ignore", "pipe"] });
}

/** Runs a body with a data source that is connected and closed again. */
export async function connected<T>(
  options: DataSourceOptions,
  body: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await new DataSource(options).initialize();
  try {
    return await body(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
