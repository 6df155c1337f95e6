/** TypeORM's issues on PostgreSQL, on tables with rows: up, compared by both, down. */
import "reflect-metadata";
import { EntitySchema } from "typeorm";
import type { EntitySchemaColumnOptions, DataSource } from "typeorm";
import { connected } from "../../roundtrip/databases";
import { withRows } from "../../support/edit";
import type { EditedProject } from "../../support/edit";
import { connectedTo } from "../../support/postgres";
import { SnakeNamingStrategy } from "../../support/snake-naming";

const id: EntitySchemaColumnOptions = { type: "int", primary: true, generated: "increment" };
const text: EntitySchemaColumnOptions = { type: "varchar", nullable: true };
const toOne = (target: string) => ({ type: "many-to-one", target }) as const;
type Entities = readonly EntitySchema[];

/** What TypeORM's own schema builder would run. */
async function typeormLog(url: string, entities: Entities, more: object = {}): Promise<readonly string[]> {
  return await connected(
    { type: "postgres", url, entities: [...entities], ...more },
    async (dataSource: DataSource) => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    },
  );
}

/** The edit up, compared by both, and down; what a query answers at each place. */
async function upAndDown(
  { url, project, query }: EditedProject,
  after: Entities,
  {
    renames,
    down,
    up,
    more = {},
    isTypeormWrong = false,
  }: { renames?: string[]; down: string; up: string; more?: object; isTypeormWrong?: boolean },
): Promise<{ readonly differences: readonly string[]; readonly rows: readonly unknown[] }> {
  const before = await query(down);
  const later = await project(after, {
    dataSource: { type: "postgres", url, entities: [...after], ...more },
  });
  const { differences } = await later.revision({
    autogenerate: true,
    message: "later",
    ...(renames ? { renames } : {}),
  });
  await later.upgrade();
  expect((await later.check()).differences).toEqual([]);
  if (!isTypeormWrong) expect(await typeormLog(url, after, more)).toEqual([]);
  const rows = await query(up);
  await later.downgrade({ revision: "-1" });
  expect(await query(down)).toEqual(before);
  return { differences, rows };
}

const members: Entities = [
  new EntitySchema({ name: "Team", columns: { id, fullName: text } }),
  new EntitySchema<Readonly<Record<string, unknown>>>({
    name: "MbkUser",
    columns: {
      id,
      firstName: { type: "varchar", unique: true },
      hashedPwd: text,
      userKind: { type: "enum", enum: ["plain", "root"], default: "plain" },
    },
    relations: { ownTeam: toOne("Team") },
    indices: [{ columns: ["hashedPwd"] }],
    checks: [{ expression: `"id" > 0` }],
  }),
];

test("issue 7193: a naming strategy renames tables and columns, and no row is lost", async () => {
  const rows = `INSERT INTO team VALUES (4, 'größte');
    INSERT INTO mbk_user (id, "firstName", "hashedPwd", "ownTeamId", "userKind") VALUES (1, 'Zoë', 'x', 4, 'root')`;
  await withRows({ before: members, rows }, async (place) => {
    const { differences, rows: joined } = await upAndDown(place, members, {
      more: { namingStrategy: new SnakeNamingStrategy() },
      renames: [
        "team.fullName:full_name",
        "mbk_user.firstName:first_name",
        "mbk_user.hashedPwd:hashed_pwd",
        "mbk_user.ownTeamId:own_team_id",
        "mbk_user.userKind:user_kind",
      ],
      down: `SELECT * FROM mbk_user JOIN team ON team.id = "ownTeamId"`,
      up: "SELECT first_name, hashed_pwd, full_name, user_kind FROM mbk_user JOIN team ON team.id = own_team_id",
    });
    expect(differences.filter((line) => /^(?:add|drop|create)/.test(line))).toEqual([]);
    expect(joined).toEqual([{ first_name: "Zoë", hashed_pwd: "x", full_name: "größte", user_kind: "root" }]);
    expect(await typeormLog(place.url, members)).toEqual([]);
  });
});

/** A table that refers to others by relations of these names. */
const referring = (relations: Readonly<Record<string, string>>): Entities => [
  new EntitySchema({ name: "one", columns: { id } }),
  new EntitySchema({ name: "two", columns: { id } }),
  new EntitySchema({
    name: "t",
    columns: { id },
    relations: Object.fromEntries(Object.entries(relations).map(([name, target]) => [name, toOne(target)])),
  }),
];
const PARENTS = "INSERT INTO one VALUES (1), (2); INSERT INTO two VALUES (1), (2)";

test("issue 3509: two relations swap what they refer to, and their rows stay", async () => {
  const before = referring({ a: "one", b: "two" });
  await withRows({ before, rows: `${PARENTS}; INSERT INTO t VALUES (1, 1, 2)` }, async (place) => {
    const all = `SELECT * FROM t`;
    const { rows } = await upAndDown(place, referring({ a: "two", b: "one" }), { down: all, up: all });
    expect(rows).toEqual([{ id: 1, aId: 1, bId: 2 }]);
  });
});

