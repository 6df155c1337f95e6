// What a thousand new tables with foreign keys and indexes cost on MariaDB (or MySQL), against the same tables by hand:
// each CREATE TABLE with everything inside, in the order of their dependencies, over one connection of the same driver.
// Wall time, the least of some runs, and the statements that the server was sent:
//
//   npm run build && node test/bench/mysql.js [mariadb-11.8 | mariadb-10.5 | mysql-9]
//
// starts a server of its own, as test/servers/debian.js does, with its files in memory where the machine has /dev/shm:
// a new table costs both sides some writes that wait for the disk, and on a busy disk nothing else would be measured.
// Without a name LIMBECK_TEST_MARIADB_URL is taken, or the server of this machine.
const { randomBytes } = require("node:crypto");
const { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createConnection } = require("mysql2/promise");

const { open } = require(join(__dirname, "..", "..", "dist", "index.js"));
const { startServer } = require("../servers/debian.js");
const TABLES = Number(process.env.TABLES ?? 1_000);
const RUNS = Number(process.env.RUNS ?? 5);
const LIMIT = 2;

/** The two tables that a table refers to. */
const others = (number) => [number > 0 ? number - 1 : 0, Math.floor(number / 2)];

const byHand = Array.from({ length: TABLES }, (_, number) => {
  const keys = others(number).map(
    (other, place) =>
      `CONSTRAINT \`FK_${number}_${place}\` FOREIGN KEY (\`ref${place}\`) REFERENCES \`t${other}\` (\`id\`) ON DELETE CASCADE ON UPDATE NO ACTION`,
  );
  return `CREATE TABLE \`t${number}\` (\`id\` int NOT NULL AUTO_INCREMENT, \`name\` varchar(40) NOT NULL, \`ref0\` int NULL, \`ref1\` int NULL, PRIMARY KEY (\`id\`), INDEX \`i${number}\` (\`name\`), ${keys.join(", ")})`;
});

const REVISION = `exports.revision = "a1";
exports.downRevision = null;
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "bench";
exports.upgrade = async function upgrade(op) {
  for (let number = 0; number < ${TABLES}; number++) {
    const others = [number > 0 ? number - 1 : 0, Math.floor(number / 2)];
    await op.createTable("t" + number, {
      columns: [
        { name: "id", type: "int", generated: "increment" },
        { name: "name", type: "varchar", length: 40 },
        { name: "ref0", type: "int", nullable: true },
        { name: "ref1", type: "int", nullable: true },
      ],
      primaryKey: { columns: ["id"] },
      foreignKeys: others.map((other, place) => ({
        name: "FK_" + number + "_" + place, columns: ["ref" + place],
        references: "t" + other, referencedColumns: ["id"], onDelete: "CASCADE",
      })),
      indexes: [{ name: "i" + number, parts: ["name"] }],
    });
  }
};
exports.downgrade = async function downgrade() {};
`;

async function onServer(server, sql) {
  const connection = await createConnection(server);
  const [rows] = await connection.query(sql);
  await connection.end();
  return rows;
}

/** How many statements the server was sent in its life. */
async function statementsOf(server) {
  const [{ Value: count }] = await onServer(server, "SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(count);
}

/** The time of one piece of work on a database of its own, and the statements that it took. */
async function timed(server, work) {
  const name = `limbeck_bench_${randomBytes(4).toString("hex")}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  try {
    const url = new URL(server);
    url.pathname = `/${name}`;
    const before = await statementsOf(server);
    const start = process.hrtime.bigint();
    await work(url.href);
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    return { milliseconds, statements: (await statementsOf(server)) - before - 1 };
  } finally {
    await onServer(server, `DROP DATABASE ${name}`);
  }
}

const byHandOn = async (url) => {
  const connection = await createConnection(url);
  for (const sql of byHand) await connection.query(sql);
  await connection.end();
};

async function compare(server) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
  try {
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "revisions", "versions", "a.js"), REVISION);
    const here = async (url) => {
      const type = server.type ?? "mariadb";
      const limbeck = await open({ cwd: folder, config: { dataSource: { type, url } } });
      await limbeck.upgrade();
    };
    const runs = [];
    // In turns, so that a busy moment of the machine meets both.
    for (let run = 0; run < RUNS; run++) {
      runs.push({ hand: await timed(server.url, byHandOn), ours: await timed(server.url, here) });
    }
    const least = (side) => Math.min(...runs.map((run) => run[side].milliseconds));
    const statements = (side) => Math.min(...runs.map((run) => run[side].statements));
    const ratio = least("ours") / least("hand");
    const text = (side) => `${least(side).toFixed(0)} ms, ${statements(side)} statements`;
    console.log(
      `create ${TABLES} tables: by hand ${text("hand")}; here ${text("ours")}: ${ratio.toFixed(2)} times (at most ${LIMIT})`,
    );
    if (ratio > LIMIT) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main([name]) {
  if (name === undefined) {
    await compare({ url: process.env.LIMBECK_TEST_MARIADB_URL ?? "mysql://root@127.0.0.1:3306/" });
    return;
  }
  if (existsSync("/dev/shm")) process.env.TMPDIR ??= "/dev/shm";
  const { url, stop } = await startServer(name);
  try {
    await compare({ url, type: name.startsWith("mysql") ? "mysql" : "mariadb" });
  } finally {
    await stop();
  }
}

// Whoever stops this stops its server.
process.once("SIGTERM", () => process.exit(143));
void main(process.argv.slice(2));
