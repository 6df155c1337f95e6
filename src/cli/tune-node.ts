/** What makes a run that is over after a second cheaper than Node's defaults, which are made for servers. */
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";

/**
 * Tells V8 to optimise later, and keeps what it compiles for the next run. To be called before anything else is loaded.
 *
 * A command is over before most of what V8 would optimise has paid for it: by default that costs a quarter of all CPU
 * time with 1,000 tables (`test/bench/tables.js`). What runs long, such as a backfill, is optimised a little later.
 */
export function tuneNode(): void {
  const flag = patienceFlag(process.versions.v8);
  if (flag !== undefined) setFlagsFromString(flag);
  // From Node 22.8 on (manual, "Module compile cache"); NODE_DISABLE_COMPILE_CACHE=1 switches it off.
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
  enableCompileCache?.();
}

/**
 * The flag by which a version of V8 waits longer before it optimises; nothing for a version that is not known, because
 * V8 complains on the terminal of a flag that it does not have.
 */
export function patienceFlag(version: string): string | undefined {
  const major = Number(version.split(".")[0]);
  if (major === 11) return "--interrupt-budget=1000000";
  return major >= 12 && major <= 14 ? "--invocation-count-for-turbofan=30000" : undefined;
}
