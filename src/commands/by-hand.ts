/** A revision that is not generated, where `processRevisionDirectives` sees it all the same: env.ts runs for it. */
import { emptySchema } from "../model/schema";
import type { Revision } from "../revisions/revision";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { followed } from "../runtime/known-schema";
import { inspected, ownObjects, readTarget } from "./compare";
import type { Comparison } from "./compare";
import { lossesIn } from "./losses";
import { runEnvironment } from "./run-environment";
import { plannedRevisions, steeredSides } from "./steer";

/** What was compared, or only planned, for one database. */
export interface NamedComparison {
  /** Name of the database; empty where there is one. */
  readonly name: string;
  readonly comparison: Comparison;
}

/**
 * What the user's functions make of an empty revision, for each database that env.ts covers; nothing where it does not run
 * (`revisionEnvironment`), or where there are no such functions.
 */
export async function plannedByHand(
  environment: Environment,
  revision: Revision,
  options: { readonly sql?: boolean },
): Promise<readonly NamedComparison[]> {
  const results: NamedComparison[] = [];
  await runEnvironment(environment, options, async (context) => {
    if (context.parts.autogenerate?.processRevisionDirectives === undefined) return;
    const comparison = await comparedWithNothing(environment, context, revision);
    results.push({ name: context.parts.database ?? "", comparison });
  });
  return results;
}

async function comparedWithNothing(
  environment: Environment,
  context: MigrationContext,
  revision: Revision,
): Promise<Comparison> {
  const { dialect } = context;
  const { registry, autogenerate = {} } = context.parts;
  const wanted = await readTarget(environment, context);
  const { live, target } = await steeredSides(environment, context, {
    own: ownObjects(context, wanted),
    target: wanted.schema,
    live: context.isOffline ? emptySchema : await inspected(context, wanted.schema),
    isSimulated: context.isOffline,
  });
  const revisions = await plannedRevisions(environment, context, {
    operations: [],
    renames: [],
    live,
    from: live,
    target,
    revision,
    isGenerated: false,
  });
  const operations = revisions.flatMap(({ upgrade }) => upgrade);
  return {
    operations,
    revisions,
    dialect,
    registry,
    ...(autogenerate.renderItem && { renderItem: autogenerate.renderItem }),
    losses: lossesIn(operations, live, { dialect, registry }),
    renamed: { schema: live, operations: [], answeredBy: new Map(), renames: [], questions: [] },
    to: operations.reduce((schema, operation) => followed(schema, operation, registry), live),
    unmanaged: [],
    warnings: [],
  };
}
