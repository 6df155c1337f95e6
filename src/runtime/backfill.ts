/** A backfill on a database: batches along the key, each committed with its place in the journal. */
import { setTimeout as sleep } from "node:timers/promises";
import { describeDuration, parseDuration } from "../config/duration";
import { behind, countBehind, endOfBatch, updateText, upTo } from "../dialects/ansi/backfill";
import type { Key, Place } from "../dialects/ansi/backfill";
import type { Statement } from "../dialects/dialect";
import { LimbeckError } from "../errors";
import { displayName, sameName } from "../model/names";
import type { Backfill } from "../operations/operation";
import type { MigrationContext } from "./context";
import type { JournaledExecutor, Progress } from "./journaled";
import type { Reporter } from "./reporter";

/** Rows in a batch unless said: a moment's work, so that locks are short. */
const BATCH_SIZE = 10_000;
/** How often a line says how far it is, where no terminal shows it all the time. */
const REPORT_EVERY = 30_000;

export interface BackfillRun {
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
  /** Takes the statement into the hash of the revision. */
  readonly note: (statement: Statement) => void;
}

/**
 * Carries out a backfill, from where an earlier run left it.
 *
 * Throws INVALID_OPERATION where there is no key to go along, UNSUPPORTED in a transaction of the caller's.
 */
export async function backfillInBatches(
  context: MigrationContext,
  journaled: JournaledExecutor,
  operation: Backfill,
  run: BackfillRun,
): Promise<void> {
  const { dialect, executor } = context;
  const key = await keyOf(context, operation);
  const size = operation.batchSize ?? BATCH_SIZE;
  const pause = parseDuration(operation.pause ?? "0ms") ?? 0;
  const [statement] = await context.prepare(operation);
  if (!statement) throw new LimbeckError("INTERNAL", "a backfill became no statement");
  run.note(statement);
  await journaled.inPieces(statement, async (from, piece) => {
    const count = async (place: Place | undefined): Promise<number> => {
      const [row] = await executor.run<{ n: number | string }>({
        sql: countBehind(dialect, operation, key, place),
      });
      return Number(row?.n ?? 0);
    };
    const progress = new BackfillProgress(
      operation,
      from.rows,
      from.rows + (await count(from.place)),
      run.reporter,
    );
    for (let { place, rows } = from; ;) {
      const [end] = await executor.run<Record<string, string>>({
        sql: endOfBatch(dialect, operation, key, place, size),
      });
      const last = end && key.map((_, index) => String(end[`k${index}`]));
      const conditions = [...behind(dialect, key, place), ...(last ? [upTo(dialect, key, last)] : [])];
      rows += last ? size : await count(place);
      const reached: Progress = {
        kind: "backfill",
        rows,
        ...(last ? { place: last } : place ? { place } : {}),
      };
      await piece(updateText(dialect, operation, conditions), reached);
      progress.report(rows);
      if (!last) break;
      place = last;
      // Whoever interrupts is heard before the next statement.
      if (pause > 0)
        await sleep(pause, undefined, run.signal ? { signal: run.signal } : {}).catch(() => undefined);
    }
    progress.end();
  });
}

/** The columns to go along. Rows where one is NULL would never be reached. */
async function keyOf(context: MigrationContext, { table, key, set }: Backfill): Promise<Key> {
  const schema = await context.parts.schema.current();
  const known = schema.tables.find((candidate) => sameName(candidate, table));
  const primary = known?.constraints.find(({ kind }) => kind === "primaryKey");
  const names = key ?? (primary?.kind === "primaryKey" ? primary.columns : []);
  const refuse = (what: string, hint: string): LimbeckError =>
    new LimbeckError("INVALID_OPERATION", `the backfill of "${displayName(table)}" ${what}`, { hint });
  if (names.length === 0)
    throw refuse("has no key to go along", 'say `key: "id"`, a column with an index and without NULL');
  return names.map((name) => {
    const column = known?.columns.find((candidate) => candidate.name === name);
    if (!column)
      throw refuse(`goes along "${name}", which is no column of it`, "say `key` with a column that is there");
    if (column.nullable && primary?.kind === "primaryKey" && !primary.columns.includes(name)) {
      throw refuse(`goes along "${name}", which may be NULL`, "say `key` with columns that may not");
    }
    if (name in set) throw refuse(`changes "${name}", along which it goes`, "go along another column");
    return { name, type: column.type };
  });
}

/** Tells how far it is: all the time on a terminal, now and then in a line that stays. */
class BackfillProgress {
  readonly #name: string;
  readonly #start: number;
  readonly #total: number;
  readonly #reporter: Reporter;
  readonly #since = Date.now();
  #rows: number;
  #reported = Date.now();

  constructor({ table }: Backfill, start: number, total: number, reporter: Reporter) {
    this.#name = displayName(table);
    this.#start = start;
    this.#rows = start;
    this.#total = total;
    this.#reporter = reporter;
    const before = start === 0 ? "" : `, ${counted(start)} of them done before`;
    reporter.info(`backfill of ${this.#name}: ${counted(total)} rows${before}`);
  }

  report(rows: number): void {
    this.#rows = rows;
    const line = this.#line();
    this.#reporter.progress?.(line);
    if (Date.now() - this.#reported < REPORT_EVERY) return;
    this.#reported = Date.now();
    this.#reporter.info(line);
  }

  end(): void {
    const took = describeDuration(Date.now() - this.#since);
    this.#reporter.info(`backfill of ${this.#name}: ${counted(this.#rows)} rows done, ${took}`);
  }

  #line(): string {
    const elapsed = Math.max(1, Date.now() - this.#since);
    const speed = ((this.#rows - this.#start) / elapsed) * 1000;
    const left = speed === 0 ? "" : `, ${describeDuration(((this.#total - this.#rows) / speed) * 1000)} left`;
    return (
      `backfill of ${this.#name}: ${counted(this.#rows)} of ${counted(this.#total)} rows, ` +
      `${counted(Math.round(speed))}/s${left}`
    );
  }
}

function counted(rows: number): string {
  return rows.toLocaleString("en-US");
}
