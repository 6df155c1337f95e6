/** The folders of revision files: what is in them, and writing a new one. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { LimbeckError, messageOf } from "../errors";
import type { Operations } from "../operations/spec";
import type { RevisionConstants } from "../revisions/generated";
import type { Revision } from "../revisions/revision";
import { buildRevisionMap } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { scanRevision } from "../revisions/scan";

/** What a revision file exports. */
export interface RevisionModule {
  readonly revision: string;
  readonly downRevision: string | readonly string[] | null;
  readonly branchLabels?: string | readonly string[] | null;
  readonly dependsOn?: string | readonly string[] | null;
  readonly message?: string;
  /** The revisions that it stands for, in their order. */
  readonly replaces?: string | readonly string[] | null;
  /** `false` runs this revision outside any transaction. */
  readonly transaction?: boolean;
  /** Whether it may be taken up in the middle although it reads rows: what it did the first time it does again. */
  readonly resumable?: boolean;
  upgrade(op: Operations, ...args: readonly unknown[]): void | Promise<void>;
  downgrade?(op: Operations, ...args: readonly unknown[]): void | Promise<void>;
}

/** Loads a module of the user; `text` is what the file says, where it was read already. */
export type LoadModule = (file: string, text?: string) => Promise<unknown>;

/** How many characters of files are kept for the time when they run. There may be thousands of files, and few run. */
const KEPT = 4 * 2 ** 20;

/** Where several files have one name, the first of these counts. */
const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
const REVISION_FILE = /^[^.].*\.[cm]?[jt]s$/s;
const DECLARATIONS = /\.d\.[cm]?ts$/;

/** The revision files of some folders, read once. */
export class RevisionDirectory {
  /** The folders, in the order of the configuration. */
  readonly locations: readonly string[];
  readonly #load: LoadModule;
  readonly #isRecursive: boolean;
  #map: Promise<RevisionMap> | undefined;
  /** What files say that may be run soon. */
  readonly #texts = new Map<string, string>();
  /** Files that had to be run for their constants. */
  readonly #ran = new Map<string, RevisionModule>();

  /** `isRecursive` reads the folders inside the folders, too. */
  constructor(locations: readonly string[], load: LoadModule, isRecursive = false) {
    this.locations = locations;
    this.#load = load;
    this.#isRecursive = isRecursive;
  }

  /** The graph of all revision files. Their constants are read from the text; only where that is not certain is a file run. */
  revisions(): Promise<RevisionMap> {
    return (this.#map ??= this.#read());
  }

  /** The functions of a revision: its file is loaded now. */
  async load(id: string): Promise<RevisionModule> {
    const { byId, replaced } = await this.revisions();
    const revision = byId.get(id) ?? replaced.get(id);
    if (!revision?.file) throw new LimbeckError("UNKNOWN_REVISION", `there is no revision ${id}`);
    const { file } = revision;
    const text = this.#texts.get(file);
    this.#texts.delete(file);
    return this.#ran.get(file) ?? revisionModule(await this.#load(file, text), file);
  }

  /** The location that a revision file lies in, at whatever depth. */
  locationOf(file: string): string | undefined {
    return this.locations
      .filter((location) => file.startsWith(location + sep))
      .sort((left, right) => right.length - left.length)[0];
  }

  /** Writes a new file, whole or not at all; one that exists is never overwritten. */
  write(file: string, text: string): string {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeNew(file, text);
    } catch (cause) {
      if (isErrno(cause) && cause.code === "EEXIST") {
        throw new LimbeckError("FILE_EXISTS", `${file} exists already`, {
          file,
          cause,
          hint: "choose another message or --rev-id",
        });
      }
      throw new LimbeckError("FILE_WRITE_FAILED", `${file} cannot be written: ${messageOf(cause)}`, {
        file,
        cause,
      });
    }
    this.#map = undefined;
    return file;
  }

