/** Databases on the servers that the tests found or started (`test/servers/setup.js`), each made for one test. */
import { randomBytes } from "node:crypto";
import { ConnectionPool } from "mssql";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";

/** A database that exists for one test. */
export interface ServerDatabase {
  readonly url: string;
  readonly name: string;
  readonly drop: () => Promise<void>;
}

/** Makes an empty database on the PostgreSQL server. */
export async function createPostgresDatabase(): Promise<ServerDatabase> {
  const server = serverUrl("LIMBECK_TEST_POSTGRES_URL");
  const name = freshName();
  await onPostgres(server, `CREATE DATABASE "${name}"`);
  return {
    name,
    url: withDatabase(server, name),
    drop: () => onPostgres(server, `DROP DATABASE "${name}" WITH (FORCE)`),
  };
}

/** Makes an empty database on the MariaDB or MySQL server. */
export async function createMysqlDatabase(server: "mariadb" | "mysql"): Promise<ServerDatabase> {
  const url = serverUrl(`LIMBECK_TEST_${server.toUpperCase()}_URL`);
  const name = freshName();
  // Old servers would make it latin1.
  await onMysql(url, `CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  return {
    name,
    url: withDatabase(url, name),
    drop: () => onMysql(url, `DROP DATABASE \`${name}\``),
  };
}

/**
 * Makes an empty database on the server that speaks T-SQL. The URL is `mssql://user:password@host:port/`; the connection
 * is not encrypted unless it says `?encrypt=true`.
 */
export async function createMssqlDatabase(): Promise<ServerDatabase> {
  const url = serverUrl("LIMBECK_TEST_MSSQL_URL");
  const name = freshName();
  await onMssql(url, `CREATE DATABASE [${name}]`);
  return {
    name,
    url: withDatabase(url, name),
    // Servers that lack SINGLE_USER drop a database that nobody uses.
    drop: async () => {
      await onMssql(url, `ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE`).catch(
        () => undefined,
      );
      await dropMssql(url, name);
    },
  };
}

/** A server may take its time until it knows that a connection is gone. */
async function dropMssql(url: string, name: string, attempts = 20): Promise<void> {
  try {
    await onMssql(url, `DROP DATABASE [${name}]`);
  } catch (error) {
    if (attempts === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await dropMssql(url, name, attempts - 1);
  }
}

/** A connection to a server by its URL, as TypeORM and the package `mssql` spell it. */
export function mssqlParts(url: string) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 1433),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1) || "master",
    options: { encrypt: searchParams.get("encrypt") === "true", trustServerCertificate: true },
  };
}

/** Whether there is such a server; the setup has said so where there is none. */
export function hasServer(server: "postgres" | "mariadb" | "mysql" | "mssql"): boolean {
  return Boolean(process.env[`LIMBECK_TEST_${server.toUpperCase()}_URL`]);
}

/** `test` where the PostgreSQL server has this; where it has not, the setup has said so and the test stands skipped. */
export function testWith(capability: string): jest.It {
  const lacks = JSON.parse(process.env["LIMBECK_TEST_POSTGRES_LACKS"] ?? "[]") as readonly string[];
  return lacks.includes(capability) ? test.skip : test;
}

/** What the server that speaks T-SQL cannot do, each with the reason; the setup has asked it (`test/servers/mssql.js`). */
export function mssqlLacks(): Readonly<Record<string, string>> {
  return JSON.parse(process.env["LIMBECK_TEST_MSSQL_LACKS"] ?? "{}") as Record<string, string>;
}

function serverUrl(variable: string): string {
  const url = process.env[variable];
  if (url) return url;
  throw new Error(`${variable} is not set: there is no such server to test on`);
}

/** Names of different processes never meet. */
function freshName(): string {
  return `limbeck_${randomBytes(8).toString("hex")}`;
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function onMysql(url: string, sql: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

async function onMssql(url: string, sql: string): Promise<void> {
  const { host, username, ...rest } = mssqlParts(url);
  const pool = await new ConnectionPool({ ...rest, server: host, user: username }).connect();
  try {
    await pool.request().batch(sql);
  } finally {
    await pool.close();
  }
}
