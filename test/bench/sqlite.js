// What a batch on a big table and a thousand new tables cost on SQLite, against the same statements by hand.
// CPU time, which other work on the machine changes least, and the least of some runs; run with: npm run build && node test/bench/sqlite.js
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const Database = require("better-sqlite3");
const { DataSource } = require("typeorm");

const { open } = require(join(__dirname, "..", "..", "dist", "index.js"));
const ROWS = Number(process.env.ROWS ?? 1_000_000);
const TABLES = Number(process.env.TABLES ?? 1_000);
const RUNS = Number(process.env.RUNS ?? 6);
const COPY_LIMIT = 1.5;
const CREATE_LIMIT = 3;
/** More than SQLite's own cache, and far less than the rows. */
const MEMORY_LIMIT = 48;

const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
writeFileSync(join(folder, "package.json"), "{}");

const megabytes = (bytes) => Math.round(bytes / 1024 / 1024);

/** A project with one revision; a folder of its own, because modules are loaded once. */
function project(name, body) {
  const versions = join(folder, name, "revisions", "versions");
  mkdirSync(versions, { recursive: true });
  writeFileSync(
    join(versions, "a.js"),
    `exports.revision = "a1";
exports.downRevision = null;
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "bench";
exports.upgrade = async function upgrade(op) {\n${body}\n};
exports.downgrade = async function downgrade() {};
`,
  );
  return async (file) => {
    const limbeck = await open({
      cwd: join(folder, name),
      config: { dataSource: { type: "better-sqlite3", database: file } },
    });
    await limbeck.upgrade();
  };
}

/** The least time of each of some ways to do the same, in milliseconds. */
async function measure(prepare, ...ways) {
  const best = ways.map(() => Infinity);
  for (let run = 0; run < RUNS; run++) {
    for (const [way, work] of ways.entries()) {
      const file = join(folder, `bench-${run}-${way}.db`);
      prepare(file);
      const start = process.hrtime.bigint();
      await work(file);
      best[way] = Math.min(best[way], Number(process.hrtime.bigint() - start) / 1e6);
      rmSync(file);
    }
  }
  return best;
}

function throughTypeorm(statements) {
  return async (file) => {
    const dataSource = await new DataSource({ type: "better-sqlite3", database: file }).initialize();
    const queryRunner = dataSource.createQueryRunner();
    for (const sql of ["PRAGMA foreign_keys = OFF", "BEGIN", ...statements, "COMMIT"])
      await queryRunner.query(sql);
    await dataSource.destroy();
  };
}

function byHand(statements) {
  return (file) => {
    const database = new Database(file);
    database.pragma("foreign_keys = OFF");
    database.exec(["BEGIN", ...statements, "COMMIT"].join(";\n"));
    database.close();
  };
}

function report(what, [hand, typeorm, ours], limit) {
  const ratio = ours / hand;
  const times = [
    `by hand ${hand.toFixed(0)} ms`,
    `through TypeORM ${typeorm.toFixed(0)} ms`,
    `here ${ours.toFixed(0)} ms`,
  ];
  console.log(`${what}: ${times.join(", ")}, ${ratio.toFixed(2)} times (at most ${limit})`);
  if (ratio > limit) process.exitCode = 1;
}

function fill(file) {
  const database = new Database(file);
  database.exec(
    `CREATE TABLE big (id integer PRIMARY KEY AUTOINCREMENT, a varchar(40) NOT NULL, b integer, c text);
     INSERT INTO big WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
     SELECT i, 'row number ' || i, i * 7, 'some text that fills the row ' || i FROM n;
     CREATE INDEX big_b ON big (b)`,
  );
  database.close();
}

async function copying() {
  const statements = [
    "CREATE TABLE fresh (id integer PRIMARY KEY AUTOINCREMENT, a text NOT NULL, b integer, c text)",
    "INSERT INTO fresh (id, a, b, c) SELECT id, a, b, c FROM big",
    "DROP TABLE big",
    "ALTER TABLE fresh RENAME TO big",
    "CREATE INDEX big_b ON big (b)",
  ];
  const upgrade = project(
    "copy",
    'await op.batchAlterTable("big", (batch) => batch.alterColumn("a", { type: "text", length: "" }));',
  );
  let most = 0;
  const watched = async (file) => {
    const before = process.memoryUsage().rss;
    await upgrade(file);
    most = Math.max(most, process.memoryUsage().rss - before);
  };
  const times = await measure(fill, byHand(statements), throughTypeorm(statements), watched);
  report(`copy ${ROWS} rows`, times, COPY_LIMIT);
  console.log(`memory grew by ${megabytes(most)} MB (at most ${MEMORY_LIMIT})`);
  if (megabytes(most) > MEMORY_LIMIT) process.exitCode = 1;
}

async function creating() {
  const tables = Array.from({ length: TABLES }, (_, number) => {
    const others = [number > 0 ? number - 1 : 0, Math.floor(number / 2)];
    const keys = others
      .map(
        (other, place) =>
          `CONSTRAINT "FK_${number}_${place}" FOREIGN KEY ("ref${place}") REFERENCES "t${other}" ("id") ON DELETE CASCADE ON UPDATE NO ACTION`,
      )
      .join(", ");
    return [
      `CREATE TABLE "t${number}" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "name" varchar(40) NOT NULL, "ref0" integer, "ref1" integer, ${keys})`,
      `CREATE INDEX "i${number}" ON "t${number}" ("name")`,
    ];
  }).flat();
  const upgrade = project(
    "create",
    `for (let number = 0; number < ${TABLES}; number++) {
    const others = [number > 0 ? number - 1 : 0, Math.floor(number / 2)];
    await op.createTable("t" + number, {
      columns: [
        { name: "id", type: "integer", generated: "increment" },
        { name: "name", type: "varchar", length: 40 },
        { name: "ref0", type: "integer", nullable: true },
        { name: "ref1", type: "integer", nullable: true },
      ],
      primaryKey: { columns: ["id"] },
      foreignKeys: others.map((other, place) => ({
        name: "FK_" + number + "_" + place, columns: ["ref" + place],
        references: "t" + other, referencedColumns: ["id"], onDelete: "CASCADE",
      })),
      indexes: [{ name: "i" + number, parts: ["name"] }],
    });
  }`,
  );
  const times = await measure(() => undefined, byHand(tables), throughTypeorm(tables), upgrade);
  report(`create ${TABLES} tables`, times, CREATE_LIMIT);
}

copying()
  .then(creating)
  .finally(() => rmSync(folder, { recursive: true, force: true }));
