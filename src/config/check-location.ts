/** Keeps TypeORM away from revision files: it would try to construct their functions, and the application would not start. */
import { dirname, join, resolve } from "node:path";
import type { DataSource } from "typeorm";
import { LimbeckError } from "../errors";
import type { ResolvedConfig } from "./config";

/** Throws SCRIPT_LOCATION_INVALID where a glob of the data source matches env.ts or the files of a version location. */
export function checkScriptLocation(config: ResolvedConfig, options: DataSource["options"]): void {
  const files = [
    ...["env.ts", "env.js"].map((name) => join(config.scriptLocation, name)),
    ...config.versionLocations.flatMap((folder) =>
      ["1975ea83b712_name.ts", "1975ea83b712_name.js"].map((name) => join(folder, name)),
    ),
  ].map(slashed);
  for (const key of ["migrations", "entities", "subscribers"] as const) {
    const listed = options[key] ?? [];
    for (const glob of Array.isArray(listed) ? listed : Object.values(listed)) {
      if (typeof glob !== "string" || glob.startsWith("!")) continue;
      // As TypeORM reads it: from the working directory, a folder standing for all that is in it.
      const path = slashed(resolve(glob));
      // Late: most data sources name their entities.
      const picomatch = require("picomatch") as typeof import("picomatch");
      const matches = picomatch([path, `${path}/**`], { dot: true });
      const matched = files.find((file) => matches(file));
      if (matched === undefined) continue;
      throw new LimbeckError(
        "SCRIPT_LOCATION_INVALID",
        `the \`${key}\` glob "${glob}" of the data source matches the files in ${dirname(matched)}`,
        {
          file: config.file,
          hint: "choose another `scriptLocation`, or narrow the glob: TypeORM would load our files as its own",
        },
      );
    }
  }
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
