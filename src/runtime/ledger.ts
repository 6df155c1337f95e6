/**
 * What has run and is not written down yet: version rows and lines of the history. Inside one transaction nobody sees
 * them before its end, so those of many revisions are written together; before anything is committed, or could look at
 * them, they are written.
 */
import type { Dialect, Statement } from "../dialects/dialect";
import type { Step } from "../revisions/revision";
import type { Executor } from "./executor";
import { writeHistory, writeVersions } from "./version-table";
import type { StepRecord, VersionTables } from "./version-table";

/** So that rows that somebody else has changed stop a long run early. SQLite takes 500 lines in one statement. */
const MOST = 100;

/** Words of SQL text that may end the transaction, or read. */
const MAY_LOOK = /\b(?:commit|rollback|abort|end|call|do|exec\w*|perform|pragma|select|show|table)\b/i;
/** A table that is made or changed as a whole is no table that is read. */
const TABLE_ITSELF = /^\s*(?:create|alter|drop)\s+table\b/i;

export class Ledger {
  readonly #dialect: Dialect;
  readonly #tables: VersionTables;
  readonly #executor: Executor;
  #noted: { readonly step: Step; readonly record: StepRecord }[] = [];

  constructor(dialect: Dialect, tables: VersionTables, executor: Executor) {
    this.#dialect = dialect;
    this.#tables = tables;
    this.#executor = executor;
  }

  /** Remembers a step that is done. */
  async note(step: Step, record: StepRecord): Promise<void> {
    this.#noted.push({ step, record });
    if (this.#noted.length >= MOST) await this.write();
  }

  /** Writes down what is done. Throws VERSION_ROWS_CHANGED where the version rows are not what they should be. */
  async write(): Promise<void> {
    const noted = this.#noted.splice(0);
    const [first, last] = [noted[0], noted.at(-1)];
    if (!first || !last) return;
    const change = { before: first.step.before, after: last.step.after };
    await writeVersions(this.#dialect, this.#executor, this.#tables.version, change);
    await writeHistory(
      this.#dialect,
      this.#executor,
      this.#tables.history,
      noted.map(({ step, record }) => ({ ...historyOf(step), record })),
    );
  }

  /** An executor that writes down what is done before SQL text that may look at it, or commit it. */
  watching(executor: Executor): Executor {
    return {
      ...executor,
      run: async <Row>(statement: Statement) => {
        if (this.#noted.length > 0 && this.#mayLook(statement)) await this.write();
        return await executor.run<Row>(statement);
      },
    };
  }

  #mayLook({ sql, operation }: Statement): boolean {
    if (operation && operation.kind !== "execute" && operation.kind !== "custom") return false;
    const { version, history, journal, lock } = this.#tables;
    if ([version, history, journal, lock].some(({ name }) => sql.includes(name))) return true;
    return MAY_LOOK.test(sql.replace(TABLE_ITSELF, ""));
  }
}

function historyOf({ direction, revision: { id, parents, message } }: Step) {
  return { revision: id, parents, message, direction };
}
