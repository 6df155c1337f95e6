/** One call of the command line: where its results go, and the project that it works on. */
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LimbeckError, messageOf } from "../errors";
import type { Limbeck } from "../open";
import type { OutputPlace } from "../runtime/context";
import type { Reporter } from "../runtime/reporter";
import { xArguments } from "./global";
import type { GlobalArguments } from "./global";
import { wantsColor } from "./reporter";

/** A text, and which database it is of. */
export interface Placed {
  readonly text: string;
  readonly place: OutputPlace;
}

export class Session {
  readonly reporter: Reporter;
  readonly #globals: GlobalArguments;
  readonly #output: Placed[] = [];
  /** Ends what is running, and what is asked. */
  readonly signal: AbortSignal;
  #isFinished = false;

  constructor(reporter: Reporter, globals: GlobalArguments, signal: AbortSignal) {
    this.reporter = reporter;
    this.#globals = globals;
    this.signal = signal;
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
      signal: this.signal,
      write: (text, place) => this.#output.push({ text, place }),
    });
  }

  /** Prints a result: as JSON, or in the lines that are meant for people. */
  print(result: unknown, lines: () => readonly string[]): void {
    if (this.#globals.json) this.printJson(result);
    else for (const line of lines()) this.#output.push({ text: `${line}\n`, place: {} });
  }

  /** Whether --json was typed. */
  get isJson(): boolean {
    return this.#globals.json ?? false;
  }

  /** Prints lines that are what they are, whatever --json says. */
  printLines(lines: readonly string[]): void {
    for (const line of lines) this.#output.push({ text: `${line}\n`, place: {} });
  }

  /** Whether results are shown in colours: on a terminal, and never in a file. */
  get color(): boolean {
    const { color = true, output } = this.#globals;
    return wantsColor(process.stdout, color && output === undefined);
  }

  /** Prints a result as JSON. */
  printJson(result: unknown): void {
    this.#output.push({ text: `${JSON.stringify(result, null, 2)}\n`, place: {} });
  }

  /** Hands out what was printed and written, once: to a file, or to standard output. */
  finish(): void {
    const { output } = this.#globals;
    const written = this.#output.splice(0);
    if (output === undefined) process.stdout.write(written.map(({ text }) => text).join(""));
    else if (!this.#isFinished) this.writeFiles(output, written);
    this.#isFinished = true;
  }

  /**
   * Writes the file that the user named, or one for each database where the name has `{database}` or `{schema}`. Throws
   * USAGE for a text that is of no database in particular.
   */
  writeFiles(name: string, texts: readonly Placed[]): void {
    const files = new Map<string, string>(/\{(database|schema)\}/.test(name) ? [] : [[name, ""]]);
    for (const { text, place } of texts) {
      const file = name.replace(/\{(database|schema)\}/g, (_, word: keyof OutputPlace) => {
        const value = place[word];
        if (value !== undefined) return value.replaceAll(/[\\/]/g, "_");
        throw new LimbeckError(
          "USAGE",
          `"${name}" has a {${word}}, and the output is of no ${word} in particular`,
          {
            hint: "env.ts says it to `configure`, or the configuration with `databases` or `versionTableSchema`",
          },
        );
      });
      files.set(file, (files.get(file) ?? "") + text);
    }
    for (const [file, text] of files) this.writeFile(file, text);
  }

  /** Writes a file that the user named, whole or not at all. Throws FILE_WRITE_FAILED. */
  writeFile(name: string, text: string): void {
    const file = resolve(name);
    try {
      mkdirSync(dirname(file), { recursive: true });
      replaceFile(file, text);
    } catch (cause) {
      throw new LimbeckError("FILE_WRITE_FAILED", `${file} cannot be written: ${messageOf(cause)}`, {
        file,
        cause,
      });
    }
    this.reporter.info(`wrote ${file}`);
  }
}

/** What stood in the file stays until all of the new text is on the disk. A pipe or a terminal is written to directly. */
function replaceFile(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) {
    writeFileSync(file, text);
    return;
  }
  const target = there ? realpathSync(file) : file;
  const beside = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { flag: "wx", ...(there ? { mode: there.mode } : {}) });
    renameSync(beside, target);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}
