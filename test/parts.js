// What `npm test` leaves out, because it needs a registry: other versions of PostgreSQL, TypeORM, TypeScript and Node,
// published entities, and the package itself. Two parts run at a time; each is told of when it ends, with all its output if it
// failed. Run as: node test/parts.js [part ...]
const { spawn } = require("node:child_process");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { addCounts, sumOfCounts } = require("./report");

const JEST = [process.execPath, "--experimental-vm-modules", require.resolve("jest/bin/jest")];
/** What depends on the version of the server; the rest is the same on each. */
const ON_SERVERS = [
  "test/dialects/postgres",
  "test/roundtrip/(batch-copy|renames|roundtrip)",
  "test/runtime/(enum-values|version-place)",
  "test/autogenerate/postgres",
];
const onPostgres = (major) => [
  "test/servers/embedded.js",
  ...[major, "--", ...JEST, "--runInBand", "--forceExit", "--testTimeout=180000"],
  ...["--selectProjects", "typeorm 1.x", "--", ...ON_SERVERS],
];
/** By its name, what is run by Node; the longest come first. `npm test` has PostgreSQL 18 and TypeORM 1.x. */
const PARTS = {
  "postgres-14": onPostgres("14"),
  "postgres-15": onPostgres("15"),
  "postgres-16": onPostgres("16"),
  "postgres-17": onPostgres("17"),
  "typeorm-0.3": [...JEST.slice(1), "--forceExit", "--testTimeout=180000", "--selectProjects", "typeorm 0.3"],
  "typeorm-0.3.20": ["test/with-version.js", "typeorm", "0.3.20", "--testTimeout=180000"],
  package: ["test/package/run.js"],
  "other-node": ["test/other-node.js", "22", "24", "26"],
  realworld: ["test/realworld/run.js"],
  "typescript-5": [
    "test/with-version.js",
    "typescript",
    "5",
    "--testTimeout=180000",
    "test/loader/command-line",
  ],
};
const AT_ONCE = 2;
/** A part that hangs is ended. */
const LIMIT_MINUTES = 30;

async function main(asked) {
  const unknown = asked.find((name) => !PARTS[name]);
  if (unknown) throw new Error(`there is no part ${unknown}, only ${Object.keys(PARTS).join(", ")}`);
  const waiting = asked.length === 0 ? Object.keys(PARTS) : [...asked];
  const place = mkdtempSync(join(tmpdir(), "limbeck-parts-"));
  const lane = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name, place);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function run(name, place) {
  const report = join(place, name);
  const started = Date.now();
  const output = [];
  const child = spawn(process.execPath, PARTS[name], {
    cwd: join(__dirname, ".."),
    env: { ...process.env, LIMBECK_TEST_REPORT: report },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that what it has started ends with it.
    detached: process.platform !== "win32",
  });
  const end = () => endGroup(child.pid);
  const limit = setTimeout(() => {
    output.push(Buffer.from(`${name} was ended after ${LIMIT_MINUTES} minutes`));
    end();
  }, LIMIT_MINUTES * 60_000);
  process.once("exit", end);
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const status = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(limit);
  process.off("exit", end);
  const { passed, failed: known, skipped } = sumOfCounts(report);
  // Whatever ended a part before its tests could fail counts as one that did.
  const failed = status !== 0 && known === 0 ? 1 : known;
  addCounts(passed, failed, skipped);
  const isGood = failed === 0 && passed > 0;
  if (!isGood) {
    process.exitCode = 1;
    console.log(Buffer.concat(output).toString().trimEnd());
  }
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  console.log(
    `${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${minutes} minutes${isGood ? "" : ": FAILED"}`,
  );
}

function endGroup(pid) {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

process.once("SIGTERM", () => process.exit(143));
process.once("SIGINT", () => process.exit(130));
main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
