/** An executor that keeps the journal of one revision, and takes up a revision where it was left. */
import { LimbeckError } from "../errors";
import { statementKind } from "../dialects/ansi/statement-kind";
import type { Statement } from "../dialects/dialect";
import type { Schema } from "../model/schema";
import { invert } from "../operations/invert";
import type { Operation } from "../operations/operation";
import type { Step } from "../revisions/revision";
import { commitsByItself, demandMeant, isUnknown } from "./commits";
import type { MigrationContext } from "./context";
import type { Announcement } from "./creations";
import { announcementIn, beforeCreations, createdTable, Creations, resultOf } from "./creations";
import type { Executor } from "./executor";
import { followed } from "./known-schema";
import { JournalTable } from "./journal";
import { hashOf, lineOf } from "./journal-line";
import type { HalfDone, JournalEntry } from "./journal";
import type { Probe } from "./probe";
import { Prober } from "./prober";
import { fewerStatements, readsRowsAgain, statementChanged, undecidedStatement } from "./resume-refused";
import type { HalfDoneRevision } from "./resume-refused";
import type { Transaction } from "./transaction";

export interface JournaledOptions {
  readonly context: MigrationContext;
  readonly step: Step;
  readonly transaction: Transaction;
  /** What an earlier run left of this revision. */
  readonly halfDone?: HalfDone;
  /** Whether the revision may be taken up by position although it reads rows (`export const resumable = true`). */
  readonly resumable: boolean;
  /** Called before each statement that runs, with its number in the revision. */
  readonly onStatement: (number: number, statement: Statement) => void;
}

/** How far a statement has come that is carried out in pieces. */
export type Progress = Extract<Probe, { readonly kind: "backfill" }>;

export class JournaledExecutor implements Executor {
  readonly #options: JournaledOptions;
  readonly #inner: Executor;
  readonly #table: JournalTable;
  readonly #prober: Prober;
  readonly #recorded: readonly JournalEntry[];
  /** Ran in the open transaction: written down when it is interrupted by a commit. */
  #waiting: (() => JournalEntry)[] = [];
  #number = 0;
  /** Whether what runs is a statement without a number: only what changes something has one. */
  #isBetween = false;
  #operation: Operation | undefined;
  /** What ran since the last statement to prepare the session for the next one, which means nothing without it. */
  #prelude = "";
  /** The last statement that is done and not yet said to be. */
  #unsettled: number | undefined;
  /** Tables that are made one after another. */
  readonly #creations = new Creations();
  /** What an earlier run announced last, as long as its tables are looked for, with the schema that is there. */
  #announced: { readonly entry: Announcement; live?: Schema } | undefined;
  #hasRows: boolean;
  #isMade: boolean;

