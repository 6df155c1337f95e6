import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LimbeckError } from "../../src/errors";
import { init, listTemplates } from "../../src/index";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

test("a template of the user's own is copied with the folders in it, its configuration filled in", () => {
  const cwd = makeProject({
    "package.json": "{}",
    "ours/ormconfig.ts.tmpl": 'export default { scriptLocation: "{{scriptLocation}}" };\n',
    "ours/revision.ts.tmpl": "{{constants}}\n",
    "ours/docs/READ.md": "read\n",
  });
  const { created } = init({ cwd, directory: "db", template: "./ours" });
  expect(created).toEqual(
    ["db/docs/READ.md", "ormconfig.ts", "db/revision.ts.tmpl", "db/versions/.gitkeep"].map((name) =>
      join(cwd, name),
    ),
  );
  expect(readFileSync(join(cwd, "ormconfig.ts"), "utf8")).toBe('export default { scriptLocation: "db" };\n');
});

test.each(["fancy", "./fancy", "../generic"])(
  "the template %s that is not there is refused, and nothing is written",
  (template) => {
    const cwd = makeProject({ "package.json": "{}" });
    expect(() => init({ cwd, template })).toThrow(LimbeckError);
    expect(existsSync(join(cwd, "ormconfig.ts"))).toBe(false);
  },
);

test("each template that is listed can be started from", () => {
  const templates = listTemplates();
  expect(templates.map(({ name }) => name)).toEqual(["generic", "multidb", "nestjs"]);
  for (const { name, description } of templates) {
    const cwd = makeProject({ "package.json": "{}" });
    expect(init({ cwd, template: name }).created).toContain(join(cwd, "ormconfig.ts"));
    expect(readFileSync(join(cwd, "revisions", "README.md"), "utf8")).toContain(`# ${description}\n`);
  }
});

test("a file that is in the way stays, and nothing is written", () => {
  const cwd = makeProject({ "package.json": "{}", "revisions/env.ts": "mine" });
  expect(() => init({ cwd })).toThrow(/env\.ts exists already/);
  expect(existsSync(join(cwd, "ormconfig.ts"))).toBe(false);
  expect(readFileSync(join(cwd, "revisions/env.ts"), "utf8")).toBe("mine");
});

interface NextCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly template?: string;
  readonly isSet: boolean;
}
const NEXT: readonly NextCase[] = [
  { name: "a data source that is there", files: { "src/data-source.ts": "" }, isSet: true },
  { name: "no data source", files: {}, isSet: false },
  {
    name: "the data source of a NestJS application",
    files: { "src/app.module.ts": "" },
    template: "nestjs",
    isSet: true,
  },
  { name: "no root module", files: { "src/data-source.ts": "" }, template: "nestjs", isSet: false },
  {
    name: "two databases of which one is known",
    files: { "src/data-source.ts": "" },
    template: "multidb",
    isSet: false,
  },
];
test.each(NEXT)("with $name, it says what is still to be set", ({ files, template, isSet }) => {
  const cwd = makeProject({ "package.json": "{}", ...files });
  const { next } = init({ cwd, ...(template === undefined ? {} : { template }) });
  expect(next).toBe(
    `${isSet ? "" : `set \`dataSource\` in ${join(cwd, "ormconfig.ts")}, then `}run \`limbeck revision --autogenerate -m "first"\``,
  );
});
