/** Whether two queries are the same view: the server's own answer, for any number of them at once. */
import { sameViews } from "../../../src/dialects/mysql/judge-view";
import type { ViewTexts } from "../../../src/dialects/mysql/judge-view";
import { mysqlServers, onMysql } from "../../support/mysql";
import { describeOn } from "../../support/describe-on";

const TABLES = [
  "CREATE TABLE account (id int PRIMARY KEY, name varchar(20))",
  "CREATE TABLE entry (id int PRIMARY KEY, account int, amount int)",
  // A table of one row is read while a query is optimized, and its values are put into the query.
  "INSERT INTO account VALUES (5, 'a')",
];
const LONG = `CASE ${Array.from({ length: 9 }, (_, n) => `WHEN id = ${n} THEN '${"x".repeat(20)}'`).join(" ")} END`;

describeOn(mysqlServers, "on %s", (server) => {
  test.concurrent.each<[string, string, string, boolean]>([
    ["names and space", "SELECT id  FROM account", "select `account`.`id` AS `id` from `account`", true],
    [
      "an alias and operators",
      "SELECT a.id FROM account a WHERE a.id!=3 -- all but one",
      "select `a`.`id` AS `id` from `account` `a` where `a`.`id` <> 3",
      true,
    ],
    ["what ends a statement", "SELECT id FROM account;\n", "select id as id from account", true],
    ["a long column without a name", `SELECT ${LONG} FROM account`, `select ${LONG} from (account)`, true],
    [
      "a with",
      "WITH a AS (SELECT id FROM account) SELECT id FROM a",
      "with a as (select id as id from account) select a.id from a",
      true,
    ],
    [
      "conditions that the rows make equal",
      "SELECT id FROM account WHERE id = 5",
      "SELECT id FROM account WHERE id = 6",
      false,
    ],
    [
      "conditions on one row",
      "SELECT id FROM account WHERE id = 5 AND name = 'a'",
      "SELECT id FROM account WHERE id = 5 AND name = 'b'",
      false,
    ],
    [
      "case of a string",
      "SELECT id FROM account WHERE name = 'a'",
      "SELECT id FROM account WHERE name = 'A'",
      false,
    ],
    ["the names of columns", "SELECT id AS a FROM account", "SELECT id AS b FROM account", false],
    [
      "the order of rows",
      "SELECT id FROM account ORDER BY name",
      "SELECT id FROM account ORDER BY name DESC",
      false,
    ],
    ["an order and none", "SELECT id FROM account ORDER BY name", "SELECT id FROM account", false],
    [
      "union and union all",
      "SELECT id FROM account UNION SELECT id FROM entry",
      "SELECT id FROM account UNION ALL SELECT id FROM entry",
      false,
    ],
    [
      "a union of more",
      "SELECT id FROM account UNION SELECT id FROM entry",
      "SELECT id FROM account UNION SELECT id FROM entry UNION SELECT 7",
      false,
    ],
    [
      "inner and outer join",
      "SELECT a.id FROM account a JOIN entry e ON e.account = a.id",
      "SELECT a.id FROM account a LEFT JOIN entry e ON e.account = a.id",
      false,
    ],
    [
      "subqueries",
      "SELECT id FROM account WHERE id IN (SELECT account FROM entry)",
      "SELECT id FROM account WHERE id IN (SELECT id FROM entry)",
      false,
    ],
    [
      "groups",
      "SELECT account, sum(amount) AS n FROM entry GROUP BY account",
      "SELECT account, sum(amount) AS n FROM entry GROUP BY account HAVING n > 1",
      false,
    ],
    ["a limit", "SELECT id FROM account LIMIT 1", "SELECT id FROM account LIMIT 2", false],
    ["what is no query", "SELECT id FROM account WHERE (", "SELECT id FROM account", false],
    ["what is not there", "SELECT id FROM nowhere", "SELECT id FROM account", false],
  ])("%s", async (_title, target, live, expected) => {
    await onMysql(server, TABLES, async ({ db }) => {
      expect(await sameViews(db, [[target, live]])).toEqual([expected]);
    });
  });

  test("many are asked about at once, and one that is broken does not touch the others", async () => {
    await onMysql(server, TABLES, async ({ db, connection }) => {
      const trace = async () =>
        (
          await connection.query("SELECT @@SESSION.optimizer_trace, @@SESSION.optimizer_trace_max_mem_size")
        )[0];
      const before = await trace();
      const pairs: readonly ViewTexts[] = Array.from({ length: 100 }, (_, n) => [
        `SELECT id FROM account WHERE id>${n}`,
        `select (id) from account where id > ${n % 7 === 0 ? -1 : n}`,
      ]);
      const expected = pairs.map((_, n) => n % 7 !== 0);
      expect(await sameViews(db, pairs)).toEqual(expected);
      expect(db.statements).toBe(4);
      const broken = ["SELECT id FROM nowhere", "SELECT id FROM account"] as const;
      expect(await sameViews(db, pairs.with(33, broken))).toEqual(expected.with(33, false));
      expect(await trace()).toEqual(before);
    });
  });
});