  constructor(options: JournaledOptions) {
    this.#options = options;
    const { context, transaction, halfDone } = options;
    this.#inner = context.executor;
    this.#table = new JournalTable(context.dialect, context.parts.tables.journal);
    this.#prober = new Prober(context);
    this.#recorded = halfDone?.entries ?? [];
    this.#hasRows = this.#recorded.length > 0;
    this.#isMade = this.#hasRows;
    const entry = announcementIn(this.#recorded);
    this.#announced = entry && { entry };
    transaction.beforeInterruption = () => this.#writeWaiting();
  }

  get #refused(): HalfDoneRevision {
    return { revision: this.#options.step.revision, recorded: this.#recorded };
  }

  /** Whether what is called now was carried out by an earlier run. */
  get isResuming(): boolean {
    return this.#number < this.#recorded.length || this.#announced !== undefined;
  }

  /** Whether the journal in the database has lines of this revision. */
  get hasRows(): boolean {
    return this.#hasRows;
  }

  /** The schema before the first statement that an earlier run carried out. */
  async startSchema(): Promise<Schema> {
    const { context } = this.#options;
    const announcement = announcementIn(this.#recorded);
    const found = await context.inspect();
    const live = announcement ? beforeCreations(announcement, found) : found;
    const done: JournalEntry[] = [];
    for (const entry of this.#recorded) {
      if (entry.state === "done" || (await this.#prober.result(entry, live)) === "done") done.push(entry);
    }
    return done.reduceRight(
      (schema, { operation }) => (operation ? undone(schema, operation, context) : schema),
      live,
    );
  }

  /** How many statements of the revision ran or were passed over. */
  get number(): number {
    return this.#number;
  }

  /** Where the revision is, in words that end a sentence: `at statement 2`; nothing before the first. */
  get place(): string {
    if (this.#number === 0) return "";
    return ` ${this.#isBetween ? "after" : "at"} statement ${this.#number}`;
  }

  async run<Row>(statement: Statement): Promise<readonly Row[]> {
    this.#isBetween = true;
    if (statementKind(statement.sql) === "read") {
      this.readsRows();
      return await this.#inner.run<Row>(statement);
    }
    if (statement.sessionOnly) {
      this.#prelude += `${statement.sql}\0`;
      return await this.#inner.run<Row>(statement);
    }
    this.#isBetween = false;
    const number = ++this.#number;
    const text = this.#prelude + statement.sql;
    this.#prelude = "";
    const hash = (): string => hashOf({ ...statement, sql: text });
    if (await this.#isDone(number, hash, statement)) return [];
    this.#options.onStatement(number, statement);
    try {
      return await this.#runNow<Row>(number, hash, statement);
    } catch (error) {
      await this.#settle();
      throw error;
    }
  }

  /**
   * Carries out a statement in pieces, each in a transaction of its own that notes how far it came; goes on from there
   * where an earlier run was ended. `body` gets that place, and a way to do a piece.
   */
  async inPieces(
    statement: Statement,
    body: (from: Progress, piece: (sql: string, to: Progress) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    this.#isBetween = false;
    const number = ++this.#number;
    const { transaction, onStatement } = this.#options;
    const recorded = this.#recorded[number - 1];
    if (recorded && recorded.hash !== hashOf(statement))
      throw statementChanged(this.#refused, recorded, statement);
    if (recorded?.state === "done") return;
    await this.#endCreations();
    onStatement(number, statement);
    const from: Progress =
      recorded?.probe?.kind === "backfill" ? recorded.probe : { kind: "backfill", rows: 0 };
    await transaction.outside(async () => {
      await this.#make();
      const entry = {
        number,
        state: "begun",
        hash: hashOf(statement),
        sql: statement.sql,
        probe: from,
      } as const;
      if (!recorded) await this.#insert(entry);
      await body(from, async (sql, to) => {
        await transaction.alone(async () => {
          await this.#inner.run({ ...statement, sql });
          await this.#inner.run(this.#table.advance(number, to));
        });
      });
      await this.#inner.run(this.#table.finish(number));
    });
  }

  change: Executor["change"] = (statement, rows) => this.#inner.change(statement, rows);
  begin: Executor["begin"] = () => this.#inner.begin();
  commit: Executor["commit"] = () => this.#inner.commit();
  rollback: Executor["rollback"] = () => this.#inner.rollback();
  comment: Executor["comment"] = (text) => this.#inner.comment(text);

  /** Statements that depend on rows may be others the second time; so a revision that reads is not taken up by position. */
  readsRows(): void {
    this.#creations.end();
    if (this.#number >= this.#recorded.length) this.#announced = undefined;
    if (!this.isResuming || this.#options.resumable) return;
    throw readsRowsAgain(this.#refused);
  }

  /** Empties the journal; called in the transaction that writes the version rows. */
  async clear(): Promise<void> {
    this.#waiting = [];
    this.#creations.forget();
    this.#options.transaction.beforeInterruption = () => Promise.resolve();
    if (this.#number < this.#recorded.length) throw fewerStatements(this.#refused, this.#number);
    if (!this.#hasRows) return;
    await this.#inner.run(this.#table.clear());
    this.#hasRows = false;
  }

  async #runNow<Row>(number: number, hash: () => string, statement: Statement): Promise<readonly Row[]> {
    const { transaction, context } = this.#options;
    const alone = commitsByItself(statement, context.dialect);
    const operation = this.#newOperation(statement);
    // The hash of very many rows takes as long as inserting them: a run that is not interrupted needs none.
    const entry = (): JournalEntry => lineOf(number, hash, statement, operation);
    if (alone && !transaction.isOpen && createdTable(operation))
      return await this.#create<Row>(entry, statement);
    await this.#endCreations();
    if (transaction.isOpen && !alone) {
      const rows = await this.#inner.run<Row>(statement);
      this.#waiting.push(entry);
      return rows;
    }
    const interrupts = transaction.isOpen;
    if (interrupts) demandMeant(statement);
    let rows: readonly Row[] = [];
    await transaction.outside(async () => {
      await this.#make();
      rows =
        alone || isUnknown(statement)
          ? await this.#runBegun<Row>(entry(), statement)
          : await this.#runAtOnce<Row>(entry(), statement);
      // The transaction that follows may be rolled back.
      if (interrupts) await this.#settle();
    });
    return rows;
  }

  /** Makes a table; where it comes behind another one, it announces those after it, which then cost nothing more. */
  async #create<Row>(entry: () => JournalEntry, statement: Statement): Promise<readonly Row[]> {
    if (this.#creations.isAnnounced) {
      const rows = await this.#inner.run<Row>(statement);
      this.#creations.add(entry);
      return rows;
    }
    await this.#make();
    const { isLine } = this.#creations;
    const rows = await this.#runBegun<Row>(entry(), statement, isLine);
    this.#creations.begin(isLine);
    return rows;
  }

  /** Writes down what the journal does not say of the tables so far. */
  async #endCreations(): Promise<void> {
    this.#announced = undefined;
    this.#creations.end();
    await this.#insert();
  }

  /** The operation of a statement, where it begins one that changes the schema in a known way. */
  #newOperation({ operation }: Statement): Operation | undefined {
    if (operation === this.#operation) return undefined;
    this.#operation = operation;
    const isKnown = operation && !["execute", "custom", "bulkInsert", "backfill"].includes(operation.kind);
    return isKnown ? operation : undefined;
  }

  /** The statement and the note that it is done, in one transaction. */
  async #runAtOnce<Row>(entry: JournalEntry, statement: Statement): Promise<readonly Row[]> {
    let rows: readonly Row[] = [];
    await this.#options.transaction.alone(async () => {
      rows = await this.#inner.run<Row>(statement);
      await this.#insert(entry);
    });
    return rows;
  }

  /** The intent before, the completion after or with the next intent: between them nothing is certain. */
  async #runBegun<Row>(
    entry: JournalEntry,
    statement: Statement,
    announces = false,
  ): Promise<readonly Row[]> {
    const probe = await (announces ? this.#prober.announcement(statement) : this.#prober.probe(statement));
    const begun: JournalEntry = { ...entry, state: "begun", ...(probe === undefined ? {} : { probe }) };
    await this.#insert(begun);
    try {
      const rows = await this.#inner.run<Row>(statement);
      // Where the schema tells what became of it, the next intent says that this one is done: one write for each.
      if (probe?.kind === "change" || announces) this.#unsettled = entry.number;
      else await this.#inner.run(this.#table.finish(entry.number));
      return rows;
    } catch (error) {
      // A statement that the server refused has done nothing, but for what CONCURRENTLY leaves. Where the connection
      // is gone, so is this; then the intent stays.
      if (!statement.outsideTransaction) {
        await this.#inner.run(this.#table.remove(entry.number)).catch(() => undefined);
      }
      throw error;
    }
  }

  /** Says what is done where no intent will follow that says it. Where the connection is gone, the probe will. */
  async #settle(): Promise<void> {
    try {
      await this.#endCreations();
      if (this.#unsettled !== undefined) await this.#inner.run(this.#table.finish(this.#unsettled));
    } catch {
      return;
    } finally {
      this.#unsettled = undefined;
    }
  }

  /** Whether an earlier run has done this statement. An intent of which nothing is known is looked into. */
  async #isDone(number: number, hash: () => string, statement: Statement): Promise<boolean> {
    if (this.#announced && number >= this.#recorded.length) {
      return await this.#isCreated(this.#announced, hash, statement);
    }
    const entry = this.#recorded[number - 1];
    if (!entry) return false;
    if (entry.state === "done") {
      if (entry.hash !== hash()) throw statementChanged(this.#refused, entry, statement);
      return true;
    }
    const { context } = this.#options;
    if (statement.operation) await context.dialect.clearFailed?.(context.db, statement.operation);
    const result = await this.#prober.result(entry, await context.inspect());
    if (result === "not done") {
      await this.#inner.run(this.#table.remove(number));
      return false;
    }
    if (result !== "done") throw undecidedStatement(this.#refused, entry, result.undecided);
    if (entry.hash !== hash()) throw statementChanged(this.#refused, entry, statement);
    await this.#inner.run(this.#table.finish(number));
    return true;
  }

  /** Whether an earlier run has made a table of those that it announced. */
  async #isCreated(
    announced: { readonly entry: Announcement; live?: Schema },
    hash: () => string,
    statement: Statement,
  ): Promise<boolean> {
    const [{ entry }, number, { operation }] = [announced, this.#number, statement];
    const isFirst = number === entry.number;
    const table = createdTable(
      isFirst ? entry.operation : operation === this.#operation ? undefined : operation,
    );
    announced.live ??= await this.#options.context.inspect();
    const result = table ? resultOf(entry, table, announced.live) : "not done";
    if (result === "not done") {
      this.#announced = undefined;
      if (isFirst) await this.#inner.run(this.#table.remove(number));
      return false;
    }
    const line = (): JournalEntry => lineOf(number, hash, statement, operation);
    if (result !== "done") throw undecidedStatement(this.#refused, line(), result.undecided);
    if (isFirst && entry.hash !== hash()) throw statementChanged(this.#refused, entry, statement);
    this.#operation = operation;
    if (isFirst) this.#creations.begin(true);
    else this.#creations.add(line);
    return true;
  }

  async #writeWaiting(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await this.#make();
    for (const entry of this.#waiting.splice(0)) await this.#insert(entry());
  }

  async #make(): Promise<void> {
    if (this.#isMade) return;
    this.#isMade = true;
    for (const statement of this.#table.create(this.#options.context.compileContext)) {
      await this.#inner.run(statement);
    }
  }

  /** Writes down a line, and before it, or without one, those of the tables that were announced. */
  async #insert(entry?: JournalEntry): Promise<void> {
    const entries = [...this.#creations.unwritten, ...(entry ? [entry] : [])];
    if (entries.length === 0) return;
    await this.#inner.run(this.#table.insert(this.#options.step, entries));
    this.#creations.forget();
    this.#hasRows = true;
  }
}

/** The schema without an operation; what cannot be undone in a simulation leaves it as it is. */
function undone(schema: Schema, operation: Operation, context: MigrationContext): Schema {
  try {
    const { registry } = context.parts;
    return followed(schema, invert(operation, registry), registry);
  } catch (error) {
    if (error instanceof LimbeckError && error.code === "IRREVERSIBLE") return schema;
    throw error;
  }
}
