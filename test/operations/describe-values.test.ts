/** Which value an enumeration gets or loses, in words. */
import { describe as inWords } from "../../src/operations/describe";
import type { AlterColumn, AlterEnum } from "../../src/operations/operation";

const name = { name: "order_status" };
const change = (to: AlterEnum["change"], values?: readonly string[]): string =>
  inWords({
    kind: "alterEnum",
    name,
    change: to,
    ...(values ? { was: { ...name, values } } : {}),
  });

test.each<[AlterEnum["change"], readonly string[] | undefined, string]>([
  [
    { add: [{ value: "backorder", after: "active" }] },
    ["active", "done"],
    "add value 'backorder' after 'active'",
  ],
  [{ values: ["new", "active"] }, ["active"], "add value 'new' before 'active'"],
  [{ values: ["active"] }, ["active", "it's"], "drop value 'it''s'"],
  [{ values: ["b", "a"] }, ["a", "b"], "order values 'b', 'a'"],
  [{ rename: { a: "b" }, add: [{ value: "c" }] }, ["a"], "rename value 'a' to 'b', add value 'c' after 'b'"],
  // A call by hand, where nobody knows the values that are there.
  [
    { add: [{ value: "c" }, { value: "d", before: "a" }] },
    undefined,
    "add value 'c', add value 'd' before 'a'",
  ],
  [{ values: ["a", "b"] }, undefined, "values 'a', 'b'"],
  [{ name: { name: "status" } }, ["a"], "rename to status"],
])("a type: %j of %j", (to, values, expected) => {
  expect(change(to, values)).toBe(`change enum order_status: ${expected}`);
});

test.each([
  ["MySQL", { name: "enum" }],
  ["SQLite", { name: "varchar" }],
  ["SQL Server", { name: "nvarchar", length: 255 }],
])("a column of %s that lists them itself", (_database, type) => {
  const operation: AlterColumn = {
    kind: "alterColumn",
    table: { name: "orders" },
    column: "status",
    change: { type: { ...type, values: ["active", "backorder"] } },
    was: { name: "status", type: { ...type, values: ["active"] }, nullable: false },
  };
  expect(inWords(operation)).toBe("change column orders.status: add value 'backorder' after 'active'");
});
