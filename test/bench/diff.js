// What the comparison costs on 1,000 tables of 12 columns: the diff alone, and what one changed column adds to a whole
// `check` on SQLite, as a ratio. CPU time, which other processes disturb least, and of it the least of several runs that
// take turns. Run with: npm run build && node --expose-gc test/bench/diff.js [URL of an empty database, instead of SQLite]
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const dist = join(__dirname, "..", "..", "dist");
const TABLES = 1000;
const RUNS = Number(process.env.RUNS ?? 10);
const DIFF_LIMIT = 100;
const RATIO_LIMIT = 1.1;

/** Milliseconds of CPU that work takes, garbage that it leaves not counted. */
async function cpuOf(work) {
  global.gc?.();
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  return { result, time: (user + system) / 1000 };
}

/** A dozen columns, two keys, two indexes. */
function table(number, changed = false) {
  const values = Array.from({ length: 9 }, (_, place) => ({
    name: `value${place}`,
    type: { name: "varchar", length: changed && place === 4 ? 80 : 40 + place },
    nullable: place % 2 === 0,
    ...(place % 2 ? { default: { value: "x" } } : {}),
  }));
  const name = `table${number}`;
  return {
    name,
    columns: [
      { name: "id", type: { name: "integer" }, nullable: false, generated: { kind: "increment" } },
      { name: "parent_id", type: { name: "integer" }, nullable: true },
      {
        name: "created_at",
        type: { name: "datetime" },
        nullable: false,
        default: { sql: "CURRENT_TIMESTAMP" },
      },
      ...values,
    ],
    constraints: [
      { kind: "primaryKey", name: `PK_${number}`, columns: ["id"] },
      {
        kind: "foreignKey",
        name: `FK_${number}`,
        columns: ["parent_id"],
        references: { name: `table${(number * 7) % TABLES}` },
        referencedColumns: ["id"],
        onDelete: "NO ACTION",
        onUpdate: "NO ACTION",
      },
    ],
    indexes: [
      { name: `IDX_a${number}`, parts: [{ column: "value0" }, { column: "value1" }] },
      { name: `IDX_b${number}`, parts: [{ column: "parent_id" }] },
    ],
  };
}

function schema(changed) {
  const tables = Array.from({ length: TABLES }, (_, number) => table(number, number === changed));
  return { namespaces: [], extensions: [], enums: [], sequences: [], tables, views: [], objects: [] };
}

/** The diff with its questions about renames: no database, nothing rendered. */
async function measureDiff(changed) {
  const { diff } = require(join(dist, "diff", "diff.js"));
  const { renameQuestions } = require(join(dist, "diff", "rename-questions.js"));
  const { emptyRegistry } = require(join(dist, "operations", "registry.js"));
  const origins = { ofTable: () => [], ofColumn: () => [] };
  const options = { registry: emptyRegistry, names: "strategy", forwardReferences: true };
  let least = Infinity;
  for (let run = 0; run < RUNS; run += 1) {
    const [from, to] = [schema(), schema(changed)];
    const { result, time } = await cpuOf(() => ({
      questions: renameQuestions(from, to, origins),
      operations: diff(from, to, options),
    }));
    const { operations, questions } = result;
    if (operations.length !== (changed === undefined ? 0 : 1) || questions.length > 0)
      throw new Error(`${operations.length} operations`);
    least = Math.min(least, time);
  }
  return least;
}

function entities(changed) {
  const { EntitySchema } = require("typeorm");
  return Array.from({ length: TABLES }, (_, number) => {
    const values = table(number, number === changed).columns.slice(3);
    const columns = values.map(({ name, type, nullable }) => [
      name,
      { type: "varchar", length: type.length, nullable },
    ]);
    return new EntitySchema({
      name: `table${number}`,
      columns: {
        id: { type: Number, primary: true, generated: true },
        parent: { type: Number, nullable: true },
        createdAt: { type: Date, createDate: true },
        ...Object.fromEntries(columns),
      },
      indices: [{ columns: ["value0", "value1"] }],
    });
  });
}

/** A whole `check`, which reads entities and database, compares, and renders nothing. */
async function measureCheck() {
  const { DataSource } = require("typeorm");
  const { open } = require(join(dist, "index.js"));
  const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
  const url = process.argv[2];
  const options = url
    ? { type: new URL(url).protocol.slice(0, -1), url }
    : { type: "better-sqlite3", database: join(folder, "app.db") };
  try {
    const maker = new DataSource({ ...options, entities: entities(), synchronize: true });
    await maker.initialize();
    await maker.destroy();
    const once = async (changed) => {
      const config = { dataSource: { ...options, entities: entities(changed) } };
      const limbeck = await open({ cwd: folder, config });
      const { result, time } = await cpuOf(() => limbeck.check());
      if (result.differences.length !== (changed === undefined ? 0 : 1))
        throw new Error(result.differences.join("\n"));
      return time;
    };
    const least = { same: Infinity, changed: Infinity };
    // The first pair only warms up; in every other pair the changed one goes first.
    for (let run = 0; run <= RUNS; run += 1)
      for (const name of run % 2 ? ["same", "changed"] : ["changed", "same"]) {
        const time = await once(name === "changed" ? 500 : undefined);
        if (run > 0) least[name] = Math.min(least[name], time);
      }
    return least;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const none = await measureDiff();
  const one = await measureDiff(500);
  console.log(
    `diff of ${TABLES} tables: ${none.toFixed(1)} ms; with one changed column ${one.toFixed(1)} ms`,
  );
  const { same, changed } = await measureCheck();
  const ratio = changed / same;
  console.log(
    `check of ${TABLES} tables: ${same.toFixed(0)} ms; with one changed column ${changed.toFixed(0)} ms, ratio ${ratio.toFixed(3)}`,
  );
  if (Math.max(none, one) > DIFF_LIMIT || ratio > RATIO_LIMIT) process.exitCode = 1;
}

void main();
