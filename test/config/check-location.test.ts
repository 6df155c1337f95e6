import { resolve } from "node:path";
import type { DataSourceOptions } from "typeorm";
import { checkScriptLocation } from "../../src/config/check-location";
import { resolveConfigObject } from "../../src/config/resolve";
import { errorOf } from "../support/error";

const check = (config: object, options: object) => () =>
  checkScriptLocation(resolveConfigObject(config, resolve(".")), options as DataSourceOptions);

describe("the script location", () => {
  it.each<readonly [object, object]>([
    [{}, {}],
    [{}, { entities: ["src/**/*.entity{.ts,.js}"], migrations: ["src/migrations/*.ts"] }],
    [{}, { migrations: [class {}], entities: { a: class {} } }],
    [{}, { migrations: ["!revisions/**"] }],
    [{}, { migrations: ["revisions/versions/*.sql"] }],
    [{ scriptLocation: "src/revisions" }, { migrations: ["src/*.ts"] }],
    [{ versionLocations: ["other"] }, { migrations: ["revisions/versions/*.ts"] }],
  ])("of %j is out of the way of %j", (config, options) => {
    expect(check(config, options)).not.toThrow();
  });

  it.each<readonly [object, object, string]>([
    [{}, { migrations: ["revisions/**/*.ts"] }, '`migrations` glob "revisions/**/*.ts"'],
    [{}, { migrations: ["revisions/versions/*{.ts,.js}"] }, "`migrations`"],
    [{}, { migrations: ["revisions/*.ts"] }, "`migrations`"],
    [{}, { migrations: ["revisions"] }, '"revisions"'],
    [{}, { migrations: [resolve("revisions/versions/*.js")] }, "`migrations`"],
    [{}, { migrations: ["./revisions/../revisions/versions/*.js"] }, "`migrations`"],
    [{ scriptLocation: "src/revisions" }, { entities: ["src/**/*.ts"] }, '`entities` glob "src/**/*.ts"'],
    [{}, { entities: { all: "**/*.ts" } }, '"**/*.ts"'],
    [{}, { subscribers: ["**/*.js"] }, "`subscribers`"],
    [{ versionLocations: ["a", "b/c"] }, { migrations: ["b/**"] }, resolve("b/c")],
  ])("of %j is refused beside %j", (config, options, message) => {
    expect(errorOf(check(config, options))).toMatchObject({
      code: "SCRIPT_LOCATION_INVALID",
      message: expect.stringContaining(message),
    });
  });
});
