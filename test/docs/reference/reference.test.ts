/**
 * The pages of docs/reference are made of the code, and are what the code says. `npm run docs` writes them.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { ROOT } from "../site";
import { apiPage } from "./api";
import { pagesOf } from "./chapter";
import type { Chapter } from "./chapter";
import { commands } from "./commands";
import { configuration } from "./configuration";
import { documentedCalls, operations } from "./operations";
import { EXAMPLES, WITHOUT_SQL } from "./examples";

const FOLDER = join(ROOT, "docs", "reference");
const CHAPTERS: Readonly<Record<string, () => Chapter | Promise<Chapter>>> = {
  commands,
  configuration,
  operations,
};

test.each(Object.entries(CHAPTERS))(
  "docs/reference/%s is what the code says",
  async (folder, make) => {
    const made = new Map<string, string>();
    for (const [name, text] of pagesOf(folder, await make())) {
      const options = { parser: "markdown", printWidth: 110, embeddedLanguageFormatting: "off" } as const;
      made.set(name, await format(text, options));
    }
    if (process.env.LIMBECK_WRITE_DOCS) {
      rmSync(join(FOLDER, folder), { recursive: true, force: true });
      for (const [name, text] of made) write(name, text);
    }
    const written = [`${folder}.md`, ...readdirSync(join(FOLDER, folder)).map((name) => `${folder}/${name}`)];
    expect(new Map(written.map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]))).toEqual(made);
  },
  60_000,
);

test("docs/reference/api.md is what the code says", () => {
  // Formatted tables of signatures would be twice as long.
  const made = apiPage();
  if (process.env.LIMBECK_WRITE_DOCS) write("api.md", made);
  expect(readFileSync(join(FOLDER, "api.md"), "utf8")).toBe(made);
}, 60_000);

function write(name: string, text: string): void {
  const file = join(FOLDER, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test("every example is of an operation that there is", () => {
  const names = new Set(documentedCalls().map(({ name }) => name));
  expect([...Object.keys(EXAMPLES), ...WITHOUT_SQL].filter((name) => !names.has(name))).toEqual([]);
});
