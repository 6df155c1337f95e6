// What reading the metadata of 1,000 entities adds to TypeORM's own building of it; a quarter at most.
// The least of several runs, each in a process of its own; run with: npm run build && node test/bench/metadata.js
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const ENTITIES = 1000;
const RUNS = Number(process.env.RUNS ?? 5);
const LIMIT = 0.25;

/** Entities as applications have them: a dozen columns, an enum, indexes, a unique, a check, relations both ways. */
function entities(EntitySchema) {
  return Array.from({ length: ENTITIES }, (_, number) => {
    const columns = Array.from({ length: 8 }, (_column, place) => [
      `value${place}`,
      {
        type: "varchar",
        length: 40 + place,
        nullable: place % 2 === 0,
        default: place % 2 ? "x" : undefined,
      },
    ]);
    return new EntitySchema({
      name: `Entity${number}`,
      columns: {
        id: { type: Number, primary: true, generated: true },
        code: { type: "varchar", length: 20, unique: true },
        state: { type: "simple-enum", enum: ["open", "closed"], default: "open" },
        createdAt: { type: "datetime", createDate: true },
        ...Object.fromEntries(columns),
      },
      relations: {
        parent: { type: "many-to-one", target: `Entity${(number * 7) % ENTITIES}`, inverseSide: "children" },
        children: { type: "one-to-many", target: `Entity${(number * 7) % ENTITIES}`, inverseSide: "parent" },
        ...(number % 10 === 0
          ? { others: { type: "many-to-many", target: `Entity${(number + 1) % ENTITIES}`, joinTable: true } }
          : {}),
      },
      indices: [{ columns: ["value0", "value1"] }, { columns: ["state"], where: "state = 'open'" }],
      checks: [{ expression: "id > 0" }],
    });
  });
}

async function measure() {
  const { DataSource, EntitySchema } = require("typeorm");
  const { readMetadata } = require(join(root, "dist", "metadata", "read.js"));
  const options = { type: "better-sqlite3", database: ":memory:" };
  const dataSource = new DataSource({ ...options, entities: entities(EntitySchema) });
  const start = performance.now();
  await dataSource.buildMetadatas();
  const built = performance.now();
  const { schema } = readMetadata(dataSource);
  const read = performance.now();
  if (schema.tables.length < ENTITIES) throw new Error(`only ${schema.tables.length} tables`);
  console.log(JSON.stringify({ build: built - start, read: read - built }));
}

function compare() {
  const runs = Array.from({ length: RUNS }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, [__filename, "measure"], { encoding: "utf8" });
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout);
  });
  const least = (key) => Math.min(...runs.map((run) => run[key]));
  const ratio = least("read") / least("build");
  console.log(
    `${ENTITIES} entities: TypeORM builds in ${least("build").toFixed(0)} ms, Limbeck reads in ` +
      `${least("read").toFixed(0)} ms, ${(100 * ratio).toFixed(0)} %${ratio > LIMIT ? "  over the limit" : ""}`,
  );
  if (ratio > LIMIT) process.exitCode = 1;
}

if (process.argv[2] === "measure") void measure();
else compare();
