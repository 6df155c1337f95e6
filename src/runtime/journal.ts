/**
 * The journal: which statements of a revision are done where statements commit by themselves (DESIGN 4.4). It stands
 * beside the version table, is made when it is first needed, and is empty when all is well.
 */
import { LimbeckError } from "../errors";
import type { CompileContext, Dialect, Queryable, Statement } from "../dialects/dialect";
import type { QualifiedName, Table } from "../model/schema";
import type { Operation } from "../operations/operation";
import type { Step } from "../revisions/revision";
import type { Probe } from "./probe";

/** A statement that was begun, and perhaps done. */
export interface JournalEntry {
  /** Counts the statements of a revision from 1; reading does not count. */
  readonly number: number;
  readonly state: "begun" | "done";
  readonly hash: string;
  /** The beginning of its text, for messages. */
  readonly sql: string;
  /** The operation that it carries out, where it is the first statement of one: to know the schema before it. */
  readonly operation?: Operation;
  /** How to find out whether it is done; only of a statement that was begun. */
  readonly probe?: Probe;
}

/** A revision that was left half done. */
export interface HalfDone {
  readonly revision: string;
  readonly direction: Step["direction"];
  readonly entries: readonly JournalEntry[];
}

/** Texts longer than this are cut: they are for messages only. */
const SHOWN = 2000;

/** The journal's table. */
export function journalTable(name: QualifiedName, longText: string): Table {
  const text = (column: string, length: number) =>
    ({ name: column, type: { name: "varchar", length }, nullable: false }) as const;
  return {
    ...name,
    columns: [
      { name: "number", type: { name: "integer" }, nullable: false },
      text("revision", 255),
      text("direction", 4),
      text("state", 5),
      text("sql_hash", 64),
      { name: "sql_text", type: { name: longText }, nullable: false },
      { name: "operation", type: { name: longText }, nullable: true },
      { name: "probe", type: { name: longText }, nullable: true },
    ],
    constraints: [{ kind: "primaryKey", name: `${name.name}_pkc`, columns: ["number"] }],
    indexes: [],
  };
}

/** The statements on the journal's table, in the words of a dialect. */
export class JournalTable {
  readonly #dialect: Dialect;
  readonly #name: QualifiedName;

  constructor(dialect: Dialect, name: QualifiedName) {
    this.#dialect = dialect;
    this.#name = name;
  }

  create(context: CompileContext): readonly Statement[] {
    const table = journalTable(this.#name, this.#dialect.traits.longText);
    return this.#dialect
      .compile({ kind: "createTable", table, ifNotExists: true }, context)
      .map(({ sql }) => ({ sql }));
  }

  /** The revision that was left half done; nothing where all is well. Throws INTERNAL where rows contradict each other. */
  async read(db: Queryable): Promise<HalfDone | undefined> {
    const rows = await db.query<{
      readonly number: number;
      readonly revision: string;
      readonly direction: Step["direction"];
      readonly state: JournalEntry["state"];
      readonly sql_hash: string;
      readonly sql_text: string;
      readonly operation: string | null;
      readonly probe: string | null;
    }>(`SELECT * FROM ${this.#table} ORDER BY ${this.#column("number")}`);
    const [first] = rows;
    if (!first) return undefined;
    if (
      rows.some(({ revision, direction }) => revision !== first.revision || direction !== first.direction)
    ) {
      throw new LimbeckError("INTERNAL", `the journal ${this.#name.name} speaks of more than one revision`);
    }
    return {
      revision: first.revision,
      direction: first.direction,
      entries: rows.map(({ number, state, sql_hash: hash, sql_text: sql, operation, probe }, place) => ({
        number,
        // Nothing is begun before what came before it is done.
        state: place < rows.length - 1 ? "done" : state,
        hash,
        sql,
        ...(operation === null ? {} : { operation: JSON.parse(operation) as Operation }),
        ...(probe === null ? {} : { probe: JSON.parse(probe) as Probe }),
      })),
    };
  }

  /** Writes lines down, all or none. */
  insert(step: Step, entries: readonly JournalEntry[]): Statement {
    const columns = [
      "number",
      "revision",
      "direction",
      "state",
      "sql_hash",
      "sql_text",
      "operation",
      "probe",
    ];
    return {
      sql:
        `INSERT INTO ${this.#table} (${columns.map((column) => this.#column(column)).join(", ")})` +
        ` VALUES ${entries.map((entry) => `(${this.#values(step, entry)})`).join(", ")}`,
    };
  }

  #values({ revision, direction }: Step, entry: JournalEntry): string {
    const { number, state, hash, sql, operation, probe } = entry;
    return [
      number,
      revision.id,
      direction,
      state,
      hash,
      sql.slice(0, SHOWN),
      operation === undefined ? null : JSON.stringify(operation),
      probe === undefined ? null : JSON.stringify(probe),
    ]
      .map((value) => this.#dialect.literal(value))
      .join(", ");
  }

  /** Notes that a statement, and with it all before it, is done. */
  finish(number: number): Statement {
    return {
      sql:
        `UPDATE ${this.#table} SET ${this.#column("state")} = ${this.#dialect.literal("done")}, ` +
        `${this.#column("probe")} = NULL WHERE ${this.#column("number")} <= ${number}`,
    };
  }

  /** Notes how far the statement that was begun has come. */
  advance(number: number, probe: Probe): Statement {
    return {
      sql:
        `UPDATE ${this.#table} SET ${this.#column("probe")} = ${this.#dialect.literal(JSON.stringify(probe))}` +
        ` WHERE ${this.#column("number")} = ${number}`,
    };
  }

  remove(number: number): Statement {
    return { sql: `DELETE FROM ${this.#table} WHERE ${this.#column("number")} = ${number}` };
  }

  clear(): Statement {
    return { sql: `DELETE FROM ${this.#table}` };
  }

  get #table(): string {
    return this.#dialect.quoteName(this.#name);
  }

  #column(name: string): string {
    return this.#dialect.quote(name);
  }
}

/** What is half done, for messages: `upgrade to a1 stopped after 3 statements; whether the 4th is done is not known`. */
export function describeHalfDone({ revision, direction, entries }: HalfDone): string {
  const done = entries.filter(({ state }) => state === "done").length;
  const begun = entries.find(({ state }) => state === "begun");
  const where = direction === "up" ? `the upgrade to ${revision}` : `the downgrade from ${revision}`;
  const rows = begun?.probe?.kind === "backfill" ? `, ${begun.probe.rows} rows done` : "";
  const place = begun?.probe?.kind === "creations" ? "the tables from statement" : "statement";
  const open =
    begun === undefined ? "" : `, in the middle of ${place} ${begun.number} (${firstLine(begun.sql)}${rows})`;
  return `${where} stopped half done, after ${done} of its statements${open}`;
}

/** Says that a revision must be finished before anything else. */
export function halfDoneError(halfDone: HalfDone): LimbeckError {
  const again = halfDone.direction === "up" ? `upgrade ${halfDone.revision}` : "downgrade -1";
  return new LimbeckError("HALF_DONE", describeHalfDone(halfDone), {
    hint: `finish it with \`limbeck ${again}\`, or by hand and \`limbeck stamp\``,
    data: halfDone,
  });
}

export function firstLine(sql: string): string {
  const [line = ""] = sql.trim().split("\n");
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
