/**
 * Tables that are made one after another, where each statement commits by itself. Whether one is made is to be seen in the
 * database, so none needs a line in the journal before it: one line announces all that follow it without anything else in
 * between, with the tables that were there before. What is there and was not is what the run has made.
 */
import { keyOf } from "../model/names";
import type { Schema } from "../model/schema";
import type { CreateTable, Operation } from "../operations/operation";
import type { JournalEntry } from "./journal";
import type { Probe, ProbeResult } from "./probe";

/** Of so many at most, the journal does not say how they read. */
const MOST = 50;

/** A line of the journal that stands for tables behind it. */
export type Announcement = JournalEntry & { readonly probe: Extract<Probe, { readonly kind: "creations" }> };

/** The table that a statement makes; nothing where it does not, or where the table may have been there before. */
export function createdTable(operation: Operation | undefined): CreateTable["table"] | undefined {
  if (operation?.kind !== "createTable" || operation.ifNotExists) return undefined;
  // What is in another database may not have been read.
  return operation.table.schema === undefined ? operation.table : undefined;
}

/** The announcement that an earlier run left behind last. */
export function announcementIn(recorded: readonly JournalEntry[]): Announcement | undefined {
  const last = recorded.at(-1);
  return last?.state === "begun" && last.probe?.kind === "creations" ? (last as Announcement) : undefined;
}

/** How an announcement tells what became of it, given the schema before the first of its tables. */
export function creationsFrom(schema: Schema): Probe {
  return { kind: "creations", known: schema.tables.map(keyOf) };
}

/** The schema without what was made since an announcement. */
export function beforeCreations({ probe }: Announcement, live: Schema): Schema {
  const known = new Set(probe.known);
  return { ...live, tables: live.tables.filter((table) => known.has(keyOf(table))) };
}

/** Whether a table was made since an announcement, by a statement that reads like this one. */
export function resultOf({ probe }: Announcement, table: CreateTable["table"], live: Schema): ProbeResult {
  const found = live.tables.find((other) => keyOf(other) === keyOf(table));
  if (!found || probe.known.includes(keyOf(table))) return "not done";
  const names = ({ columns }: Pick<CreateTable["table"], "columns">): string =>
    JSON.stringify(columns.map(({ name }) => name));
  return names(found) === names(table) ? "done" : { undecided: [`table ${table.name}`] };
}

/** The line of tables that a run makes: the journal says less of it than is done. */
export class Creations {
  #isLine = false;
  #isAnnounced = false;
  #unwritten: (() => JournalEntry)[] = [];

  /** Whether the next table comes right behind another one. */
  get isLine(): boolean {
    return this.#isLine;
  }

  /** Whether the next table needs no line of its own in the journal. */
  get isAnnounced(): boolean {
    return this.#isAnnounced && this.#unwritten.length < MOST;
  }

  /** Notes that a table is made which the journal knows of, and whether it announces those after it. */
  begin(isAnnounced: boolean): void {
    this.#isLine = true;
    this.#isAnnounced = isAnnounced;
  }

  /** Notes that a table is made which the journal does not know of. */
  add(entry: () => JournalEntry): void {
    this.#unwritten.push(entry);
  }

  /** Notes that something else comes now. */
  end(): void {
    this.#isLine = false;
    this.#isAnnounced = false;
  }

  /** What is done and not written down. */
  get unwritten(): readonly JournalEntry[] {
    return this.#unwritten.map((entry) => entry());
  }

  /** Notes that all is written down, or will never be. */
  forget(): void {
    this.#unwritten = [];
  }
}
