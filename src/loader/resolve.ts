/** Where a specifier in TypeScript leads: tsconfig `paths`, `.js` that means `.ts`, and no extension at all. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { createPathsMatcher, getTsconfig } from "get-tsconfig";
import type { ModuleFormat } from "./transpile";

const TYPESCRIPT_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** Whether a file is TypeScript. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file) && !file.endsWith(".d.ts");
}

/** The file that a specifier means, where Node's own rules would not find it. */
export function resolveTypeScript(specifier: string, parent: string): string | undefined {
  if (/^\.{1,2}(\/|$)/.test(specifier) || isAbsolute(specifier)) {
    return candidate(resolve(dirname(parent), specifier));
  }
  for (const path of pathsMatcher(dirname(parent))?.(specifier) ?? []) {
    const found = candidate(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function candidate(path: string): string | undefined {
  if (isFile(path)) return path;
  const extension = extname(path);
  const swapped = (TYPESCRIPT_OF[extension] ?? []).map((ending) => path.slice(0, -extension.length) + ending);
  const endings = ENDINGS.map((ending) => path + ending);
  const inside = ENDINGS.map((ending) => join(path, `index${ending}`));
  return [...swapped, ...endings, ...inside].find(isFile);
}

const matchers = new Map<string, ReturnType<typeof createPathsMatcher>>();

function pathsMatcher(folder: string): ReturnType<typeof createPathsMatcher> {
  if (!matchers.has(folder)) {
    const config = getTsconfig(folder);
    matchers.set(folder, config ? createPathsMatcher(config) : null);
  }
  return matchers.get(folder) ?? null;
}

/** Whether a file is an ES module or CommonJS, by its extension and the nearest package.json. */
export function formatOf(file: string): ModuleFormat {
  if (/\.m[jt]s$/.test(file)) return "module";
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  return packageType(dirname(file));
}

const types = new Map<string, ModuleFormat>();

function packageType(folder: string): ModuleFormat {
  const known = types.get(folder);
  if (known) return known;
  const file = join(folder, "package.json");
  const parent = dirname(folder);
  const found = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: string }).type === "module"
      ? "module"
      : "commonjs"
    : parent === folder
      ? "commonjs"
      : packageType(parent);
  types.set(folder, found);
  return found;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
