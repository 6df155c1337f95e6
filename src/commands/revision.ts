/** `revision`: writes a new revision file, empty or with what differs between the entities and the database. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { LimbeckError } from "../errors";
import { formatOf } from "../loader/resolve";
import { invertAll } from "../operations/invert";
import { lossesOf } from "../operations/loss";
import { refilled } from "../operations/refill";
import type { Operation } from "../operations/operation";
import { fileNameOf } from "../render/file-name";
import { formatSource, renderMigration } from "../render/migration";
import type { AnnotatedOperation, FileFormat } from "../render/migration";
import { resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { demandAtHeads } from "./at-heads";
import { compare } from "./compare";
import type { CompareOptions, Comparison } from "./compare";
import { describeAll } from "./describe-all";
import { templateFile } from "./templates";

export interface RevisionOptions extends CompareOptions {
  readonly message?: string;
  /** Fills the file with what differs. */
  readonly autogenerate?: boolean;
  /** The id, instead of 12 random hex digits. */
  readonly id?: string;
  /** Writes a file also where nothing differs. */
  readonly allowEmpty?: boolean;
  /** Writes JavaScript. */
  readonly javascript?: boolean;
}

export interface RevisionResult {
  /** Absent where nothing differs, and no file was written. */
  readonly file?: string;
  readonly revision?: string;
  readonly differences: readonly string[];
  readonly losses: readonly string[];
  readonly unmanaged: Comparison["unmanaged"];
}

/** Writes a revision file on top of the head. An existing file is never overwritten. */
export async function revision(
  environment: Environment,
  options: RevisionOptions = {},
): Promise<RevisionResult> {
  const map = await environment.revisions();
  const parents = resolve(map, "head");
  const id = newId(options.id, [...map.byId.keys()]);
  const comparison = options.autogenerate ? await autogenerate(environment, options) : undefined;
  const operations = comparison?.operations ?? [];
  const unmanaged = comparison?.unmanaged ?? [];
  if (options.autogenerate && operations.length === 0 && !options.allowEmpty) {
    return { differences: [], losses: [], unmanaged };
  }
  const detected = describeAll(operations, environment.registry);
  const file = await write(environment, { ...options, id, parents, detected, operations });
  return { file, revision: id, differences: detected, losses: operations.flatMap(lossesOf), unmanaged };
}

async function autogenerate(environment: Environment, options: CompareOptions): Promise<Comparison> {
  const comparisons: Comparison[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    await demandAtHeads(environment, context);
    comparisons.push(await compare(environment, context, options));
  });
  const [comparison] = comparisons;
  if (!comparison) throw new LimbeckError("ENVIRONMENT_INVALID", "env.ts ran no migrations");
  for (const warning of comparison.warnings) environment.reporter.warn(warning);
  return comparison;
}

interface NewFile extends RevisionOptions {
  readonly id: string;
  readonly parents: readonly string[];
  readonly detected: readonly string[];
  readonly operations: readonly Operation[];
}

async function write(environment: Environment, wanted: NewFile): Promise<string> {
  const { config, registry, directory } = environment;
  const format =
    wanted.javascript || !usesTypeScript(config.file) ? javascriptFormat(directory.newFiles) : "ts";
  const extension = format === "ts" ? ".ts" : ".js";
  const { id, message = "" } = wanted;
  const now = environment.now();
  const name = fileNameOf({
    id,
    message,
    now,
    template: config.fileTemplate,
    slugLength: config.slugLength,
    extension,
  });
  const source = renderMigration({
    revision: id,
    parents: wanted.parents,
    labels: [],
    dependsOn: [],
    message,
    createDate: now,
    detected: wanted.detected,
    upgrade: wanted.operations.map(annotated),
    downgrade: refilled(invertAll(wanted.operations, registry)).map(annotated),
    format,
    template: templateText(config.scriptLocation),
    registry,
  });
  return directory.write(name, await formatSource(source, join(directory.newFiles, name)));
}

function annotated(operation: Operation): AnnotatedOperation {
  return { operation, comments: lossesOf(operation) };
}

/** The project's own template, else the built-in one. */
function templateText(scriptLocation: string): string {
  const own = join(scriptLocation, "revision.ts.tmpl");
  return readFileSync(existsSync(own) ? own : templateFile("generic", "revision.ts.tmpl"), "utf8");
}

function usesTypeScript(configFile: string): boolean {
  if (extname(configFile).endsWith("ts")) return true;
  const folders = [dirname(configFile), dirname(dirname(configFile))];
  return folders.some((folder) => existsSync(join(folder, "tsconfig.json")));
}

function javascriptFormat(folder: string): FileFormat {
  return formatOf(join(folder, "new.js")) === "module" ? "esm" : "cjs";
}

function newId(wanted: string | undefined, known: readonly string[]): string {
  if (wanted === undefined) return randomBytes(6).toString("hex");
  if (wanted === "" || wanted.length > 128 || /[@+\-:\s/\\]/.test(wanted)) {
    throw new LimbeckError("USAGE", `"${wanted}" cannot be the id of a revision`, {
      hint: "an id has 1 to 128 characters without space, slash and @ + - :",
    });
  }
  if (known.includes(wanted)) {
    throw new LimbeckError("DUPLICATE_REVISION", `there is a revision ${wanted} already`, {
      hint: "choose another --rev-id",
    });
  }
  return wanted;
}
