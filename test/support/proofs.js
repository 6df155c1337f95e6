// The four proofs on SQLite for entities of others, with the built Limbeck and whatever copy of TypeORM they bring.
const { execFileSync } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { isDeepStrictEqual } = require("node:util");
const { join } = require("node:path");

const dist = join(__dirname, "..", "..", "dist");
const { open } = require(join(dist, "open.js"));
const { sqlite } = require(join(dist, "dialects", "sqlite", "index.js"));
const { queryableOf } = require(join(dist, "runtime", "queryable.js"));

const OWN = ["limbeck_version", "limbeck_history", "typeorm_metadata"];

async function connected(DataSource, options, body) {
  const dataSource = await new DataSource(options).initialize();
  try {
    return await body(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function typeormLog(DataSource, options) {
  return await connected(DataSource, options, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

async function schemaOf(DataSource, options) {
  return await connected(DataSource, { ...options, entities: [] }, async (dataSource) =>
    sqlite.normalize(await sqlite.inspect(queryableOf(dataSource.createQueryRunner()), { schemas: [] })),
  );
}

/** Throws a sentence where the list is not empty. */
function expectNone(list, what) {
  if (list.length > 0) throw new Error(`${what}: ${list.join("; ")}`);
}

function expectSame(left, right, what) {
  if (isDeepStrictEqual(left, right)) return;
  const differing = left.tables.filter((table, at) => !isDeepStrictEqual(table, right.tables[at]));
  throw new Error(`${what}: ${JSON.stringify(differing[0] ?? left)}`);
}

/** Each proof by its name, in order; each stands on those before it. `typeorm` is what TypeORM makes of it by itself. */
const PROOFS = {
  "neither check nor TypeORM finds anything after a generated revision": async ({
    at,
    DataSource,
    limbeck,
    typeorm,
  }) => {
    await (await limbeck("a")).revision({ autogenerate: true, message: "first" });
    await (await limbeck("a")).upgrade();
    expectNone((await (await limbeck("a")).check()).differences, "check finds");
    if (!typeorm.comparable) return;
    const found = await typeormLog(DataSource, at("a"));
    expectNone(
      found.filter((sql) => !typeorm.finds.includes(sql)),
      "TypeORM finds",
    );
  },
  "the way down leaves nothing, and the way up again the same": async ({ at, DataSource, limbeck }) => {
    const first = await schemaOf(DataSource, at("a"));
    await (await limbeck("a")).downgrade({ revision: "base" });
    const empty = await schemaOf(DataSource, at("a"));
    const left = [...empty.tables, ...empty.views].map(({ name }) => name);
    expectNone(
      left.filter((name) => !OWN.includes(name)),
      "the way down leaves",
    );
    await (await limbeck("a")).upgrade();
    expectSame(await schemaOf(DataSource, at("a")), first, "the way up again differs");
  },
  "the script makes the same through SQLite's own client": async ({ at, DataSource, limbeck, hasClient }) => {
    if (!hasClient) return;
    const written = [];
    await (await limbeck("c", written)).upgrade({ sql: true });
    feed(at("c").database, written.join(""));
    expectSame(
      await schemaOf(DataSource, at("c")),
      await schemaOf(DataSource, at("a")),
      "the script makes something else",
    );
  },
  "what synchronize() made is adopted by a stamp": async ({ limbeck, typeorm }) => {
    // What TypeORM still wants after its own synchronize() it has not made.
    if (!typeorm.comparable || typeorm.finds.length > 0) return;
    await (await limbeck("synchronized")).stamp({ revisions: ["head"], verify: true });
    expectNone((await (await limbeck("synchronized")).check()).differences, "check finds");
  },
  "every row survives a change that copies its table, and the way back": async ({
    at,
    DataSource,
    limbeck,
    place,
  }) => {
    const options = { ...at("a"), entities: [] };
    const tables = await connected(DataSource, options, seed);
    const before = await connected(
      DataSource,
      options,
      async (dataSource) => await rowsOf(dataSource, tables),
    );
    const schema = await schemaOf(DataSource, at("a"));
    const [head] = await (await limbeck("a")).heads();
    writeFileSync(join(place, "revisions", "versions", "copied.js"), copying(tables, head.revision));
    await (await limbeck("a")).upgrade();
    const after = await connected(
      DataSource,
      options,
      async (dataSource) => await rowsOf(dataSource, tables),
    );
    expectRows(after, before, "after the change");
    await (await limbeck("a")).downgrade({ revision: "-1" });
    const back = await connected(DataSource, options, async (dataSource) => await rowsOf(dataSource, tables));
    expectRows(back, before, "after the way back");
    expectSame(await schemaOf(DataSource, at("a")), schema, "the way back leaves another schema");
  },
};

const quote = (name) => `"${name.replaceAll('"', '""')}"`;
const TEXTS = ["plain", 'it\'s "quoted"', "größe 日本語 🦉", "back\\slash\nline"];

/** Puts rows into every table, and answers with what was stored: its tables and their columns that are no expressions. */
async function seed(dataSource) {
  await dataSource.query("PRAGMA foreign_keys = OFF");
  const columns = await dataSource.query(
    `SELECT m.name AS owner, c.name, c.type, c."notnull" AS required, c.pk FROM sqlite_schema m
     JOIN pragma_table_xinfo(m.name) c ON c.hidden = 0
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY m.name, c.cid`,
  );
  const tables = new Map();
  for (const column of columns.filter(({ owner }) => !OWN.includes(owner))) {
    tables.set(column.owner, [...(tables.get(column.owner) ?? []), column]);
  }
  for (const [table, parts] of tables) {
    for (let number = 1; number <= TEXTS.length; number++) {
      const values = parts.map((column) => valueOf(column, number));
      const names = parts.map(({ name }) => quote(name)).join(", ");
      await dataSource.query(
        `INSERT OR IGNORE INTO ${quote(table)} (${names}) VALUES (${parts.map(() => "?").join(", ")})`,
        values,
      );
    }
  }
  return tables;
}

function valueOf({ type, required, pk }, number) {
  if (!required && !pk && number % 2 === 0) return null;
  if (/int|bool/i.test(type)) return number;
  if (/float|double|real|decimal|numeric/i.test(type)) return number + 0.25;
  if (/blob/i.test(type)) return Buffer.from([0, number, 255]);
  if (/date|time/i.test(type)) return `2026-0${number}-28 23:59:59.999`;
  return `${TEXTS[number - 1]}@${number}`;
}

/** Rows as text that tells types apart, table by table. */
async function rowsOf(dataSource, tables) {
  const rows = {};
  for (const [table, columns] of tables) {
    const names = columns.map(({ name }) => `quote(${quote(name)})`).join(" || ',' || ");
    const found = await dataSource.query(`SELECT ${names} AS line FROM ${quote(table)}`);
    rows[table] = found.map(({ line }) => line).sort();
  }
  return rows;
}

function expectRows(now, before, when) {
  if (Object.values(before).flat().length === 0) throw new Error("no row could be put in");
  const lost = Object.keys(before).filter((table) => !isDeepStrictEqual(now[table], before[table]));
  expectNone(lost, `rows differ ${when}`);
}

/** A revision that copies every table. */
function copying(tables, parent) {
  const names = JSON.stringify([...tables.keys()]);
  return `exports.revision = "copied";
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "copy every table";
exports.upgrade = async (op) => {
  for (const name of ${names}) {
    await op.batchAlterTable({ name }, { recreate: "always" }, (batch) => {
      batch.addColumn({ name: "limbeck_added", type: "text", nullable: true });
    });
  }
};
exports.downgrade = async (op) => {
  for (const name of ${names}) {
    await op.batchAlterTable({ name }, { recreate: "always" }, (batch) => {
      batch.dropColumn("limbeck_added");
    });
  }
};
`;
}

function feed(database, script) {
  try {
    execFileSync("sqlite3", [database], { input: script, stdio: ["pipe", "ignore", "pipe"] });
  } catch (cause) {
    throw new Error(`the client says ${String(cause.stderr).trim()}`);
  }
}

function hasClient() {
  try {
    execFileSync("sqlite3", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    if (process.env.LIMBECK_REQUIRE_CLIENTS) throw new Error("there is no sqlite3, the client");
    return false;
  }
}

/** What TypeORM makes of the entities, and what it finds right afterwards; it never rests with two entities on a table. */
async function synchronized(DataSource, options) {
  try {
    const shared = await connected(DataSource, options, async (dataSource) => {
      await dataSource.synchronize();
      const tables = dataSource.entityMetadatas.filter(({ tableType }) => tableType !== "entity-child");
      return new Set(tables.map(({ tablePath }) => tablePath)).size < tables.length;
    });
    if (shared) return { comparable: false, reason: "several entities share a table" };
    return { comparable: true, finds: await typeormLog(DataSource, options) };
  } catch (cause) {
    return { comparable: false, refuses: true, reason: `TypeORM cannot make it: ${cause.message}` };
  }
}

/**
 * Runs the proofs. Answers with the one that failed and why (`proof`, `problem`), or with neither; `reason` says why
 * TypeORM is no measure here, `impossible` that neither it nor Limbeck can make this on SQLite.
 */
async function prove({ DataSource, options }) {
  const place = mkdtempSync(join(tmpdir(), "limbeck-proof-"));
  const at = (name) => ({ ...options, database: join(place, `${name}.db`) });
  const limbeck = (name, written = []) =>
    open({
      cwd: place,
      config: { dataSource: new DataSource(at(name)), dialect: "sqlite" },
      write: (text) => written.push(text),
    });
  const typeorm = await synchronized(DataSource, at("synchronized"));
  const { reason } = typeorm;
  try {
    for (const [proof, run] of Object.entries(PROOFS)) {
      try {
        await run({ at, DataSource, limbeck, typeorm, place, hasClient: hasClient() });
      } catch (cause) {
        const problem = process.env.VERBOSE ? cause.stack : cause.message;
        return {
          proof,
          problem,
          reason,
          impossible: typeorm.refuses === true && cause.code !== undefined,
        };
      }
    }
    return { reason };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

module.exports = { prove };
