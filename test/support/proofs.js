// The four proofs on SQLite for entities of others, with the built Limbeck and whatever copy of TypeORM they bring.
const { execFileSync } = require("node:child_process");
const { mkdtempSync, rmSync } = require("node:fs");
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
};

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
        await run({ at, DataSource, limbeck, typeorm, hasClient: hasClient() });
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
