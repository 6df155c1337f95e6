// What the graph commands cost on 10,000 revision files, linear and branchy, against a plain Node script that reads them.
// CPU time (user and system) and the most memory of whole processes, the least of some runs.
// Run with: npm run build && node test/bench/revisions.js
const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const cli = join(root, "dist", "cli", "main.js");
const COUNT = Number(process.env.COUNT ?? 10_000);
const RUNS = Number(process.env.RUNS ?? 3);
const HEADS_LIMIT = 3;
const MEMORY_LIMIT = 250;
/** Linear in time: twice the files may take twice the time, and a little more. */
const GROWTH_LIMIT = 2.6;

const id = (index) => `rev${String(index).padStart(6, "0")}`;
const shapes = {
  linear: (index) => ({ down: index === 0 ? [] : [index - 1], needs: [] }),
  /** Six branches at a time over a common base, one of them depending on another, then merged. */
  branchy: (index) => {
    const place = index % 7;
    if (index === 0) return { down: [], needs: [] };
    if (place === 0) return { down: [6, 5, 4, 3, 2, 1].map((back) => index - back), needs: [] };
    return { down: [index - place], needs: place === 6 ? [index - 1] : [] };
  },
};

function value(indexes) {
  if (indexes.length === 0) return "null";
  return indexes.length === 1 ? `"${id(indexes[0])}"` : JSON.stringify(indexes.map(id));
}

function source(index, { down, needs }) {
  return `/**
 * revision ${index}
 *
 * Revision ID: ${id(index)}
 * Revises: ${down.map(id).join(", ") || "-"}
 * Create Date: 2026-11-21T02:45:27.340Z
 */

export const revision = "${id(index)}";
export const downRevision = ${value(down)};
export const branchLabels = null;
export const dependsOn = ${value(needs)};
export const message = "revision ${index}";

export async function upgrade(op) {
  await op.addColumn("account", { name: "column_${index}", type: "varchar", nullable: true });
}

export async function downgrade(op) {
  await op.dropColumn("account", "column_${index}");
}
`;
}

function project(folder, shape, count) {
  const versions = join(folder, "revisions", "versions");
  mkdirSync(versions, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "ormconfig.js"),
    'export default { dialect: "sqlite", scriptLocation: "revisions" };',
  );
  // The scripts are about the graph: their statements need no table.
  for (let index = 0; index < count; index++) {
    const text = source(index, shapes[shape](index)).replaceAll(
      /await op\.[^]*?;\n/g,
      'await op.execute("SELECT 1");\n',
    );
    writeFileSync(join(versions, `${id(index)}.js`), text);
  }
  return folder;
}

/** Milliseconds of CPU, and megabytes, of a process that runs a script. */
function cost(folder, script) {
  const least = { ms: Infinity, mb: Infinity };
  const code = `process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    require("node:fs").writeSync(3, [(userCPUTime + systemCPUTime) / 1000, maxRSS / 1024].join(" ")); }); ${script}`;
  for (let run = 0; run < RUNS; run++) {
    const { output, status } = spawnSync(process.execPath, ["-e", code], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(String(output[2]));
    const [ms, mb] = String(output[3]).split(" ").map(Number);
    least.ms = Math.min(least.ms, ms);
    least.mb = Math.min(least.mb, mb);
  }
  return least;
}

const call = (...args) =>
  `process.argv = ["node", ...${JSON.stringify([cli, ...args])}]; require(${JSON.stringify(cli)});`;
const READ = `const fs = require("node:fs"); let bytes = 0;
  for (const name of fs.readdirSync("revisions/versions")) bytes += fs.readFileSync("revisions/versions/" + name, "utf8").length;`;

function report(name, { ms, mb }, verdict, isBad) {
  console.log(
    `${name.padEnd(34)} ${ms.toFixed(0).padStart(6)} ms ${mb.toFixed(0).padStart(5)} MB  ${verdict}${isBad ? "  over the limit" : ""}`,
  );
  if (isBad) process.exitCode = 1;
}

const place = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
try {
  for (const shape of Object.keys(shapes)) {
    const full = project(join(place, shape), shape, COUNT);
    const half = project(join(place, `${shape}-half`), shape, COUNT / 2);
    const read = cost(full, READ);
    console.log(`${COUNT} files, ${shape}`);
    report("reading the files", read, "", false);
    for (const args of [["heads"], ["history"], ["history", "--graph"], ["upgrade", "base:heads", "--sql"]]) {
      const spent = cost(full, call(...args));
      const growth = spent.ms / cost(half, call(...args)).ms;
      const ratio = spent.ms / read.ms;
      const isBad =
        (args[0] === "heads" && ratio > HEADS_LIMIT) || growth > GROWTH_LIMIT || spent.mb > MEMORY_LIMIT;
      report(args.join(" "), spent, `${ratio.toFixed(2)}x reading, ${growth.toFixed(2)}x the half`, isBad);
    }
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
