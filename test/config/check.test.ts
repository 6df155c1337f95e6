import { resolve } from "node:path";
import example from "../../ormconfig.example";
import { checkConfig, nearest } from "../../src/config/check";
import { resolveConfigObject } from "../../src/config/resolve";
import { errorOf } from "../support/error";

describe("a configuration", () => {
  it.each<readonly [string, unknown]>([
    ["with nothing", {}],
    ["with a key that is undefined", { dialect: undefined }],
    ["of several databases", { databases: { main: { dialect: "postgres" } } }],
    ["of several environments", { environments: { prod: { databases: { main: { slugLength: 20 } } } } }],
    ["as the example shows it", example],
  ])("%s is good", (_what, config) => {
    expect(() => checkConfig(config, "ormconfig.ts")).not.toThrow();
  });

  it.each<readonly [unknown, string]>([
    [{ dataSouce: 1 }, "ormconfig.ts has an unknown key `dataSouce`"],
    [{ SCRIPTLOCATION: "a" }, "ormconfig.ts has an unknown key `SCRIPTLOCATION`"],
    [{ colour: 1 }, "ormconfig.ts has an unknown key `colour`"],
    [{ constructor: 1 }, "ormconfig.ts has an unknown key `constructor`"],
    [{ databases: { main: { dialekt: "" } } }, "ormconfig.ts has an unknown key `databases.main.dialekt`"],
    [
      { dialect: "postgresql" },
      '`dialect` in ormconfig.ts must be one of postgres, mysql, mariadb, sqlite, mssql, not "postgresql"',
    ],
    [{ slugLength: 0 }, "`slugLength` in ormconfig.ts must be a whole number above 0, not 0"],
    [{ slugLength: 1.5 }, "`slugLength` in ormconfig.ts must be a whole number above 0, not 1.5"],
    [{ scriptLocation: "" }, '`scriptLocation` in ormconfig.ts must be a text, not ""'],
    [{ versionLocations: "a" }, '`versionLocations` in ormconfig.ts must be a list of texts, not "a"'],
    [{ include: [/a/] }, "`include` in ormconfig.ts must be a list of texts"],
    [{ renderAsBatch: "yes" }, '`renderAsBatch` in ormconfig.ts must be "auto", true or false, not "yes"'],
    [
      { enumStrategy: "replace" },
      '`enumStrategy` in ormconfig.ts must be one of add, rebuild, not "replace"',
    ],
    [{ typeormMetadata: "no" }, '`typeormMetadata` in ormconfig.ts must be true or false, not "no"'],
    [
      { serverVersion: "newest" },
      '`serverVersion` in ormconfig.ts must be a version, such as "10.11.6", not "newest"',
    ],
    [{ includeObject: {} }, "`includeObject` in ormconfig.ts must be a function"],
    [{ dataSource: null }, "`dataSource` in ormconfig.ts must be a data source"],
    [{ plugins: [null] }, "`plugins` in ormconfig.ts must be a list of objects with a `name`"],
    [
      { plugins: [{ name: "grants", operations: [{ name: "grant" }] }] },
      "`plugins` in ormconfig.ts must be plugins whose `operations` have a `name` and a function `describe`",
    ],
    [
      { plugins: [{ name: "grants", comparators: [{ kind: "grant" }] }] },
      "`plugins` in ormconfig.ts must be plugins whose `comparators` have a `kind` and functions `target`, `inspect` and `diff`",
    ],
    [
      { includeSchemas: "audit" },
      '`includeSchemas` in ormconfig.ts must be a list of names or globs, true, false or a function, not "audit"',
    ],
    [{ compareType: "no" }, '`compareType` in ormconfig.ts must be true, false or a function, not "no"'],
    [
      { processRevisionDirectives: {} },
      "`processRevisionDirectives` in ormconfig.ts must be a function or a Rewriter",
    ],
    [{ databases: { main: 1 } }, "`databases.main` in ormconfig.ts must be an object, not 1"],
    [
      { environments: { prod: { transaction: "one" } } },
      '`environments.prod.transaction` in ormconfig.ts must be one of all, each, none, not "one"',
    ],
    [
      { environments: { prod: { environments: {} } } },
      "`environments.prod.environments` in ormconfig.ts is not possible: it is nested too deep",
    ],
    [
      { databases: { main: { databases: {} } } },
      "`databases.main.databases` in ormconfig.ts is not possible: it is nested too deep",
    ],
    ["a text", "ormconfig.ts does not export an object as its default"],
    [[{ type: "postgres" }], "ormconfig.ts does not export an object as its default"],
  ])("%j is refused: %s", (config, message) => {
    expect(errorOf(() => checkConfig(config, "ormconfig.ts"))).toMatchObject({
      code: "CONFIG_INVALID",
      message,
    });
  });

  it.each<readonly [unknown, RegExp]>([
    [{ dataSouce: 1 }, /^did you mean `dataSource`\?$/],
    [{ SCRIPTLOCATION: "a" }, /^did you mean `scriptLocation`\?$/],
    [{ databases: { main: { dialekt: "" } } }, /^did you mean `dialect`\?$/],
    [{ colour: 1 }, /^the keys are dataSource, dialect/],
    ["a text", /export default \{ dataSource/],
    [[{ type: "postgres" }], /databases: \{ main/],
  ])("%j is refused with the way out: %s", (config, hint) => {
    expect(errorOf(() => checkConfig(config, "ormconfig.ts"))).toMatchObject({
      hint: expect.stringMatching(hint),
    });
  });
});

describe("the example", () => {
  it("shows every key", () => {
    const { hint } = errorOf(() => checkConfig({ colour: 1 }, "ormconfig.ts")) as { readonly hint: string };
    const keys = hint.replace("the keys are ", "").split(", ");
    expect(Object.keys(example).sort()).toEqual(keys.sort());
  });

  it("shows the defaults where it says so", () => {
    const { scriptLocation, versionLocations, fileTemplate, slugLength, transaction } = example;
    const { versionTable, historyTable, names, typeormMetadata, loader } = example;
    const shown = { fileTemplate, slugLength, transaction, versionTable, historyTable, names };
    expect(resolveConfigObject({}, resolve("."))).toMatchObject({
      ...shown,
      typeormMetadata,
      loader,
      scriptLocation: resolve(scriptLocation),
      versionLocations: versionLocations.map((location) => resolve(location)),
    });
  });
});

describe("the nearest word", () => {
  it.each([
    ["datasource", "dataSource"],
    ["verionTable", "versionTable"],
    ["exlude", "exclude"],
    ["x", undefined],
    ["somethingElse", undefined],
  ])("to %s is %s", (word, expected) => {
    expect(nearest(word, ["dataSource", "versionTable", "exclude", "include"])).toBe(expected);
  });
});
