/** The user's own copy of TypeORM, which is the only one that runs. */
import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * A module of TypeORM as a file of the application would get it, else as the working directory would; nothing where it
 * lies elsewhere, as in a monorepo.
 */
export function requireTypeOrm(file: string, request = "typeorm"): unknown {
  for (const from of [file, join(process.cwd(), "package.json")]) {
    try {
      return createRequire(from)(request) as unknown;
    } catch {
      continue;
    }
  }
  return undefined;
}
