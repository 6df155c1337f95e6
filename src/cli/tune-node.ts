/** What makes a run that is over after a second cheaper than Node's defaults, which are made for servers. */
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";

/**
 * Tells V8 that it serves a command, and keeps what it compiles for the next run. To be called before anything else is
 * loaded.
 */
export function tuneNode(): void {
  for (const flag of flagsFor(process.versions.v8)) setFlagsFromString(flag);
  // From Node 22.8 on (manual, "Module compile cache"); NODE_DISABLE_COMPILE_CACHE=1 switches it off.
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
  enableCompileCache?.();
}

/**
 * The flags for a version of V8; none for one that is not known, because V8 complains on the terminal of a flag that it
 * does not have.
 *
 * A command is over before most of what V8 would optimise has paid for it: by default that costs a quarter of all CPU
 * time with 1,000 tables (`test/bench/tables.js`). What runs long, such as a backfill, is optimised a little later. And
 * nobody waits for a command's next answer, so that its memory need not be looked through bit by bit (3 to 5 % with V8 11).
 * Most of what a command makes lives as long as it does: room for what is short-lived stays small, which saves 40 MB of
 * 310 with 5,000 tables.
 */
export function flagsFor(version: string): readonly string[] {
  const major = Number(version.split(".")[0]);
  if (major === 11) {
    return ["--interrupt-budget=2000000", "--no-incremental-marking", "--semi-space-growth-factor=1"];
  }
  return major >= 12 && major <= 14 ? ["--invocation-count-for-turbofan=30000"] : [];
}
