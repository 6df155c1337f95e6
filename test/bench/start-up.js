// What a call of the command line costs before it does anything, against loading yargs alone.
// CPU time (user and system) of whole processes, the least of many runs; run with: npm run build && node test/bench/start-up.js
const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const root = join(__dirname, "..", "..");
const cli = join(root, "dist", "cli", "main.js");
const RUNS = Number(process.env.RUNS ?? 15);
const LIMIT = 1.5;

const folder = mkdtempSync(join(tmpdir(), "limbeck-bench-"));
const versions = join(folder, "revisions", "versions");
mkdirSync(versions, { recursive: true });
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
writeFileSync(join(folder, "package.json"), "{}");
writeFileSync(
  join(folder, "ormconfig.js"),
  'module.exports = { dataSource: () => import("./data-source.js"), scriptLocation: "revisions" };',
);
for (let number = 0; number < 100; number++) {
  const id = (index) => `rev${String(index).padStart(4, "0")}`;
  const down = number === 0 ? "null" : `"${id(number - 1)}"`;
  writeFileSync(
    join(versions, `${id(number)}.ts`),
    `import type { Operations } from "limbeck";

export const revision = "${id(number)}";
export const downRevision = ${down};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${number}";

export async function upgrade(op: Operations): Promise<void> {
  await op.addColumn("account", { name: "column_${number}", type: "varchar", nullable: true });
}

export async function downgrade(op: Operations): Promise<void> {
  await op.dropColumn("account", "column_${number}");
}
`,
  );
}

/** Milliseconds of CPU that a script takes, the least of all runs. */
function cpu(script) {
  let least = Infinity;
  const code = `process.on("exit", () => { const { user, system } = process.cpuUsage();
    require("node:fs").writeSync(3, String((user + system) / 1000)); }); ${script}`;
  for (let run = 0; run < RUNS; run++) {
    const { output } = spawnSync(process.execPath, ["-e", code], {
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    least = Math.min(least, Number(String(output[3])));
  }
  return least;
}

const call = (...args) =>
  `process.argv = ["node", ...${JSON.stringify([cli, ...args])}]; require(${JSON.stringify(cli)});`;

try {
  const baseline = cpu(`require(${JSON.stringify(require.resolve("yargs", { paths: [root] }))});`);
  console.log(`require("yargs")   ${baseline.toFixed(0)} ms`);
  for (const args of [["--help"], ["-c", "ormconfig.js", "heads"], ["-c", "ormconfig.js", "history"]]) {
    const spent = cpu(call(...args));
    const ratio = spent / baseline;
    console.log(
      `${args.at(-1).padEnd(18)} ${spent.toFixed(0)} ms, ${ratio.toFixed(2)}x${ratio > LIMIT ? "  over the limit" : ""}`,
    );
    if (ratio > LIMIT) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
