// What 100,000 rows cost through `op.bulkInsert`, against the best that each driver does with the same rows in one
// transaction: every way that the driver offers is measured, and the fastest counts. The time is that of the call inside
// a revision, journal and hash included; the least of some runs. Run with: npm run build && node test/bench/bulk-insert.js
// MariaDB is the one of LIMBECK_TEST_MARIADB_URL, else mysql://root@127.0.0.1:3306/.
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const Database = require("better-sqlite3");
const { createConnection } = require("mysql2/promise");
const { Client } = require("pg");
const { postgresBinaries, startPostgres } = require("../servers/postgres");

const root = join(__dirname, "..", "..");
const { open } = require(join(root, "dist", "index.js"));
const ROWS = Number(process.env.ROWS ?? 100_000);
const RUNS = Number(process.env.RUNS ?? 5);
const LIMIT = 2;

const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
writeFileSync(join(folder, "package.json"), "{}");
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");

const COLUMNS = ["id", "name", "email", "amount", "note", "made"];
const rows = Array.from({ length: ROWS }, (_, index) => ({
  id: index + 1,
  name: `name ${index % 977}`,
  email: `person.${index}@example.org`,
  amount: index * 1.25,
  note: index % 3 === 0 ? null : `it's note ${index}, of some length, as notes are`,
  made: "2026-01-01 10:00:00",
}));
const tuples = rows.map((row) => COLUMNS.map((column) => row[column]));
globalThis.benchRows = rows;

const table = (timestamp) =>
  `CREATE TABLE person (id integer NOT NULL PRIMARY KEY, name varchar(40) NOT NULL, email varchar(80) NOT NULL, amount double precision NOT NULL, note text, made ${timestamp} NOT NULL)`;

/** Pieces of the rows for statements that take many. */
const pieces = (size) =>
  Array.from({ length: Math.ceil(ROWS / size) }, (_, index) =>
    tuples.slice(index * size, (index + 1) * size),
  );

function project() {
  const versions = join(folder, "revisions", "versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(
    join(versions, "a.js"),
    `exports.revision = "a1";
exports.downRevision = null;
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "bench";
exports.upgrade = async (op) => {
  const started = performance.now();
  await op.bulkInsert("person", globalThis.benchRows);
  globalThis.benchTook = performance.now() - started;
};
exports.downgrade = async () => {};
`,
  );
}

async function limbeck(dataSource) {
  const project = await open({ cwd: folder, config: { dataSource } });
  await project.upgrade();
  return globalThis.benchTook;
}

const timed = async (body) => {
  const started = performance.now();
  await body();
  return performance.now() - started;
};

async function measure(name, ours, ways) {
  let own = Infinity;
  const times = new Map(Object.keys(ways).map((way) => [way, Infinity]));
  // In turn, so that what else the machine does falls upon all of them.
  for (let run = 0; run < RUNS; run++) {
    own = Math.min(own, await ours());
    for (const [way, body] of Object.entries(ways)) times.set(way, Math.min(times.get(way), await body()));
  }
  const others = [...times].sort(([, left], [, right]) => left - right);
  const [[best, time]] = others;
  const shown = others.map(([way, took]) => `${way} ${took.toFixed(0)} ms`).join(", ");
  console.log(`${name}: bulkInsert ${own.toFixed(0)} ms, ${(own / time).toFixed(2)}x of ${best} (${shown})`);
  if (own > LIMIT * time) process.exitCode = 1;
}

