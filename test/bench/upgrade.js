// What 1,000 small revisions cost, against TypeORM's own `migration:run` of 1,000 of its migrations compiled to .js, and as
// .ts through ts-node, which is installed into a temporary folder. Whole processes, wall time; run with:
// npm run build && node test/bench/upgrade.js [number of revisions]
// RUNS says how often, of which the least counts; TS_NODE=0 leaves out ts-node, which takes minutes.
const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { Client } = require("pg");
const { postgresBinaries, startPostgres } = require("../servers/postgres");

const root = join(__dirname, "..", "..");
const COUNT = Number(process.argv[2] ?? 1000);
const RUNS = Number(process.env.RUNS ?? 3);
const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
const id = (number) => `rev${String(number).padStart(5, "0")}`;

/** The same change on both sides: a table with a key and two columns. */
const table = (number) => `t_${number}`;
const sql = (number) =>
  `CREATE TABLE "${table(number)}" ("id" integer NOT NULL, "name" varchar(40) NOT NULL, "note" text, PRIMARY KEY ("id"))`;

function revisions() {
  const versions = join(folder, "revisions", "versions");
  mkdirSync(versions, { recursive: true });
  for (let number = 0; number < COUNT; number++) {
    writeFileSync(
      join(versions, `${id(number)}.js`),
      `exports.revision = "${id(number)}";
exports.downRevision = ${number === 0 ? "null" : `"${id(number - 1)}"`};
exports.branchLabels = null;
exports.dependsOn = null;
exports.message = "table ${number}";
exports.upgrade = async (op) => {
  await op.createTable("${table(number)}", {
    columns: [
      { name: "id", type: "integer" },
      { name: "name", type: "varchar", length: 40 },
      { name: "note", type: "text", nullable: true },
    ],
    primaryKey: { columns: ["id"] },
  });
};
exports.downgrade = async (op) => { await op.dropTable("${table(number)}"); };
`,
    );
  }
}

function migrations(extension) {
  const place = join(folder, `migrations-${extension}`);
  mkdirSync(place);
  for (let number = 0; number < COUNT; number++) {
    const name = `Table${1700000000000 + number}`;
    const body = `{
  async up(queryRunner${extension === "ts" ? ": QueryRunner): Promise<void>" : ")"} { await queryRunner.query(${JSON.stringify(sql(number))}); }
  async down(queryRunner${extension === "ts" ? ": QueryRunner): Promise<void>" : ")"} { await queryRunner.query('DROP TABLE "${table(number)}"'); }
}`;
    writeFileSync(
      join(place, `${1700000000000 + number}-Table.${extension}`),
      extension === "ts"
        ? `import type { MigrationInterface, QueryRunner } from "typeorm";\nexport class ${name} implements MigrationInterface ${body}\n`
        : `exports.${name} = class ${name} ${body};\n`,
    );
  }
  return join(place, `*.${extension}`);
}

const limbeck = (options) => `require(${JSON.stringify(join(root, "dist", "index.js"))})
  .open({ cwd: ${JSON.stringify(folder)}, config: { dataSource: ${JSON.stringify(options)} } })
  .then((limbeck) => limbeck.upgrade())
  .then(({ steps }) => { if (steps.length !== ${COUNT}) throw new Error(steps.length + " steps"); });`;

const typeorm = (options, glob, before = "") => `${before}
  const { DataSource } = require("typeorm");
  new DataSource({ ...${JSON.stringify(options)}, migrations: [${JSON.stringify(glob)}] }).initialize()
    .then(async (dataSource) => {
      const ran = await dataSource.runMigrations({ transaction: "all" });
      if (ran.length !== ${COUNT}) throw new Error(ran.length + " migrations");
      await dataSource.destroy();
    });`;

/** Seconds of a whole process. */
function seconds(code) {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ["-e", code], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

async function measure(name, fresh) {
  const js = migrations(`js`);
  let [ours, theirs] = [Infinity, Infinity];
  // They take turns, so that what else the machine does meets both.
  for (let run = 0; run < RUNS; run++) {
    ours = Math.min(ours, seconds(limbeck(await fresh())));
    theirs = Math.min(theirs, seconds(typeorm(await fresh(), js)));
  }
  rmSync(join(folder, "migrations-js"), { recursive: true });
  const ratio = (theirs / ours).toFixed(2);
  console.log(
    `${name}: limbeck ${ours.toFixed(2)} s, migration:run of .js ${theirs.toFixed(2)} s, ${ratio}x`,
  );
  if (theirs < ours) process.exitCode = 1;
  const tsNode = process.env.TS_NODE === "0" ? undefined : installTsNode();
  if (tsNode === undefined) {
    console.log(`${name}: not measured through ts-node, which is left out or cannot be installed`);
    return;
  }
  const ts = migrations("ts");
  const compiled = seconds(typeorm(await fresh(), ts, tsNode));
  rmSync(join(folder, "migrations-ts"), { recursive: true });
  console.log(
    `${name}: migration:run of .ts through ts-node ${compiled.toFixed(2)} s, ${(compiled / ours).toFixed(1)}x`,
  );
}

let tsNode;

/** The line that registers ts-node with a TypeScript that it can work with; nothing where there is no registry. */
function installTsNode() {
  if (tsNode !== undefined) return tsNode;
  const place = join(folder, "ts-node");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), "{}");
  const args = ["install", "--no-audit", "--no-fund", "ts-node@10", "typescript@5", "@types/node@20"];
  if (spawnSync("npm", args, { cwd: place, stdio: "ignore" }).status !== 0) return undefined;
  const path = (name) => JSON.stringify(join(place, "node_modules", name));
  const compilerOptions = { module: "commonjs", target: "es2022", strict: true, skipLibCheck: true };
  tsNode = `require(${path("ts-node")}).register({
    compiler: ${path("typescript")}, compilerOptions: ${JSON.stringify(compilerOptions)} });`;
  return tsNode;
}

async function main() {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), "{}");
  revisions();
  let databases = 0;
  await measure("SQLite", async () => ({
    type: "better-sqlite3",
    database: join(folder, `${++databases}.db`),
  }));
  const binaries = postgresBinaries(join(root, "node_modules"));
  if (!binaries) {
    console.log("PostgreSQL: not measured, there are no binaries for this machine");
    return;
  }
  const server = await startPostgres(binaries);
  try {
    await measure("PostgreSQL", async () => {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      const name = `bench_${++databases}`;
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return { type: "postgres", url: server.url.replace(/postgres$/, name) };
    });
  } finally {
    await server.stop();
  }
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
