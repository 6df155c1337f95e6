// What schemas of many tables cost, side by side in one run: the bare catalogue queries with the import of typeorm and the
// driver (the floor), `check` with nothing to do, the first autogenerate and the upgrade that it leads to, and the same
// by TypeORM. CPU and wall time in seconds and peak memory in MB of whole processes, the least of some runs. Run with:
// npm run build && node test/bench/tables.js [postgres,mariadb] [10,100,1000,5000]
// RUNS says how often, TYPEORM_UP_TO above how many tables TypeORM is left out (it takes minutes at 5,000).
const { spawnSync } = require("node:child_process");
const {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { postgresBinaries, startPostgres } = require("../servers/postgres");

const root = join(__dirname, "..", "..");
const dialects = (process.argv[2] ?? "postgres,mariadb").split(",");
const counts = (process.argv[3] ?? "10,100,1000,5000").split(",").map(Number);
const RUNS = Number(process.env.RUNS ?? 3);
const TYPEORM_UP_TO = Number(process.env.TYPEORM_UP_TO ?? 1000);

/** What must be reached: `check` at 1,000 tables in floors, and at 5,000 in seconds and megabytes. */
const LIMITS = { ratio: 2.5, seconds: 4, megabytes: 300 };

const scratch = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
const limbeckCli = join(root, "dist", "cli", "main.js");
const typeormCli = join(root, "node_modules", "typeorm", "cli.js");

/** A compiled application: neither side has TypeScript to load. */
function project(dialect, count) {
  const folder = join(scratch, `${dialect}-${count}`);
  mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
  mkdirSync(join(folder, "migrations"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  const files = {
    "package.json": "{}",
    "ormconfig.js": `module.exports = { dataSource: () => import("./data-source.js"), dialect: "${dialect}", scriptLocation: "revisions" };`,
    "data-source.js": `const { DataSource, EntitySchema } = require("typeorm");
const { entities } = require(${JSON.stringify(join(__dirname, "schema.js"))});
module.exports.dataSource = new DataSource({
  type: "${dialect}", url: process.env.BENCH_URL, entities: entities(EntitySchema, "${dialect}", ${count}),
  migrations: [__dirname + "/migrations/*.js"],
});`,
    "log.js": `const { dataSource } = require("./data-source.js");
dataSource.initialize().then(async () => {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  if (upQueries.length > 0) throw new Error("TypeORM finds a difference: " + upQueries[0].query);
  await dataSource.destroy();
});`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The least of what a process costs in some runs; `before` clears away what a run left behind. */
function measure(folder, url, args, { runs = RUNS, before = () => undefined } = {}) {
  const least = { cpu: Infinity, wall: Infinity, megabytes: Infinity };
  for (let run = 0; run < runs; run++) {
    before();
    const file = join(scratch, "usage.json");
    const started = process.hrtime.bigint();
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ["--require", join(__dirname, "usage.js"), ...args],
      {
        cwd: folder,
        env: { ...process.env, BENCH_URL: url, LIMBECK_BENCH_USAGE: file },
        encoding: "utf8",
        maxBuffer: 2 ** 30,
      },
    );
    const wall = Number(process.hrtime.bigint() - started) / 1e9;
    if (status !== 0)
      throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}${stdout.slice(-2000)}`);
    const usage = { ...JSON.parse(readFileSync(file, "utf8")), wall };
    for (const key of Object.keys(least)) least[key] = Math.min(least[key], usage[key]);
  }
  return least;
}

function emptied(folder) {
  return () => {
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
  };
}

async function measureAll(server, dialect, count) {
  const folder = project(dialect, count);
  const [ours, theirs] = [await server.create(), await server.create()];
  const versions = join(folder, "revisions", "versions");
  const migrations = join(folder, "migrations");
  const limbeck = (url, words, options) => measure(folder, url, [limbeckCli, ...words], options);
  const typeorm = (words, options) =>
    count > TYPEORM_UP_TO
      ? undefined
      : measure(folder, theirs.url, [typeormCli, ...words, "-d", "data-source.js"], options);
  const runs = count > 1000 ? 1 : RUNS;
  try {
    const generated = limbeck(ours.url, ["revision", "--autogenerate", "-m", "first"], {
      runs,
      before: emptied(versions),
    });
    const upgraded = limbeck(ours.url, ["upgrade", "head"], { runs: 1 });
    const generatedByTypeOrm = typeorm(["migration:generate", "-p", "-o", "migrations/first"], {
      before: emptied(migrations),
    });
    const upgradedByTypeOrm = typeorm(["migration:run"], { runs: 1 });
    const floor = measure(folder, ours.url, [join(__dirname, "catalogue.js"), dialect, ours.url]);
    const checked = limbeck(ours.url, ["check"]);
    const logged = count > TYPEORM_UP_TO ? undefined : measure(folder, ours.url, ["log.js"], { runs: 1 });
    return [
      { what: "catalogue queries, import of typeorm and driver", ...floor },
      { what: "limbeck check", ...checked, ratio: checked.cpu / floor.cpu },
      ...row("TypeORM schemaBuilder.log()", logged, checked),
      { what: "limbeck revision --autogenerate", ...generated },
      ...row("TypeORM migration:generate -p", generatedByTypeOrm, generated),
      { what: "limbeck upgrade", ...upgraded },
      ...row("TypeORM migration:run", upgradedByTypeOrm, upgraded),
    ].map((line) => ({ dialect, count, ...line }));
  } finally {
    await ours.drop();
    await theirs.drop();
  }
}

/** What TypeORM costs, with the ratio of its CPU to that of the same by Limbeck. */
function row(what, cost, other) {
  return cost ? [{ what, ...cost, ratio: cost.cpu / other.cpu }] : [];
}

function print(lines) {
  for (const { dialect, count, what, cpu, wall, megabytes, ratio } of lines) {
    const numbers = [
      cpu.toFixed(2),
      wall.toFixed(2),
      megabytes.toFixed(0),
      ratio ? `${ratio.toFixed(2)}x` : "",
    ];
    const cells = [dialect, String(count), what.padEnd(48), ...numbers.map((text) => text.padStart(7))];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** What was not reached, in words. */
function misses(lines) {
  const find = (count, what) => lines.find((line) => line.count === count && line.what.startsWith(what));
  const thousand = find(1000, "limbeck check");
  const five = find(5000, "limbeck check");
  const [generated, generatedByTypeOrm] = [
    find(1000, "limbeck revision"),
    find(1000, "TypeORM migration:generate"),
  ];
  return [
    ...(thousand && thousand.ratio > LIMITS.ratio
      ? [`check of 1,000 tables costs ${thousand.ratio.toFixed(2)} floors, at most ${LIMITS.ratio}`]
      : []),
    ...(five && (five.cpu > LIMITS.seconds || five.megabytes > LIMITS.megabytes)
      ? [
          `check of 5,000 tables costs ${five.cpu.toFixed(2)} s and ${five.megabytes.toFixed(0)} MB, at most ${LIMITS.seconds} and ${LIMITS.megabytes}`,
        ]
      : []),
    ...(generated && generatedByTypeOrm && generated.cpu > generatedByTypeOrm.cpu
      ? ["the first autogenerate of 1,000 tables is slower than TypeORM's"]
      : []),
  ];
}

async function postgresServer() {
  const { Client } = require("pg");
  const binaries = postgresBinaries(join(root, "node_modules"));
  if (!binaries) return undefined;
  const { url, stop } = await startPostgres(binaries);
  const execute = async (sql) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  return serverOf(url, execute, stop);
}

async function mariadbServer() {
  const { createConnection } = require("mysql2/promise");
  const url = process.env.LIMBECK_TEST_MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";
  const execute = async (sql) => {
    const connection = await createConnection(url);
    await connection.query(sql);
    await connection.end();
  };
  try {
    await execute("SELECT 1");
  } catch {
    return undefined;
  }
  return serverOf(url, execute, async () => undefined);
}

function serverOf(url, execute, stop) {
  let databases = 0;
  return {
    create: async () => {
      const name = `limbeck_bench_${process.pid}_${++databases}`;
      await execute(`CREATE DATABASE ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return { url: own.href, drop: () => execute(`DROP DATABASE ${name}`) };
    },
    stop,
  };
}

async function main() {
  console.log(`| dialect | tables | ${"what".padEnd(48)} | cpu s | wall s | MB | ratio |`);
  for (const dialect of dialects) {
    const server = await { postgres: postgresServer, mariadb: mariadbServer }[dialect]();
    if (!server) {
      console.log(`${dialect}: not measured, there is no server`);
      continue;
    }
    try {
      const lines = [];
      for (const count of counts) {
        const found = await measureAll(server, dialect, count);
        print(found);
        lines.push(...found);
      }
      for (const miss of misses(lines)) {
        console.log(`${dialect}: ${miss}`);
        process.exitCode = 1;
      }
    } finally {
      await server.stop();
    }
  }
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(scratch, { recursive: true, force: true }));