test("issue 3509: a relation to another table is no rename of one that goes", async () => {
  const before = referring({ tableOne: "one" });
  const after = referring({ tableTwo: "two" });
  // No row of two has the number that the row refers to in one: a rename would fail, or mean another row.
  const rows = `INSERT INTO one VALUES (7); INSERT INTO t VALUES (1, 7)`;
  await withRows({ before, rows }, async ({ url, project, query }) => {
    const later = await project(after);
    const { differences } = await later.revision({ autogenerate: true, message: "later", noRenames: true });
    expect(differences).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^drop column t\.tableOneId/),
        expect.stringMatching(/^add column t\.tableTwoId/),
      ]),
    );
    await later.upgrade();
    expect(await query("SELECT * FROM t")).toEqual([{ id: 1, tableTwoId: null }]);
    expect((await later.check()).differences).toEqual([]);
    expect(await typeormLog(url, after)).toEqual([]);
    await later.downgrade({ revision: "-1" });
    expect(await query("SELECT * FROM t")).toEqual([{ id: 1, tableOneId: null }]);
  });
});

/** Tables of one name and constraints of one name in three schemas. */
const homonyms = (change: Partial<EntitySchemaColumnOptions> = {}): Entities =>
  ["a", "b", undefined].map(
    (schema) =>
      new EntitySchema({
        name: `thing_of_${schema ?? "none"}`,
        tableName: "thing",
        ...(schema === undefined ? {} : { schema }),
        columns: {
          id: { type: "int", primary: true },
          x: { type: "int", ...(schema === "b" ? change : {}) },
          y: { type: "int" },
          kind: { type: "enum", enum: schema === "a" ? ["p", "q"] : ["r", "s"], nullable: true },
        },
        uniques: [{ name: "same_unique", columns: schema === "a" ? ["x", "y"] : ["x"] }],
        checks: [{ name: "same_check", expression: schema === "a" ? `"x" > 0` : `"x" > 1` }],
        indices: [{ name: "same_index", columns: schema === "b" ? ["y", "x"] : ["y"] }],
        foreignKeys: [
          {
            name: "same_key",
            target: `thing_of_${schema ?? "none"}`,
            columnNames: ["y"],
            referencedColumnNames: ["id"],
          },
        ],
      }),
  );

test("issue 11112: tables and constraints of one name in several schemas are not mixed up", async () => {
  const rows = [`"a".`, `"b".`, ""]
    .map(
      (schema, place) =>
        `INSERT INTO ${schema}"thing" VALUES (${place + 1}, 5, ${place + 1}, '${place === 0 ? "q" : "s"}')`,
    )
    .join("; ");
  await withRows({ before: homonyms(), rows }, async (place) => {
    expect((await (await place.project(homonyms())).check()).differences).toEqual([]);
    const all = `SELECT 'a' AS s, t.* FROM a.thing t UNION ALL SELECT 'b', t.id, t.x::int, t.y, t.kind::text::a.thing_kind_enum FROM b.thing t WHERE false
      UNION ALL SELECT 'none', t.id, t.x, t.y, NULL FROM thing t ORDER BY 1`;
    const { differences, rows: kept } = await upAndDown(place, homonyms({ type: "bigint" }), {
      isTypeormWrong: true,
      down: all,
      up: `${all.replace(" ORDER BY 1", "")} UNION ALL SELECT 'b', id, x::int, y, NULL FROM b.thing ORDER BY 1`,
    });
    expect(differences).toEqual([expect.stringContaining("b.thing.x")]);
    expect(kept).toEqual([
      { s: "a", id: 1, x: 5, y: 1, kind: "q" },
      { s: "b", id: 2, x: 5, y: 2, kind: null },
      { s: "none", id: 3, x: 5, y: 3, kind: null },
    ]);
  });
});

const foo = (
  relation: boolean,
  columns: Readonly<Record<string, EntitySchemaColumnOptions>> = {},
): Entities => {
  const bars = {
    type: "many-to-many",
    target: "bar",
    joinTable: {
      name: "foo_bar",
      joinColumn: { name: "foo_id", referencedColumnName: "id" },
      inverseJoinColumn: { name: "bar_id", referencedColumnName: "id" },
    },
  } as const;
  return [
    new EntitySchema({ name: "bar", columns: { id, name: text } }),
    new EntitySchema<Readonly<Record<string, unknown>>>({
      name: "foo",
      columns: { id, ...columns },
      relations: relation ? { bars } : {},
    }),
  ];
};

