/** SQLite databases for tests: in memory, or a file in a folder that goes away. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Queryable } from "../../src/dialects/dialect";
import { sqlite } from "../../src/dialects/sqlite";
import { emptyRegistry } from "../../src/operations/registry";
import { MigrationContext } from "../../src/runtime/context";
import { onlineExecutor } from "../../src/runtime/executor";
import { liveSchema } from "../../src/runtime/known-schema";
import { versionTables } from "../../src/runtime/version-table";

/** A connection as dialects want it. */
export function queryable(database: Database.Database): Queryable {
  return {
    query: <Row>(sql: string, parameters: readonly unknown[] = []) => {
      const statement = database.prepare(sql);
      if (statement.reader) return Promise.resolve(statement.all(...parameters) as readonly Row[]);
      statement.run(...parameters);
      return Promise.resolve([]);
    },
    change: (sql, parameters = []) => Promise.resolve(database.prepare(sql).run(...parameters).changes),
  };
}

/** A context on a database, without transactions: the caller sees each statement's effect. */
export function contextOn(database: Database.Database, schemas: readonly string[] = []): MigrationContext {
  const db = queryable(database);
  return new MigrationContext({
    dialect: sqlite,
    db,
    executor: onlineExecutor(sqlite, db, {
      startTransaction: () => Promise.resolve(),
      commitTransaction: () => Promise.resolve(),
      rollbackTransaction: () => Promise.resolve(),
      isTransactionActive: false,
    }),
    schema: liveSchema(() => sqlite.inspect(db, { schemas }), emptyRegistry),
    registry: emptyRegistry,
    transaction: "none",
    tables: versionTables({ name: "limbeck_version" }, { name: "limbeck_history" }),
  });
}

/** A database in memory with foreign keys off, as they are while revisions run. */
export function inMemory(): Database.Database {
  const database = new Database(":memory:");
  database.pragma("foreign_keys = OFF");
  return database;
}

/** A folder for one test, removed by `remove`. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "limbeck-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
