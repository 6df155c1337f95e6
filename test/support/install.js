// Packages that contradict those of package.json, each set in a folder of its own that git ignores. It lies inside this
// repository, so that drivers are found above it.
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** Installs what a manifest says where it is not yet, and answers with the folder. */
function install(name, manifest) {
  const folder = join(__dirname, "..", "..", ".realworld", name);
  if (existsSync(join(folder, "node_modules"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, ...manifest }));
  const flags = ["--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts"];
  const { status } = spawnSync("npm", ["install", ...flags], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${name} cannot be installed`);
  return folder;
}

module.exports = { install };
