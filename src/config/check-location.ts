/** Keeps TypeORM away from revision files: it would try to construct their functions, and the application would not start. */
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import type { DataSource } from "typeorm";
import { LimbeckError } from "../errors";
import type { ResolvedConfig } from "./config";

/** Throws SCRIPT_LOCATION_INVALID where a glob of the data source matches the files of a version location. */
export function checkScriptLocation(config: ResolvedConfig, options: DataSource["options"]): void {
  for (const key of ["migrations", "entities", "subscribers"] as const) {
    const listed = options[key] ?? [];
    for (const glob of Array.isArray(listed) ? listed : Object.values(listed)) {
      if (typeof glob !== "string" || glob.startsWith("!")) continue;
      const location = config.versionLocations.find((folder) => matches(glob, folder));
      if (location === undefined) continue;
      throw new LimbeckError(
        "SCRIPT_LOCATION_INVALID",
        `the \`${key}\` glob "${glob}" of the data source matches the revision files in ${location}`,
        {
          file: config.file,
          hint: "choose another `scriptLocation`, or narrow the glob: TypeORM would load our files as its own",
        },
      );
    }
  }
}

function matches(glob: string, location: string): boolean {
  const isMatch = picomatch(resolve(glob).replaceAll("\\", "/"), { dot: true });
  return ["ts", "js"].some((extension) =>
    isMatch(join(location, `1975ea83b712_a.${extension}`).replaceAll("\\", "/")),
  );
}
