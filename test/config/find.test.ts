import { join } from "node:path";
import { findConfig } from "../../src/config/find";
import type { FindOptions } from "../../src/config/find";
import { errorOf } from "../support/error";
import { makeProject, removeProjects } from "../support/project";

afterAll(removeProjects);

/** What is found in a project with these files, relative to it. */
function find(files: readonly string[], options: Partial<FindOptions> = {}, packages: object = {}) {
  const texts = Object.fromEntries(files.map((file) => [file, ""]));
  const manifests = Object.fromEntries(
    Object.entries(packages).map(([file, value]) => [file, JSON.stringify(value)]),
  );
  const project = makeProject({ ...texts, ...manifests });
  const { cwd = ".", ...rest } = options;
  const found = findConfig({ env: {}, readsTypeScript: () => true, ...rest, cwd: join(project, cwd) });
  return found?.slice(project.length + 1);
}

const BOTH = ["ormconfig.ts", "ormconfig.js"];

describe("the configuration", () => {
  it.each<readonly [string, readonly string[], Partial<FindOptions>, string | undefined]>([
    ["in the working directory", ["ormconfig.ts"], {}, "ormconfig.ts"],
    ["with any extension", ["ormconfig.mjs"], {}, "ormconfig.mjs"],
    ["in a folder above", ["ormconfig.cts", "a/b/file"], { cwd: "a/b" }, "ormconfig.cts"],
    ["in the nearest of two", ["ormconfig.ts", "a/ormconfig.ts"], { cwd: "a" }, "a/ormconfig.ts"],
    ["as source before its twin", BOTH, {}, "ormconfig.ts"],
    ["as twin where nothing reads TypeScript", BOTH, { readsTypeScript: () => false }, "ormconfig.js"],
    ["as -c says", [...BOTH, "other.ts"], { configFile: "other.ts" }, "other.ts"],
    [
      "as -c says, from the working directory",
      ["b/x.ts", "a/f"],
      { cwd: "a", configFile: "../b/x.ts" },
      "b/x.ts",
    ],
    ["as LIMBECK_CONFIG says", [...BOTH, "other.ts"], { env: { LIMBECK_CONFIG: "other.ts" } }, "other.ts"],
    [
      "as -c says rather than LIMBECK_CONFIG",
      ["a.ts", "b.ts"],
      { configFile: "a.ts", env: { LIMBECK_CONFIG: "b.ts" } },
      "a.ts",
    ],
    ["although LIMBECK_CONFIG is empty", BOTH, { env: { LIMBECK_CONFIG: "" } }, "ormconfig.ts"],
    ["as the twin of -c", ["a.mts", "a.mjs"], { configFile: "a.mts", readsTypeScript: () => false }, "a.mjs"],
    ["as the twin of a -c that is gone", ["a.js"], { configFile: "a.ts" }, "a.js"],
    [
      "as the source of -c where it has no twin",
      ["a.ts"],
      { configFile: "a.ts", readsTypeScript: () => false },
      "a.ts",
    ],
    ["nowhere", ["a/file", "ormconfig.json"], { cwd: "a" }, undefined],
  ])("is found %s", (_where, files, options, expected) => {
    expect(find(files, options)).toBe(expected);
  });

  it("is found where package.json says", () => {
    const packages = { "package.json": { limbeck: { config: "src/ormconfig.ts" } } };
    expect(find(["src/ormconfig.ts", "deep/er/file"], { cwd: "deep/er" }, packages)).toBe("src/ormconfig.ts");
    const twin = { readsTypeScript: () => false };
    expect(find(["src/ormconfig.ts", "src/ormconfig.js"], twin, packages)).toBe("src/ormconfig.js");
  });

  it.each<readonly [string, readonly string[], object, string]>([
    ["as its source stands", ["dist/src/ormconfig.js"], {}, "dist/src/ormconfig.js"],
    ["without the root of the sources", ["dist/ormconfig.js"], {}, "dist/ormconfig.js"],
    ["in another folder", ["build/ormconfig.js"], {}, "build/ormconfig.js"],
    [
      "where tsconfig says",
      ["out/ormconfig.js", "dist/ormconfig.js"],
      { "tsconfig.json": { compilerOptions: { outDir: "out" } } },
      "out/ormconfig.js",
    ],
  ])("is found compiled, in an image without sources: %s", (_where, files, more, expected) => {
    const packages = { "package.json": { limbeck: { config: "src/ormconfig.ts" } }, ...more };
    expect(find(files, {}, packages)).toBe(expected);
  });

  it("is found compiled beside sources that nothing reads", () => {
    const packages = { "package.json": { limbeck: { config: "src/ormconfig.ts" } } };
    const files = ["src/ormconfig.ts", "dist/ormconfig.js"];
    expect(find(files, { readsTypeScript: () => false }, packages)).toBe("dist/ormconfig.js");
    expect(find(files, {}, packages)).toBe("src/ormconfig.ts");
  });

  it("is missed with what to do where nothing was compiled", () => {
    const packages = { "package.json": { limbeck: { config: "src/ormconfig.ts" } } };
    expect(errorOf(() => find([], {}, packages))).toMatchObject({
      hint: expect.stringContaining("limbeck -c dist/ormconfig.js") as string,
    });
  });

  it("is not looked for in a package.json that says nothing of it", () => {
    expect(find(["a/ormconfig.ts", "a/b/file"], { cwd: "a/b" }, { "a/b/package.json": {} })).toBe(
      "a/ormconfig.ts",
    );
  });

  it.each<readonly [string, Partial<FindOptions>, object, object]>([
    ["-c", { configFile: "gone.ts" }, {}, { code: "CONFIG_NOT_FOUND", hint: expect.stringContaining("-c") }],
    [
      "package.json",
      {},
      { "package.json": { limbeck: { config: "gone.ts" } } },
      { code: "CONFIG_NOT_FOUND", hint: expect.stringContaining("package.json names it") },
    ],
  ])("that %s names must be there", (_what, options, packages, error) => {
    expect(errorOf(() => find([], options, packages))).toMatchObject(error);
  });

  it("is not found through a package.json that is broken, which is said", () => {
    const project = makeProject({ "package.json": "{ broken" });
    expect(errorOf(() => findConfig({ cwd: project, env: {}, readsTypeScript: () => true }))).toMatchObject({
      code: "CONFIG_INVALID",
      file: join(project, "package.json"),
    });
  });
});
