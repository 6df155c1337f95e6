import type { MigrationContext } from "../../src/runtime/context";
import { createOperations } from "../../src/runtime/op";
import { compact } from "../../src/model/equal";
import type { Operation } from "../../src/operations/operation";
import { createRegistry } from "../../src/operations/registry";
import type { CustomOperation } from "../../src/operations/registry";
import { renderOperation } from "../../src/render/operation";
import { EXAMPLES } from "./examples";
import type { Example } from "./table-examples";
import { revisionBody } from "../support/evaluate";

const grant: CustomOperation = { name: "grant", describe: () => "grant", compile: () => [] };
const registry = createRegistry([grant]);
const all = Object.values(EXAMPLES).flat() as readonly Example[];
const isCallable = ([, statement]: Example): boolean => statement.startsWith("await");
const titled = (examples: readonly Example[]) =>
  examples.map(([operation, statement]) => [statement.split("\n")[0] ?? "", operation, statement] as const);

describe("an operation becomes a statement", () => {
  it.each(titled(all.filter(isCallable)))("%s", (_title, operation, statement) => {
    expect(renderOperation(operation, registry)).toBe(statement);
  });
});

describe("a new name that leaves its schema", () => {
  const [from, to] = [{ schema: "audit", name: "log" }, { name: "log" }];
  it.each<readonly [Operation, string]>([
    [{ kind: "renameTable", from, to }, 'await op.renameTable("audit.log", { name: "log" });'],
    [
      { kind: "alterEnum", name: from, change: { name: to } },
      'await op.alterEnum("audit.log", { newName: { name: "log" } });',
    ],
    [
      { kind: "alterSequence", name: from, change: { name: to } },
      'await op.alterSequence("audit.log", { newName: { name: "log" } });',
    ],
  ])("is an object, because text would stay in the schema: %#", (operation, statement) => {
    expect(renderOperation(operation, registry)).toBe(statement);
  });
});

describe("an operation that no call makes is refused", () => {
  it.each(titled(all.filter((example) => !isCallable(example))))("%s", (_title, operation, message) => {
    expect(() => renderOperation(operation, registry)).toThrow(message);
  });

  it("inside a batch too", () => {
    const inner: Operation = { kind: "createSchema", name: "audit" };
    const batch: Operation = { kind: "batchAlterTable", table: { name: "a" }, operations: [inner] };
    expect(() => renderOperation(batch, registry)).toThrow("createSchema cannot stand in a batch");
  });
});

describe("a statement, run, is the operation again", () => {
  it.each(titled(all.filter(isCallable)))("%s", async (_title, operation, statement) => {
    expect(await run(statement)).toEqual([withoutLookUps(operation)]);
  });
});

describe("a custom operation", () => {
  it("writes its own line where it can", () => {
    const own = createRegistry([
      { ...grant, render: (payload) => `await grantTo(op, ${JSON.stringify(payload)});` },
    ]);
    expect(renderOperation({ kind: "custom", name: "grant", payload: "reader" }, own)).toBe(
      'await grantTo(op, "reader");',
    );
  });

  it("must be registered", () => {
    expect(() => renderOperation({ kind: "custom", name: "revoke", payload: null }, registry)).toThrow(
      'no custom operation "revoke" is registered',
    );
  });
});

/** What `op` makes of the statements, without a database. */
async function run(statements: string): Promise<readonly Operation[]> {
  const performed: Operation[] = [];
  const context = {
    dialect: { name: "postgres" },
    isOffline: false,
    perform: (operation: Operation) => {
      performed.push(operation);
      return Promise.resolve([]);
    },
  } as unknown as MigrationContext;
  const operations = createOperations(context, { autocommit: (block) => block() });
  await operations.run(revisionBody(statements));
  return performed;
}

/** What a call leaves to `complete`: how things were, unless nothing else says which thing is meant. */
function withoutLookUps(operation: Operation): Operation {
  if (operation.kind === "batchAlterTable") {
    return { ...operation, operations: operation.operations.map(withoutLookUps) };
  }
  if (operation.kind === "dropConstraint" && operation.name === undefined) return operation;
  const forgotten = { was: undefined, ...(operation.kind === "dropColumn" ? { after: undefined } : {}) };
  return compact<Operation>({ ...operation, ...forgotten });
}
