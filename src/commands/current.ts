/** `current`: where a database is. Changes nothing, and creates nothing. */
import { LimbeckError } from "../errors";
import { planUpgrade } from "../revisions/plan";
import { standing } from "../revisions/standing";
import type { RevisionMap } from "../revisions/revision-map";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { describeHalfDone } from "../runtime/journal";
import { ranByTypeorm, standingByTypeorm } from "./adopted";
import { demandKnownRows } from "./ahead";
import { entryOf, impliedBy } from "./history";
import type { HistoryItem } from "./history";

/** What `current` is asked besides. */
export interface CurrentOptions {
  /** Throws NOT_AT_HEADS unless everything is applied. */
  readonly checkHeads?: boolean;
  /** Lists behind them what an upgrade to the heads would run, in order. */
  readonly pending?: boolean;
}

/** The revisions at which a database is, and behind them the ends of branches that these depend on. */
export async function current(
  environment: Environment,
  options: CurrentOptions = {},
): Promise<readonly HistoryItem[]> {
  const files = await environment.revisions();
  const items: HistoryItem[] = [];
  const pending: HistoryItem[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const found = await context.heads();
    await demandKnownRows(files, found, context);
    const { map, rows } = standing(files, found);
    items.push(...rows.map((id) => entryOf(map, id)));
    items.push(...impliedBy(map, rows).map((id) => ({ ...entryOf(map, id), isImplied: true })));
    if (rows.length === 0) await tellOfBase(environment, context, map);
    const halfDone = await context.halfDone();
    if (halfDone)
      environment.reporter.warn(`${describeHalfDone(halfDone)}: the same command again finishes it`);
    if (options.pending) {
      const { steps } = planUpgrade(map, rows, ["heads"]);
      pending.push(...steps.map(({ revision }) => ({ ...entryOf(map, revision.id), isPending: true })));
    }
    if (options.checkHeads && map.realHeads.some((head) => !rows.includes(head))) {
      throw new LimbeckError(
        "NOT_AT_HEADS",
        `the database is at ${rows.join(", ") || "base"}, and the heads are ${map.realHeads.join(", ")}`,
        { hint: "run `limbeck upgrade heads`" },
      );
    }
  });
  return [...items, ...pending];
}

/** A list that is empty says little, least of all to whoever has just taken the database over. */
async function tellOfBase(
  { reporter }: Environment,
  context: MigrationContext,
  map: RevisionMap,
): Promise<void> {
  const standing = await standingByTypeorm(map, context);
  const told = standing === undefined ? "" : `: ${ranByTypeorm(standing).hint ?? ""}`;
  reporter.info(`the database is at base: no revision has been applied${told}`);
}