async function sqlite() {
  let files = 0;
  const fresh = () => {
    const file = join(folder, `${++files}.db`);
    const database = new Database(file);
    database.exec(table("text"));
    return { file, database };
  };
  const driver = (body) => async () => {
    const { database } = fresh();
    try {
      return await timed(() => database.transaction(() => body(database))());
    } finally {
      database.close();
    }
  };
  await measure(
    "SQLite",
    async () => {
      const { file, database } = fresh();
      database.close();
      return await limbeck({ type: "better-sqlite3", database: file });
    },
    {
      "a prepared statement": driver((database) => {
        const statement = database.prepare(`INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)`);
        for (const tuple of tuples) statement.run(tuple);
      }),
      "prepared, 100 rows each": driver((database) => {
        const values = Array.from({ length: 100 }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
        const statement = database.prepare(`INSERT INTO person VALUES ${values}`);
        for (const piece of pieces(100)) statement.run(piece.flat());
      }),
    },
  );
}

async function postgres() {
  const binaries = postgresBinaries(join(root, "node_modules"));
  if (!binaries) {
    console.log("PostgreSQL: not measured, there are no binaries for this machine");
    return;
  }
  const server = await startPostgres(binaries);
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const fresh = async () => {
    await client.query(`DROP TABLE IF EXISTS limbeck_version, limbeck_history, limbeck_journal, person`);
    await client.query(table("timestamp"));
  };
  const driver = (body) => async () => {
    await fresh();
    return await timed(async () => {
      await client.query("BEGIN");
      await body();
      await client.query("COMMIT");
    });
  };
  try {
    await measure(
      "PostgreSQL",
      async () => {
        await fresh();
        return await limbeck({ type: "postgres", url: server.url });
      },
      {
        "unnest of arrays": driver(async () => {
          const types = ["int", "text", "text", "float8", "text", "timestamp"];
          const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
          for (const piece of pieces(10_000)) {
            const parameters = COLUMNS.map((_, index) => piece.map((tuple) => tuple[index]));
            await client.query(`INSERT INTO person SELECT * FROM unnest(${arrays})`, parameters);
          }
        }),
        "VALUES with parameters": driver(async () => {
          const size = Math.floor(65_535 / COLUMNS.length);
          for (const piece of pieces(size)) {
            let number = 0;
            const values = piece.map((tuple) => `(${tuple.map(() => `$${++number}`).join(", ")})`).join(", ");
            await client.query(`INSERT INTO person VALUES ${values}`, piece.flat());
          }
        }),
      },
    );
  } finally {
    await client.end();
    await server.stop();
  }
}

async function mariadb() {
  const url = process.env.LIMBECK_TEST_MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";
  const connection = await createConnection(url).catch(() => undefined);
  if (!connection) {
    console.log("MariaDB: not measured, there is no server");
    return;
  }
  const name = `limbeck_bench_${process.pid}`;
  await connection.query(`CREATE DATABASE ${name}`);
  await connection.query(`USE ${name}`);
  const fresh = async () => {
    await connection.query(`DROP TABLE IF EXISTS limbeck_version, limbeck_history, limbeck_journal, person`);
    await connection.query(table("datetime"));
  };
  const driver = (body) => async () => {
    await fresh();
    return await timed(async () => {
      await connection.query("START TRANSACTION");
      await body();
      await connection.query("COMMIT");
    });
  };
  try {
    await measure(
      "MariaDB",
      async () => {
        await fresh();
        const target = new URL(url);
        target.pathname = `/${name}`;
        return await limbeck({ type: "mariadb", url: target.href });
      },
      {
        "VALUES ? of 1,000": driver(async () => {
          for (const piece of pieces(1000)) await connection.query("INSERT INTO person VALUES ?", [piece]);
        }),
        "VALUES ? of 10,000": driver(async () => {
          for (const piece of pieces(10_000)) await connection.query("INSERT INTO person VALUES ?", [piece]);
        }),
        "prepared, 1,000 rows each": driver(async () => {
          const values = Array.from({ length: 1000 }, () => "(?, ?, ?, ?, ?, ?)").join(", ");
          for (const piece of pieces(1000)) {
            await connection.execute(`INSERT INTO person VALUES ${values}`, piece.flat());
          }
        }),
      },
    );
  } finally {
    await connection.query(`DROP DATABASE ${name}`);
    await connection.end();
  }
}

async function main() {
  project();
  await sqlite();
  await postgres();
  await mariadb();
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
