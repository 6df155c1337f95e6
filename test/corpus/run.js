// Reads every folder of entities of TypeORM's own test suite into a Schema, for five databases and without any server.
//
//   git clone --depth 1 https://github.com/typeorm/typeorm ~/typeorm
//   npm run build && node test/corpus/run.js ~/typeorm [typeorm | typeorm-0.3 | a folder with a copy of it]
//
// None of that suite is part of this project. A folder counts for a database where TypeORM itself builds its metadata;
// what TypeORM refuses (types of other databases, missing packages) is counted, and shown with --refused. With --live,
// every folder goes through the proofs on SQLite, too.
const { existsSync, readdirSync } = require("node:fs");
const Module = require("node:module");
const { join, relative, resolve, sep } = require("node:path");

const [checkout, copy = "typeorm"] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
if (checkout === undefined) throw new Error("say where TypeORM's repository is checked out");

const root = resolve(__dirname, "..", "..");
const dist = join(root, "dist");
const typeormFolder = join(require.resolve(copy, { paths: [root] }), "..");
const { DataSource, Table: TypeormTable } = require(typeormFolder);
const { readMetadata } = require(join(dist, "metadata", "read.js"));
const { diff } = require(join(dist, "diff", "diff.js"));
const { emptyRegistry } = require(join(dist, "operations", "registry.js"));
const { emptySchema } = require(join(dist, "model", "schema.js"));
const { registerRequire } = require(join(dist, "loader", "register.js"));
const { dialectOfDriver, dialectNames, loadDialect } = require(join(dist, "dialects", "index.js"));

const { prove } = require(join(root, "test", "support", "proofs.js"));

const live = process.argv.includes("--live");
const TYPES = ["better-sqlite3", "postgres", "mysql", "mariadb", "mssql"];
const tests = join(resolve(checkout), "test");
if (!existsSync(tests)) throw new Error(`${checkout} has no folder test`);

redirectSources();
registerRequire();

/** The suite imports TypeORM's sources; here it gets the installed package instead. */
function redirectSources() {
  const original = Module._resolveFilename;
  const sources = join(resolve(checkout), "src");
  Module._resolveFilename = (request, parent, ...rest) => {
    const path =
      parent?.filename !== undefined && request.startsWith(".")
        ? resolve(parent.filename, "..", request)
        : request;
    if (path === sources || path === join(sources, "index")) return join(typeormFolder, "index.js");
    if (path.startsWith(sources + sep)) return join(typeormFolder, `${path.slice(sources.length + 1)}.js`);
    const inside = parent?.filename?.startsWith(tests) && !request.startsWith(".");
    return original(request, inside ? module : parent, ...rest);
  };
}

function foldersOfEntities(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const path = join(folder, name);
      return name === "entity" ? [path] : foldersOfEntities(path);
    })
    .sort();
}

/** Everything that the files below a folder export, if it is a class or an EntitySchema. */
function entitiesOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => /\.ts$/.test(file));
  const exported = files.flatMap((file) => Object.values(require(join(folder, file))));
  return [...new Set(exported)].filter(
    (item) => typeof item === "function" || item?.["@instanceof"] === Symbol.for("EntitySchema"),
  );
}

async function build(type, entities) {
  const database = type === "better-sqlite3" ? ":memory:" : "main";
  const stub = type === "better-sqlite3" ? {} : { driver: { stub: true }, connectorPackage: "mysql2" };
  const dataSource = new DataSource({ type, database, entities, ...stub });
  await dataSource.buildMetadatas();
  return dataSource;
}

/** What must be true of every schema that is read. Throws with a sentence where it is not. */
function expectRead(dataSource, schema, dialect) {
  const stored = dataSource.entityMetadatas.filter(
    ({ tableType, synchronize }) => tableType !== "entity-child" && tableType !== "view" && synchronize,
  );
  const names = (items) => [...new Set(items)].sort().join(", ");
  const expected = names(stored.map(({ tableName }) => tableName));
  const found = names(schema.tables.map(({ name }) => name));
  if (expected !== found) throw new Error(`the tables are ${found}, not ${expected}`);
  for (const metadata of stored) {
    const table = schema.tables.find(({ name }) => name === metadata.tableName);
    const oracle = TypeormTable.create(metadata, dataSource.driver);
    const missing = oracle.columns.filter(
      ({ name }) => !table.columns.some((column) => column.name === name),
    );
    if (missing.length > 0) throw new Error(`${table.name} lacks ${missing.map(({ name }) => name)}`);
  }
  if (JSON.stringify(JSON.parse(JSON.stringify(schema))) !== JSON.stringify(schema)) {
    throw new Error("the schema is more than JSON can hold");
  }
  if (dialect === undefined) return;
  const normal = dialect.normalize(schema);
  const options = { registry: emptyRegistry, names: "strategy", ...dialect.traits };
  const [repeated] = diff(normal, dialect.normalize(normal), options);
  if (repeated) throw new Error(`to normalize twice changes ${JSON.stringify(repeated)}`);
  diff(emptySchema, normal, options);
}

