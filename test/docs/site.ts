/** The project in which a page of the documentation is run, in a folder that goes away. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { CLI, CONFIG, DATA_SOURCE, ENTITIES, TSCONFIG } from "../cli/project";
import type { Start } from "./page";

export const ROOT = join(__dirname, "..", "..");
const PACKAGES = [
  "typeorm",
  "reflect-metadata",
  "better-sqlite3",
  "pg",
  "mysql2",
  "@swc",
  "typescript",
  "@types",
];

const APPLICATION: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "project", "private": true }\n',
  "tsconfig.json": TSCONFIG,
  "src/entities.ts": ENTITIES,
  "src/data-source.ts": DATA_SOURCE,
};
const CONFIGURED = { "ormconfig.ts": CONFIG.replace("./data-source", "./src/data-source") };

/** What ran: everything printed, in order, with the project's folder written as a dot. */
export interface Ran {
  readonly status: number | null;
  readonly printed: string;
}

export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "limbeck-docs-"));

  readonly #variables: Readonly<Record<string, string>>;

  /** `variables` are those of the environment beside the process's own. */
  constructor(start: Start, variables: Readonly<Record<string, string>> = {}) {
    this.#variables = variables;
    if (!existsSync(CLI)) throw new Error("the command line is not built: npm run build");
    this.#install();
    for (const [path, text] of Object.entries(APPLICATION)) this.write(path, text);
    if (start === "empty") return;
    for (const [path, text] of Object.entries(CONFIGURED)) this.write(path, text);
    mkdirSync(join(this.folder, "revisions", "versions"), { recursive: true });
  }

  /** As npm would: packages under node_modules, commands on the path. Links, because copies cost seconds. */
  #install(): void {
    const modules = join(this.folder, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    for (const name of PACKAGES)
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "junction");
    symlinkSync(ROOT, join(modules, "limbeck"), "junction");
    const commands = {
      limbeck: `exec '${process.execPath}' '${CLI}' "$@"`,
      npx: 'exec "$@"',
      tsc: `exec '${process.execPath}' '${join(ROOT, "node_modules/typescript/bin/tsc")}' "$@"`,
    };
    for (const [name, script] of Object.entries(commands)) {
      const file = join(modules, ".bin", name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    }
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  run(command: string): Ran {
    const { PATH, ...environment } = process.env;
    const { status, stdout } = spawnSync("sh", ["-c", `{ ${command}\n} 2>&1`], {
      cwd: this.folder,
      env: {
        ...environment,
        PATH: `${join(this.folder, "node_modules", ".bin")}${delimiter}${PATH ?? ""}`,
        NODE_OPTIONS: "",
        JEST_WORKER_ID: undefined,
        FORCE_COLOR: "0",
        ...this.#variables,
      },
      encoding: "utf8",
    });
    return { status, printed: stdout.replaceAll(`${this.folder}/`, "").replaceAll(this.folder, ".") };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
