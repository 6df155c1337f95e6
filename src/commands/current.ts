/** `current`: where a database is. Changes nothing, and creates nothing. */
import { LimbeckError } from "../errors";
import type { Environment } from "../runtime/environment";
import { demandKnownRows } from "./ahead";
import { entryOf } from "./history";
import type { HistoryItem } from "./history";

export interface CurrentOptions {
  /** Throws NOT_AT_HEADS unless everything is applied. */
  readonly checkHeads?: boolean;
}

/** The revisions at which a database is. */
export async function current(
  environment: Environment,
  options: CurrentOptions = {},
): Promise<readonly HistoryItem[]> {
  const map = await environment.revisions();
  const items: HistoryItem[] = [];
  await environment.run({ readsOnly: true }, async (context) => {
    const rows = await context.heads();
    await demandKnownRows(map, rows, context);
    items.push(...rows.map((id) => entryOf(map, id)));
    if (options.checkHeads && map.realHeads.some((head) => !rows.includes(head))) {
      throw new LimbeckError(
        "NOT_AT_HEADS",
        `the database is at ${rows.join(", ") || "base"}, and the heads are ${map.realHeads.join(", ")}`,
        { hint: "run `limbeck upgrade heads`" },
      );
    }
  });
  return items;
}
