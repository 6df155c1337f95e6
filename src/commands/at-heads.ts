import { LimbeckError } from "../errors";
import { planUpgrade } from "../revisions/plan";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { halfDoneError } from "../runtime/journal";
import { ranByTypeorm, standingByTypeorm } from "./adopted";
import { demandKnownRows } from "./ahead";

/**
 * Throws DATABASE_BEHIND where revisions wait to be applied: what they make would be found once more; HALF_DONE where one
 * of them is in the middle.
 */
export async function demandAtHeads(environment: Environment, context: MigrationContext): Promise<void> {
  const map = await environment.revisions();
  const rows = await context.heads();
  await demandKnownRows(map, rows, context);
  const { steps } = planUpgrade(map, rows, ["heads"]);
  if (steps.length === 0) return;
  const standing = rows.length === 0 ? await standingByTypeorm(map, context) : undefined;
  if (standing !== undefined) throw ranByTypeorm(standing);
  const waiting = steps.map(({ revision }) => revision.id);
  const halfDone = await context.halfDone();
  if (halfDone) throw halfDoneError(halfDone);
  throw new LimbeckError(
    "DATABASE_BEHIND",
    `the database is behind: ${counted(waiting.length)} to be applied (${waiting.slice(0, 5).join(", ")})`,
    {
      hint:
        rows.length === 0
          ? "run `limbeck upgrade heads` first; if it has what some of them make, `limbeck stamp` the last of these before"
          : "run `limbeck upgrade heads` first, or `limbeck stamp heads` if it has what they make",
      data: waiting,
    },
  );
}

function counted(revisions: number): string {
  return revisions === 1 ? "1 revision waits" : `${revisions} revisions wait`;
}
