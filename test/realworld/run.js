// The four proofs on SQLite for entities that others have published, each with its own copy of TypeORM:
//
//   npm run test:realworld [-- veramo]
//
// What is needed is installed into a folder that git ignores, once.
const { spawnSync } = require("node:child_process");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { addCounts } = require("../report");
const { install } = require("../support/install");

/** A published application: what is installed, and how its entities are found there. */
const PROJECTS = {
  veramo: {
    manifest: { dependencies: { "@veramo/data-store": "^7.0.1" } },
    entities: async (from) => {
      const { Entities } = await import(pathToFileURL(from.resolve("@veramo/data-store")).href);
      return Entities;
    },
    // A second entity on a table, for its migrations: TypeORM never rests with both.
    sharing: ["PreMigrationKey"],
  },
  vendure: {
    manifest: {
      dependencies: { "@vendure/core": "^3.7.3" },
      // The newest that every registry has; nothing here runs it.
      overrides: { "@graphql-tools/batch-execute": "^10.0.0" },
    },
    // Its keys, money columns and custom fields are decided while it starts, so it is started as far as its entities.
    entities: async (from) => {
      from("@vendure/core/dist/config/config-helpers").resetConfig();
      const { preBootstrapConfig } = from("@vendure/core/dist/bootstrap");
      const { dbConnectionOptions } = await preBootstrapConfig({
        apiOptions: { port: 3000 },
        dbConnectionOptions: { type: "better-sqlite3", database: ":memory:" },
        customFields: { Product: [{ name: "origin", type: "string" }] },
      });
      return Object.values(dbConnectionOptions.entities);
    },
  },
};

/** The proofs of one project, in this process: decorators leave their marks in the whole of it. */
async function proveHere(name) {
  const { manifest, entities: find, sharing = [] } = PROJECTS[name];
  const from = createRequire(join(install(name, manifest), "package.json"));
  const all = await find(from);
  const rest = all.filter((entity) => !sharing.includes(entity.name));
  for (const entities of rest.length === all.length ? [all] : [all, rest]) {
    await proveSet(name, entities, from);
  }
}

async function proveSet(name, entities, from) {
  const { DataSource } = from("typeorm");
  const { prove } = require("../support/proofs");
  const options = { type: "better-sqlite3", entities };
  const { proof, problem, reason } = await prove({ DataSource, options });
  const { version } = from(join(from.resolve("typeorm"), "..", "package.json"));
  const what = `${name}: ${entities.length} entities with TypeORM ${version}`;
  const note = reason === undefined ? "" : ` (without TypeORM as a measure: ${reason})`;
  if (problem !== undefined) throw new Error(`${what}: ${proof}: ${problem}${note}`);
  console.log(`${what}: all proofs hold${note}`);
}

const [, , mode, ...names] = process.argv;
if (mode === "here") {
  proveHere(names[0]).catch((cause) => {
    console.error(cause.message);
    process.exitCode = 1;
  });
} else {
  const chosen = mode === undefined ? Object.keys(PROJECTS) : [mode, ...names];
  for (const name of chosen) {
    if (!PROJECTS[name]) throw new Error(`there is no ${name}, only ${Object.keys(PROJECTS).join(", ")}`);
    const { status } = spawnSync(process.execPath, [__filename, "here", name], { stdio: "inherit" });
    if (status === 0) addCounts(1, 0, 0);
    else {
      addCounts(0, 1, 0);
      process.exitCode = 1;
    }
  }
}