  async #read(): Promise<RevisionMap> {
    const revisions: Revision[] = [];
    let kept = 0;
    for (const file of this.#files()) {
      const text = readText(file);
      kept += text.length;
      if (kept <= KEPT) this.#texts.set(file, text);
      const scanned = scanRevision(text);
      if (scanned.kind === "none") {
        demandNoRevisionName(file);
        continue;
      }
      const constants = scanned.kind === "revision" ? scanned.constants : await this.#constants(file);
      revisions.push({
        id: constants.revision,
        parents: constants.downRevision,
        labels: constants.branchLabels,
        dependsOn: constants.dependsOn,
        message: constants.message,
        ...(constants.replaces?.length ? { replaces: constants.replaces } : {}),
        file,
      });
    }
    return buildRevisionMap(revisions);
  }

  /** All files, each once, even where locations overlap. */
  #files(): readonly string[] {
    const folders = this.locations.flatMap((location) =>
      this.#isRecursive ? foldersBelow(location) : [location],
    );
    if (folders.length === 1) return folders.flatMap(revisionFiles);
    const real = new Map(
      folders.filter((folder) => existsSync(folder)).map((folder) => [realpathSync(folder), folder]),
    );
    return [...real.values()].flatMap(revisionFiles);
  }

  /** What a file says that must be run to be known. */
  async #constants(file: string): Promise<RevisionConstants> {
    const module = revisionModule(await this.#load(file), file);
    this.#ran.set(file, module);
    return constantsOf(module);
  }
}

/** The id that Limbeck gives a revision, where the template of file names puts it. */
const GIVEN_ID = /(?:^|[^\da-z])[\da-f]{12}(?![\da-z])/i;

/** Other code may lie beside the revisions, but a revision of which nothing is left must not be passed over. */
function demandNoRevisionName(file: string): void {
  if (!GIVEN_ID.test(basename(file))) return;
  throw new LimbeckError("REVISION_FILE_INVALID", `${file} is named like a revision, and declares none`, {
    file,
    hint: "it may have been cut off: bring it back from version control; if it is no revision, give it another name",
  });
}

function constantsOf(module: RevisionModule): RevisionConstants {
  return {
    revision: module.revision,
    downRevision: listed(module.downRevision),
    branchLabels: listed(module.branchLabels),
    dependsOn: listed(module.dependsOn),
    message: module.message ?? "",
    replaces: listed(module.replaces),
  };
}

function listed(value: string | readonly string[] | null | undefined): readonly string[] {
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** A folder and all folders in it, by name; hidden ones and packages are none of ours. */
function foldersBelow(location: string): readonly string[] {
  if (!existsSync(location)) return [];
  const inside = readdirSync(location, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((folder) => !/(?:^|[\\/])(?:\.|node_modules(?:[\\/]|$))/.test(relative(location, folder)));
  return [location, ...inside.sort()];
}

/** A file that could be written only in part is taken away again. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { encoding: "utf8", flag: "wx" });
  } catch (cause) {
    if (!isErrno(cause) || cause.code !== "EEXIST") rmSync(file, { force: true });
    throw cause;
  }
}

/** Revision files of a folder by name; of `a.ts` beside its compiled `a.js` the source counts. */
function revisionFiles(location: string): readonly string[] {
  if (!existsSync(location)) return [];
  const names = readdirSync(location)
    .filter((name) => REVISION_FILE.test(name) && !DECLARATIONS.test(name))
    .sort();
  const chosen = new Map<string, string>();
  for (const name of names) {
    const stem = name.slice(0, name.lastIndexOf("."));
    const other = chosen.get(stem);
    if (other === undefined || comesBefore(name, other)) chosen.set(stem, name);
  }
  const sources = chosen.size === names.length ? names : [...chosen.values()].sort();
  const folder = join(location, sep);
  return sources.map((name) => folder + name);
}

function comesBefore(left: string, right: string): boolean {
  return EXTENSIONS.indexOf(extname(left)) < EXTENSIONS.indexOf(extname(right));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new LimbeckError("REVISION_FILE_INVALID", `${file} cannot be read: ${messageOf(cause)}`, {
      file,
      cause,
    });
  }
}

/** Checks that a loaded module is a revision file. */
export function revisionModule(loaded: unknown, file: string): RevisionModule {
  const module = (loaded as { readonly default?: unknown }).default ?? loaded;
  for (const candidate of [loaded, module]) {
    if (typeof candidate !== "object" || candidate === null) continue;
    const { revision, upgrade } = candidate as Partial<RevisionModule>;
    if (typeof revision === "string" && typeof upgrade === "function") return candidate as RevisionModule;
  }
  throw new LimbeckError("REVISION_FILE_INVALID", `${file} does not export \`revision\` and \`upgrade\``, {
    file,
    hint: "a revision file exports both; move other files elsewhere",
  });
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === "object" && error !== null && "code" in error;
}
