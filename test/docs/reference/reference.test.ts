/**
 * The pages of docs/reference are made of the code, and are what the code says. `npm run docs` writes them.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "prettier";
import { ROOT } from "../site";
import { apiPage } from "./api";
import { commandsPage } from "./commands";
import { configurationPage } from "./configuration";
import { documentedCalls, operationsPage } from "./operations";
import { EXAMPLES, WITHOUT_SQL } from "./examples";

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "api.md": apiPage,
  "commands.md": commandsPage,
  "configuration.md": configurationPage,
  "operations.md": operationsPage,
};

/** Formatted tables of signatures would be twice as long. */
const AS_MADE = new Set(["api.md"]);

test.each(Object.entries(PAGES))(
  "docs/reference/%s is what the code says",
  async (name, make) => {
    const file = join(ROOT, "docs", "reference", name);
    const made = await make();
    const text = AS_MADE.has(name)
      ? made
      : await format(made, { parser: "markdown", printWidth: 110, embeddedLanguageFormatting: "off" });
    if (process.env.LIMBECK_WRITE_DOCS) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    expect(readFileSync(file, "utf8")).toBe(text);
  },
  60_000,
);

test("every example is of an operation that there is", () => {
  const names = new Set(documentedCalls().map(({ name }) => name));
  expect([...Object.keys(EXAMPLES), ...WITHOUT_SQL].filter((name) => !names.has(name))).toEqual([]);
});
