// What a thousand new tables with foreign keys and indexes cost on MariaDB (or MySQL), against the same tables by hand:
// each CREATE TABLE with everything inside, in the order of their dependencies, over one connection of the same driver.
// Wall time, the least of some runs; run with: npm run build && node test/bench/mysql.js
// LIMBECK_TEST_MARIADB_URL names the server; the one of this machine is taken where it is not set.
const { randomBytes } = require("node:crypto");
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { createConnection } = require("mysql2/promise");

const { open } = require(join(__dirname, "..", "..", "dist", "index.js"));
const SERVER = process.env.LIMBECK_TEST_MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";
const TABLES = Number(process.env.TABLES ?? 1_000);
const RUNS = Number(process.env.RUNS ?? 3);
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

async function onServer(sql) {
  const connection = await createConnection(SERVER);
  await connection.query(sql);
  await connection.end();
}

/** The time of one piece of work on a database of its own. */
async function timed(work) {
  const name = `limbeck_bench_${randomBytes(4).toString("hex")}`;
  await onServer(`CREATE DATABASE ${name}`);
  try {
    const url = new URL(SERVER);
    url.pathname = `/${name}`;
    const start = process.hrtime.bigint();
    await work(url.href);
    return Number(process.hrtime.bigint() - start) / 1e6;
  } finally {
    await onServer(`DROP DATABASE ${name}`);
  }
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
  try {
    mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "revisions", "versions", "a.js"), REVISION);
    let [hand, ours] = [Infinity, Infinity];
    // In turns, so that a busy moment of the machine meets both.
    for (let run = 0; run < RUNS; run++) {
      const handNow = await timed(async (url) => {
        const connection = await createConnection(url);
        for (const sql of byHand) await connection.query(sql);
        await connection.end();
      });
      const oursNow = await timed(async (url) => {
        const limbeck = await open({ cwd: folder, config: { dataSource: { type: "mariadb", url } } });
        await limbeck.upgrade();
      });
      hand = Math.min(hand, handNow);
      ours = Math.min(ours, oursNow);
    }
    const ratio = ours / hand;
    console.log(
      `create ${TABLES} tables: by hand ${hand.toFixed(0)} ms, here ${ours.toFixed(0)} ms, ${ratio.toFixed(2)} times (at most ${LIMIT})`,
    );
    if (ratio > LIMIT) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
