/** What SQL Server does not have is refused with a sentence and a way out, before anything runs. */
import { mssql } from "../../../src/dialects/mssql";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";

const table = { name: "t" };
const column = { name: "c", type: { name: "int" }, nullable: false };
const index = { name: "i", parts: [{ column: "c" }] };

test.each<[string, Operation]>([
  ["SQL Server cannot create enum e (a)", { kind: "createEnum", enum: { name: "e", values: ["a"] } }],
  ["SQL Server cannot create extension x", { kind: "createExtension", extension: { name: "x" } }],
  ["SQL Server cannot refresh view v", { kind: "refreshView", view: { name: "v" } }],
  [
    "SQL Server cannot create materialized view v",
    { kind: "createView", view: { name: "v", sql: "SELECT 1", materialized: true } },
  ],
  ["SQL Server cannot change engine of table t", { kind: "alterTable", table, change: { engine: "InnoDB" } }],
  ["SQL Server cannot drop schema s", { kind: "dropSchema", name: "s", cascade: true }],
  [
    "SQL Server has no exclusion constraints, so t cannot have one",
    { kind: "addConstraint", table, constraint: { kind: "exclusion", expression: "x" } },
  ],
  [
    "SQL Server has no deferrable constraints, so t cannot have one",
    {
      kind: "addConstraint",
      table,
      constraint: { kind: "unique", columns: ["c"], deferrable: "INITIALLY DEFERRED" },
    },
  ],
  [
    "SQL Server has no arrays, so t.c cannot be one",
    { kind: "addColumn", table, column: { ...column, type: { name: "int", array: true } } },
  ],
  [
    "SQL Server has no index on an expression, so i on t cannot be made",
    { kind: "createIndex", table, index: { name: "i", parts: [{ expression: "lower(c)" }] } },
  ],
  [
    "SQL Server has no index of the type gin, so i on t cannot be made",
    { kind: "createIndex", table, index: { ...index, method: "gin" } },
  ],
  ["SQL Server cannot create index i (c) on t", { kind: "createIndex", table, index, concurrently: true }],
  [
    "SQL Server cannot change column t.c: change generated",
    { kind: "alterColumn", table, column: "c", change: { generated: { kind: "increment" } }, was: column },
  ],
])("%s", (sentence, operation) => {
  expect(() => mssql.compile(operation, { registry: emptyRegistry })).toThrow(sentence);
});

test("a resumable index runs outside a transaction", () => {
  const [statement] = mssql.compile(
    { kind: "createIndex", table, index, online: true, resumable: true },
    { registry: emptyRegistry },
  );
  expect(statement).toMatchObject({
    sql: "CREATE INDEX [i] ON [t] ([c]) WITH (ONLINE = ON, RESUMABLE = ON)",
    outsideTransaction: true,
  });
});

test("there is no timeout for a statement, and one for a lock", () => {
  expect(() => mssql.session.setTimeouts({ statement: 5000 })).toThrow(
    "SQL Server has no timeout for a statement",
  );
  expect(mssql.session.setTimeouts({ lock: 5000 })).toEqual([{ sql: "SET LOCK_TIMEOUT 5000" }]);
  expect(mssql.session.isLockTimeout({ number: 1222 })).toBe(true);
  expect(mssql.session.isLockTimeout({ number: 207 })).toBe(false);
});
