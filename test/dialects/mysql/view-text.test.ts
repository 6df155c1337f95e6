/** Views that change or go and come back: TypeORM remembers the text that it knows them by, whichever way a run went. */
import { EntitySchema } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { connected } from "../../roundtrip/databases";
import { mysqlServers, onMysql } from "../../support/mysql";
import { createMysqlDatabase } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

type Entities = readonly EntitySchema[];

const account = new EntitySchema({
  name: "account",
  columns: { id: { type: "int", primary: true }, name: { type: "varchar", length: 20 } },
});
const view = (expression: string): EntitySchema =>
  new EntitySchema({ name: "title", type: "view", expression, columns: { id: { type: "int" } } });

const FIRST = "SELECT a.id, UPPER(a.name) AS title\n FROM account a WHERE a.id > 1";
const before: Entities = [account, view(FIRST)];

describe.each(mysqlServers)("on %s", (server) => {
  test.each<[string, Entities]>([
    ["a view that becomes another", [account, view("SELECT id, name AS title FROM account")]],
    ["a view that goes", [account]],
  ])("%s comes back as TypeORM knows it", async (_title, after) => {
    const place = temporaryFolder();
    const database = await createMysqlDatabase(server);
    const options = (entities: Entities): DataSourceOptions => ({
      type: server,
      url: database.url,
      entities: [...entities],
    });
    const project = async (entities: Entities): Promise<Limbeck> =>
      await open({ cwd: place.folder, config: { dataSource: options(entities) } });
    try {
      const first = await project(before);
      await first.revision({ autogenerate: true, message: "first" });
      await first.upgrade();
      const later = await project(after);
      await later.revision({ autogenerate: true, message: "later" });
      await later.upgrade();
      expect((await later.check()).differences).toEqual([]);
      await later.downgrade({ revision: "-1" });
      const seen = await connected(options(before), async (dataSource) => ({
        texts: await dataSource.query<unknown>("SELECT name, value FROM typeorm_metadata"),
        log: (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query),
      }));
      expect(seen).toEqual({ texts: [{ name: "title", value: FIRST }], log: [] });
    } finally {
      await database.drop();
      place.remove();
    }
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
