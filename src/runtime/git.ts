/** What git knows of files, asked through the program itself and never through a shell. */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { LimbeckError, messageOf } from "../errors";

const execute = promisify(execFile);

/** A file that is not what it was. */
export interface ChangedFile {
  /** Its absolute path, also where it is no longer there. */
  readonly file: string;
  readonly how: "changed" | "deleted";
  /** The text that it had. */
  readonly before: string;
}

/** What became of some folders since a branch left another. */
export interface Since {
  /** The commit that both have in common. */
  readonly base: string;
  /** The root of the working tree. */
  readonly root: string;
  /** Files of the base that were changed or deleted; moving one as it is changes nothing. */
  readonly changed: readonly ChangedFile[];
  /** Whether a file that is there now was not there then. */
  readonly isNew: (file: string) => boolean;
}

/**
 * Compares the files of folders, as they lie there now, with the commit where the branch left `ref`. What `ref` has got
 * since then is none of the branch's doing.
 *
 * Throws GIT_FAILED where git is missing, the folder is in no repository, or the ref or the common commit is not there.
 */
export async function changesSince(ref: string, folders: readonly string[], cwd: string): Promise<Since> {
  const root = await rootOf(cwd);
  const base = await baseOf(ref, root);
  const paths = folders.map((folder) => pathIn(root, folder));
  const listed = await git(root, ["ls-tree", "-r", "-z", "--name-only", base, "--", ...paths]);
  const before = new Set(parts(listed));
  const args = ["diff", "--name-status", "--find-renames=100%", "--no-ext-diff", "-z", base, "--", ...paths];
  const { changed, moved } = statuses(parts(await git(root, args)));
  const old = await Promise.all(
    changed.map(async ({ path, how }) => ({
      file: join(root, path),
      how,
      before: await git(root, ["show", `${base}:${path}`]),
    })),
  );
  const isOld = (path: string): boolean => before.has(path) || moved.has(path);
  return { base, root, changed: old, isNew: (file) => !isOld(pathIn(root, file)) };
}

/** The entries of `diff --name-status -z`: a letter, and one path, or two where a file was moved. */
function statuses(words: readonly string[]): {
  readonly changed: readonly { readonly path: string; readonly how: ChangedFile["how"] }[];
  readonly moved: ReadonlySet<string>;
} {
  const changed: { path: string; how: ChangedFile["how"] }[] = [];
  const moved = new Set<string>();
  for (let place = 0; place < words.length; place += 2) {
    const [status = "", path = "", to = ""] = words.slice(place);
    if (status.startsWith("R")) {
      moved.add(to);
      place++;
    } else if (status !== "A") changed.push({ path, how: status === "D" ? "deleted" : "changed" });
  }
  return { changed, moved };
}

async function rootOf(cwd: string): Promise<string> {
  try {
    return realpathSync((await git(cwd, ["rev-parse", "--show-toplevel"])).trim());
  } catch (cause) {
    throw new LimbeckError("GIT_FAILED", `${cwd} is in no working tree of git: ${reason(cause)}`, {
      cause,
      hint: "run it where the project is checked out, with git installed",
    });
  }
}

async function baseOf(ref: string, root: string): Promise<string> {
  try {
    await git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  } catch (cause) {
    throw new LimbeckError("GIT_FAILED", `git knows no commit by the name of "${ref}"`, {
      cause,
      hint: "fetch it first: `git fetch origin`; in GitHub Actions, check out with `fetch-depth: 0`",
    });
  }
  try {
    return (await git(root, ["merge-base", "--end-of-options", ref, "HEAD"])).trim();
  } catch (cause) {
    throw new LimbeckError("GIT_FAILED", `git finds no commit that "${ref}" and this branch have in common`, {
      cause,
      hint: "the history may be cut off: `git fetch --unshallow`; in GitHub Actions, check out with `fetch-depth: 0`",
    });
  }
}

/** A path as git has it: from the root, with slashes. */
function pathIn(root: string, file: string): string {
  const real = existsSync(file) ? realpathSync(file) : file;
  return relative(root, real).split(sep).join("/") || ".";
}

function parts(text: string): readonly string[] {
  return text.split("\0").filter((part) => part !== "");
}

async function git(cwd: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute("git", [...args], {
    cwd,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, GIT_LITERAL_PATHSPECS: "1", LC_ALL: "C" },
  });
  return stdout;
}

/** What git itself says, which is shorter than the command line that failed. */
function reason(cause: unknown): string {
  const { stderr } = cause as { readonly stderr?: unknown };
  return typeof stderr === "string" && stderr !== "" ? stderr.trim() : messageOf(cause);
}
