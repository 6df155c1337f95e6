/** Loads a module of the user: TypeScript or JavaScript, CommonJS or an ES module. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { LimbeckError, messageOf } from "../errors";
import { readsTypeScript, registerTypeScript } from "./register";
import { formatOf, isTypeScript } from "./resolve";

export interface LoadOptions {
  /** `none` leaves TypeScript to whatever the user has registered. */
  readonly loader?: "auto" | "none";
}

/**
 * The exports of a module. What it prints meanwhile goes to standard error, because standard output is for results.
 *
 * Throws MODULE_FAILED with the file and the reason.
 */
export async function loadModule(file: string, { loader = "auto" }: LoadOptions = {}): Promise<unknown> {
  if (!existsSync(file)) throw new LimbeckError("MODULE_FAILED", `${file} does not exist`, { file });
  if (loader === "auto" && !readsTypeScript()) registerTypeScript();
  try {
    return await withStdoutToStderr(async () => await importOrRequire(file));
  } catch (cause) {
    if (cause instanceof LimbeckError) throw cause;
    throw new LimbeckError("MODULE_FAILED", `${file} cannot be loaded: ${reason(cause)}`, {
      file,
      cause,
      ...(isTypeScript(file) && loader === "none"
        ? { hint: '`loader` is "none": register a loader for TypeScript' }
        : {}),
    });
  }
}

async function importOrRequire(file: string): Promise<unknown> {
  if (formatOf(file) === "commonjs") return createRequire(file)(file) as unknown;
  return (await import(pathToFileURL(file).href)) as unknown;
}

/** A syntax error of JavaScript says its place only in its stack. */
function reason(cause: unknown): string {
  const place = cause instanceof SyntaxError ? cause.stack?.split("\n")[0] : undefined;
  return place?.includes(":") && !place.startsWith("SyntaxError")
    ? `${messageOf(cause)} (${place})`
    : messageOf(cause);
}

/** How deep calls are nested, and what the outermost one found. */
const redirected = { depth: 0, write: process.stdout.write.bind(process.stdout) };

/** Runs user code with its standard output turned to standard error. Calls may be nested. */
export async function withStdoutToStderr<T>(body: () => Promise<T>): Promise<T> {
  if (redirected.depth++ === 0) {
    redirected.write = process.stdout.write.bind(process.stdout);
    process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  }
  try {
    return await body();
  } finally {
    if (--redirected.depth === 0) process.stdout.write = redirected.write;
  }
}

/** Writes to the real standard output, also while user code runs. */
export function writeToStdout(text: string): void {
  if (redirected.depth > 0) redirected.write(text);
  else process.stdout.write(text);
}
