/**
 * What begins a project, as functions: there is no configuration yet that `open` could find. As everywhere, nothing is
 * printed, and what was done is the answer.
 */
import type { AdoptOptions, AdoptResult } from "./commands/adopt";
import type { InitOptions, InitResult } from "./commands/init";
import type { Template } from "./commands/templates";

/**
 * Writes the configuration and the folder of revisions into a project; `cwd` is the working directory unless said.
 *
 * Throws FILE_EXISTS where something is in the way, TEMPLATE_NOT_FOUND for an unknown template. All or nothing.
 */
export function init(options: Partial<InitOptions> = {}): InitResult {
  const command = require("./commands/init") as typeof import("./commands/init");
  return command.init({ cwd: process.cwd(), ...options });
}

/**
 * `init --from-typeorm`: does what `init` does for a database that TypeORM made, writes its first revisions and stamps it.
 * What it would say goes to `reporter`, and nowhere unless said.
 *
 * Throws what `init` throws; USAGE without a data source; DATABASE_BEHIND, UNKNOWN_VERSION_ROW where TypeORM's own table
 * and the migration classes do not go together. All or nothing.
 */
export async function initFromTypeorm(options: Partial<AdoptOptions> = {}): Promise<AdoptResult> {
  const { adopt } = require("./commands/adopt") as typeof import("./commands/adopt");
  const { silentReporter } = require("./runtime/reporter") as typeof import("./runtime/reporter");
  const usual = { cwd: process.cwd(), env: process.env, now: () => new Date(), reporter: silentReporter };
  return await adopt({ ...usual, ...options });
}

/** The templates that `init` can start from, by name. */
export function listTemplates(): readonly Template[] {
  return (require("./commands/templates") as typeof import("./commands/templates")).listTemplates();
}
