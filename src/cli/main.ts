#!/usr/bin/env node
/** The command line. Everything is loaded when it is needed: `--help` and `heads` must answer at once. */
import { setFlagsFromString } from "node:v8";
import { run } from "./run";

// A command is over before most of what V8 would optimise has paid for it: by default that costs a quarter of all CPU
// time with 1,000 tables. What runs long, such as a backfill, is optimised a little later.
setFlagsFromString("--interrupt-budget=1000000");

void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
