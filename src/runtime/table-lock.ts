/** The lock of `lock: "table"`: a row that its holder counts up, for poolers and clusters where a session is not to be trusted. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { QualifiedName, Table } from "../model/schema";
import type { MigrationContext } from "./context";

/** How often the holder says that it lives, and after how long a silent one is taken for dead; in milliseconds. */
const BEAT = 2000;
const DEAD = 20_000;

/** The table of the lock: one row while somebody holds it. */
export function lockTable(name: QualifiedName): Table {
  return {
    ...name,
    columns: [
      { name: "id", type: { name: "integer" }, nullable: false },
      { name: "token", type: { name: "varchar", length: 36 }, nullable: false },
      { name: "holder", type: { name: "varchar", length: 255 }, nullable: false },
      { name: "beat", type: { name: "integer" }, nullable: false },
    ],
    constraints: [{ kind: "primaryKey", name: `${name.name}_pkc`, columns: ["id"] }],
    indexes: [],
  };
}

interface LockRow {
  readonly token: string;
  readonly holder: string;
  readonly beat: number;
}

/**
 * A row that its holder counts up on a connection of its own. Whoever waits measures the silence by its own clock, so no
 * clocks are compared; a row that was silent too long is taken over.
 */
export class TableLock {
  readonly #context: MigrationContext;
  readonly #token = randomUUID();
  #isMade = false;
  #seen: { readonly beat: string; readonly since: number } | undefined;
  #beating: NodeJS.Timeout | undefined;

  constructor(context: MigrationContext) {
    this.#context = context;
  }

  async tryAcquire(): Promise<boolean> {
    await this.#make();
    const found = await this.#row();
    const acquired = found === undefined ? await this.#insert() : await this.#takeOver(found);
    if (acquired) this.#beat();
    return acquired;
  }

  async release(): Promise<void> {
    clearInterval(this.#beating);
    await this.#change(`DELETE FROM ${this.#name} WHERE ${this.#isOwn}`);
  }

  async holder(): Promise<string | undefined> {
    return (await this.#row())?.holder;
  }

  async #make(): Promise<void> {
    if (this.#isMade) return;
    const { dialect, compileContext, db } = this.#context;
    const table = lockTable(this.#context.parts.tables.lock);
    for (const { sql } of dialect.compile(
      { kind: "createTable", table, ifNotExists: true },
      compileContext,
    )) {
      await db.query(sql);
    }
    this.#isMade = true;
  }

  async #row(): Promise<LockRow | undefined> {
    const [row] = await this.#context.db.query<LockRow>(`SELECT * FROM ${this.#name}`);
    return row;
  }

  async #insert(): Promise<boolean> {
    const { dialect } = this.#context;
    const holder = `process ${process.pid} on ${hostname()} since ${new Date().toISOString()}`.slice(0, 255);
    const values = [1, this.#token, holder, 0].map((value) => dialect.literal(value)).join(", ");
    const columns = ["id", "token", "holder", "beat"].map((column) => dialect.quote(column)).join(", ");
    try {
      await this.#context.db.query(`INSERT INTO ${this.#name} (${columns}) VALUES (${values})`);
      return true;
    } catch {
      // Somebody was quicker, and the primary key says so.
      return false;
    }
  }

  /** Removes the row of a holder that was silent too long; who removes it may try to insert. */
  async #takeOver({ token, beat }: LockRow): Promise<boolean> {
    const { dialect } = this.#context;
    const now = `${token} ${beat}`;
    if (this.#seen?.beat !== now) this.#seen = { beat: now, since: Date.now() };
    if (Date.now() - this.#seen.since < DEAD) return false;
    const removed = await this.#change(
      `DELETE FROM ${this.#name} WHERE ${dialect.quote("token")} = ${dialect.literal(token)}` +
        ` AND ${dialect.quote("beat")} = ${beat}`,
    );
    return removed === 1 && (await this.#insert());
  }

  #beat(): void {
    const { beside } = this.#context.parts;
    const column = this.#context.dialect.quote("beat");
    const sql = `UPDATE ${this.#name} SET ${column} = ${column} + 1 WHERE ${this.#isOwn}`;
    this.#beating = setInterval(() => void beside?.(sql).catch(() => undefined), BEAT);
    this.#beating.unref();
  }

  async #change(sql: string): Promise<number> {
    return await this.#context.db.change(sql);
  }

  get #name(): string {
    return this.#context.dialect.quoteName(this.#context.parts.tables.lock);
  }

  get #isOwn(): string {
    const { dialect } = this.#context;
    return `${dialect.quote("token")} = ${dialect.literal(this.#token)}`;
  }
}
