/** Upgrades in a process of its own that kills itself at one of its statements, as killed.js does it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DataSourceOptions } from "typeorm";
import { kinds } from "../roundtrip/databases";
import type { Kind } from "../roundtrip/databases";

const run = promisify(execFile);
const MYSQL = { name: "MysqlQueryRunner", module: "typeorm/driver/mysql/MysqlQueryRunner" };
const RUNNERS: Readonly<Record<string, { readonly name: string; readonly module: string }>> = {
  "better-sqlite3": {
    name: "BetterSqlite3QueryRunner",
    module: "typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner",
  },
  postgres: { name: "PostgresQueryRunner", module: "typeorm/driver/postgres/PostgresQueryRunner" },
  mariadb: MYSQL,
  mysql: MYSQL,
};

/** The kinds of database whose statements can be counted. */
export const killable: readonly Kind[] = kinds.filter(({ name }) => name in RUNNERS);

/** What is upgraded, and where it is killed: `at` a statement, counted from 1; 0 lets it live. */
export interface Killed {
  readonly kind: Kind;
  readonly folder: string;
  readonly options: DataSourceOptions;
  readonly at: number;
  readonly when: "before" | "sent" | "after";
}

/** The statements of an upgrade to the head; nothing where it was killed. Needs the built package. */
export async function upgradeKilled({ kind, ...request }: Killed): Promise<readonly string[] | undefined> {
  const argument = JSON.stringify({ ...request, driver: RUNNERS[kind.name] });
  try {
    const { stdout } = await run(process.execPath, [join(__dirname, "killed.js"), argument], {
      env: { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: "" },
      maxBuffer: 2 ** 26,
    });
    return (JSON.parse(stdout) as { readonly statements: readonly string[] }).statements;
  } catch (error) {
    if ((error as { readonly signal?: string }).signal === "SIGKILL") return undefined;
    throw error;
  }
}
