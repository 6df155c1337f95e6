import { LimbeckError } from "../errors";
import { planUpgrade } from "../revisions/plan";
import type { MigrationContext } from "../runtime/context";
import type { Environment } from "../runtime/environment";
import { demandKnownRows } from "./ahead";

/** Throws DATABASE_BEHIND where revisions wait to be applied: what they make would be found once more. */
export async function demandAtHeads(environment: Environment, context: MigrationContext): Promise<void> {
  const map = await environment.revisions();
  const rows = await context.heads();
  await demandKnownRows(map, rows, context);
  const { steps } = planUpgrade(map, rows, ["heads"]);
  if (steps.length === 0) return;
  const waiting = steps.map(({ revision }) => revision.id);
  throw new LimbeckError(
    "DATABASE_BEHIND",
    `the database is behind: ${waiting.length === 1 ? "1 revision waits" : `${waiting.length} revisions wait`} to be applied (${waiting.slice(0, 5).join(", ")})`,
    {
      hint: "run `limbeck upgrade heads` first, or `limbeck stamp heads` if it has what they make",
      data: waiting,
    },
  );
}
