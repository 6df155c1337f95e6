// What the comparison costs on 1,000 tables of 12 columns: the diff alone, and what one changed column adds to a whole
// `check` on SQLite. The least of several runs; run with: npm run build && node test/bench/diff.js
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const dist = join(__dirname, "..", "..", "dist");
const TABLES = 1000;
const RUNS = Number(process.env.RUNS ?? 7);
const DIFF_LIMIT = 100;
const SHARE_LIMIT = 0.1;

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
function measureDiff(changed) {
  const { diff } = require(join(dist, "diff", "diff.js"));
  const { renameQuestions } = require(join(dist, "diff", "rename-questions.js"));
  const { emptyRegistry } = require(join(dist, "operations", "registry.js"));
  const origins = { ofTable: () => [], ofColumn: () => [] };
  const times = Array.from({ length: RUNS }, () => {
    const [from, to] = [schema(), schema(changed)];
    const start = performance.now();
    const questions = renameQuestions(from, to, origins);
    const operations = diff(from, to, {
      registry: emptyRegistry,
      names: "strategy",
      forwardReferences: true,
    });
    const time = performance.now() - start;
    const expected = changed === undefined ? 0 : 1;
    if (operations.length !== expected || questions.length > 0)
      throw new Error(`${operations.length} operations`);
    return time;
  });
  return Math.min(...times);
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
        createdAt: { type: "datetime", createDate: true },
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
  const options = { type: "better-sqlite3", database: join(folder, "app.db") };
  try {
    const maker = new DataSource({ ...options, entities: entities(), synchronize: true });
    await maker.initialize();
    await maker.destroy();
    const times = { same: [], changed: [] };
    for (let run = 0; run < RUNS; run += 1) {
      for (const [name, changed] of [
        ["same", undefined],
        ["changed", 500],
      ]) {
        const limbeck = await open({
          cwd: folder,
          config: { dataSource: { ...options, entities: entities(changed) } },
        });
        global.gc?.();
        const start = performance.now();
        const { differences } = await limbeck.check();
        times[name].push(performance.now() - start);
        if (differences.length !== (changed === undefined ? 0 : 1)) throw new Error(differences.join("\n"));
      }
    }
    return { same: Math.min(...times.same), changed: Math.min(...times.changed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const none = measureDiff();
  const one = measureDiff(500);
  console.log(
    `diff of ${TABLES} tables: ${none.toFixed(1)} ms; with one changed column ${one.toFixed(1)} ms`,
  );
  const { same, changed } = await measureCheck();
  const share = changed / same - 1;
  console.log(
    `check of ${TABLES} tables: ${same.toFixed(0)} ms; with one changed column ${changed.toFixed(0)} ms (${(share * 100).toFixed(1)} %)`,
  );
  if (Math.max(none, one) > DIFF_LIMIT || share > SHARE_LIMIT) process.exitCode = 1;
}

void main();
