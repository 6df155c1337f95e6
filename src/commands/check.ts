/** `check`: do the entities and the database agree? Changes nothing. */
import type { OpenQuestion } from "../diff/renames";
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
import { isPresumed } from "./renames";

/** What `check` found. */
export interface CheckResult {
  /** In words, one for each difference, with those that are a question first; none when both agree. */
  readonly differences: readonly string[];
  /** What leads to the entities where each question has its likeliest answer. */
  readonly operations: readonly Operation[];
  /** What looks like a rename and was not answered; none where `noRenames` is said. */
  readonly questions: readonly OpenQuestion[];
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

/**
 * Compares. What looks like a rename is drop and add unless `noRenames` is false, and then a question. Throws DATABASE_BEHIND where the database is not at head: what differs then is no news.
 */
export async function check(environment: Environment, options: CheckOptions = {}): Promise<CheckResult> {
  const results: Omit<CheckResult, "lossCount">[] = [];
  await warnOfClasses(environment);
  const asked = { noRenames: true, ...options, presumeRenames: true };
  await compareAgainst(environment, asked, async ({ comparison, context }) => {
    const { operations, unmanaged, warnings, registry, renamed } = comparison;
    const { questions } = renamed;
    const answered = operations.filter((operation) => !isPresumed(operation, renamed));
    for (const warning of warnings) environment.reporter.warn(warning);
    const dataSource = context.parts.target ?? (await environment.dataSource());
    results.push({
      differences: [...questions.map(({ sentence }) => sentence), ...describeAll(answered, registry)],
      operations,
      questions,
      unmanaged,
      losses: [...comparison.losses.values()].flat(),
      ...(options.places ? { changes: changesOf(answered, registry, comparison.losses, dataSource) } : {}),
    });
  });
  const losses = results.flatMap((result) => result.losses);
  return {
    losses,
    lossCount: losses.length,
    differences: results.flatMap(({ differences }) => differences),
    operations: results.flatMap(({ operations }) => operations),
    questions: results.flatMap(({ questions }) => questions),
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
