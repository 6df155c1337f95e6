/** The page of everything that `import ... from "limbeck"` gives, as typedoc reads it from the sources. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/sqlite";
import { ROOT } from "../site";

const INTRODUCTION = `# API

Everything that \`import … from "limbeck"\` gives. [From your own code](../api.md) shows how it is used; what \`op\` can do has [a page of its own](operations.md), and so have the keys of [the configuration](configuration.md).
`;

/** The whole page. Its options stand in typedoc.json. */
export function apiPage(): string {
  const place = temporaryFolder();
  try {
    const typedoc = join(ROOT, "node_modules", "typedoc", "bin", "typedoc");
    execFileSync(process.execPath, [typedoc, "--out", place.folder], { cwd: ROOT, stdio: "pipe" });
    const text = readFileSync(join(place.folder, "README.md"), "utf8");
    // What typedoc writes down are signatures; the examples of doc comments say themselves what they are.
    return text
      .replace(/ +$/gm, "")
      .replace(/^# limbeck$/m, INTRODUCTION)
      .replace(/^```ts$/gm, "```ts signature");
  } finally {
    place.remove();
  }
}
