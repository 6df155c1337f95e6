/**
 * Whether two queries are the same view. The optimizer's trace holds the query as the server understood it, with every
 * name resolved and before anything is optimized by what the tables hold (MySQL 8.4 internals, "Tracing the optimizer";
 * MariaDB knowledge base, "Optimizer trace"). Nothing is created, and nothing is run.
 *
 * However many views are asked about, it takes one EXPLAIN: each query is a derived table of its own in one UNION.
 */
import type { Queryable } from "../dialect";
import { sameTokens } from "./tokens";

/** The text that somebody wrote, and the text of the view that is there. */
export type ViewTexts = readonly [target: string, live: string];

/** Stays below four million bytes, the default of max_allowed_packet up to MySQL 5.7. */
const MOST_CHARACTERS = 900_000;
/** A trace holds all that the optimizer did, which is some ten thousand bytes a view. */
const TRACE_BYTES = 2 ** 30;

/** For each pair, whether the server understands both texts as the same query. Where it cannot tell, they are not. */
export async function sameViews(db: Queryable, pairs: readonly ViewTexts[]): Promise<readonly boolean[]> {
  const open = pairs.filter(([target, live]) => !sameTokens(target, live));
  const told = open.length === 0 ? [] : await traced(db, () => understoodAlike(db, open));
  const same = new Map(open.map((pair, place) => [pair, told[place] ?? false]));
  return pairs.map((pair) => same.get(pair) ?? true);
}

/** Runs a body with the trace switched on, and leaves the session as it was; nothing where it cannot be had. */
async function traced<T>(db: Queryable, body: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    await db.query(
      "SET @limbeck_trace = @@SESSION.optimizer_trace, @limbeck_size = @@SESSION.optimizer_trace_max_mem_size, " +
        `SESSION optimizer_trace = 'enabled=on', SESSION optimizer_trace_max_mem_size = ${TRACE_BYTES}`,
    );
  } catch {
    return [];
  }
  try {
    return await body();
  } finally {
    await db.query(
      "SET SESSION optimizer_trace = @limbeck_trace, SESSION optimizer_trace_max_mem_size = @limbeck_size",
    );
  }
}

/** The answers of one question, or of two where a text is too long or names something that is not there (any more). */
async function understoodAlike(db: Queryable, pairs: readonly ViewTexts[]): Promise<readonly boolean[]> {
  const texts = pairs.flat();
  const isLong = texts.reduce((sum, { length }) => sum + length, 0) > MOST_CHARACTERS;
  const queries = isLong && pairs.length > 1 ? undefined : await understood(db, texts);
  if (queries) return pairs.map((_, place) => queries[2 * place] === queries[2 * place + 1]);
  if (pairs.length < 2) return pairs.map(() => false);
  const half = Math.ceil(pairs.length / 2);
  const first = await understoodAlike(db, pairs.slice(0, half));
  return [...first, ...(await understoodAlike(db, pairs.slice(half)))];
}

/** Each query in the server's words; nothing where it does not understand all of them. */
async function understood(db: Queryable, texts: readonly string[]): Promise<readonly string[] | undefined> {
  // A comment may stand at the end of a text.
  const branches = texts.map((sql) => `SELECT 1 FROM (${sql.replace(/;\s*$/, "")}\n) AS limbeck_view`);
  try {
    await db.query(`EXPLAIN ${branches.join(" UNION ALL ")}`);
    const [row] = await db.query<{ trace: string; cut: number | string }>(
      "SELECT TRACE AS trace, MISSING_BYTES_BEYOND_MAX_MEM_SIZE AS cut FROM information_schema.OPTIMIZER_TRACE",
    );
    if (row === undefined || Number(row.cut) > 0) return undefined;
    const { steps = [] } = JSON.parse(row.trace) as { readonly steps?: readonly unknown[] };
    const queries = steps.map(prepared).filter((found) => found.length > 0);
    // Behind the branches comes what puts them together.
    if (queries.length < texts.length) return undefined;
    return queries.slice(0, texts.length).map((found) => withoutNumbers(JSON.stringify(found)));
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

/** Servers count the queries of a statement; what is the same has another number in another place. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\/\* select#\d+ \*\/ /g, "");
}
