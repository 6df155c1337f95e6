// Counts of tests, one line of JSON for each run, in the file that LIMBECK_TEST_REPORT names: for the last line of .ci/run.
const { appendFileSync, existsSync, readFileSync } = require("node:fs");

/** Adds the counts of a run. */
function addCounts(passed, failed, skipped) {
  const file = process.env.LIMBECK_TEST_REPORT;
  if (file) appendFileSync(file, `${JSON.stringify({ passed, failed, skipped })}\n`);
}

/** The sum of all runs that a file tells of. */
function sumOfCounts(file) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  for (const counts of lines.map((line) => JSON.parse(line))) {
    for (const key of Object.keys(sum)) sum[key] += counts[key];
  }
  return sum;
}

class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    // A file that cannot be run has no tests to fail.
    addCounts(numPassedTests, numFailedTests + numRuntimeErrorTestSuites, numPendingTests);
  }
}

module.exports = Object.assign(CountReporter, { addCounts, sumOfCounts });
