// Runs the tests that meet TypeORM with one version of it: node test/with-typeorm.js 0.3.20
// It is installed into a folder of its own, because its peers contradict those of the versions in package.json; drivers
// are found in this repository, which lies above that folder.
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const [, , version, ...options] = process.argv;
if (!version) throw new Error("say which version: node test/with-typeorm.js 0.3.20");

const root = join(__dirname, "..");
const folder = join(root, ".realworld", `typeorm-${version}`);
const copy = join(folder, "node_modules", "typeorm");

function run(command, args, settings) {
  const { status } = spawnSync(command, args, { stdio: "inherit", ...settings });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(copy)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const flags = ["--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts"];
  run("npm", ["install", ...flags, `typeorm@${version}`], {
    cwd: folder,
    shell: process.platform === "win32",
  });
}
run(process.execPath, ["--experimental-vm-modules", require.resolve("jest/bin/jest"), ...options], {
  cwd: root,
  env: { ...process.env, LIMBECK_TYPEORM: copy },
});
