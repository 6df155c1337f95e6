// Loaded into a process that is measured, before anything else: writes at its end what it has cost.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpu: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
  writeFileSync(process.env.LIMBECK_BENCH_USAGE, JSON.stringify(usage));
});
