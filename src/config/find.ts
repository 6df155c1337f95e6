/** Where the configuration is. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LimbeckError, messageOf } from "../errors";

const SOURCES = [".ts", ".mts", ".cts"];
const COMPILED = [".js", ".mjs", ".cjs"];

export interface FindOptions {
  readonly cwd: string;
  /** `-c`, which wins over LIMBECK_CONFIG. */
  readonly configFile?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether TypeScript can be loaded; without it a compiled twin wins. Asked only where there are both. */
  readonly readsTypeScript: () => boolean;
}

/** The configuration's file, or nothing where there is none. Throws CONFIG_NOT_FOUND where one was named that is not there. */
export function findConfig(options: FindOptions): string | undefined {
  const named = options.configFile ?? options.env.LIMBECK_CONFIG;
  if (named !== undefined && named !== "")
    return namedFile(resolve(options.cwd, named), options.readsTypeScript);
  for (const folder of upwards(options.cwd)) {
    const found = inFolder(folder, options.readsTypeScript) ?? inPackage(folder, options.readsTypeScript);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folders from one up to the root. */
export function upwards(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

/** The configuration of TypeORM before 0.3 in a folder or above: people will take it for ours. */
export function findOldConfig(folder: string): string | undefined {
  return upwards(folder)
    .flatMap((place) => ["json", "yml", "yaml", "xml", "env"].map((end) => join(place, `ormconfig.${end}`)))
    .find((file) => existsSync(file));
}

function namedFile(file: string, readsTypeScript: () => boolean): string {
  const found = withTwin(file, readsTypeScript);
  if (existsSync(found)) return found;
  throw new LimbeckError("CONFIG_NOT_FOUND", `the configuration ${file} does not exist`, {
    file,
    hint: "check the path after -c, or in LIMBECK_CONFIG",
  });
}

function inFolder(folder: string, readsTypeScript: () => boolean): string | undefined {
  const existing = (extensions: readonly string[]) =>
    extensions.map((extension) => join(folder, `ormconfig${extension}`)).find((file) => existsSync(file));
  const source = existing(SOURCES);
  const compiled = existing(COMPILED);
  if (source === undefined || compiled === undefined) return source ?? compiled;
  return readsTypeScript() ? source : compiled;
}

/** `"limbeck": { "config": "src/ormconfig.ts" }` in a package.json. */
function inPackage(folder: string, readsTypeScript: () => boolean): string | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { limbeck } = readPackage(file);
  if (typeof limbeck?.config !== "string") return undefined;
  const config = withTwin(join(folder, limbeck.config), readsTypeScript);
  const isRead = existsSync(config) && (!isSource(config) || readsTypeScript());
  const found = isRead ? config : (compiled(folder, limbeck.config) ?? config);
  if (existsSync(found)) return found;
  const elsewhere = isSource(config)
    ? "compile it and name the compiled file, as in `limbeck -c dist/ormconfig.js` or LIMBECK_CONFIG"
    : "put it there, or name another with -c or LIMBECK_CONFIG";
  throw new LimbeckError("CONFIG_NOT_FOUND", `the configuration ${config} does not exist`, {
    file: config,
    hint: `${elsewhere} (${file} names it as limbeck.config)`,
  });
}

function isSource(file: string): boolean {
  return SOURCES.some((extension) => file.endsWith(extension));
}

/** Where an image has the output of a compiler and no tsconfig that says so. */
const OUTPUTS = ["dist", "build", "lib", "out"];

/** What the compiler made of a source: with its folders in the output, or without the first, where that is the root. */
function compiled(folder: string, source: string): string | undefined {
  const extension = SOURCES.find((one) => source.endsWith(one));
  if (extension === undefined) return undefined;
  const { getTsconfig } = require("get-tsconfig") as typeof import("get-tsconfig");
  const tsconfig = getTsconfig(folder);
  const output = tsconfig?.config.compilerOptions?.outDir;
  const outputs = tsconfig && output !== undefined ? [resolve(dirname(tsconfig.path), output)] : OUTPUTS;
  const path = source.slice(0, -extension.length) + extension.replace("t", "j");
  const parts = path.split(/[\\/]/).filter((part) => part !== ".");
  return outputs
    .flatMap((place) => [parts, parts.slice(1)].map((rest) => resolve(folder, place, ...rest)))
    .find((file) => existsSync(file));
}

function readPackage(file: string): { readonly limbeck?: { readonly config?: unknown } } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof readPackage>;
  } catch (cause) {
    throw new LimbeckError("CONFIG_INVALID", `${file} cannot be read: ${messageOf(cause)}`, { file, cause });
  }
}

/** In production there may be nothing that reads TypeScript, or no TypeScript, and the compiled file stands beside. */
function withTwin(file: string, readsTypeScript: () => boolean): string {
  const source = SOURCES.find((extension) => file.endsWith(extension));
  if (source === undefined) return file;
  const twin = file.slice(0, -source.length) + source.replace("t", "j");
  if (!existsSync(twin)) return file;
  return existsSync(file) && readsTypeScript() ? file : twin;
}