async function read(type, folder, entities, dialect) {
  let dataSource;
  try {
    dataSource = await build(type, entities);
  } catch (cause) {
    return { outcome: "refused", folder, type, reason: cause.message };
  }
  try {
    const { schema, warnings } = readMetadata(dataSource);
    expectRead(dataSource, schema, dialect);
    const { tables, views } = schema;
    return { outcome: "read", folder, type, tables: tables.length, views: views.length, warnings };
  } catch (cause) {
    return { outcome: "failed", folder, type, reason: cause.stack };
  }
}

/** The four proofs, on SQLite, for what has tables or views there. */
async function proveLive(folder, entities) {
  const found = await prove({ DataSource, options: { type: "better-sqlite3", entities } });
  const { proof, problem, reason, impossible } = found;
  const result = { folder, type: "live" };
  if (impossible) return { ...result, outcome: "impossible", reason };
  if (problem === undefined) return { ...result, outcome: "proven", reason };
  return { ...result, outcome: "failed", reason: `${proof}: ${problem}${reason ? ` (${reason})` : ""}` };
}

async function main() {
  const folders = foldersOfEntities(tests);
  const results = [];
  const unloadable = [];
  const empty = [];
  const dialects = {};
  for (const type of TYPES) {
    let name;
    try {
      name = dialectOfDriver(type);
    } catch {
      continue;
    }
    if (dialectNames.includes(name)) dialects[type] = await loadDialect(name);
  }
  const log = console.log;
  console.log = () => undefined;
  for (const path of folders) {
    const folder = relative(tests, path);
    let entities;
    try {
      entities = entitiesOf(path);
    } catch (cause) {
      unloadable.push({ folder, reason: cause.message });
      continue;
    }
    if (entities.length === 0) empty.push(folder);
    else {
      for (const type of TYPES) results.push(await read(type, folder, entities, dialects[type]));
      const onSqlite = results.at(-TYPES.length);
      if (live && onSqlite.outcome === "read" && onSqlite.tables + onSqlite.views > 0) {
        results.push(await proveLive(folder, entities));
      }
    }
  }
  console.log = log;
  report({ folders, unloadable, empty, results });
}

function report({ folders, unloadable, empty, results }) {
  const read = results.filter(({ outcome }) => outcome === "read");
  const counted = new Set(read.filter(({ tables, views }) => tables + views > 0).map(({ folder }) => folder));
  console.log(
    `${folders.length} folders, ${unloadable.length} cannot be loaded, ${empty.length} export no entity`,
  );
  console.log(`${counted.size} give a Schema with something in it on at least one database`);
  for (const type of TYPES) {
    const of = (outcome) => results.filter((result) => result.type === type && result.outcome === outcome);
    const tables = of("read").reduce((sum, result) => sum + result.tables, 0);
    const views = of("read").reduce((sum, result) => sum + result.views, 0);
    const warned = of("read").filter(({ warnings }) => warnings.length > 0).length;
    console.log(
      `${type}: ${of("read").length} read (${tables} tables, ${views} views, ${warned} with warnings), ` +
        `${of("failed").length} failed, ${of("refused").length} refused by TypeORM itself`,
    );
  }
  if (live) {
    const of = (outcome) => results.filter((result) => result.type === "live" && result.outcome === outcome);
    const alone = of("proven").filter(({ reason }) => reason !== undefined);
    console.log(
      `on SQLite: ${of("proven").length} pass the proofs (${alone.length} of them where TypeORM is no measure), ` +
        `${of("failed").length} fail, ${of("impossible").length} neither TypeORM nor SQLite itself can make`,
    );
  }
  const shown = process.argv.includes("--refused") ? ["failed", "refused"] : ["failed"];
  for (const { folder, reason } of unloadable)
    console.log(`cannot be loaded: ${folder}: ${reason.split("\n")[0]}`);
  for (const result of results.filter(({ outcome }) => shown.includes(outcome))) {
    console.log(`${result.outcome} ${result.type} ${result.folder}: ${result.reason}`);
  }
  if (process.argv.includes("--warnings")) {
    for (const { type, folder, warnings } of read)
      for (const warning of warnings) console.log(`warning ${type} ${folder}: ${warning}`);
  }
  if (results.some(({ outcome }) => outcome === "failed")) process.exitCode = 1;
}

void main();
