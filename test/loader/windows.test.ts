/** Paths as Windows has them, through the same functions: only `node:path` and the files are stood in for. */
import type * as fileSystem from "node:fs";
import type * as path from "node:path";
import { isUserFile, formatOf, resolveTypeScript } from "../../src/loader/resolve";
import { findConfig } from "../../src/config/find";
import { checkScriptLocation } from "../../src/config/check-location";
import type { ResolvedConfig } from "../../src/config/config";
import { errorOf } from "../support/error";

jest.mock("node:path", () => jest.requireActual<typeof path>("node:path").win32);
jest.mock("node:fs", () => {
  const files: Readonly<Record<string, string>> = {
    "C:\\shop\\package.json": '{ "type": "module" }',
    "C:\\shop\\ormconfig.ts": "",
    "C:\\shop\\src\\data-source.ts": "",
    "C:\\shop\\src\\user.ts": "",
    "C:\\shop\\src\\entities\\index.ts": "",
    "C:\\shop\\legacy\\package.json": "{}",
  };
  return {
    ...jest.requireActual<typeof fileSystem>("node:fs"),
    existsSync: (file: string) => file in files,
    readFileSync: (file: string) => files[file] ?? "",
    statSync: (file: string) => (file in files ? { isFile: () => true } : undefined),
  };
});

describe("on Windows", () => {
  it.each([
    ["./user", "C:\\shop\\src\\user.ts"],
    ["./user.js", "C:\\shop\\src\\user.ts"],
    ["./entities", "C:\\shop\\src\\entities\\index.ts"],
    ["C:\\shop\\src\\user.ts", "C:\\shop\\src\\user.ts"],
    ["C:/shop/src/user", "C:\\shop\\src\\user.ts"],
    ["../src/gone", undefined],
  ])("the specifier %s means %s", (specifier, file) => {
    expect(resolveTypeScript(specifier, "C:\\shop\\src\\data-source.ts")).toBe(file);
  });

  it.each([
    ["C:\\shop\\src\\user.ts", true],
    ["C:\\shop\\node_modules\\typeorm\\index.js", false],
  ])("%s is the user's own: %s", (file, expected) => {
    expect(isUserFile(file)).toBe(expected);
  });

  it.each([
    ["C:\\shop\\src\\user.ts", "module"],
    ["C:\\shop\\legacy\\user.ts", "commonjs"],
    ["C:\\shop\\src\\user.cts", "commonjs"],
  ])("%s is read as %s", (file, expected) => {
    expect(formatOf(file)).toBe(expected);
  });

  it("the configuration is found upwards, up to the drive", () => {
    const options = { env: {}, readsTypeScript: () => true };
    expect(findConfig({ ...options, cwd: "C:\\shop\\src\\entities" })).toBe("C:\\shop\\ormconfig.ts");
    expect(findConfig({ ...options, cwd: "D:\\elsewhere" })).toBeUndefined();
  });

  it.each([
    ["C:\\shop\\src\\**\\*.ts", true],
    ["C:/shop/src/**/*.ts", true],
    ["C:\\shop\\dist\\**\\*.js", false],
  ])("the glob %s matches revision files: %s", (glob, expected) => {
    const config = {
      file: "C:\\shop\\ormconfig.ts",
      scriptLocation: "C:\\shop\\src\\revisions",
      versionLocations: ["C:\\shop\\src\\revisions\\versions"],
    } as unknown as ResolvedConfig;
    const options = { type: "postgres" as const, migrations: [glob] };
    expect(errorOf(() => checkScriptLocation(config, options)) !== undefined).toBe(expected);
  });
});
