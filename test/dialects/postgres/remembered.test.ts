/** What TypeORM remembers by its text: views and generated columns that change, move or go come back as TypeORM knows them. */
import "reflect-metadata";
import { EntitySchema, ViewColumn, ViewEntity } from "typeorm";
import type { DataSourceOptions } from "typeorm";
import { open } from "../../../src/open";
import type { Limbeck } from "../../../src/open";
import { connected } from "../../roundtrip/databases";
import { createPostgresDatabase } from "../../support/servers";
import { temporaryFolder } from "../../support/sqlite";

type Entities = readonly (EntitySchema<Row> | (new () => object))[];
type Row = Readonly<Record<string, unknown>>;

/** The project with some entities, and what its database answers. */
interface Place {
  readonly project: (entities: Entities) => Promise<Limbeck>;
  readonly query: (sql: string) => Promise<readonly Row[]>;
  /** What TypeORM's own schema builder would run. */
  readonly log: (entities: Entities) => Promise<readonly string[]>;
}

async function onProject(body: (place: Place) => Promise<void>): Promise<void> {
  const { folder, remove } = temporaryFolder();
  const { url, drop } = await createPostgresDatabase();
  const options = (entities: Entities): DataSourceOptions => ({
    type: "postgres",
    url,
    entities: [...entities],
  });
  try {
    await body({
      project: async (entities) => await open({ cwd: folder, config: { dataSource: options(entities) } }),
      query: async (sql) => await connected(options([]), (dataSource) => dataSource.query<Row[]>(sql)),
      log: async (entities) => {
        const { upQueries } = await connected(options(entities), (dataSource) =>
          dataSource.driver.createSchemaBuilder().log(),
        );
        return upQueries.map(({ query }) => query);
      },
    });
  } finally {
    await drop();
    remove();
  }
}

const account = (asExpression?: string, { tableName = "account", column = "loud" } = {}): EntitySchema<Row> =>
  new EntitySchema<Row>({
    name: "account",
    tableName,
    columns: {
      id: { type: "int", primary: true },
      name: { type: "varchar", length: 20 },
      ...(asExpression === undefined
        ? {}
        : {
            [column]: { type: "varchar", length: 40, asExpression, generatedType: "STORED", nullable: true },
          }),
    },
  });
const view = (expression: string): EntitySchema<Row> =>
  new EntitySchema<Row>({ name: "title", type: "view", expression, columns: { id: { type: "int" } } });

/** A schema of its own cannot say that a view is materialized; a class can. */
function materialized(expression: string, name = "total"): new () => object {
  class Total {
    id?: number;
  }
  ViewEntity({ name, materialized: true, expression })(Total);
  ViewColumn()(Total.prototype, "id");
  return Total;
}

const FIRST = "SELECT a.id, UPPER(a.name) AS title\n FROM account a WHERE a.id > 1 AND a.name IN ('x', 'y')";
const TOTAL = "SELECT a.id, COUNT(*) AS total FROM account a GROUP BY a.id";
const LOUD = "name || '!'";
const before: Entities = [account(LOUD), view(FIRST), materialized(TOTAL)];

test.each<[string, Entities]>([
  [
    "a view that becomes another",
    [account(LOUD), view("SELECT id, name AS title FROM account"), materialized(TOTAL)],
  ],
  ["a view that goes", [account(LOUD), materialized(TOTAL)]],
  [
    "a materialized view that becomes another",
    [account(LOUD), view(FIRST), materialized("SELECT id, 1 AS total FROM account")],
  ],
  ["a materialized view that goes", [account(LOUD), view(FIRST)]],
  ["a generated column that becomes another", [account("name || '?'"), view(FIRST), materialized(TOTAL)]],
  ["a generated column that goes", [account(), view(FIRST), materialized(TOTAL)]],
  ["a view that becomes materialized", [account(LOUD), materialized(FIRST, "title"), materialized(TOTAL)]],
  [
    "all that goes with its table",
    [new EntitySchema<Row>({ name: "other", columns: { id: { type: "int", primary: true } } })],
  ],
])("%s comes back as TypeORM knows it", async (_title, after) => {
  await onProject(async ({ project, query, log }) => {
    const first = await project(before);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    const later = await project(after);
    await later.revision({ autogenerate: true, message: "later" });
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    expect(await log(after)).toEqual([]);
    await later.downgrade({ revision: "-1" });
    expect(await query("SELECT name, value FROM typeorm_metadata ORDER BY name")).toEqual([
      { name: "loud", value: LOUD },
      { name: "title", value: FIRST },
      { name: "total", value: TOTAL },
    ]);
    expect(await log(before)).toEqual([]);
  });
});

test.each<[string, EntitySchema<Row>, readonly string[]]>([
  ["its table is renamed", account(LOUD, { tableName: "client" }), ["account:client"]],
  ["it is renamed", account(LOUD, { column: "cry" }), ["account.loud:cry"]],
])("what TypeORM knows of a generated column stays when %s", async (_title, after, renames) => {
  await onProject(async ({ project, query, log }) => {
    const first = await project([account(LOUD)]);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    const later = await project([after]);
    await later.revision({ autogenerate: true, message: "later", renames });
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    expect(await log([after])).toEqual([]);
    await later.downgrade({ revision: "-1" });
    expect(await query(`SELECT "table", name, value FROM typeorm_metadata`)).toEqual([
      { table: "account", name: "loud", value: LOUD },
    ]);
    expect(await log([account(LOUD)])).toEqual([]);
  });
});

test("a view that somebody replaced behind TypeORM's back comes back as it was", async () => {
  await onProject(async ({ project, query }) => {
    const first = await project([account(), view(FIRST)]);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    await query("CREATE OR REPLACE VIEW title AS SELECT id, UPPER(name) AS title FROM account WHERE id > 7");
    const later = await project([account()]);
    await later.revision({ autogenerate: true, message: "later" });
    await later.upgrade();
    await later.downgrade({ revision: "-1" });
    expect(await query("SELECT value FROM typeorm_metadata")).toEqual([
      { value: expect.stringContaining("(id > 7)") as string },
    ]);
  });
});
