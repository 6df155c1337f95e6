/** What servers can do, by the versions that their manuals name. */
import { capabilitiesOf } from "../../../src/dialects/mysql/capabilities";
import type { Capabilities } from "../../../src/dialects/mysql/capabilities";
import { compile } from "../../../src/dialects/mysql/compile";
import { emptyRegistry } from "../../../src/operations/registry";

type Change = readonly [
  capability: keyof Capabilities,
  before: string,
  value: unknown,
  since: string,
  value: unknown,
];

test.each<Change>([
  ["quotedDefaults", "10.2.6-MariaDB", false, "10.2.7-MariaDB", true],
  ["checks", "10.2.21-MariaDB", "none", "10.2.22-MariaDB", "withTable"],
  ["checkLevel", "10.5.9-MariaDB", false, "10.5.10-MariaDB", true],
  ["indexVisibility", "10.5.23-MariaDB", undefined, "10.6.0-MariaDB", "IGNORED = 'NO'"],
  ["lastTimestamp", "11.4.5-MariaDB", 2147483647, "11.5.1-MariaDB", 4294967295],
  ["escapedExpressions", "5.7.44", false, "8.0.11", true],
  ["indexVisibility", "5.7.44", undefined, "8.0.11", "IS_VISIBLE = 'YES'"],
  ["spatialReferenceSystems", "8.0.2", false, "8.0.3", true],
  ["functionalIndexes", "8.0.12", false, "8.0.13", true],
  ["checks", "8.0.15", "none", "8.0.16", "withoutTable"],
  ["dropsAnyConstraint", "8.0.18", false, "8.0.19", true],
  ["displayWidths", "8.0.18", true, "8.0.19", false],
  // Between the two servers.
  ["quotedDefaults", "9.7.4", false, "10.11.6", true],
  ["generatedNotNull", "10.11.6", false, "9.7.4", true],
  ["ignoredIndexes", "9.7.4", false, "11.8.6-MariaDB", true],
  ["conditionalClauses", "8.4.3", false, "10.5.23-MariaDB", true],
  ["jsonIsText", "8.4.3", false, "10.5.23-MariaDB", true],
  ["vectorsOfOneLength", "9.7.4", false, "11.8.6-MariaDB", true],
])("%s: %s %p, %s %p", (capability, before, old, since, value) => {
  expect(capabilitiesOf(before, "mysql")[capability]).toBe(old);
  expect(capabilitiesOf(since, "mysql")[capability]).toBe(value);
});

test.each([
  ["8.0", "8.0.40"],
  ["8", "8.4.3"],
  ["10.5", "10.5.23-MariaDB"],
  ["5.5.5-10.11.19-MariaDB-0+deb12u1", "10.11.19-MariaDB"],
  ["8.0.36-0ubuntu0.22.04.1", "8.0.36"],
  ["9.7.4-2", "9.7.4"],
])("%s can do what %s can", (version, same) => {
  expect(capabilitiesOf(version, "mysql")).toEqual(capabilitiesOf(same, "mysql"));
});

test.each([
  ["8.0.18", "ALTER TABLE `t` DROP CHECK `c`"],
  ["8.0.19", "ALTER TABLE `t` DROP CONSTRAINT `c`"],
  ["10.5.23-MariaDB", "ALTER TABLE `t` DROP CONSTRAINT `c`"],
])("a check is dropped on %s by %s", (serverVersion, sql) => {
  const drop = { kind: "dropConstraint", table: { name: "t" }, name: "c", type: "check" } as const;
  const context = { serverVersion, registry: emptyRegistry };
  expect(compile(drop, context, "mysql").map((statement) => statement.sql)).toEqual([sql]);
});
