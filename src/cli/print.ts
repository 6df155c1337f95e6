/** Printing what several commands answer with. */
import type { HistoryItem } from "../commands/history";
import type { RevisionResult } from "../commands/revision";
import { displayName } from "../model/names";
import { verboseLines } from "./format";
import { flag } from "./options";
import type { Arguments } from "./options";
import type { Session } from "./session";

/** Prints revisions, each on a line or, with --verbose, with everything about it. */
export function printItems(
  session: Session,
  items: readonly HistoryItem[],
  args: Arguments,
  line: (item: HistoryItem) => string,
): void {
  session.print(items, () =>
    items.flatMap((item) => (flag(args.verbose) ? verboseLines(item) : [line(item)])),
  );
}

/** Says what autogenerate found. */
export function reportRevision(session: Session, result: RevisionResult): void {
  for (const difference of result.differences) session.reporter.info(`detected ${difference}`);
  for (const loss of result.losses) session.reporter.warn(loss);
  reportUnmanaged(session, result.unmanaged);
}

/** Says what was left alone. */
export function reportUnmanaged(session: Session, unmanaged: RevisionResult["unmanaged"]): void {
  if (unmanaged.length === 0) return;
  const names = unmanaged.map((object) => `${object.type ?? object.kind} ${displayName(object)}`);
  session.reporter.info(
    `left alone, because neither the entities nor a revision know it: ${names.join(", ")} (--include-unmanaged proposes to drop it)`,
  );
}
