import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Limbeck's version, as its package says. */
export const version: string = (
  JSON.parse(readFileSync(join(__dirname, "..", "package.json"), "utf8")) as { readonly version: string }
).version;
