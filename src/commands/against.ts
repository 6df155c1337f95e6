/**
 * What the entities are compared with: the database, nothing, or what the revisions make. The last is simulated where that
 * is certain, and otherwise made in a scratch database, so that nobody's untidy database leaks into a migration.
 */
import { planUpgrade } from "../revisions/plan";
import type { MigrationContext } from "../runtime/context";
import { emptySchema } from "../model/schema";
import type { Environment } from "../runtime/environment";
import { replay } from "../runtime/replay";
import { knowsServer, leavesTrace, restsOnSpelling } from "../runtime/certainty";
import { demandAtHeads } from "./at-heads";
import { compare } from "./compare";
import type { CompareOptions, CompareRequest, Comparison } from "./compare";
import { runOnline } from "./online";

const NO_VERSION =
  "the version of the server is not known without asking it, and some types depend on it: say `serverVersion` in the configuration";

/** What to compare with. */
export type Against = "database" | "empty" | "revisions";

/** How entities and database are compared. */
export interface AgainstOptions extends CompareOptions {
  /** The database unless said; an empty one; or one that has just the revisions applied, all of them. */
  readonly against?: Against;
}

/** Such a comparison with what it is made for. */
export type AgainstRequest = AgainstOptions & CompareRequest;

/** One comparison of a run; a run covers several databases where env.ts does. */
export interface Compared {
  readonly comparison: Comparison;
  /** Where it was made; a script's context where no database took part. */
  readonly context: MigrationContext;
}

/**
 * Compares the entities, and hands each comparison on while its context is open.
 *
 * Throws DATABASE_BEHIND where the database is not at head, and what comparing and running revisions throw.
 */
export async function compareAgainst(
  environment: Environment,
  options: AgainstRequest,
  each: (compared: Compared) => Promise<void> | void,
): Promise<void> {
  switch (options.against ?? "database") {
    case "database":
      await environment.run({ readsOnly: true }, async (context) => {
        await demandAtHeads(environment, context);
        const comparison = await compare(environment, context, options, { countsRows: true });
        await each({ comparison, context });
      });
      return;
    case "empty":
      await environment.run({ readsOnly: true, offline: true }, async (context) => {
        if (!knowsServer(context)) environment.reporter.warn(NO_VERSION);
        const comparison = await compare(environment, context, options, { simulated: emptySchema });
        await each({ comparison, context });
      });
      return;
    case "revisions": {
      const simulated = await bySimulation(environment, options);
      if (simulated) for (const compared of simulated) await each(compared);
      else await onScratch(environment, options, each);
    }
  }
}

/** The comparisons with what the revisions make, without a database; nothing where that is not certain. */
async function bySimulation(
  environment: Environment,
  options: AgainstRequest,
): Promise<readonly Compared[] | undefined> {
  const results: (Compared | undefined)[] = [];
  const map = await environment.revisions();
  const request = { readsOnly: true, offline: true, startsAt: () => map.heads };
  await environment.run(request, async (context) => {
    const { dialect, compileContext: place } = context;
    const { registry } = context.parts;
    if (!knowsServer(context)) {
      results.push(undefined);
      return;
    }
    const traces: boolean[] = [];
    const { schema, incomplete } = await replay(map.sorted, {
      dialect,
      registry,
      place,
      load: (id) => environment.directory.load(id),
      args: context.parts.args ?? [],
      onRevision: (_revision, statements) => {
        traces.push(statements.some((statement) => leavesTrace(statement, dialect)));
      },
    });
    if (incomplete.length > 0 || traces.includes(true)) {
      results.push(undefined);
      return;
    }
    const comparison = await compare(environment, context, options, { simulated: schema });
    const isCertain = !comparison.operations.some(restsOnSpelling);
    results.push(isCertain ? { comparison, context } : undefined);
  });
  const certain = results.filter((compared) => compared !== undefined);
  return certain.length === results.length ? certain : undefined;
}

async function onScratch(
  environment: Environment,
  options: AgainstRequest,
  each: (compared: Compared) => Promise<void> | void,
): Promise<void> {
  environment.reporter.info("running the revisions in a scratch database, to compare with what they make");
  await environment.run({ scratch: true }, async (context, args) => {
    await runOnline(environment, context, (map, rows) => planUpgrade(map, rows, ["heads"]), {}, args);
    await each({ comparison: await compare(environment, context, options), context });
  });
}
