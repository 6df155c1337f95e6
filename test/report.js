// Writes the counts of a run as JSON, for the last line of .ci/run.
const { writeFileSync } = require("node:fs");

module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests }) {
    const file = process.env.LIMBECK_TEST_REPORT;
    if (file) writeFileSync(file, JSON.stringify({ numPassedTests, numFailedTests, numPendingTests }));
  }
};