test("issue 5463: a many-to-many relation that goes takes its junction table along, with a word about the rows", async () => {
  const rows =
    "INSERT INTO foo VALUES (1); INSERT INTO bar VALUES (1, 'x'); INSERT INTO foo_bar VALUES (1, 1)";
  await withRows({ before: foo(true), rows }, async ({ url, project, query }) => {
    const later = await project(foo(false));
    const { differences, losses } = await later.revision({ autogenerate: true, message: "later" });
    expect(differences).toEqual([expect.stringContaining("drop table foo_bar")]);
    expect(JSON.stringify([...losses])).toContain("loses every row of foo_bar (1 row");
    await later.upgrade();
    expect(await query("SELECT to_regclass('foo_bar') AS found")).toEqual([{ found: null }]);
    expect(await query("SELECT * FROM bar")).toEqual([{ id: 1, name: "x" }]);
    expect((await later.check()).differences).toEqual([]);
    expect(await typeormLog(url, foo(false))).toEqual([]);
    await later.downgrade({ revision: "-1" });
    expect(await query("SELECT * FROM foo_bar")).toEqual([]);
    expect(await typeormLog(url, foo(true))).toEqual([]);
  });
});

test("issue 5463: a junction table that no revision made stays", async () => {
  const rows = `CREATE TABLE foo_bar (foo_id int REFERENCES foo, bar_id int REFERENCES bar, PRIMARY KEY (foo_id, bar_id));
    INSERT INTO foo VALUES (1); INSERT INTO bar VALUES (1, 'x'); INSERT INTO foo_bar VALUES (1, 1)`;
  await withRows({ before: foo(false), rows }, async ({ project, query }) => {
    expect(await (await project(foo(false))).check()).toMatchObject({
      differences: [],
      unmanaged: [expect.objectContaining({ name: "foo_bar" })],
    });
    expect(await query("SELECT * FROM foo_bar")).toEqual([{ foo_id: 1, bar_id: 1 }]);
  });
});

test("issue 9222: a column is renamed while another is added, and a relation goes, in one edit", async () => {
  const before = foo(true, { title: text });
  const after = foo(false, { heading: text, added: { type: "int", default: 3 } });
  const rows =
    "INSERT INTO foo VALUES (1, 'größte'); INSERT INTO bar VALUES (1, 'x'); INSERT INTO foo_bar VALUES (1, 1)";
  await withRows({ before, rows }, async (place) => {
    const { differences, rows: kept } = await upAndDown(place, after, {
      renames: ["foo.title:heading"],
      down: "SELECT * FROM foo",
      up: "SELECT * FROM foo",
    });
    expect(differences.filter((line) => line.startsWith("drop column"))).toEqual([]);
    expect(kept).toEqual([{ id: 1, heading: "größte", added: 3 }]);
  });
});

describe("issue 6787: extensions stand in revisions, and a role without the right to them", () => {
  const entities: Entities = [
    new EntitySchema({
      name: "thing",
      columns: { id: { type: "uuid", primary: true, generated: "uuid" }, name: { type: "citext" } },
    }),
  ];
  const bare: Entities = [
    new EntitySchema({ name: "thing", columns: { id: { type: "uuid", primary: true, generated: "uuid" } } }),
  ];
  const role = `limbeck_plain_${process.pid}`;

  test("reads and writes revisions, is told who must run them, and goes on when that is done", async () => {
    await withRows(
      { before: bare, rows: "INSERT INTO thing DEFAULT VALUES; INSERT INTO thing DEFAULT VALUES" },
      async ({ url, project, query }) => {
        await query(`CREATE ROLE ${role} LOGIN; REVOKE CREATE ON DATABASE "${new URL(url).pathname.slice(1)}" FROM PUBLIC;
        ALTER TABLE thing OWNER TO ${role}; GRANT ALL ON SCHEMA public TO ${role};
        GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
        try {
          const plain = new URL(url);
          plain.username = role;
          const filled = entities.map(
            ({ options }) =>
              new EntitySchema({
                ...options,
                columns: { ...options.columns, name: { type: "citext", default: "none" } },
              }),
          );
          const later = await project(filled, {
            dataSource: { type: "postgres", url: String(plain), entities: filled },
          });
          const { file } = await later.revision({ autogenerate: true, message: "later" });
          expect(file).toBeDefined();
          expect(await query("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")).toEqual([]);
          await expect(later.upgrade()).rejects.toMatchObject({
            message: expect.stringContaining('permission denied to create extension "citext"') as string,
            hint: expect.stringContaining('have a role that may run `CREATE EXTENSION "citext"`') as string,
          });
          expect(await query("SELECT count(*)::int AS rows FROM thing")).toEqual([{ rows: 2 }]);
          await connectedTo(url, async (client) => await client.query("CREATE EXTENSION citext"));
          await later.upgrade();
          expect(await query("SELECT name FROM thing WHERE name = 'NONE'")).toHaveLength(2);
          expect((await later.check()).differences).toEqual([]);
        } finally {
          await query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}; DROP ROLE ${role}`);
        }
      },
    );
  });
});
