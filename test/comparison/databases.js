// The databases of the comparison: a file, PostgreSQL from npm, and MariaDB where it answers; each edit gets one of its own.
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const setUp = require("../servers/setup.js");
const tearDown = require("../servers/teardown.js");

let made = 0;
const nameOf = () => `limbeck_comparison_${process.pid}_${++made}`;

function sqlite() {
  return {
    title: "SQLite",
    create: () => {
      const folder = mkdtempSync(join(tmpdir(), "limbeck-comparison-"));
      return Promise.resolve({
        options: { type: "better-sqlite3", database: join(folder, "app.db") },
        drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
      });
    },
  };
}

function postgres(url) {
  const { Client } = require("pg");
  const admin = async (sql) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  return server("PostgreSQL", "postgres", url, admin, (name) => `DROP DATABASE ${name} WITH (FORCE)`);
}

function mariadb(url) {
  const { createConnection } = require("mysql2/promise");
  const admin = async (sql) => {
    const connection = await createConnection(url);
    await connection.query(sql);
    await connection.end();
  };
  return server("MariaDB", "mariadb", url, admin, (name) => `DROP DATABASE ${name}`);
}

function server(title, type, url, admin, dropSql) {
  return {
    title,
    create: async () => {
      const name = nameOf();
      await admin(`CREATE DATABASE ${name}`);
      const place = new URL(url);
      place.pathname = `/${name}`;
      return { options: { type, url: place.href }, drop: () => admin(dropSql(name)) };
    },
  };
}

/** The databases that can be had here, and what ends them. */
module.exports.databases = async () => {
  await setUp();
  const { LIMBECK_TEST_POSTGRES_URL, LIMBECK_TEST_MARIADB_URL } = process.env;
  return {
    list: [
      sqlite(),
      ...(LIMBECK_TEST_POSTGRES_URL ? [postgres(LIMBECK_TEST_POSTGRES_URL)] : []),
      ...(LIMBECK_TEST_MARIADB_URL ? [mariadb(LIMBECK_TEST_MARIADB_URL)] : []),
    ],
    end: tearDown,
  };
};
