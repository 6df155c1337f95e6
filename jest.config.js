/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  transform: { "^.+\\.[cm]?ts$": "<rootDir>/test/transform.js" },
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/fixtures/apps/"],
  reporters: ["default", "<rootDir>/test/report.js"],
  globalSetup: "<rootDir>/test/servers/setup.js",
  globalTeardown: "<rootDir>/test/servers/teardown.js",
  testTimeout: 60_000,
};
