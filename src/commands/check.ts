/** `check`: do the entities and the database agree? Changes nothing. */
import type { ObjectReference } from "../model/filter";
import type { Operation } from "../operations/operation";
import type { Environment } from "../runtime/environment";
import { demandAtHeads } from "./at-heads";
import { compare } from "./compare";
import type { CompareOptions } from "./compare";
import { describeAll } from "./describe-all";

export interface CheckResult {
  /** In words, one for each difference; none when both agree. */
  readonly differences: readonly string[];
  readonly operations: readonly Operation[];
  /** In the database, but neither in the entities nor made by a revision. */
  readonly unmanaged: readonly ObjectReference[];
}

/** Compares. Throws DATABASE_BEHIND where the database is not at head: what differs then is no news. */
export async function check(environment: Environment, options: CompareOptions = {}): Promise<CheckResult> {
  const results: CheckResult[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    await demandAtHeads(environment, context);
    const { operations, unmanaged, warnings } = await compare(environment, context, {
      noRenames: true,
      ...options,
    });
    for (const warning of warnings) environment.reporter.warn(warning);
    results.push({ differences: describeAll(operations, environment.registry), operations, unmanaged });
  });
  return {
    differences: results.flatMap(({ differences }) => differences),
    operations: results.flatMap(({ operations }) => operations),
    unmanaged: results.flatMap(({ unmanaged }) => unmanaged),
  };
}
