/** A project of revisions in JavaScript over a database of its own, for tests of runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataSource } from "typeorm";
import type { QueryRunner } from "typeorm";
import type { Config } from "../../src/config/config";
import { open } from "../../src/open";
import type { Limbeck, OpenOptions } from "../../src/open";
import { connected } from "../roundtrip/databases";
import type { Kind, TestDatabase } from "../roundtrip/databases";
import { temporaryFolder } from "../support/sqlite";

export class ServerProject {
  readonly #place = temporaryFolder();
  readonly #kind: Kind;
  readonly reported: string[] = [];
  #database: TestDatabase | undefined;
  #files = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  async database(): Promise<TestDatabase> {
    return (this.#database ??= await this.#kind.create(this.#place.folder, "app"));
  }

  async open(config: Partial<Config> = {}, options: Partial<OpenOptions> = {}): Promise<Limbeck> {
    const { options: dataSource } = await this.database();
    return await open({
      cwd: this.#place.folder,
      config: { dataSource, ...config },
      reporter: { info: (line) => this.reported.push(line), warn: (line) => this.reported.push(line) },
      ...options,
    });
  }

  /** A revision file; one that is written again comes under another name, because this process keeps what it loaded. */
  write(id: string, parent: string | null, body: string, extra = ""): string {
    const folder = join(this.#place.folder, "revisions", "versions");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${id}_${++this.#files}.js`);
    writeFileSync(
      file,
      `exports.revision = "${id}";
exports.downRevision = ${JSON.stringify(parent)};
exports.message = "revision ${id}";
${extra}
exports.upgrade = async (op) => { ${body} };
exports.downgrade = async (op) => {};
`,
    );
    return file;
  }

  async query<Row>(sql: string): Promise<readonly Row[]> {
    const { options } = await this.database();
    return await connected(options, (dataSource) => dataSource.query<Row[]>(sql));
  }

  /** Runs a body while another connection is inside a transaction. */
  async beside<T>(sql: string, body: (other: QueryRunner) => Promise<T>): Promise<T> {
    const { options } = await this.database();
    const dataSource = await new DataSource(options).initialize();
    const other = dataSource.createQueryRunner();
    try {
      await other.startTransaction();
      await other.query(sql);
      return await body(other);
    } finally {
      if (other.isTransactionActive) await other.rollbackTransaction();
      await other.release();
      await dataSource.destroy();
    }
  }

  async remove(): Promise<void> {
    await this.#database?.drop();
    this.#place.remove();
  }
}

/** The call that makes a table of one column. */
export const table = (name: string): string =>
  `await op.createTable("${name}", { columns: [{ name: "id", type: "int" }], primaryKey: { columns: ["id"] } });`;
