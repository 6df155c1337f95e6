import { ownPlaceholders } from "../../../src/dialects/ansi/parameters";

test.each([
  ["every database's own, in order", "a = ? AND b = ?", 2, "$1", "a = $1 AND b = $2"],
  ["those of SQL Server", "a = ? AND b = ?", 2, "@0", "a = @0 AND b = @1"],
  ["those of SQLite and MySQL are so already", "a = ?", 1, "?", "a = ?"],
  ["an operator beside the database's own sign", "a ? $1", 1, "$1", "a ? $1"],
  ["an operator without parameters", "a ? 'b'", 0, "$1", "a ? 'b'"],
  ["quotes and comments", `'?' "?" -- ?\n/* ? */ ?`, 1, "$1", `'?' "?" -- ?\n/* ? */ $1`],
] as const)("%s", (_, sql, count, placeholder, expected) => {
  expect(ownPlaceholders(sql, count, placeholder)).toBe(expected);
});
