/** The templates that `init` copies and that new revision files are made from. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { LimbeckError } from "../errors";

const TEMPLATES = join(__dirname, "..", "..", "templates");

/** A template of `init`. */
export interface Template {
  readonly name: string;
  /** The first line of its README. */
  readonly description: string;
}

/** The templates that come with Limbeck, by name. */
export function listTemplates(): readonly Template[] {
  return readdirSync(TEMPLATES)
    .sort()
    .map((name) => ({ name, description: firstLine(join(TEMPLATES, name, "README.md")) }));
}

/**
 * The folder of a template: one that comes with Limbeck by its name, or the user's own by a path with a slash. Throws
 * TEMPLATE_NOT_FOUND with those that there are.
 */
export function templateFolder(name: string, cwd = "."): string {
  const folder = join(TEMPLATES, name);
  if (/[\\/]/.test(name) && isFolder(resolve(cwd, name))) return resolve(cwd, name);
  if (/^[\w-]+$/.test(name) && existsSync(folder)) return folder;
  throw new LimbeckError("TEMPLATE_NOT_FOUND", `there is no template "${name}"`, {
    hint: `there are ${listTemplates()
      .map((template) => template.name)
      .join(", ")}; one of your own is named by its path, such as ./templates/ours`,
  });
}

/** One file of a template. */
export function templateFile(name: string, file: string): string {
  return join(templateFolder(name), file);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function firstLine(file: string): string {
  return readFileSync(file, "utf8").split("\n")[0]?.replace(/^#\s*/, "").trim() ?? "";
}
