/** Loads a module of the user: TypeScript or JavaScript, CommonJS or an ES module. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { LimbeckError, messageOf } from "../errors";
import { guarded } from "./guard";
import { standsAlone } from "./alone";
import { readsTypeScript, registerImport, registerRequire, runAlone, runFile } from "./register";
import { formatOf, isTypeScript } from "./resolve";

export interface LoadOptions {
  /** `none` leaves TypeScript to whatever the user has registered. */
  readonly loader?: "auto" | "none";
  /** Loads a file that is needed once and not again, so that nothing keeps it: there may be thousands. */
  readonly once?: boolean;
  /** What the file says, where it was read already. */
  readonly text?: string;
}

/**
 * The exports of a module. Meanwhile its TypeORM touches no database, and what it prints goes to standard error, because
 * standard output is for results.
 *
 * Throws MODULE_FAILED with the file and the reason; DRIVER_MISSING or UNKNOWN_COLUMN_TYPE where TypeORM stopped it.
 */
export async function loadModule(
  file: string,
  { loader = "auto", once = false, text }: LoadOptions = {},
): Promise<unknown> {
  if (text === undefined && !existsSync(file))
    throw new LimbeckError("MODULE_FAILED", `${file} does not exist`, { file });
  // `import()` stays what it is in ES modules and in .cts; elsewhere it is a `require`.
  const imports = formatOf(file) === "module" || file.endsWith(".cts");
  const isAlone = imports && standsAlone(text ?? readFileSync(file, "utf8"));
  readTypeScript(loader, imports && !isAlone);
  const isOurs = loader !== "none" && !readsTypeScript();
  const load = (): unknown => {
    if (!isOurs) return importOrRequire(file);
    if (formatOf(file) === "commonjs") return once ? runFile(file, text) : importOrRequire(file);
    return isAlone && (once || isTypeScript(file)) ? runOrImport(file) : importOrRequire(file);
  };
  try {
    return await runUserCode(async () => await load());
  } catch (cause) {
    if (cause instanceof LimbeckError) throw cause;
    const { typeormError } = require("./typeorm-error") as typeof import("./typeorm-error");
    throw typeormError(cause, file) ?? moduleFailed(cause, file, loader);
  }
}

/** Makes the process read TypeScript, unless something does already; `imports` says whether ES modules may be loaded. */
export function readTypeScript(loader: "auto" | "none", imports: boolean): void {
  if (loader === "none" || readsTypeScript()) return;
  registerRequire();
  if (imports) registerImport();
}

/** Runs code of the application: its TypeORM touches no database, its standard output goes to standard error. */
export async function runUserCode<T>(body: () => Promise<T>): Promise<T> {
  return await guarded(async () => await withStdoutToStderr(body));
}

/** Runs an ES module that imports nothing; what only such a module may say, such as `await` at its top, is left to Node. */
async function runOrImport(file: string): Promise<unknown> {
  try {
    const ran = runAlone(file);
    if (ran) return ran;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  if (isTypeScript(file)) registerImport();
  return await importOrRequire(file);
}

async function importOrRequire(file: string): Promise<unknown> {
  if (formatOf(file) === "commonjs") return createRequire(file)(file) as unknown;
  return (await import(pathToFileURL(file).href)) as unknown;
}

function moduleFailed(cause: unknown, file: string, loader: LoadOptions["loader"]): LimbeckError {
  const [said = ""] = messageOf(cause).split("\nRequire stack:");
  const reason = `${said}${placeOf(cause, file)}`;
  // An error from the thread of the hooks has lost its class on the way, not its message.
  const message = reason.startsWith(file) ? reason : `${file} cannot be loaded: ${reason}`;
  const hint = hintFor(reason, file, loader);
  return new LimbeckError("MODULE_FAILED", message, { file, cause, ...(hint === undefined ? {} : { hint }) });
}

function hintFor(reason: string, file: string, loader: LoadOptions["loader"]): string | undefined {
  if (isTypeScript(file) && loader === "none") {
    return 'the configuration says loader: "none", so register a loader for TypeScript, or take the line out';
  }
  if (reason.includes("does not provide an export named")) return "import types with `import type`";
  if (reason.includes("before initialization")) {
    return "a circular import: write the type of the relation as `Relation<...>`, so that it is not needed yet";
  }
  const [, absent] = /Cannot find (?:module|package) '([^']+)'/.exec(reason) ?? [];
  if (absent === undefined) return `correct ${file}; --raise shows the whole stack`;
  return /^[./\\]|^[A-Za-z]:/.test(absent)
    ? `bring ${absent} back, or correct what imports it in ${file}`
    : `npm install ${absent}, or correct what imports it in ${file}`;
}

/**
 * Node tells the place of a syntax error only in the first line of its stack, and of what a file throws in the lines below.
 * In TypeScript, the line is another.
 */
function placeOf(cause: unknown, file: string): string {
  const stack = cause instanceof Error ? (cause.stack ?? "") : "";
  const first = cause instanceof SyntaxError ? stack.split("\n")[0] : undefined;
  const thrown = stack.split("\n").find((line) => /^\s+at /.test(line) && line.includes(`${file}:`));
  const line = thrown?.slice(thrown.indexOf(file) + file.length).match(/^:\d+/)?.[0];
  const place = first !== undefined && /:\d+$/.test(first) ? first : line && `${file}${line}`;
  if (!place || (isTypeScript(place.replace(/:\d+$/, "")) && place.startsWith(`${file}:`))) return "";
  return ` (in ${place.replace(/(\.[cm]?tsx?):\d+$/, "$1")})`;
}

/** How deep calls are nested, and what the outermost one found. */
const redirected = { depth: 0, write: writeOf(process.stdout) };

/** Runs user code with its standard output turned to standard error. Calls may be nested. */
export async function withStdoutToStderr<T>(body: () => Promise<T>): Promise<T> {
  if (redirected.depth++ === 0) {
    redirected.write = writeOf(process.stdout);
    process.stdout.write = writeOf(process.stderr).bind(process.stderr);
  }
  try {
    return await body();
  } finally {
    if (--redirected.depth === 0) process.stdout.write = redirected.write;
  }
}

/** The function itself, so that what is put back is what was there. It is called with its stream. */
function writeOf(stream: { readonly write: NodeJS.WriteStream["write"] }): NodeJS.WriteStream["write"] {
  return stream.write;
}
