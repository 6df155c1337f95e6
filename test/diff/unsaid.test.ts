import { keepUnsaid } from "../../src/diff/unsaid";
import type { Constraint, Schema, Table } from "../../src/model/schema";
import { emptySchema } from "../../src/model/schema";

const table = (...constraints: readonly Constraint[]): Table => ({
  name: "t",
  columns: [],
  constraints,
  indexes: [],
});
const schema = (part: Partial<Schema>): Schema => ({ ...emptySchema, ...part });
const foreignKey = {
  kind: "foreignKey",
  name: "k",
  columns: ["a"],
  references: { name: "u" },
  referencedColumns: ["id"],
  onDelete: "SET NULL",
  onUpdate: "NO ACTION",
} as const;

test.each<[string, Constraint, Constraint, Constraint]>([
  [
    "how a primary key is checked and what its index holds",
    { kind: "primaryKey", name: "k", columns: ["a"] },
    { kind: "primaryKey", name: "k", columns: ["a"], deferrable: "INITIALLY DEFERRED", include: ["b"] },
    { kind: "primaryKey", name: "k", columns: ["a"], deferrable: "INITIALLY DEFERRED", include: ["b"] },
  ],
  [
    "that nulls are not distinct, but not when a unique constraint is checked",
    { kind: "unique", name: "k", columns: ["a"] },
    { kind: "unique", name: "k", columns: ["a"], nullsNotDistinct: true, deferrable: "INITIALLY DEFERRED" },
    { kind: "unique", name: "k", columns: ["a"], nullsNotDistinct: true },
  ],
  [
    "that the rows do not lie in the order of a primary key",
    { kind: "primaryKey", name: "k", columns: ["a"] },
    { kind: "primaryKey", name: "k", columns: ["a"], clustered: false },
    { kind: "primaryKey", name: "k", columns: ["a"], clustered: false },
  ],
  [
    "that a check is not validated or not inherited, but not its text",
    { kind: "check", name: "k", expression: "a > 0" },
    { kind: "check", name: "k", expression: "a > 1", notValid: true, noInherit: true },
    { kind: "check", name: "k", expression: "a > 0", notValid: true, noInherit: true },
  ],
  [
    "how a foreign key matches, but not what it does",
    foreignKey,
    { ...foreignKey, onDelete: "CASCADE", match: "FULL", notValid: true, onDeleteColumns: ["a"] },
    { ...foreignKey, match: "FULL", notValid: true, onDeleteColumns: ["a"] },
  ],
  [
    "a comment",
    { kind: "exclusion", name: "k", expression: "USING btree (a WITH =)" },
    { kind: "exclusion", name: "k", expression: "USING btree (b WITH =)", comment: "why" },
    { kind: "exclusion", name: "k", expression: "USING btree (a WITH =)", comment: "why" },
  ],
  [
    "nothing of a constraint under another name",
    { kind: "check", name: "k", expression: "a > 0" },
    { kind: "check", name: "other", expression: "a > 0", notValid: true },
    { kind: "check", name: "k", expression: "a > 0" },
  ],
])("%s stays", (_what, target, live, expected) => {
  const result = keepUnsaid(schema({ tables: [table(target)] }), schema({ tables: [table(live)] }));
  expect(result.tables[0]?.constraints).toEqual([expected]);
});

test("schemas, extensions and sequences are never missed", () => {
  const live = schema({
    namespaces: ["app", "other"],
    extensions: [{ name: "citext" }],
    sequences: [{ name: "own", increment: "2" }],
  });
  const target = schema({ namespaces: ["new", "app"], sequences: [{ name: "own" }] });
  expect(keepUnsaid(target, live)).toEqual({
    ...target,
    namespaces: ["app", "new", "other"],
    extensions: [{ name: "citext" }],
    sequences: [{ name: "own" }],
  });
});

test("what hangs on a view is made again with it, and tables of the target alone stay as they are", () => {
  const attachments = [{ kind: "comment", name: "v", sql: "COMMENT ON VIEW v IS 'x'" }];
  const target = schema({ tables: [table()], views: [{ name: "v", sql: "SELECT 2" }] });
  const live = schema({ views: [{ name: "v", sql: "SELECT 1", attachments }] });
  expect(keepUnsaid(target, live)).toEqual({
    ...target,
    views: [{ name: "v", sql: "SELECT 2", attachments }],
  });
});
