/** `init`: puts the configuration and the folder of revisions into a project. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { getTsconfig } from "get-tsconfig";
import { LimbeckError, messageOf } from "../errors";
import { upwards } from "../config/find";
import { templateFolder } from "./templates";

export interface InitOptions {
  readonly cwd: string;
  /** The folder to make, `revisions` unless said, inside the source root where tsconfig has one. */
  readonly directory?: string;
  /** The name of a template, or the path of one of the user's own; `generic` unless said. */
  readonly template?: string;
}

export interface InitResult {
  /** What was written, absolute. */
  readonly created: readonly string[];
  /** What to do next. */
  readonly next: string;
}

interface Planned {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes ormconfig.ts and the script location. All or nothing: nothing that exists is touched, except that package.json
 * gets a note of where the configuration is when it is not beside it.
 *
 * Throws FILE_EXISTS where something is in the way, TEMPLATE_NOT_FOUND for an unknown template.
 */
export function init({ cwd, directory = "revisions", template = "generic" }: InitOptions): InitResult {
  const folder = templateFolder(template, cwd);
  const home = upwards(cwd).find((candidate) => existsSync(join(candidate, "package.json"))) ?? cwd;
  const root = sourceRoot(home);
  const location = resolve(root === home ? cwd : root, directory);
  const configFolder = root === home ? cwd : root;
  const config = join(configFolder, "ormconfig.ts");
  const values = {
    scriptLocation: relative(configFolder, location).replaceAll("\\", "/"),
    dataSource: dataSourceSpecifier(configFolder, root, home),
  };
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const inside = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  const files = inside.map((name): Planned => {
    const target = name === "ormconfig.ts.tmpl" ? config : join(location, name);
    const text = readFileSync(join(folder, name), "utf8");
    return { file: target, text: name === "ormconfig.ts.tmpl" ? filled(text, values) : text };
  });
  const planned = [...files, { file: join(location, "versions", ".gitkeep"), text: "" }];
  refuseExisting(planned);
  writeAll(planned);
  const note = configFolder === home ? [] : [notePlace(home, config)];
  return {
    created: [...planned.map(({ file }) => file), ...note],
    next: `set \`dataSource\` in ${config}, then run \`limbeck revision --autogenerate -m "first"\``,
  };
}

/** tsc moves every output when a source file stands beside its root, so ours go inside it. */
function sourceRoot(home: string): string {
  const config = getTsconfig(home)?.config;
  const rootDir = config?.compilerOptions?.rootDir;
  if (rootDir !== undefined) return resolve(home, rootDir);
  const only =
    config?.include?.length === 1
      ? config.include[0]?.replace(/\/?\*.*$/, "").replace(/^\.\//, "")
      : undefined;
  const nest = existsSync(join(home, "nest-cli.json")) ? "src" : undefined;
  const folder = only !== undefined && only !== "" && existsSync(join(home, only)) ? only : nest;
  return folder === undefined ? home : join(home, folder);
}

/** The data source that the project most likely has, as the configuration would import it. */
function dataSourceSpecifier(configFolder: string, root: string, home: string): string {
  const places = [root, join(home, "src"), home].flatMap((folder) =>
    ["data-source.ts", "datasource.ts", "database/data-source.ts", "data-source.js"].map((name) =>
      join(folder, name),
    ),
  );
  const found =
    places.find((file) => existsSync(file)) ??
    join(root === home ? join(home, "src") : root, "data-source.ts");
  const path = relative(configFolder, found)
    .replaceAll("\\", "/")
    .replace(/\.[jt]s$/, "");
  const specifier = path.startsWith(".") ? path : `./${path}`;
  return needsExtensions(home) ? `${specifier}.js` : specifier;
}

function needsExtensions(home: string): boolean {
  const { module, moduleResolution } = getTsconfig(home)?.config.compilerOptions ?? {};
  const isNode = [module, moduleResolution].some((value) => /^node(16|18|20|next)$/i.test(value ?? ""));
  const file = join(home, "package.json");
  const { type } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: string })
    : {};
  return isNode && type === "module";
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function refuseExisting(planned: readonly Planned[]): void {
  const existing = planned.find(({ file }) => existsSync(file));
  if (!existing) return;
  throw new LimbeckError("FILE_EXISTS", `${existing.file} exists already`, {
    file: existing.file,
    hint: "choose another folder, or remove it first; nothing was written",
  });
}

/** What was written is taken back when a later file cannot be. */
function writeAll(planned: readonly Planned[]): void {
  const written: string[] = [];
  for (const { file, text } of planned) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: "wx" });
      written.push(file);
    } catch (cause) {
      for (const done of written) rmSync(done);
      throw new LimbeckError("FILE_WRITE_FAILED", `${file} cannot be written: ${messageOf(cause)}`, {
        file,
        cause,
      });
    }
  }
}

/** `"limbeck": { "config": "src/ormconfig.ts" }`, with the file's own indentation. */
function notePlace(home: string, config: string): string {
  const file = join(home, "package.json");
  const text = readFileSync(file, "utf8");
  const content = JSON.parse(text) as Record<string, unknown>;
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? "  ";
  const place = relative(home, config).replaceAll("\\", "/");
  writeFileSync(file, `${JSON.stringify({ ...content, limbeck: { config: place } }, null, indent)}\n`);
  return file;
}
