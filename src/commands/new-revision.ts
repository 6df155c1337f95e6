/** A new node of the graph and its file: everything about it is checked before anything is written. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, extname, join, resolve as resolvePath, sep } from "node:path";
import type { ResolvedConfig } from "../config/config";
import { LimbeckError } from "../errors";
import { formatOf } from "../loader/resolve";
import type { Registry } from "../operations/registry";
import { fileNameOf } from "../render/file-name";
import type { RenderItem } from "../render/items";
import { formatSource, renderMigration } from "../render/migration";
import type { AnnotatedOperation, DatabasePart, FileFormat } from "../render/migration";
import type { Revision } from "../revisions/revision";
import { buildRevisionMap } from "../revisions/revision-map";
import type { RevisionMap } from "../revisions/revision-map";
import { scanRevision } from "../revisions/scan";
import { resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { runHooks } from "./hooks";
import { templateFile } from "./templates";

/** What `revision` and `merge` take alike. */
export interface NewRevisionOptions {
  readonly message?: string;
  /** The id, instead of 12 random hex digits. */
  readonly id?: string;
  /** Allows to go on top of revisions that others are on top of already. */
  readonly splice?: boolean;
  /** Labels of the branch that begins here. */
  readonly branchLabels?: readonly string[];
  /** Revisions or labels that must be applied before, without being parents. */
  readonly dependsOn?: readonly string[];
  /** Which of several version locations the file goes into, or a folder in one. */
  readonly versionPath?: string;
  /** Writes JavaScript. */
  readonly javascript?: boolean;
}

/** A revision that may be written: it has its place in the graph and on the disk. */
export interface NewRevision {
  readonly revision: Revision;
  readonly folder: string;
}

/**
 * The new revision on top of some parents, checked against the whole graph.
 *
 * Throws NOT_A_HEAD where a parent has children and `splice` is not said, what building the graph throws (an id or a
 * label that is taken), and USAGE where it is not certain into which folder the file goes.
 */
export function newRevision(
  map: RevisionMap,
  { config, directory }: Environment,
  parents: readonly string[],
  options: NewRevisionOptions,
): NewRevision {
  if (!options.splice) demandHeads(map, parents);
  const revision: Revision = {
    id: newId(options.id, map),
    parents,
    labels: options.branchLabels ?? [],
    // A label stays one: it may move to another revision.
    dependsOn: (options.dependsOn ?? []).flatMap((name) =>
      map.labelled.has(name) ? [name] : resolve(map, name),
    ),
    message: options.message ?? "",
  };
  const folder = options.versionPath === undefined ? undefined : namedFolder(options.versionPath, config);
  buildRevisionMap([...map.byId.values(), revision]);
  return { revision, folder: folder ?? folderOf(map, parents, directory) };
}

/** What the file of a new revision does. */
export interface NewFileContent {
  readonly upgrade: readonly AnnotatedOperation[];
  /** Absent where there is no way back: the file then has no downgrade. */
  readonly downgrade?: readonly AnnotatedOperation[];
  /** What autogenerate found, in words. */
  readonly detected: readonly string[];
  /** What the file imports, given where it will stand and how it is written. */
  readonly importsAt?: (file: string, format: FileFormat) => readonly string[];
  /** The date in its header; now, unless said. */
  readonly createDate?: Date;
  /** `false` for a revision that runs outside any transaction. */
  readonly transaction?: boolean;
  /** Statements at the top of the file. */
  readonly imports?: readonly string[];
  /** Knows the custom operations in it; the environment's own unless said. */
  readonly registry?: Registry;
  /** Writes pieces of it as code of the user's own. */
  readonly renderItem?: RenderItem;
  /** Where one file serves several databases; the ones that are not here have nothing to do. */
  readonly databases?: readonly DatabasePart[];
}

/**
 * Writes the file and runs the hooks on it; where one fails, the file is taken away again.
 *
 * Throws FILE_EXISTS, CONFIG_INVALID for a template that makes no revision file, HOOK_FAILED.
 */
