/** Projects for tests: folders with files, which go away. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const made: string[] = [];

/** A folder with these files, by path, and with packages that stand in this repository; all of them unless said. */
export function makeProject(files: Readonly<Record<string, string>>, packages?: readonly string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "limbeck-")));
  made.push(folder);
  const modules = resolve("node_modules");
  if (packages) mkdirSync(join(folder, "node_modules"));
  else symlinkSync(modules, join(folder, "node_modules"));
  for (const name of packages ?? []) symlinkSync(join(modules, name), join(folder, "node_modules", name));
  for (const [path, text] of Object.entries(files)) writeIn(folder, path, text);
  return folder;
}

/** Writes one more file into a project. */
export function writeIn(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** For `afterAll`. */
export function removeProjects(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
