/** One call of the command line: where its results go, and the project that it works on. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Limbeck } from "../open";
import type { Reporter } from "../runtime/reporter";
import { xArguments } from "./global";
import type { GlobalArguments } from "./global";

export class Session {
  readonly reporter: Reporter;
  readonly #globals: GlobalArguments;
  readonly #output: string[] = [];
  readonly #signal: AbortSignal;

  constructor(reporter: Reporter, globals: GlobalArguments, signal: AbortSignal) {
    this.reporter = reporter;
    this.#globals = globals;
    this.#signal = signal;
  }

  /** Opens the project that the global options name. */
  async open(): Promise<Limbeck> {
    const { open } = require("../open") as typeof import("../open");
    const { config, name, env, dataSource, x } = this.#globals;
    return await open({
      cwd: process.cwd(),
      env: process.env,
      configFile: config,
      name,
      environment: env,
      dataSourceFile: dataSource,
      xArguments: xArguments(x),
      reporter: this.reporter,
      signal: this.#signal,
      write: (text) => this.#output.push(text),
    });
  }

  /** Prints a result: as JSON, or in the lines that are meant for people. */
  print(result: unknown, lines: () => readonly string[]): void {
    if (this.#globals.json) this.printJson(result);
    else for (const line of lines()) this.#output.push(`${line}\n`);
  }

  /** Prints a result as JSON. */
  printJson(result: unknown): void {
    this.#output.push(`${JSON.stringify(result, null, 2)}\n`);
  }

  /** Hands out what was printed and written: to a file, or to standard output. */
  finish(): void {
    const { output } = this.#globals;
    const text = this.#output.join("");
    if (output === undefined) {
      process.stdout.write(text);
      return;
    }
    this.writeFile(output, text);
  }

  /** Writes a file that the user named. */
  writeFile(name: string, text: string): void {
    const file = resolve(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, "utf8");
    this.reporter.info(`wrote ${file}`);
  }
}
