/**
 * Makes the process read TypeScript. It must be the whole process: TypeORM imports the files behind its globs itself.
 */
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { asCommonJs } from "./alone";
import { internals } from "./internals";
import { isTypeScript, isUserFile, resolveTypeScript } from "./resolve";

const registered = { require: false, import: false };

/** Hooks that run in this thread, for `require` and `import` alike. The types of Node 20 lack them. */
interface NodeHooks {
  readonly resolve: Hook;
  readonly load: Hook;
}
interface HookContext {
  readonly conditions: readonly string[];
  readonly parentURL?: string;
}
type NextHook = (specifier: string, context: HookContext) => unknown;
type Hook = (specifier: string, context: HookContext, next: NextHook) => unknown;
const { registerHooks } = nodeModule as { readonly registerHooks?: (hooks: NodeHooks) => void };

/** From this version on `register` is deprecated, and says so at each run (DEP0205). */
const HOOKS_IN_THIS_THREAD = 25;

/** Registers the hook for `import`, once. It may start a thread, so it waits until something may be imported. */
export function registerImport(): void {
  if (registered.import) return;
  registered.import = true;
  const major = Number(process.versions.node.split(".")[0]);
  if (registerHooks && major >= HOOKS_IN_THIS_THREAD) registerHooks(importHooks());
  else nodeModule.register(pathToFileURL(join(__dirname, "hooks.mjs")));
}

/** What is required is left to the hook of `require`. */
function importHooks(): NodeHooks {
  const { importerOf, loadTypeScript, typeScriptUrl } =
    require("./import-hooks") as typeof import("./import-hooks");
  const isRequired = ({ conditions }: HookContext): boolean => conditions.includes("require");
  return {
    resolve(specifier, context, next) {
      const from = isRequired(context) ? undefined : importerOf(context.parentURL);
      if (from === undefined) return next(specifier, context);
      if (isTypeScript(from)) return next(typeScriptUrl(specifier, from) ?? specifier, context);
      try {
        return next(specifier, context);
      } catch (cause) {
        const found = typeScriptUrl(specifier, from);
        if (found === undefined) throw cause;
        return next(found, context);
      }
    },
    load: (url, context, next) =>
      isRequired(context) ? next(url, context) : (loadTypeScript(url) ?? next(url, context)),
  };
}

/** Registers the hook for `require`, once. */
export function registerRequire(): void {
  if (registered.require) return;
  registered.require = true;
  for (const extension of [".ts", ".tsx", ".cts", ".mts"]) {
    internals._extensions[extension] = (module, file) => {
      module._compile(transpiled(readFileSync(file, "utf8"), file), file);
    };
  }
  const original = internals._resolveFilename.bind(internals);
  internals._resolveFilename = (request, parent, ...rest) => {
    // `import(url)` of TypeScript is a `require` in CommonJS.
    const specifier = request.startsWith("file:") ? fileURLToPath(request) : request;
    const node = (path: string) => original(path, parent, ...rest);
    const from = parent?.filename ?? undefined;
    if (from === undefined || !isUserFile(from)) return node(specifier);
    if (isTypeScript(from)) return node(resolveTypeScript(specifier, from) ?? specifier);
    try {
      return node(specifier);
    } catch (cause) {
      const found = resolveTypeScript(specifier, from);
      if (found === undefined) throw cause;
      return found;
    }
  };
}

const paths = new Map<string, readonly string[]>();

/** Where a file of a folder finds its packages. */
function pathsOf(folder: string): readonly string[] {
  const known = paths.get(folder) ?? internals._nodeModulePaths(folder);
  paths.set(folder, known);
  return known;
}

/** Runs a CommonJS file as `require` does, and keeps it nowhere: each call runs it again. `text` spares reading it. */
export function runFile(file: string, text?: string): unknown {
  const module = new internals(file);
  if (/\.c?js$/.test(file)) {
    // What `load` does besides is looking for the package again, for each of maybe thousands of files.
    module.filename = file;
    module.paths = pathsOf(dirname(file));
    module._compile(text ?? readFileSync(file, "utf8"), file);
  } else module.load(file);
  return module.exports;
}

/** Runs an ES module that imports nothing as CommonJS; nothing where its text cannot be turned into that with certainty. */
export function runAlone(file: string): unknown {
  const source = readFileSync(file, "utf8");
  const code = isTypeScript(file) ? transpiled(source, file) : asCommonJs(source);
  if (code === undefined) return undefined;
  const module = new internals(file);
  module.filename = file;
  module._compile(code, file);
  return module.exports;
}

function transpiled(source: string, file: string): string {
  const { transpile } = require("./transpile") as typeof import("./transpile");
  return transpile(source, file, "commonjs");
}

/** Whether something in this process reads TypeScript already (ts-node, Bun, Deno, a test runner). */
export function readsTypeScript(): boolean {
  return (
    Symbol.for("ts-node.register.instance") in process ||
    "Bun" in globalThis ||
    "Deno" in globalThis ||
    process.env.JEST_WORKER_ID !== undefined ||
    process.env.VITEST !== undefined
  );
}
