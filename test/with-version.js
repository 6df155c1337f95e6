// Runs tests with another version of a package: node test/with-version.js typeorm 0.3.20 [options of jest]
// The tests get the folder of that version as LIMBECK_TYPEORM or LIMBECK_TYPESCRIPT.
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { install } = require("./support/install");

const [, , name, version, ...options] = process.argv;
if (!name || !version) throw new Error("say what and which: node test/with-version.js typeorm 0.3.20");

const folder = installed();
const copy = join(folder, "node_modules", name);
const jest = require.resolve("jest/bin/jest");
const { status } = spawnSync(process.execPath, ["--experimental-vm-modules", jest, ...options], {
  cwd: join(__dirname, ".."),
  stdio: "inherit",
  env: { ...process.env, [`LIMBECK_${name.toUpperCase()}`]: copy },
});
process.exitCode = status ?? 1;

function installed() {
  try {
    return install(`${name}-${version}`, { dependencies: { [name]: version } });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
