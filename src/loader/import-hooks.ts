/** What `import` does with TypeScript: for the hooks of Node in a thread of their own, and for those in this one. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { formatOf, isTypeScript, isUserFile, resolveTypeScript } from "./resolve";
import { transpile } from "./transpile";

/** What a module is. */
export interface Loaded {
  readonly format: "commonjs" | "module";
  readonly source?: string;
  readonly shortCircuit: true;
}

/** A module of TypeScript; nothing for any other, which is Node's to load. */
export function loadTypeScript(url: string): Loaded | undefined {
  if (!url.startsWith("file:")) return undefined;
  const file = fileURLToPath(url);
  if (!isTypeScript(file)) return undefined;
  // CommonJS is left to the hook of `require`, which lives in the main thread.
  if (formatOf(file) === "commonjs") return { format: "commonjs", shortCircuit: true };
  return {
    format: "module",
    source: transpile(readFileSync(file, "utf8"), file, "module"),
    shortCircuit: true,
  };
}

/** The user's own file that imports something; nothing where a package does. */
export function importerOf(parentUrl: string | undefined): string | undefined {
  const from = parentUrl?.startsWith("file:") ? fileURLToPath(parentUrl) : undefined;
  return from !== undefined && isUserFile(from) ? from : undefined;
}

/** Where TypeScript would look for what a file imports. */
export function typeScriptUrl(specifier: string, from: string): string | undefined {
  const found = resolveTypeScript(specifier, from);
  return found === undefined ? undefined : pathToFileURL(found).href;
}
