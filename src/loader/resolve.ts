/** Where a specifier in TypeScript leads: tsconfig `paths`, `.js` that means `.ts`, and no extension at all. */
import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import type { PathsMatcher } from "get-tsconfig";
import type { ModuleFormat } from "./transpile";

const TYPESCRIPT_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const ENDINGS = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** Whether a file is TypeScript that can be run. */
export function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** Whether a file is the application's own and not a package's. */
export function isUserFile(file: string): boolean {
  return !/[\\/]node_modules[\\/]/.test(file);
}

/**
 * The file that a specifier in TypeScript means: by a path, or by the `paths` and `baseUrl` of the nearest tsconfig.
 * Nothing for packages and for what Node brings, which Node's own rules find.
 */
export function resolveTypeScript(specifier: string, parent: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  if (/^\.{1,2}(\/|$)/.test(specifier) || isAbsolute(specifier)) {
    return candidate(resolve(dirname(parent), specifier));
  }
  for (const path of pathsMatcher(dirname(parent))?.(specifier) ?? []) {
    const found = candidate(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The source comes before its compiled twin, as in TypeScript: the two would be two modules, with each entity twice. */
function candidate(path: string): string | undefined {
  const extension = extname(path);
  const sources = (TYPESCRIPT_OF[extension] ?? []).map((ending) => path.slice(0, -extension.length) + ending);
  const endings = ENDINGS.map((ending) => path + ending);
  const inside = ENDINGS.map((ending) => join(path, `index${ending}`));
  return [...sources, path, ...endings, ...inside].find(isFile);
}

const matchers = new Map<string, PathsMatcher | null>();

function pathsMatcher(folder: string): PathsMatcher | null {
  if (!matchers.has(folder)) {
    const { createPathsMatcher, getTsconfig } = require("get-tsconfig") as typeof import("get-tsconfig");
    const config = getTsconfig(folder);
    matchers.set(folder, config ? createPathsMatcher(config) : null);
  }
  return matchers.get(folder) ?? null;
}

/** Whether a folder, or one above it, has a tsconfig.json. */
export function hasTsconfig(folder: string): boolean {
  return (
    isFile(join(folder, "tsconfig.json")) || (dirname(folder) !== folder && hasTsconfig(dirname(folder)))
  );
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
  const found = ownType(folder) ?? (dirname(folder) === folder ? "commonjs" : packageType(dirname(folder)));
  types.set(folder, found);
  return found;
}

/** What the package.json of a folder says; nothing where there is none. */
function ownType(folder: string): ModuleFormat | undefined {
  const file = join(folder, "package.json");
  if (!isFile(file)) return undefined;
  const { type } = JSON.parse(readFileSync(file, "utf8")) as { readonly type?: string };
  return type === "module" ? "module" : "commonjs";
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
