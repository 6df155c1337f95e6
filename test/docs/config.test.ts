/** Every example of the configuration in docs/ is taken as it stands, beside a data source. */
import ts from "typescript";
import type { Config } from "../../src/config/config";
import { open } from "../../src/index";
import { functionOf } from "../support/evaluate";
import { temporaryFolder } from "../support/sqlite";
import { pages } from "./pages";

const EXAMPLES = [...pages].flatMap(([name, { steps }]) =>
  steps.flatMap((step) =>
    step.kind === "config" ? [{ place: `${name}:${step.line}`, text: step.text }] : [],
  ),
);

/** The keys as an object. */
function configOf(keys: string): Config {
  const text = ts.transpile(`const config = {${keys}};`, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
  });
  return functionOf<[NodeJS.Process], Config>(["process"], `${text}\nreturn config;`)(process);
}

test.each(EXAMPLES)("$place", async ({ text }) => {
  const place = temporaryFolder();
  try {
    const config = { dataSource: { type: "better-sqlite3", database: "app.db" }, ...configOf(text) };
    const choices = [
      ...Object.keys(config.databases ?? {}).map((name) => ({ name })),
      ...Object.keys(config.environments ?? {}).map((environment) => ({ environment })),
    ];
    for (const choice of choices.length === 0 ? [{}] : choices) {
      const limbeck = await open({ cwd: place.folder, config, ...choice });
      expect(await limbeck.heads()).toEqual([]);
    }
    const wrong = { ...config, [`${Object.keys(config).at(-1) ?? ""}s_`]: true };
    await expect(open({ cwd: place.folder, config: wrong })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  } finally {
    place.remove();
  }
});
