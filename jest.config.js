const shared = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  transform: { "^.+\\.[cm]?ts$": "<rootDir>/test/transform.js" },
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/fixtures/apps/"],
  globalSetup: "<rootDir>/test/servers/setup.js",
  globalTeardown: "<rootDir>/test/servers/teardown.js",
};
const SOURCES = { "^(\\.{1,2}/.*)\\.js$": "$1" };

/** The tests that meet TypeORM, with another copy of it wherever anything says `typeorm`. */
const withTypeorm = (displayName, copy) => ({
  ...shared,
  displayName,
  testMatch: [
    "<rootDir>/test/roundtrip/**/*.test.ts",
    "<rootDir>/test/metadata/**/*.test.ts",
    "<rootDir>/test/loader/data-source.test.ts",
    "<rootDir>/test/loader/indexed-metadata.test.ts",
  ],
  moduleNameMapper: { "^typeorm$": copy, "^typeorm/(.*)$": `${copy}/$1`, ...SOURCES },
});

const copy = process.env.LIMBECK_TYPEORM;

/** @type {import("jest").Config} */
module.exports = {
  testTimeout: 60_000,
  // Jest leaves one core to itself otherwise, and most of what the tests do is waiting for servers and processes.
  maxWorkers: "100%",
  reporters: ["default", "<rootDir>/test/report.js"],
  projects: copy
    ? [withTypeorm(copy, copy)]
    : [
        {
          ...shared,
          displayName: "typeorm 1.x",
          testMatch: ["<rootDir>/test/**/*.test.ts"],
          moduleNameMapper: SOURCES,
        },
        withTypeorm("typeorm 0.3", "typeorm-0.3"),
      ],
};
