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

  test("a view that somebody replaced behind TypeORM's back is read as it is", async () => {
    const ddl = [
      "CREATE TABLE account (id int PRIMARY KEY, name varchar(20))",
      `CREATE TABLE typeorm_metadata (\`type\` varchar(255) NOT NULL, \`database\` varchar(255), \`schema\` varchar(255), \`table\` varchar(255), \`name\` varchar(255), \`value\` text)`,
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
