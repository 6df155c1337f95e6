/** Small projects for the built command line, in folders that go away. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(__dirname, "..", "..");
export const CLI = join(ROOT, "dist", "cli", "main.js");

/** What a call of the command line did. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "limbeck-cli-"));

  constructor(files: Readonly<Record<string, string>> = {}) {
    if (!existsSync(CLI)) throw new Error("the command line is not built: npm run build");
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"), "junction");
    this.write({ "package.json": '{ "name": "project", "private": true }', ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  run(...args: readonly string[]): Outcome {
    return this.runIn({}, ...args);
  }

  /** Runs with variables of the environment's own. */
  runIn(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Outcome {
    const env = {
      ...process.env,
      NODE_OPTIONS: "",
      JEST_WORKER_ID: undefined,
      FORCE_COLOR: "0",
      ...variables,
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: this.folder,
      env: env,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  /** Every file below the folder with its text, to see that nothing changed. */
  snapshot(): Readonly<Record<string, string>> {
    const names = readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(names.map((name) => [name, readFileSync(name, "latin1")]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    module: "commonjs",
    strict: true,
    strictPropertyInitialization: false,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  },
});

export const ENTITIES = `
import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";
@Entity() export class Account {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}
`;

export const DATA_SOURCE = `
import { DataSource } from "typeorm";
import { Account } from "./entities";
export const dataSource = new DataSource({ type: "better-sqlite3", database: "app.db", entities: [Account] });
`;

export const CONFIG = `export default { dataSource: () => import("./data-source"), scriptLocation: "revisions" };\n`;

/** A revision file without operations. */
export function revisionText(id: string, down: string | null, more = ""): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export const branchLabels = null;
export const dependsOn = null;
export const message = "revision ${id}";
export function upgrade(): void {}
export function downgrade(): void {}
${more}`;
}

/** The files of an ordinary project. */
export const ORDINARY: Readonly<Record<string, string>> = {
  "tsconfig.json": TSCONFIG,
  "entities.ts": ENTITIES,
  "data-source.ts": DATA_SOURCE,
  "ormconfig.ts": CONFIG,
};
