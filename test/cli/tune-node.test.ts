/** What is told to V8 must be something that it knows: otherwise every command complains. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { flagsFor } from "../../src/cli/tune-node";

test.each([
  [
    "Node 20",
    "11.3.244.8-node.33",
    ["--interrupt-budget=2000000", "--no-incremental-marking", "--semi-space-growth-factor=1"],
  ],
  ["Node 22", "12.4.254.21-node.33", ["--invocation-count-for-turbofan=30000"]],
  ["Node 24", "13.6.233.17-node.28", ["--invocation-count-for-turbofan=30000"]],
  ["Node 26", "14.6.202.34-node.34", ["--invocation-count-for-turbofan=30000"]],
  ["a Node that is not known yet", "15.0.1-node.1", []],
])("%s is told what its V8 knows", (_name, version, flags) => {
  expect(flagsFor(version)).toEqual(flags);
});

test("the Node that runs this has nothing to complain of", () => {
  const main = join(__dirname, "..", "..", "dist", "cli", "main.js");
  const { status, stderr } = spawnSync(process.execPath, [main, "--version"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
