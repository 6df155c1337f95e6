import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "../arbitrary/fast-check";
import * as ts from "typescript";
import { compact } from "../../src/model/equal";
import type { Operation } from "../../src/operations/operation";
import { createRegistry } from "../../src/operations/registry";
import { formatSource, renderMigration } from "../../src/render/migration";
import type { FileFormat, MigrationText } from "../../src/render/migration";
import { arbitrarySchema } from "../arbitrary/schema";
import { EXAMPLES } from "./examples";
import { functionOf } from "../support/evaluate";

const root = resolve(__dirname, "../..");
const template = readFileSync(join(root, "templates/generic/revision.ts.tmpl"), "utf8");
const registry = createRegistry([{ name: "grant", describe: () => "grant", compile: () => [] }]);
const folder = mkdtempSync(join(tmpdir(), "limbeck-render-"));
afterAll(() => rmSync(folder, { recursive: true }));

const account: Operation = {
  kind: "createTable",
  table: {
    name: "account",
    columns: [
      { name: "id", type: { name: "int" }, nullable: false, generated: { kind: "increment" } },
      { name: "email", type: { name: "varchar", length: 255 }, nullable: false },
      { name: "created_at", type: { name: "timestamptz" }, nullable: false, default: { sql: "now()" } },
    ],
    constraints: [{ kind: "primaryKey", name: "PK_54115ee388cdb6d86bb4bf5b2ea", columns: ["id"] }],
    indexes: [],
  },
};
const index: Operation = {
  kind: "createIndex",
  table: { name: "account" },
  index: { name: "IDX_4c8f96ccf523e9a3faefd5bdd4", parts: [{ column: "email" }], unique: true },
};
const plain = (operation: Operation, ...comments: readonly string[]) => ({ operation, comments });

const addAccount: MigrationText = {
  revision: "1975ea83b712",
  parents: [],
  labels: [],
  dependsOn: [],
  message: "add account table",
  createDate: new Date("2026-11-21T02:45:27.340Z"),
  detected: ["+ table account"],
  upgrade: [plain(account), plain(index)],
  downgrade: [plain({ kind: "dropTable", table: { name: "account" } }, "loses every row of account")],
  format: "ts",
  template,
  registry,
};
const merge: MigrationText = {
  ...addAccount,
  revision: "cf91fff8e122",
  parents: ["be80eef7d011", "d0a2000af233"],
  message: "merge orders and billing",
  detected: [],
  upgrade: [],
  downgrade: [],
};

const inFolder = (name: string): string => join(folder, name);
const written = (text: MigrationText): Promise<string> =>
  formatSource(renderMigration(text), inFolder("a.ts"));

describe("a revision file", () => {
  it("has a header, five constants and two functions", async () => {
    expect(await written(addAccount)).toBe(`/**
 * add account table
 *
 * Revision ID: 1975ea83b712
 * Revises: -
 * Create Date: 2026-11-21T02:45:27.340Z
 *
 * Detected:
 *   + table account
 */
import type { Operations } from "limbeck";

export const revision = "1975ea83b712";
export const downRevision = null;
export const branchLabels = null;
export const dependsOn = null;
export const message = "add account table";

export async function upgrade(op: Operations): Promise<void> {
  // generated from the entities: review and adjust
  await op.createTable("account", {
    columns: [
      { name: "id", type: "int", generated: "increment" },
      { name: "email", type: "varchar", length: 255 },
      { name: "created_at", type: "timestamptz", default: () => "now()" },
    ],
    primaryKey: { name: "PK_54115ee388cdb6d86bb4bf5b2ea", columns: ["id"] },
  });
  await op.createIndex("IDX_4c8f96ccf523e9a3faefd5bdd4", "account", ["email"], {
    unique: true,
  });
}

export async function downgrade(op: Operations): Promise<void> {
  // loses every row of account
  await op.dropTable("account");
}
`);
  });

  it("that does nothing imports nothing and leaves no parameter unused", async () => {
    expect(await written(merge)).toBe(`/**
 * merge orders and billing
 *
 * Revision ID: cf91fff8e122
 * Revises: be80eef7d011, d0a2000af233
 * Create Date: 2026-11-21T02:45:27.340Z
 */

export const revision = "cf91fff8e122";
export const downRevision = ["be80eef7d011", "d0a2000af233"];
export const branchLabels = null;
export const dependsOn = null;
export const message = "merge orders and billing";

export function upgrade(): void {
  // nothing to do: the branches meet here
}

export function downgrade(): void {
  // nothing to do
}
`);
  });

  it("without a way back exports no downgrade", async () => {
    const oneWay = compact<MigrationText>({ ...addAccount, downgrade: undefined });
    const source = await written(oneWay);
    expect(source).toContain("function upgrade(");
    expect(source).not.toContain("downgrade");
  });

  it("names its parent, labels and dependencies", () => {
    const source = renderMigration({ ...merge, parents: ["a1"], labels: ["notes"], dependsOn: ["b2", "c3"] });
    expect(source).toContain('downRevision = "a1"');
    expect(source).toContain('branchLabels = "notes"');
    expect(source).toContain('dependsOn = ["b2", "c3"]');
  });

  it("is written as an ES module", async () => {
    const source = await written({ ...addAccount, format: "esm" });
    expect(source).toContain('export const revision = "1975ea83b712";');
    expect(source).toContain(
      '/** @param {import("limbeck").Operations} op */\nexport async function upgrade(op) {\n',
    );
    expect(source).not.toContain("import type");
  });

  it("is written as CommonJS", async () => {
    const source = await written({ ...addAccount, format: "cjs" });
    expect(exportsOf(source)).toEqual({
      revision: "1975ea83b712",
      downRevision: null,
      branchLabels: null,
      dependsOn: null,
      message: "add account table",
      upgrade: expect.any(Function),
      downgrade: expect.any(Function),
    });
  });

  it("is not changed by being laid out again", async () => {
    const source = await written(addAccount);
    expect(await formatSource(source, inFolder("a.ts"))).toBe(source);
  });
});

