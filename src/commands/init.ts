/** `init`: puts the configuration and the folder of revisions into a project. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { getTsconfig } from "get-tsconfig";
import { LimbeckError, messageOf } from "../errors";
import { upwards } from "../config/find";
import { templateFolder } from "./templates";

/** Where a project begins, and from which template. */
export interface InitOptions {
  readonly cwd: string;
  /** The folder to make, `revisions` unless said, inside the source root where tsconfig has one. */
  readonly directory?: string;
  /** The name of a template, or the path of one of the user's own; `generic` unless said. */
  readonly template?: string;
  /** Writes JavaScript; so it does, too, where the data source is JavaScript and there is no tsconfig. */
  readonly javascript?: boolean;
  /** The file of the data source, relative to `cwd`; looked for where such files usually are unless said. */
  readonly dataSourceFile?: string;
}

/** What was written. */
export interface InitResult {
  /** What was written, absolute. */
  readonly created: readonly string[];
  /** What was there and notes where the configuration is: package.json, or nothing. Absolute. */
  readonly changed: readonly string[];
  /** What to do next. */
  readonly next: string;
}

/** The configuration that `init` would write. */
export function configPlace(options: InitOptions): string {
  return locate(options).config;
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
export function init(options: InitOptions): InitResult {
  return place(options).result;
}

/** What `init` does, with the way back and where things are. */
export interface Placed {
  readonly result: InitResult;
  /** The configuration that was written. */
  readonly config: string;
  /** The file that it takes the data source from, which may not be there. */
  readonly dataSource: string;
  /** Takes away what was written. */
  readonly undo: () => void;
}

/** Does what `init` does; throws what it throws. */
export function place(options: InitOptions): Placed {
  const places = locate(options);
  const { home, configFolder, location, config, dataSource, appModule } = places;
  const { files, variables } = planFiles(templateFolder(options.template ?? "generic", options.cwd), places);
  const planned = [...files, { file: join(location, "versions", ".gitkeep"), text: "" }];
  refuseExisting(planned);
  const written = planned.map(({ file }) => file);
  const manifest = join(home, "package.json");
  const before = configFolder === home ? undefined : readFileSync(manifest, "utf8");
  writeAll(planned);
  const changed = before === undefined ? [] : [notePlace(home, config)];
  const undo = (): void => {
    for (const file of written) rmSync(file, { force: true });
    if (before !== undefined) writeFileSync(manifest, before);
    removeEmpty(join(location, "versions"), location);
  };
  const [source = dataSource, ...others] = variables.flatMap((name) =>
    name === "dataSource" ? [dataSource] : name === "appModule" ? [appModule] : [],
  );
  const isSet = existsSync(source) && others.length === 0;
  const first = 'run `limbeck revision --autogenerate -m "first"`';
  const next = isSet ? first : `set \`dataSource\` in ${config}, then ${first}`;
  return { result: { created: written, changed, next }, config, dataSource: source, undo };
}

/** Where things are in a project, and where they come. */
interface Places {
  readonly home: string;
  readonly configFolder: string;
  readonly location: string;
  readonly config: string;
  readonly form: Form;
  readonly dataSource: string;
  readonly appModule: string;
}

function locate({ cwd, directory = "revisions", dataSourceFile, javascript = false }: InitOptions): Places {
  const home = upwards(cwd).find((candidate) => existsSync(join(candidate, "package.json"))) ?? cwd;
  const root = sourceRoot(home);
  const configFolder = root === home ? cwd : root;
  const dataSource =
    dataSourceFile === undefined ? usualDataSource(root, home) : resolve(cwd, dataSourceFile);
  const form = formOf(home, dataSource, javascript);
  return {
    home,
    configFolder,
    location: resolve(configFolder, directory),
    config: join(configFolder, `ormconfig.${form === "ts" ? "ts" : "js"}`),
    form,
    dataSource,
    appModule: join(root === home ? join(home, "src") : root, "app.module.ts"),
  };
}

/** The files of a template where they come, filled in, and the variables that its configuration has. */
function planFiles(folder: string, { home, configFolder, location, config, form, ...sources }: Places) {
  const values = {
    scriptLocation: relative(configFolder, location).replaceAll("\\", "/"),
    dataSource: specifierOf(sources.dataSource, configFolder, home, form),
    appModule: specifierOf(sources.appModule, configFolder, home, form),
  };
  const variables: string[] = [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const inside = names.filter((name) => statSync(join(folder, name)).isFile()).sort();
  const files = inFormOf(form, inside).map(({ name, as }): Planned => {
    const text = readFileSync(join(folder, name), "utf8");
    const isFilled = as !== REVISION_TEMPLATE && as.endsWith(".tmpl");
    const file = isFilled ? as.slice(0, -".tmpl".length) : as;
    const isConfig = /^ormconfig\.[jt]s$/.test(file);
    if (isConfig) variables.push(...variablesOf(text));
    return { file: isConfig ? config : join(location, file), text: isFilled ? filled(text, values) : text };
  });
  return { files, variables };
}

function removeEmpty(...folders: readonly string[]): void {
  for (const folder of folders) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}

type Form = "ts" | "esm" | "cjs";

/** What new revision files are made from keeps its variables for then. */
const REVISION_TEMPLATE = "revision.ts.tmpl";

function formOf(home: string, source: string, javascript: boolean): Form {
  const isPlain = existsSync(source) && /\.[cm]?js$/.test(source) && !existsSync(join(home, "tsconfig.json"));
  if (!javascript && !isPlain) return "ts";
  return packageType(home) === "module" ? "esm" : "cjs";
}

/** The files of a template in one form: `env.esm.js` and `env.cjs.js` stand for `env.ts` where JavaScript is written. */
function inFormOf(
  form: Form,
  names: readonly string[],
): readonly { readonly name: string; readonly as: string }[] {
  return names.flatMap((name) => {
    const [, stem, own, rest = ""] = /^(.*)\.(esm|cjs)(\.js(?:\.tmpl)?)$/.exec(name) ?? [];
    if (stem !== undefined) return own === form ? [{ name, as: stem + rest }] : [];
    const twin = name.replace(/\.ts(\.tmpl)?$/, `.${form}.js$1`);
    return form !== "ts" && twin !== name && names.includes(twin) ? [] : [{ name, as: name }];
  });
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

/** The data source that the project most likely has. */
function usualDataSource(root: string, home: string): string {
  const places = [root, join(home, "src"), home].flatMap((folder) =>
    ["data-source.ts", "datasource.ts", "database/data-source.ts", "data-source.js"].map((name) =>
      join(folder, name),
    ),
  );
  return (
    places.find((file) => existsSync(file)) ??
    join(root === home ? join(home, "src") : root, "data-source.ts")
  );
}

/** How a TypeScript file in a folder of a project imports another. */
export function specifier(folder: string, file: string, home: string): string {
  const path = relative(folder, file).replaceAll("\\", "/");
  const relativePath = path.startsWith(".") ? path : `./${path}`;
  return needsExtensions(home)
    ? relativePath.replace(/\.([cm]?)ts$/, ".$1js")
    : relativePath.replace(/\.[jt]s$/, "");
}

/** A file as the configuration would import it; JavaScript that nobody compiles says the ending. */
function specifierOf(file: string, configFolder: string, home: string, form: Form): string {
  const name = specifier(configFolder, file, home);
  return form === "ts" || name.endsWith(".js") ? name : `${name}.js`;
}

function packageType(home: string): string | undefined {
  const file = join(home, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: string }).type;
}

function needsExtensions(home: string): boolean {
  const { module, moduleResolution } = getTsconfig(home)?.config.compilerOptions ?? {};
  const isNode = [module, moduleResolution].some((value) => /^node(16|18|20|next)$/i.test(value ?? ""));
  return isNode && packageType(home) === "module";
}

function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
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
