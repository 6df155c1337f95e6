/** What TypeORM remembers by its text: views and computed columns that change or go come back as TypeORM knows them. */
import { EntitySchema } from "typeorm";
import { mysqlServers, onMysql } from "../../support/mysql";
import { onProject } from "./project";
import type { Entities, Row } from "./project";
import { describeOn } from "../../support/describe-on";

const account = (asExpression?: string): EntitySchema =>
  new EntitySchema<Row>({
    name: "account",
    columns: {
      id: { type: "int", primary: true },
      name: { type: "varchar", length: 20 },
      ...(asExpression === undefined
        ? {}
        : { loud: { type: "varchar", length: 40, asExpression, generatedType: "STORED" } }),
    },
  });
const view = (expression: string): EntitySchema =>
  new EntitySchema({ name: "title", type: "view", expression, columns: { id: { type: "int" } } });

const FIRST = "SELECT a.id, UPPER(a.name) AS title\n FROM account a WHERE a.id > 1";
const LOUD = "CONCAT( name, '!' )";
const before: Entities = [account(LOUD), view(FIRST)];

/** What TypeORM leaves behind for that many views, and computed columns, of one table. */
const manyRemembered = (views: number): readonly string[] => [
  `CREATE TABLE account (id int PRIMARY KEY, name varchar(20)${numbered(views, (n) => `, loud${n} varchar(40) AS (CONCAT(name, '${n}')) VIRTUAL`)})`,
  METADATA,
  ...Array.from({ length: views }, (_, n) => `CREATE VIEW title${n} AS ${titleText(n)}`),
  `INSERT INTO typeorm_metadata VALUES ${numbered(views, (n) => `${n > 0 ? "," : ""}('VIEW', NULL, DATABASE(), NULL, 'title${n}', '${titleText(n)}'), ('GENERATED_COLUMN', NULL, DATABASE(), 'account', 'loud${n}', 'CONCAT( name, "${n}" )')`)}`,
];
const METADATA =
  "CREATE TABLE typeorm_metadata (`type` varchar(255) NOT NULL, `database` varchar(255), `schema` varchar(255), `table` varchar(255), `name` varchar(255), `value` text)";
const titleText = (n: number): string => `SELECT a.id, UPPER(a.name) AS title FROM account a WHERE a.id>${n}`;

function numbered(length: number, text: (n: number) => string): string {
  return Array.from({ length }, (_, n) => text(n)).join("");
}

describeOn(mysqlServers, "on %s", (server) => {
  test.concurrent.each<[string, Entities]>([
    ["a view that becomes another", [account(LOUD), view("SELECT id, name AS title FROM account")]],
    ["a view that goes", [account(LOUD)]],
    ["a computed column that becomes another", [account("CONCAT(name, '?')"), view(FIRST)]],
    ["a computed column that goes", [account(), view(FIRST)]],
  ])("%s comes back as TypeORM knows it", async (_title, after) => {
    await onProject(server, async ({ project, query, log }) => {
      const first = await project(before);
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      const later = await project(after);
      await later.revision({ autogenerate: true, message: "later" });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      await later.downgrade({ revision: "-1" });
      expect(await query("SELECT name, value FROM typeorm_metadata ORDER BY name")).toEqual([
        { name: "loud", value: LOUD },
        { name: "title", value: FIRST },
      ]);
      expect(await log(before)).toEqual([]);
    });
  });

  test("twenty remembered views and columns cost as many queries as one", async () => {
    const counts = async (views: number) =>
      await onMysql(server, manyRemembered(views), async ({ db, dialect }) => {
        const live = await dialect.inspect(db, { schemas: [] });
        const inspection = db.statements;
        expect(live.views.map(({ sql }) => sql)).toEqual(
          live.views.map(({ name }) => titleText(Number(name.slice(5)))),
        );
        expect(live.tables[0]?.columns.map(({ generated }) => generated)).toContainEqual({
          kind: "computed",
          sql: 'CONCAT( name, "0" )',
          stored: false,
        });
        // Texts in a third spelling, which only the server knows to be the same.
        const target = {
          ...live,
          views: live.views.map((view) => ({
            ...view,
            sql: view.sql.replaceAll("a.", ""),
          })),
        };
        expect((await dialect.canonicalize?.(db, target, live))?.views).toEqual(live.views);
        return { inspection, comparison: db.statements - inspection };
      });
    const [one, twenty] = [await counts(1), await counts(20)];
    expect(twenty).toEqual(one);
    expect(one.inspection).toBeLessThan(16);
  });

  test("a view that somebody replaced behind TypeORM's back is read as it is", async () => {
    const ddl = [
      "CREATE TABLE account (id int PRIMARY KEY, name varchar(20))",
      METADATA,
      `INSERT INTO typeorm_metadata SELECT 'VIEW', NULL, DATABASE(), NULL, 'title', '${FIRST}'`,
      `CREATE VIEW title AS ${FIRST}`,
    ];
    await onMysql(server, ddl, async ({ connection, dialect, db }) => {
      const text = async (): Promise<string | undefined> =>
        (await dialect.inspect(db, { schemas: [] })).views[0]?.sql;
      expect(await text()).toBe(FIRST);
      await connection.query("CREATE OR REPLACE VIEW title AS SELECT id FROM account");
      expect(await text()).toMatch(/^select `account`.`id` AS `id` from `account`$/i);
    });
  });
});
