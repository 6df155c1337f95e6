import type { Queryable, Statement } from "../../src/dialects/dialect";
import { postgres } from "../../src/dialects/postgres";
import { LimbeckError } from "../../src/errors";
import { emptySchema } from "../../src/model/schema";
import { emptyRegistry } from "../../src/operations/registry";
import { MigrationContext } from "../../src/runtime/context";
import { recorder } from "../../src/runtime/executor";
import type { Executor } from "../../src/runtime/executor";
import { liveSchema } from "../../src/runtime/known-schema";
import { patient } from "../../src/runtime/patient";
import { versionTables } from "../../src/runtime/version-table";
import { failure } from "../support/error";

const BLOCKER = { pid: 7, application_name: "app", client_addr: null, since: null, query: "SELECT 1" };
const db: Queryable = {
  query: <Row>() => Promise.resolve([BLOCKER] as readonly unknown[] as readonly Row[]),
  change: () => Promise.resolve(0),
};
const ALTER: Statement = {
  sql: "ALTER TABLE one ADD COLUMN note text",
  operation: {
    kind: "addColumn",
    table: { name: "one" },
    column: { name: "note", type: { name: "text" }, nullable: true },
  },
};

/** An executor whose ALTER TABLE gets no lock so many times. */
function context(failures: number): { readonly context: MigrationContext; readonly ran: readonly string[] } {
  const ran: string[] = [];
  let left = failures;
  const executor: Executor = {
    ...recorder(),
    run: ({ sql }) => {
      ran.push(sql);
      if (!sql.startsWith("ALTER") || left-- <= 0) return Promise.resolve([]);
      const cause = Object.assign(new Error("canceling"), { driverError: { code: "55P03" } });
      return Promise.reject(new LimbeckError("STATEMENT_FAILED", "canceling statement", { sql, cause }));
    },
  };
  return {
    ran,
    context: new MigrationContext({
      dialect: postgres,
      db,
      executor,
      schema: liveSchema(() => Promise.resolve(emptySchema), emptyRegistry),
      registry: emptyRegistry,
      transaction: "all",
      tables: versionTables({ name: "limbeck_version" }, { name: "limbeck_history" }),
    }),
  };
}

const lines: string[] = [];
const options = (isInTransaction: boolean) => ({
  timeouts: { lock: 1000 },
  reporter: { info: (line: string) => void lines.push(line), warn: () => undefined },
  isInTransaction: () => isInTransaction,
  pauses: [1, 1],
});

test("a statement that gets no lock is tried again, and the blocker is said", async () => {
  const { context: on, ran } = context(2);
  await patient(on, options(false)).run(ALTER);
  expect(ran).toEqual([ALTER.sql, ALTER.sql, ALTER.sql]);
  expect(lines.at(-1)).toBe(
    "no lock within 1 s, in the way: process 7 of app (SELECT 1); trying again in 1 ms",
  );
});

test("inside a transaction each try stands behind a savepoint, which a failure goes back to", async () => {
  const { context: on, ran } = context(1);
  await patient(on, options(true)).run(ALTER);
  const set = "SAVEPOINT limbeck";
  const back = "ROLLBACK TO SAVEPOINT limbeck";
  expect(ran).toEqual([set, ALTER.sql, back, set, ALTER.sql, "RELEASE SAVEPOINT limbeck"]);
});

test("when the pauses are used up the failure names the blocker and the number of tries", async () => {
  const { context: on } = context(Infinity);
  const error = await failure(patient(on, options(false)).run(ALTER));
  expect(error.message).toBe(
    "no lock after 3 tries, because of process 7 of app (SELECT 1) (canceling statement)",
  );
  expect(error.hint).toContain("run again when it is quieter");
});

test("an operation's own timeouts stand around it, and the general ones come back", async () => {
  const { context: on, ran } = context(0);
  const run = { lockTimeout: "5s", statementTimeout: "1min" };
  const operation = { ...ALTER.operation, run } as NonNullable<Statement["operation"]>;
  await patient(on, options(false)).run({ ...ALTER, operation });
  expect(ran).toEqual([
    "SET lock_timeout = 5000",
    "SET statement_timeout = 60000",
    ALTER.sql,
    "RESET lock_timeout",
    "RESET statement_timeout",
    "SET lock_timeout = 1000",
  ]);
});

test("what is no duration is refused before anything runs", async () => {
  const { context: on, ran } = context(0);
  const operation = { ...ALTER.operation, run: { lockTimeout: "soon" } } as NonNullable<
    Statement["operation"]
  >;
  const error = await failure(patient(on, options(false)).run({ ...ALTER, operation }));
  expect(error.message).toBe('"soon" is no duration');
  expect(ran).toEqual([]);
});
