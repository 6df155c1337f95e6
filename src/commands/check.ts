/** `check`: do the entities and the database agree? Changes nothing. */
import type { ObjectReference } from "../model/filter";
import type { Operation } from "../operations/operation";
import type { Environment } from "../runtime/environment";
import { adoptedRevisions, classesLeft } from "./adopted";
import { compareAgainst } from "./against";
import type { AgainstOptions } from "./against";
import { changesOf } from "./changes";
import type { Change } from "./changes";
import { describeAll } from "./describe-all";
import type { Loss } from "./losses";

/** What `check` found. */
export interface CheckResult {
  /** In words, one for each difference; none when both agree. */
  readonly differences: readonly string[];
  readonly operations: readonly Operation[];
  /** In the database, but neither in the entities nor made by a revision. */
  readonly unmanaged: readonly ObjectReference[];
  /** What the way to the entities may lose, or where it may fail. */
  readonly losses: readonly Loss[];
  /** How many of these there are. */
  readonly lossCount: number;
  /** The differences with where their entities stand, where that was asked for. */
  readonly changes?: readonly Change[];
}

export interface CheckOptions extends AgainstOptions {
  /** Adds `changes`, with the places of the entities. */
  readonly places?: boolean;
}

/** Compares. Throws DATABASE_BEHIND where the database is not at head: what differs then is no news. */
export async function check(environment: Environment, options: CheckOptions = {}): Promise<CheckResult> {
  const results: Omit<CheckResult, "lossCount">[] = [];
  await warnOfClasses(environment);
  await compareAgainst(environment, { noRenames: true, ...options }, async ({ comparison, context }) => {
    const { operations, unmanaged, warnings, registry } = comparison;
    for (const warning of warnings) environment.reporter.warn(warning);
    const dataSource = context.parts.target ?? (await environment.dataSource());
    results.push({
      differences: describeAll(operations, registry),
      operations,
      unmanaged,
      losses: [...comparison.losses.values()].flat(),
      ...(options.places ? { changes: changesOf(operations, registry, comparison.losses, dataSource) } : {}),
    });
  });
  const losses = results.flatMap((result) => result.losses);
  return {
    losses,
    lossCount: losses.length,
    differences: results.flatMap(({ differences }) => differences),
    operations: results.flatMap(({ operations }) => operations),
    unmanaged: results.flatMap(({ unmanaged }) => unmanaged),
    ...(options.places ? { changes: results.flatMap(({ changes = [] }) => changes) } : {}),
  };
}

/** Migration classes that were added to the data source after others of them became revisions: nothing runs them. */
async function warnOfClasses(environment: Environment): Promise<void> {
  const map = await environment.revisions();
  if (adoptedRevisions(map).length === 0) return;
  const left = await classesLeft(environment, map, await environment.dataSource());
  if (left.length === 0) return;
  const names = left.map(({ name }) => name).join(", ");
  environment.reporter.warn(
    `no revision runs the migration ${left.length === 1 ? "class" : "classes"} ${names} of the data source: \`limbeck init --from-typeorm\` writes one for each`,
  );
}