describe("a message", () => {
  it.each([
    "a */ b",
    "two\nlines",
    "line\r\nfeeds\rand\u2028more",
    "`${x}` \"'\\",
    "",
    " ",
    "/",
    "{{upgrade}}",
  ])("cannot break out of its comment: %j", (message) => {
    const file = { ...addAccount, message, upgrade: [plain(account, message)], detected: [message] };
    const source = renderMigration({ ...file, format: "cjs" });
    expect(exportsOf(source).message).toBe(message);
  });
});

describe("a template of the user", () => {
  it("keeps its own words and puts in what it asks for, on one line", () => {
    const own = "// {{message}} ({{revision}} after {{revises}}, {{createDate}}) {{other}}\n{{constants}}";
    const source = renderMigration({ ...addAccount, message: "two\nlines */", template: own });
    expect(source.split("\n")[0]).toBe(
      "// two lines *\\/ (1975ea83b712 after -, 2026-11-21T02:45:27.340Z) {{other}}",
    );
    expect(source).toContain('export const message = "two\\nlines */";');
  });
});

describe("the layout", () => {
  it("is that of the user's prettier and editor settings", async () => {
    const project = mkdtempSync(join(folder, "project-"));
    writeFileSync(join(project, ".prettierrc.json"), '{ "semi": false, "singleQuote": true }');
    writeFileSync(join(project, ".editorconfig"), "root = true\n[*]\nindent_size = 8\n");
    const source = await formatSource(renderMigration(addAccount), join(project, "revisions/a.ts"));
    expect(source).toContain("export const revision = '1975ea83b712'\n");
    expect(source).toContain("\n        await op.dropTable('account')\n");
  });

  it("names the file and what to check where it fails", async () => {
    const file = inFolder("broken.ts");
    await expect(formatSource("export const =", file)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      file,
      hint: "check the template of revision files and your prettier settings",
    });
  });
});

describe("revision files pass a strict compiler", () => {
  const callable = Object.values(EXAMPLES)
    .flat()
    .filter(([, statement]) => statement.startsWith("await"))
    .map(([operation]) => plain(operation));
  const everything: MigrationText = { ...addAccount, upgrade: callable, downgrade: callable };

  it.each<FileFormat>(["ts", "esm", "cjs"])("with every operation, as %s", (format) => {
    expect(problems({ [nameOf("everything", format)]: { ...everything, format } })).toEqual([]);
  });

  it.each<FileFormat>(["ts", "esm", "cjs"])("with no operation, as %s", (format) => {
    expect(problems({ [nameOf("merge", format)]: { ...merge, format } })).toEqual([]);
  });

  it("with whatever tables there are", () => {
    const schemas = (["sqlite", "postgres", "mysql", "mssql"] as const).flatMap((dialect) =>
      fc.sample(arbitrarySchema({ dialect }), { numRuns: 20, seed: 1 }),
    );
    const upgrade = schemas.flatMap(({ tables, views }) => [
      ...tables.map((table) => plain({ kind: "createTable", table })),
      ...views.map((view) => plain({ kind: "createView", view })),
    ]);
    expect(problems({ "random.ts": { ...addAccount, upgrade } })).toEqual([]);
  });

  it("which would find a wrong call", () => {
    const wrong = template.replace(
      "{{upgrade}}",
      "{{upgrade}}\nexport const x = (op: Operations) => op.dropTable(1);",
    );
    expect(problems({ "wrong.ts": { ...addAccount, template: wrong } })).toEqual([
      "Argument of type 'number' is not assignable to parameter of type 'TableName'.",
    ]);
  });
});

function nameOf(stem: string, format: FileFormat): string {
  return `${stem}.${{ ts: "ts", esm: "mjs", cjs: "cjs" }[format]}`;
}

/** What a CommonJS file exports. */
function exportsOf(source: string): Readonly<Record<string, unknown>> {
  const exported: Record<string, unknown> = {};
  functionOf<[typeof exported], void>(["exports"], source)(exported);
  return exported;
}

/** What a strict compiler says of rendered files, with the public types under the name of the package. */
function problems(files: Readonly<Record<string, MigrationText>>): readonly string[] {
  const project = mkdtempSync(join(folder, "types-"));
  const names = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(project, name), renderMigration(text));
    return join(project, name);
  });
  const program = ts.createProgram(names, {
    noEmit: true,
    strict: true,
    // Of `exports.downRevision = null` the compiler makes `any`; to say otherwise would clutter every such file.
    noImplicitAny: !names.some((name) => name.endsWith(".cjs")),
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    allowJs: true,
    checkJs: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    paths: { limbeck: [join(root, "src/operations/spec.ts")] },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || names.includes(file.fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
