/** `merge`: a revision with several parents and nothing to do, where branches meet. */
import { LimbeckError } from "../errors";
import { headsOf } from "../revisions/plan";
import { resolve } from "../revisions/target";
import type { Environment } from "../runtime/environment";
import { newRevision, writeRevision } from "./new-revision";
import type { NewRevisionOptions } from "./new-revision";
import { runEnvironment } from "./run-environment";

/** Which branches meet, and in what file. */
export interface MergeOptions extends NewRevisionOptions {
  /** What meets, `heads` unless said. */
  readonly revisions?: readonly string[];
}

/** The file in which they meet. */
export interface MergeResult {
  readonly file: string;
  readonly revision: string;
  readonly parents: readonly string[];
}

/**
 * Writes the file of a merge point. Throws USAGE where fewer than two revisions are named, NOT_A_HEAD where one is no
 * head and `splice` is not said, INVALID_TARGET where one leads to another.
 */
export async function merge(environment: Environment, options: MergeOptions = {}): Promise<MergeResult> {
  const map = await environment.revisions();
  const named = options.revisions?.length ? options.revisions : ["heads"];
  const parents = named.flatMap((text) => {
    const ids = text === "heads" ? map.heads : resolve(map, text);
    if (ids.length > 0) return ids;
    throw new LimbeckError("USAGE", `"${text}" is no revision, so there is nothing to merge`, {
      hint: "name the heads that shall meet (`limbeck heads`)",
    });
  });
  const twice = parents.find((id, index) => parents.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new LimbeckError("USAGE", `revision ${twice} is named twice`, { hint: "name each revision once" });
  }
  if (parents.length < 2) {
    throw new LimbeckError(
      "USAGE",
      `a merge needs two revisions or more, and there is only ${parents.join() || "none"}`,
      {
        hint:
          map.heads.length > 1
            ? `the heads are ${map.heads.join(", ")}`
            : "there is one head: nothing to merge",
      },
    );
  }
  const independent = headsOf(map, parents);
  const implied = parents.filter((id) => !independent.includes(id));
  if (implied.length > 0 && !options.splice) demandUnrelated(implied, independent);
  const planned = newRevision(map, environment, parents, options);
  await runEnvironment(environment);
  const content = { upgrade: [], downgrade: [], detected: [] };
  const file = await writeRevision(environment, planned, content, options);
  return { file, revision: planned.revision.id, parents };
}

/** One that others depend on is a head all the same; one that others descend from is none, and is refused as such. */
function demandUnrelated(implied: readonly string[], independent: readonly string[]): void {
  if (independent.length > 1) return;
  throw new LimbeckError(
    "INVALID_TARGET",
    `${independent.join(", ")} comes after ${implied.join(", ")} already: there is nothing to merge`,
    { hint: "name revisions of different branches, or say --splice" },
  );
}
