/** Many calls of the built command line in one process, each on a fresh copy of the database: one process each would take minutes. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CLI } from "./project";
import type { Outcome, Project } from "./project";

const DRIVER = `
const { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } = require("node:fs");
const { run } = require(process.argv[1]);
const calls = JSON.parse(readFileSync(0, "utf8"));
const write = { stdout: process.stdout.write, stderr: process.stderr.write };
(async () => {
  const outcomes = [];
  for (const argv of calls) {
    if (existsSync("template.db")) copyFileSync("template.db", "app.db");
    for (const name of readdirSync("revisions/versions")) if (name.startsWith("new")) rmSync("revisions/versions/" + name);
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) process[name].write = (chunk) => ((text[name] += chunk), true);
    const status = await run(argv);
    for (const name of ["stdout", "stderr"]) process[name].write = write[name];
    outcomes.push({ status, ...text });
  }
  write.stdout.call(process.stdout, JSON.stringify(outcomes));
})();
`;

/** Runs the calls one after another; each finds `app.db` as `template.db` is, and no revision file `new*`. */
export function runMany(project: Project, calls: readonly (readonly string[])[]): readonly Outcome[] {
  const env = { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: undefined, FORCE_COLOR: "0" };
  const runner = join(CLI, "..", "run.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", DRIVER, runner], {
    cwd: project.folder,
    env,
    encoding: "utf8",
    input: JSON.stringify(calls),
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Outcome[];
}
