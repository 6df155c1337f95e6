/**
 * Makes the process read TypeScript. It must be the whole process: TypeORM imports the files behind its globs itself.
 */
import { readFileSync } from "node:fs";
import Module, { register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isTypeScript, resolveTypeScript } from "./resolve";
import { transpile } from "./transpile";

/** What Node's module system has and its types do not. */
interface ModuleInternals {
  _extensions: Record<string, (module: { _compile(code: string, file: string): void }, file: string) => void>;
  _resolveFilename(
    request: string,
    parent: { readonly filename?: string | null } | undefined,
    ...rest: unknown[]
  ): string;
}

let registered = false;

/** Registers the hooks for `require` and for `import`, once. */
export function registerTypeScript(): void {
  if (registered) return;
  registered = true;
  const internals = Module as unknown as ModuleInternals;
  for (const extension of [".ts", ".tsx", ".cts", ".mts"]) {
    internals._extensions[extension] = (module, file) => {
      module._compile(transpile(readFileSync(file, "utf8"), file, "commonjs"), file);
    };
  }
  const original = internals._resolveFilename.bind(Module);
  internals._resolveFilename = (request, parent, ...rest) => {
    const from = parent?.filename;
    const found =
      from && !from.includes("/node_modules/") && (isTypeScript(from) || request.startsWith("."))
        ? resolveTypeScript(request, from)
        : undefined;
    return original(found ?? request, parent, ...rest);
  };
  register(pathToFileURL(join(__dirname, "hooks.mjs")));
}

/** Whether something in this process reads TypeScript already (ts-node, Bun, Deno, a test runner). */
export function readsTypeScript(): boolean {
  return (
    Symbol.for("ts-node.register.instance") in process ||
    "Bun" in globalThis ||
    "Deno" in globalThis ||
    process.env["JEST_WORKER_ID"] !== undefined ||
    process.env["VITEST"] !== undefined
  );
}
