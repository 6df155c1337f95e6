/** A project on SQLite in a folder that goes away, with entities that a test edits. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions } from "typeorm";
import type { Config } from "../../src/config/config";
import { open } from "../../src/open";
import type { Limbeck, OpenOptions } from "../../src/open";
import { connected } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";

type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;

export const id: EntitySchemaColumnOptions = { type: "integer", primary: true, generated: true };
export const text: EntitySchemaColumnOptions = { type: "varchar", default: "" };

/** An entity by its table's name and columns. */
export function entity(tableName: string, columns: Columns): EntitySchema {
  return new EntitySchema({ name: tableName, tableName, columns: { ...columns } });
}

export class SqliteProject {
  readonly #place = temporaryFolder();
  readonly database = join(this.#place.folder, "app.db");
  readonly versions = join(this.#place.folder, "revisions", "versions");
  readonly written: string[] = [];
  readonly reported: string[] = [];

  get folder(): string {
    return this.#place.folder;
  }

  async open(
    entities: readonly EntitySchema[],
    config: Partial<Config> = {},
    options: Partial<OpenOptions> = {},
  ): Promise<Limbeck> {
    return await open({
      ...options,
      cwd: this.#place.folder,
      config: {
        dataSource: { type: "better-sqlite3", database: this.database, entities: [...entities] },
        ...config,
      },
      write: (line) => this.written.push(line),
      reporter: { info: (line) => this.reported.push(line), warn: (line) => this.reported.push(line) },
      now: () => new Date("2026-11-21T02:45:27.340Z"),
    });
  }

  /** Generates and applies a revision for these entities. */
  async migrate(entities: readonly EntitySchema[], message: string): Promise<void> {
    const limbeck = await this.open(entities);
    await limbeck.revision({ autogenerate: true, message, id: message.replaceAll(" ", "_") });
    await limbeck.upgrade();
  }

  async query<Row>(sql: string): Promise<readonly Row[]> {
    return await connected({ type: "better-sqlite3", database: this.database }, (dataSource) =>
      dataSource.query<Row[]>(sql),
    );
  }

  writeRevision(name: string, source: string): void {
    mkdirSync(this.versions, { recursive: true });
    writeFileSync(join(this.versions, name), source);
  }

  /** An environment of the project's own, as CommonJS. */
  writeEnvironment(source: string): void {
    mkdirSync(join(this.folder, "revisions"), { recursive: true });
    writeFileSync(join(this.folder, "revisions", "env.js"), source);
  }

  removeRevision(name: string): void {
    rmSync(join(this.versions, name));
  }

  get hasDatabase(): boolean {
    return existsSync(this.database);
  }

  remove(): void {
    this.#place.remove();
  }
}
