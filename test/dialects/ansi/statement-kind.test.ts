import { statementKind } from "../../../src/dialects/ansi/statement-kind";

test.each([
  ["SELECT 1", "read"],
  ["  -- a comment\n/* and another */ (select 1)", "read"],
  ["WITH a AS (SELECT 1) SELECT * FROM a", "read"],
  ["WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a", "write"],
  ["SELECT * INTO a FROM b", "other"],
  ["SELECT 'into' AS a", "read"],
  ["INSERT INTO a VALUES (1)", "write"],
  ["update a set b = 1", "write"],
  ["CREATE TABLE a (b int)", "other"],
  ["VACUUM", "other"],
  ["", "other"],
] as const)("%j does: %s", (sql, kind) => {
  expect(statementKind(sql)).toBe(kind);
});
