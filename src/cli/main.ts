#!/usr/bin/env node
/** The command line. Everything is loaded when it is needed: `--help` and `heads` must answer at once. */
import { tuneNode } from "./tune-node";

tuneNode();

const { run } = require("./run") as typeof import("./run");
void run(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
