/** What each command loads: commands on the graph must load neither TypeORM nor a driver nor prettier nor the application. */
import { execFileSync } from "node:child_process";
import { CLI, ORDINARY, Project, revisionText } from "./project";

const HEAVY = ["typeorm", "better-sqlite3", "prettier", "@swc/core", "typescript"];

const files = {
  ...ORDINARY,
  "ormconfig.js":
    'module.exports = { dataSource: () => import("./data-source.js"), scriptLocation: "revisions" };',
  "data-source.js": 'throw new Error("the application was loaded");',
  "revisions/versions/a.ts": revisionText("a1", null),
  "revisions/versions/b.ts": revisionText("b2", "a1"),
};

let project: Project;
beforeAll(() => {
  project = new Project(files);
});
afterAll(() => project.remove());

/** The packages and own files that a call loads. */
function loaded(args: readonly string[]): readonly string[] {
  const script = `
    process.argv = [process.execPath, ${JSON.stringify(CLI)}, ...${JSON.stringify(args)}];
    process.on("exit", () => require("node:fs").writeSync(3, JSON.stringify(Object.keys(require.cache))));
    require(${JSON.stringify(CLI)});`;
  const command = `exec ${JSON.stringify(process.execPath)} -e '${script.replaceAll("'", "'\\''")}' 3>&1 >/dev/null`;
  const env = { ...process.env, NODE_OPTIONS: "", JEST_WORKER_ID: "", FORCE_COLOR: "0" };
  Reflect.deleteProperty(env, "JEST_WORKER_ID");
  const text = execFileSync("sh", ["-c", command], { cwd: project.folder, env, encoding: "utf8" });
  return JSON.parse(text) as string[];
}

test.each([
  ["--help"],
  ["--version"],
  ["-c", "ormconfig.js", "heads"],
  ["-c", "ormconfig.js", "history"],
  ["-c", "ormconfig.js", "show", "a1"],
])("limbeck %s %s %s loads nothing heavy", (...args) => {
  const modules = loaded(args);
  expect(modules.length).toBeGreaterThan(3);
  const heavy = modules.filter((file) => HEAVY.some((name) => file.includes(`/node_modules/${name}/`)));
  expect(heavy).toEqual([]);
  expect(modules.filter((file) => file.endsWith("data-source.js"))).toEqual([
    ...modules.filter((file) => file.endsWith("dist/loader/data-source.js")),
  ]);
});
