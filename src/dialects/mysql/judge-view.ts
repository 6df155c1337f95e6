/**
 * Whether two queries are the same view. The optimizer's trace holds the query as the server understood it, with every
 * name resolved and before anything is optimized by what the tables hold (MySQL 8.4 internals, "Tracing the optimizer";
 * MariaDB knowledge base, "Optimizer trace"). Nothing is created, and nothing is run.
 */
import type { Queryable } from "../dialect";
import { sameTokens } from "./tokens";

/** Whether the server understands both texts as the same query. Where it cannot tell, they are not. */
export async function sameView(db: Queryable, target: string, live: string): Promise<boolean> {
  if (sameTokens(target, live)) return true;
  try {
    await db.query("SET @limbeck_trace = @@SESSION.optimizer_trace, SESSION optimizer_trace = 'enabled=on'");
  } catch {
    return false;
  }
  try {
    const [wanted, found] = [await understood(db, target), await understood(db, live)];
    return wanted !== undefined && wanted === found;
  } finally {
    await db.query("SET SESSION optimizer_trace = @limbeck_trace");
  }
}

async function understood(db: Queryable, sql: string): Promise<string | undefined> {
  try {
    await db.query(`EXPLAIN ${sql}`);
    const [row] = await db.query<{ trace: string; cut: number | string }>(
      "SELECT TRACE AS trace, MISSING_BYTES_BEYOND_MAX_MEM_SIZE AS cut FROM information_schema.OPTIMIZER_TRACE",
    );
    if (row === undefined || Number(row.cut) > 0) return undefined;
    const { steps = [] } = JSON.parse(row.trace) as { readonly steps?: readonly unknown[] };
    const queries = steps.flatMap(prepared);
    return queries.length === 0 ? undefined : JSON.stringify(queries);
  } catch {
    return undefined;
  }
}

/** The queries that a step of the trace prepares, at any depth, without those of later steps. */
function prepared(step: unknown): readonly string[] {
  const { join_preparation: preparation } = (step ?? {}) as {
    readonly join_preparation?: { readonly steps?: readonly Readonly<Record<string, unknown>>[] };
  };
  return (preparation?.steps ?? []).flatMap((inner) => {
    const { expanded_query: query } = inner;
    return typeof query === "string" ? [query] : prepared(inner);
  });
}
