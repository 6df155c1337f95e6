/** What is done with each new revision file, as the configuration says. */
import { spawnSync } from "node:child_process";
import { delimiter, dirname, join, resolve } from "node:path";
import { upwards } from "../config/find";
import type { PostWriteHook, ResolvedConfig } from "../config/config";
import { LimbeckError, messageOf } from "../errors";
import type { Reporter } from "../runtime/reporter";

type Program = Extract<PostWriteHook, { readonly command: string }>;

/** Runs the hooks on a new file, one after another. Throws HOOK_FAILED with what the first one that fails has printed. */
export async function runHooks(config: ResolvedConfig, file: string, reporter: Reporter): Promise<void> {
  for (const hook of config.postWriteHooks) {
    reporter.info(`running ${hook.name}`);
    try {
      if ("command" in hook) runProgram(hook, file, dirname(config.file), reporter);
      else await hook.run(file);
    } catch (cause) {
      throw new LimbeckError("HOOK_FAILED", `the hook "${hook.name}" failed: ${messageOf(cause)}`, {
        file: config.file,
        cause,
        hint: "mend the hook or the file's template; no file was left behind",
      });
    }
  }
}

function runProgram(hook: Program, file: string, home: string, reporter: Reporter): void {
  const cwd = resolve(home, hook.cwd ?? ".");
  const given = hook.arguments ?? [];
  const isSaid = given.some((argument) => argument.includes("{file}"));
  const args = [...given.map((argument) => argument.replaceAll("{file}", file)), ...(isSaid ? [] : [file])];
  const command = /^\.{1,2}[\\/]/.test(hook.command) ? resolve(home, hook.command) : hook.command;
  const bin = upwards(home).map((folder) => join(folder, "node_modules", ".bin"));
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    // npm's programs are .cmd files on Windows, which only a shell starts.
    shell: process.platform === "win32",
    env: { ...process.env, ...hook.env, PATH: [...bin, process.env.PATH].join(delimiter) },
  });
  if (error) throw error;
  const printed = [stdout, stderr].map((text) => text.trim()).filter((text) => text !== "");
  if (status !== 0) {
    const how = signal ?? `exit status ${status ?? "unknown"}`;
    throw new Error([`${[command, ...args].join(" ")} ended with ${how}`, ...printed].join("\n"));
  }
  for (const text of printed) reporter.info(text);
}
