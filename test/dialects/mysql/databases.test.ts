/** Entities with `database`: several databases of one server, with foreign keys and views between them, and rows. */
import { randomBytes } from "node:crypto";
import { createConnection } from "mysql2/promise";
import { EntitySchema } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { createMysqlDatabase } from "../../support/servers";
import { mysqlServers } from "../../support/mysql";
import { temporaryFolder } from "../../support/sqlite";
import { connected } from "../../roundtrip/databases";
import { describeOn } from "../../support/describe-on";

interface Shape {
  readonly titleLength: number;
  readonly withNote: boolean;
}

/** Accounts in the connection's database, their orders in another one, and views both ways. */
function entitiesOf(other: string, { titleLength, withNote }: Shape) {
  const id = { type: "int", primary: true, generated: "increment" } as const;
  return [
    new EntitySchema({
      name: "Account",
      tableName: "account",
      columns: { id, name: { type: "varchar", length: 40 } },
    }),
    new EntitySchema<Readonly<Record<string, unknown>>>({
      name: "Order",
      tableName: "order",
      database: other,
      columns: {
        id,
        title: { type: "varchar", length: titleLength },
        shout: {
          type: "varchar",
          length: 60,
          asExpression: "concat(`title`, '!')",
          generatedType: "STORED",
        },
        ...(withNote ? { note: { type: "varchar", length: 9, default: "it's" } as const } : {}),
      },
      relations: {
        account: {
          type: "many-to-one",
          target: "Account",
          onDelete: "CASCADE",
          joinColumn: { name: "account_id" },
        },
      },
      indices: [{ name: "order_title", columns: ["title"] }],
      checks: [{ name: "order_title_check", expression: "`title` <> ''" }],
    }),
    new EntitySchema({
      name: "OrderName",
      tableName: "order_name",
      type: "view",
      database: other,
      expression: `SELECT \`o\`.\`id\` AS \`id\` FROM \`${other}\`.\`order\` \`o\``,
      columns: { id: { type: "int" } },
    }),
  ];
}

const before: Shape = { titleLength: 20, withNote: false };
const after: Shape = { titleLength: 30, withNote: true };

describeOn(mysqlServers, "two databases on %s", (server) => {
  let place: ReturnType<typeof temporaryFolder>;
  let main: Awaited<ReturnType<typeof createMysqlDatabase>>;
  let other: string;
  beforeEach(async () => {
    place = temporaryFolder();
    main = await createMysqlDatabase(server);
    other = `limbeck_other_${randomBytes(6).toString("hex")}`;
  });
  afterEach(async () => {
    const connection = await createConnection(main.url);
    await connection.query("SET FOREIGN_KEY_CHECKS = 0");
    await connection.query(`DROP DATABASE IF EXISTS \`${other}\``);
    await connection.end();
    await main.drop();
    place.remove();
  });

  const options = (shape: Shape): DataSourceOptions => ({
    type: server,
    url: main.url,
    entities: entitiesOf(other, shape),
  });
  const project = async (shape: Shape, written: string[] = []): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: { dataSource: options(shape) },
      write: (text) => written.push(text),
    });
  const query = async (sql: string): Promise<readonly unknown[]> => {
    const connection = await createConnection({ uri: main.url, multipleStatements: true });
    try {
      const [rows] = await connection.query(sql);
      return rows as unknown as readonly unknown[];
    } finally {
      await connection.end();
    }
  };
  const tables = async (): Promise<unknown> =>
    await query(
      `SELECT TABLE_SCHEMA = DATABASE() AS own, TABLE_NAME AS name FROM information_schema.TABLES
       WHERE TABLE_SCHEMA IN (DATABASE(), '${other}') AND TABLE_NAME NOT LIKE 'limbeck%' ORDER BY 1, 2`,
    );

  test("are made, edited with their rows, and taken down", async () => {
    const limbeck = await project(before);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    expect((await limbeck.check()).differences).toEqual([]);
    expect(await tables()).toEqual([
      { own: 0, name: "order" },
      { own: 0, name: "order_name" },
      { own: 1, name: "account" },
      { own: 1, name: "typeorm_metadata" },
    ]);
    await query(
      `INSERT INTO account VALUES (1, 'größe'); INSERT INTO \`${other}\`.\`order\` (id, title, account_id) VALUES (7, 'x', 1)`,
    );
    const columns = () => query(`SHOW FULL COLUMNS FROM \`${other}\`.\`order\``);
    const first = await columns();
    const later = await project(after);
    await later.revision({ autogenerate: true, message: "later" });
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    expect(await query(`SELECT * FROM \`${other}\`.\`order\``)).toEqual([
      { id: 7, title: "x", account_id: 1, note: "it's", shout: "x!" },
    ]);
    await later.downgrade({ revision: "-1" });
    expect(await columns()).toEqual(first);
    expect(await query(`SELECT title, account_id FROM \`${other}\`.\`order\``)).toEqual([
      { title: "x", account_id: 1 },
    ]);
    await later.downgrade({ revision: "base" });
    expect(await tables()).toEqual([{ own: 1, name: "typeorm_metadata" }]);
    expect(await query("SELECT * FROM typeorm_metadata")).toEqual([]);
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
  });

  test("leave TypeORM nothing to do that it would not do after its own synchronize()", async () => {
    const limbeck = await project(before);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    const log = await connected(
      options(before),
      async (dataSource) => await dataSource.driver.createSchemaBuilder().log(),
    );
    // TypeORM makes no checks there, and does not see that ours are there.
    expect(log.upQueries.map(({ query: sql }) => sql)).toEqual([]);
  });

  test("are the same from the script", async () => {
    const limbeck = await project(before);
    await limbeck.revision({ autogenerate: true, message: "first" });
    const written: string[] = [];
    await (await project(before, written)).upgrade({ sql: true });
    // A script is for any database of the server: it asks for the name.
    expect(written.join("")).not.toContain(main.name);
    await query(written.join(""));
    expect((await limbeck.check()).differences).toEqual([]);
  });

  test("a database that holds what no revision made is not dropped with the rest", async () => {
    const limbeck = await project(before);
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    await query(`CREATE TABLE \`${other}\`.stranger (id int); INSERT INTO \`${other}\`.stranger VALUES (1)`);
    expect((await limbeck.check()).differences).toEqual([]);
    await expect(limbeck.downgrade({ revision: "base" })).rejects.toThrow(`${other} is not empty`);
    expect(await query(`SELECT * FROM \`${other}\`.stranger`)).toEqual([{ id: 1 }]);
    await query(`DROP TABLE \`${other}\`.stranger`);
    await limbeck.downgrade({ revision: "base" });
    expect(await query(`SHOW DATABASES LIKE '${other}'`)).toEqual([]);
  });

  test("the version table can live in one of them", async () => {
    await query(`CREATE DATABASE \`${other}\``);
    const limbeck = await open({
      cwd: place.folder,
      config: { dataSource: options(before), versionTableSchema: other },
    });
    await limbeck.revision({ autogenerate: true, message: "first" });
    await limbeck.upgrade();
    expect((await limbeck.check()).differences).toEqual([]);
    expect(await query(`SELECT COUNT(*) AS n FROM \`${other}\`.limbeck_version`)).toEqual([{ n: 1 }]);
  });
});
