/** `edit`: opens revision files in the user's editor. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { LimbeckError, messageOf } from "../errors";
import type { Environment } from "../runtime/environment";
import { identified } from "./history";

/** Which files are opened, and with what. */
export interface EditOptions {
  readonly revisions: readonly string[];
  /** The command of the editor, with its options; what VISUAL and EDITOR say, else one that is installed. */
  readonly editor?: string;
}

const EDITORS =
  process.platform === "win32"
    ? ["code.cmd", "notepad++.exe", "notepad.exe"]
    : ["sensible-editor", "editor", "nano", "vim", "vi", "code"];

/** Opens the files and waits until the editor ends. Throws UNKNOWN_REVISION where there is none, EDITOR_FAILED. */
export async function edit(environment: Environment, options: EditOptions): Promise<readonly string[]> {
  const { map, ids } = await identified(environment, options.revisions);
  const files = ids.flatMap((id) => map.byId.get(id)?.file ?? []);
  if (files.length === 0) {
    throw new LimbeckError("UNKNOWN_REVISION", `"${options.revisions.join(" ")}" names no revision file`, {
      hint: "`limbeck history` lists them all",
    });
  }
  const editor = options.editor ?? chosenEditor();
  // As git does: the variable is a command with options, the file is one more argument.
  const { status, error } = spawnSync([editor, ...files.map(quoted)].join(" "), {
    shell: true,
    stdio: "inherit",
  });
  if (error === undefined && status === 0) return files;
  const why = error === undefined ? `it ended with exit status ${status ?? "unknown"}` : messageOf(error);
  throw new LimbeckError("EDITOR_FAILED", `the editor \`${editor}\` failed: ${why}`, {
    cause: error,
    hint: "set VISUAL or EDITOR to another one",
  });
}

function chosenEditor(): string {
  const { VISUAL, EDITOR, PATH = "" } = process.env;
  const said = [VISUAL, EDITOR].find((command) => command !== undefined && command.trim() !== "");
  if (said !== undefined) return existsSync(said) ? quoted(said) : said;
  const folders = PATH.split(delimiter);
  const installed = EDITORS.find((name) => folders.some((folder) => isProgram(join(folder, name))));
  if (installed !== undefined) return installed;
  throw new LimbeckError("EDITOR_FAILED", "no editor is known", { hint: "set VISUAL or EDITOR" });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** An argument of the shell's. */
function quoted(argument: string): string {
  if (process.platform === "win32") return `"${argument}"`;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
