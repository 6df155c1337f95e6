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
  npmInstall(folder, ["--legacy-peer-deps", "--ignore-scripts"], name);
  return folder;
}

/** Installs into a folder. What npm cannot get from its registry is one clear sentence. */
function npmInstall(folder, words, what) {
  const { status, stderr, error } = spawnSync("npm", ["install", "--no-audit", "--no-fund", ...words], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  const said = (stderr ?? "")
    .split("\n")
    .filter((line) => /^npm (?:error|ERR!) (?!(?:code|syscall|errno|type)\b)\S/.test(line));
  const reason = said[0]?.replace(/^npm \S+ /, "") ?? error?.message ?? `npm ended with ${status}`;
  throw new Error(`${what} cannot be installed by npm: ${reason}`);
}

module.exports = { install, npmInstall };