export async function writeRevision(
  environment: Environment,
  { revision, folder }: NewRevision,
  content: NewFileContent,
  { javascript = false }: NewRevisionOptions,
): Promise<string> {
  const { config, registry, directory, reporter } = environment;
  const format = javascript || !usesTypeScript(config.file) ? javascriptFormat(folder) : "ts";
  const now = content.createDate ?? environment.now();
  const file = newFile(config, revision, { folder, now, extension: format === "ts" ? ".ts" : ".js" });
  const template = templateOf(config.scriptLocation);
  const { importsAt, ...rest } = content;
  const source = renderMigration({
    registry,
    ...rest,
    ...databaseParts(config, content),
    ...(importsAt ? { imports: importsAt(file, format) } : {}),
    ...(revision.replaces ? { replaces: revision.replaces } : {}),
    revision: revision.id,
    parents: revision.parents,
    labels: revision.labels,
    dependsOn: revision.dependsOn,
    message: revision.message,
    createDate: now,
    timeZone: config.timeZone,
    format,
    template: readFileSync(template, "utf8"),
  });
  const text = await formatSource(source, file);
  demandSame(revision, text, template);
  directory.write(file, text);
  try {
    await runHooks(config, file, reporter);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return file;
}

/** A part for every database that shares these revisions. */
function databaseParts({ databases }: ResolvedConfig, content: NewFileContent) {
  if (databases === undefined) return {};
  const given = content.databases ?? [];
  const parts = Object.keys(databases).map(
    (name) => given.find((part) => part.name === name) ?? { name, upgrade: [], downgrade: [] },
  );
  return { databases: parts };
}

function newFile(
  config: ResolvedConfig,
  { id, message }: Revision,
  place: { readonly folder: string; readonly now: Date; readonly extension: string },
): string {
  const { fileTemplate, slugLength, timeZone, recursiveVersionLocations } = config;
  if (fileTemplate.includes("/") && !recursiveVersionLocations) {
    throw new LimbeckError(
      "CONFIG_INVALID",
      `\`fileTemplate\` "${fileTemplate}" makes folders, which are not read`,
      {
        file: config.file,
        hint: "set `recursiveVersionLocations: true`",
      },
    );
  }
  const name = fileNameOf({ ...place, id, message, template: fileTemplate, slugLength, timeZone });
  return join(place.folder, name);
}

/** A template that leaves a constant out would make a file that is another revision, or none. */
function demandSame(revision: Revision, text: string, template: string): void {
  const scanned = scanRevision(text);
  if (scanned.kind === "uncertain") return;
  const found = scanned.kind === "revision" ? scanned.constants : undefined;
  const isSame =
    found?.revision === revision.id &&
    found.downRevision.join() === revision.parents.join() &&
    found.branchLabels.join() === revision.labels.join() &&
    found.dependsOn.join() === revision.dependsOn.join();
  if (isSame) return;
  throw new LimbeckError(
    "CONFIG_INVALID",
    `the template ${template} does not make the file of revision ${revision.id}`,
    {
      file: template,
      hint: "it must hold {{constants}}, {{upgrade}} and {{downgrade}}",
    },
  );
}

function demandHeads(map: RevisionMap, parents: readonly string[]): void {
  const taken = parents.find((parent) => map.children.has(parent));
  if (taken === undefined) return;
  const children = map.children.get(taken) ?? [];
  throw new LimbeckError(
    "NOT_A_HEAD",
    `revision ${taken} is not a head: ${children.join(", ")} came after it`,
    {
      hint: "say --splice to begin a branch there, or go on top of a head (`limbeck heads`)",
      data: map.heads,
    },
  );
}

function newId(wanted: string | undefined, map: RevisionMap): string {
  if (wanted === undefined) return randomBytes(6).toString("hex");
  if (wanted === "" || wanted.length > 128 || /[@+\-:\s/\\]/.test(wanted)) {
    throw new LimbeckError("USAGE", `"${wanted}" cannot be the id of a revision`, {
      hint: "an id has 1 to 128 characters without space, slash and @ + - :",
    });
  }
  if (map.byId.has(wanted) || map.replacedBy.has(wanted)) {
    throw new LimbeckError("DUPLICATE_REVISION", `there is a revision ${wanted} already`, {
      hint: "choose another --rev-id",
    });
  }
  const labelled = map.labelled.get(wanted);
  if (labelled === undefined) return wanted;
  throw new LimbeckError(
    "DUPLICATE_LABEL",
    `"${wanted}" is the branch label of revision ${labelled} already`,
    {
      hint: "choose another --rev-id: ids and labels share one namespace",
    },
  );
}

/** Beside the parent; a base has none, and then several locations are a question. */
function folderOf(map: RevisionMap, parents: readonly string[], directory: Environment["directory"]): string {
  const [first = "."] = directory.locations;
  if (directory.locations.length <= 1) return first;
  const beside = parents.map((id) => map.byId.get(id)?.file).find((file) => file !== undefined);
  const location = beside === undefined ? undefined : directory.locationOf(beside);
  if (location !== undefined) return location;
  throw new LimbeckError("USAGE", `the file could go into any of ${directory.locations.join(", ")}`, {
    hint: "say which, with --version-path",
    data: directory.locations,
  });
}

/** A folder that is a version location or, where these are read recursively, lies in one. */
function namedFolder(versionPath: string, config: ResolvedConfig): string {
  const candidates = [resolvePath(versionPath), resolvePath(dirname(config.file), versionPath)];
  const isRead = (folder: string): boolean =>
    config.versionLocations.some(
      (location) =>
        folder === location || (config.recursiveVersionLocations && folder.startsWith(location + sep)),
    );
  const folder = candidates.find(isRead);
  if (folder !== undefined) return folder;
  throw new LimbeckError(
    "USAGE",
    `${candidates[0] ?? versionPath} is no version location, so nothing there would be read`,
    {
      hint: `the locations are ${config.versionLocations.join(", ")}; \`versionLocations\` in ${config.file} adds more`,
    },
  );
}

/** The project's own template, else the built-in one. */
function templateOf(scriptLocation: string): string {
  const own = join(scriptLocation, "revision.ts.tmpl");
  return existsSync(own) ? own : templateFile("generic", "revision.ts.tmpl");
}

function usesTypeScript(configFile: string): boolean {
  if (extname(configFile).endsWith("ts")) return true;
  const folders = [dirname(configFile), dirname(dirname(configFile))];
  return folders.some((folder) => existsSync(join(folder, "tsconfig.json")));
}

function javascriptFormat(folder: string): FileFormat {
  return formatOf(join(folder, "new.js")) === "module" ? "esm" : "cjs";
}
