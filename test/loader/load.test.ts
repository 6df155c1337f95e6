import { loadModule, withStdoutToStderr } from "../../src/loader/load";
import { formatOf, isTypeScript, resolveTypeScript } from "../../src/loader/resolve";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

describe("standard output", () => {
  /** What a body writes to each stream. */
  async function streams(body: () => Promise<unknown>) {
    const written = { stdout: "", stderr: "" };
    const spies = (["stdout", "stderr"] as const).map((name) =>
      jest.spyOn(process[name], "write").mockImplementation((text) => {
        written[name] += String(text);
        return true;
      }),
    );
    try {
      await body().catch(() => undefined);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return written;
  }

  it("goes to standard error while user code runs, and comes back", async () => {
    const written = await streams(async () => {
      process.stdout.write("1");
      await withStdoutToStderr(async () => process.stdout.write("2"));
      process.stdout.write("3");
    });
    expect(written).toEqual({ stdout: "13", stderr: "2" });
  });

  it("comes back only when the outermost of several has ended", async () => {
    const written = await streams(async () => {
      await withStdoutToStderr(async () => {
        await withStdoutToStderr(async () => process.stdout.write("1"));
        process.stdout.write("2");
      });
      process.stdout.write("3");
    });
    expect(written).toEqual({ stdout: "3", stderr: "12" });
  });

  it("comes back when the user code throws", async () => {
    const written = await streams(async () => {
      await withStdoutToStderr(() => Promise.reject(new Error("trouble"))).catch(() => undefined);
      process.stdout.write("1");
    });
    expect(written).toEqual({ stdout: "1", stderr: "" });
  });

  it("is the same function as before, however often it was turned", async () => {
    const write: unknown = Reflect.get(process.stdout, "write");
    for (let time = 0; time < 3; time++) await withStdoutToStderr(() => Promise.resolve());
    expect(Reflect.get(process.stdout, "write")).toBe(write);
  });
});

describe("a module", () => {
  it.each([
    ["CommonJS", "a.cjs", "exports.a = 1;"],
    ["an ES module", "a.mjs", "export const a = 1;"],
    ["TypeScript", "a.ts", "export const a: number = 1;"],
  ])("is loaded as %s", async (_kind, name, text) => {
    const folder = makeProject({ [name]: text, "package.json": "{}" });
    expect(await loadModule(`${folder}/${name}`)).toMatchObject({ a: 1 });
  });

  it("that does not exist is named", async () => {
    await expect(loadModule("/nowhere/a.ts")).rejects.toMatchObject({
      code: "MODULE_FAILED",
      message: "/nowhere/a.ts does not exist",
    });
  });

  it('in TypeScript that fails under loader: "none" is told about it', async () => {
    const folder = makeProject({ "a.ts": "throw new Error('trouble')", "package.json": "{}" });
    await expect(loadModule(`${folder}/a.ts`, { loader: "none" })).rejects.toMatchObject({
      code: "MODULE_FAILED",
      file: `${folder}/a.ts`,
      hint: expect.stringContaining('loader: "none"'),
    });
  });
});

describe("the format of a file", () => {
  const folder = makeProject({ "package.json": '{ "type": "module" }', "inner/package.json": "{}" });

  it.each([
    ["a.ts", "module"],
    ["deep/er/a.js", "module"],
    ["a.cts", "commonjs"],
    ["a.cjs", "commonjs"],
    ["inner/a.ts", "commonjs"],
    ["inner/a.mts", "module"],
    ["inner/a.mjs", "module"],
  ])("of %s is %s", (file, format) => {
    expect(formatOf(`${folder}/${file}`)).toBe(format);
  });
});

describe("a specifier in TypeScript", () => {
  const folder = makeProject({
    "tsconfig.base.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
    "tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
    "src/main.ts": "",
    "src/plain.ts": "",
    "src/module.mts": "",
    "src/common.cts": "",
    "src/view.tsx": "",
    "src/script.js": "",
    "src/both.ts": "",
    "src/both.js": "",
    "src/folder/index.ts": "",
    "src/data.json": "",
    "src/fs.ts": "",
    "src/types.d.ts": "",
  });

  it.each([
    ["./plain", "src/plain.ts"],
    ["./plain.js", "src/plain.ts"],
    ["./plain.ts", "src/plain.ts"],
    ["./module.mjs", "src/module.mts"],
    ["./common.cjs", "src/common.cts"],
    ["./view.js", "src/view.tsx"],
    ["./script.js", "src/script.js"],
    ["./script", "src/script.js"],
    ["./both.js", "src/both.ts"],
    ["./both", "src/both.ts"],
    ["./folder", "src/folder/index.ts"],
    ["./folder/", "src/folder/index.ts"],
    [".", undefined],
    ["..", undefined],
    ["./data.json", "src/data.json"],
    ["@/plain", "src/plain.ts"],
    ["@/folder/index.js", "src/folder/index.ts"],
    ["src/plain", "src/plain.ts"],
    ["@/gone", undefined],
    ["./gone.js", undefined],
    ["./types", undefined],
    ["typeorm", undefined],
    ["fs", undefined],
    ["node:fs", undefined],
  ])("%s means %s", (specifier, file) => {
    const expected = file === undefined ? undefined : `${folder}/${file}`;
    expect(resolveTypeScript(specifier, `${folder}/src/main.ts`)).toBe(expected);
  });

  it.each([
    ["a.ts", true],
    ["a.mts", true],
    ["a.cts", true],
    ["a.tsx", true],
    ["a.d.ts", false],
    ["a.d.mts", false],
    ["a.js", false],
    ["ats", false],
  ])("%s is TypeScript that runs: %s", (file, expected) => {
    expect(isTypeScript(file)).toBe(expected);
  });
});
