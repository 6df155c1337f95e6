/** Renames on every database, with rows: up, compared again, down. */
import { EntitySchema } from "typeorm";
import type { DataSource, EntitySchemaColumnOptions } from "typeorm";
import { withFormerNames } from "../../src";
import type { FormerNames } from "../../src";
import { loadDialect } from "../../src/dialects";
import type { DialectName } from "../../src/dialects/dialect";
import type { Schema } from "../../src/model/schema";
import { open } from "../../src/open";
import type { Limbeck } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import { temporaryFolder } from "../support/sqlite";
import { connected, kinds } from "./databases";
import type { Kind, TestDatabase } from "./databases";

type Row = Readonly<Record<string, unknown>>;
type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;

interface Case {
  readonly before: readonly EntitySchema[];
  readonly after: readonly EntitySchema[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly answers?: readonly string[];
  /** What the tables hold afterwards, by their new names. */
  readonly becomes: Readonly<Record<string, readonly Row[]>>;
  /** Only where this runs. */
  readonly on?: readonly string[];
}

const id: EntitySchemaColumnOptions = { type: "int", primary: true };
const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({
  type: "varchar",
  length: 40,
  ...more,
});

function table(name: string, columns: Columns, more: object = {}, former?: FormerNames): EntitySchema {
  const schema = new EntitySchema<unknown>({ name, tableName: name, columns: { id, ...columns }, ...more });
  return former === undefined ? schema : withFormerNames(schema, former);
}

const status = (...values: string[]): EntitySchemaColumnOptions => ({
  type: "simple-enum",
  enum: values,
  default: values[0],
});
const owned = (column: string, target: string, referenced = "id") => ({
  foreignKeys: [{ target, columnNames: [column], referencedColumnNames: [referenced] }],
});
const zoe = { id: 1, a: "Zoë", b: "x" };

const cases: Readonly<Record<string, Case>> = {
  "two columns of one table, with their keys": {
    before: [
      table(
        "t",
        { a: text({ unique: true }), b: text() },
        { indices: [{ columns: ["b"] }], checks: [{ expression: "b <> 'no'" }] },
      ),
    ],
    after: [
      table(
        "t",
        { c: text({ unique: true }), d: text() },
        { indices: [{ columns: ["d"] }], checks: [{ expression: "d <> 'no'" }] },
      ),
    ],
    rows: { t: [zoe] },
    answers: ["t.a:c", "t.b:d"],
    becomes: { t: [{ id: 1, c: "Zoë", d: "x" }] },
  },
  "a column that gets another type, too": {
    before: [table("t", { a: { type: "int" } })],
    after: [table("t", { c: { type: "bigint" } })],
    rows: { t: [{ id: 1, a: 41 }] },
    answers: ["t.a:c"],
    becomes: { t: [{ id: 1, c: 41 }] },
  },
  "two columns that swap their names": {
    before: [table("t", { a: text(), b: text() }, { indices: [{ columns: ["a"] }, { columns: ["b"] }] })],
    after: [table("t", { a: text(), b: text() }, { indices: [{ columns: ["a"] }, { columns: ["b"] }] })],
    rows: { t: [zoe] },
    answers: ["t.a:b", "t.b:a"],
    becomes: { t: [{ id: 1, a: "x", b: "Zoë" }] },
  },
  "a chain of columns, said by the entity": {
    before: [table("t", { a: text(), b: text() })],
    after: [table("t", { b: text(), c: text() }, {}, { columns: { b: "a", c: "b" } })],
    rows: { t: [zoe] },
    becomes: { t: [{ id: 1, b: "Zoë", c: "x" }] },
  },
  "a table that others refer to, and its key": {
    before: [
      table("parent", { a: text() }),
      table(
        "child",
        { parent_id: { type: "int" } },
        { ...owned("parent_id", "parent"), indices: [{ columns: ["parent_id"] }] },
      ),
    ],
    after: [
      table("owner", { a: text() }, {}, { table: "parent" }),
      table(
        "child",
        { owner_id: { type: "int" } },
        { ...owned("owner_id", "owner"), indices: [{ columns: ["owner_id"] }] },
      ),
    ],
    rows: { parent: [{ id: 7, a: "Zoë" }], child: [{ id: 1, parent_id: 7 }] },
    answers: ["child.parent_id:owner_id"],
    becomes: { owner: [{ id: 7, a: "Zoë" }], child: [{ id: 1, owner_id: 7 }] },
  },
  "a table and a column of it, answered by either name": {
    before: [table("t", { a: text(), b: text() })],
    after: [table("u", { c: text(), d: text() })],
    rows: { t: [zoe] },
    answers: ["t:u", "t.a:c", "u.b:d"],
    becomes: { u: [{ id: 1, c: "Zoë", d: "x" }] },
  },
  "two tables that swap their names": {
    before: [table("t", { a: text() }), table("u", { a: text() })],
    after: [table("t", { a: text() }), table("u", { a: text() })],
    rows: { t: [{ id: 1, a: "t" }], u: [{ id: 1, a: "u" }] },
    answers: ["t:u", "u:t"],
    becomes: { t: [{ id: 1, a: "u" }], u: [{ id: 1, a: "t" }] },
  },
  "values of an enum, one of them the default": {
    before: [table("t", { state: status("open", "done") })],
    after: [table("t", { state: status("active", "closed", "gone") })],
    rows: {
      t: [
        { id: 1, state: "open" },
        { id: 2, state: "done" },
      ],
    },
    answers: ["t.state.open:active", "t.state.done:closed"],
    becomes: {
      t: [
        { id: 1, state: "active" },
        { id: 2, state: "closed" },
      ],
    },
    on: ["better-sqlite3", "mariadb", "mysql"],
  },
  "values of an enum type, one of them the default": {
    before: [table("t", { state: status("open", "done") })],
    after: [table("t", { state: status("active", "closed", "gone") })],
    rows: {
      t: [
        { id: 1, state: "open" },
        { id: 2, state: "done" },
      ],
    },
    answers: ["t_state_enum.open:active", "t_state_enum.done:closed"],
    becomes: {
      t: [
        { id: 1, state: "active" },
        { id: 2, state: "closed" },
      ],
    },
    on: ["postgres"],
  },
  "a column whose enum type is called after it": {
    before: [table("t", { state: status("open", "done") })],
    after: [table("u", { status: status("open", "done") })],
    rows: { t: [{ id: 1, state: "done" }] },
    answers: ["t:u", "t.state:status"],
    becomes: { u: [{ id: 1, status: "done" }] },
  },
};

describe.each(kinds)("$name renames with every row kept", (kind) => {
  const mine = Object.entries(cases).filter(([, { on }]) => on === undefined || on.includes(kind.name));
  test.concurrent.each(mine)("%s", async (_name, one) => {
    const seen = await migrated(kind, one);
    expect(seen.after).toEqual(one.becomes);
    expect(seen.again).toEqual([]);
    expect(seen.typeorm).toEqual([]);
    expect(seen.back).toEqual(one.rows);
    expect(unquoted(seen.schemas.back)).toBe(unquoted(seen.schemas.before));
  });
});

/** SQLite quotes a name in a check when it changes it. */
function unquoted(schema: Schema): string {
  return JSON.stringify(schema, null, 1).replaceAll('\\"', "");
}

async function migrated(kind: Kind, one: Case) {
  const place = temporaryFolder();
  const database = await kind.create(place.folder, "renames");
  const project = async (entities: readonly EntitySchema[]): Promise<Limbeck> =>
    await open({
      cwd: place.folder,
      config: { dataSource: { ...database.options, entities: [...entities] } },
    });
  try {
    const first = await project(one.before);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    await fill(database, one);
    const schema = await schemaOf(database);
    const limbeck = await project(one.after);
    await limbeck.revision({ autogenerate: true, message: "rename", renames: one.answers ?? [] });
    await limbeck.upgrade();
    // Nothing is asked any more, and what the entities tell of old names does no harm.
    const again = await limbeck.revision({ autogenerate: true, message: "again" });
    const after = await rowsOf(database, one.becomes);
    const typeorm = await typeormLog(database, one.after);
    await limbeck.downgrade({ revision: "-1" });
    return {
      after,
      again: again.differences,
      typeorm,
      back: await rowsOf(database, one.rows),
      schemas: { before: schema, back: await schemaOf(database) },
    };
  } finally {
    await database.drop();
    place.remove();
  }
}

async function fill({ options }: TestDatabase, { before, rows }: Case): Promise<void> {
  await connected({ ...options, entities: [...before] }, async (dataSource) => {
    for (const [name, items] of Object.entries(rows)) await dataSource.getRepository(name).insert([...items]);
  });
}

/** The rows of some tables, whole numbers as numbers. */
async function rowsOf({ options }: TestDatabase, tables: Case["rows"]): Promise<Case["rows"]> {
  return await connected(options, async (dataSource) => {
    const rows: Record<string, readonly Row[]> = {};
    for (const name of Object.keys(tables)) {
      const found = await dataSource.query<Row[]>(`SELECT * FROM ${name} ORDER BY id`);
      rows[name] = found.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            /^\d+$/.test(String(value)) ? Number(value) : value,
          ]),
        ),
      );
    }
    return rows;
  });
}

async function typeormLog({ options }: TestDatabase, entities: readonly EntitySchema[]) {
  return await connected({ ...options, entities: [...entities] }, async (dataSource) => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

async function schemaOf({ options }: TestDatabase): Promise<Schema> {
  const name = ({ "better-sqlite3": "sqlite", sqlite: "sqlite" } as Record<string, DialectName>)[
    options.type
  ];
  return await connected(options, async (dataSource: DataSource) => {
    const dialect = loadDialect(name ?? (options.type as DialectName));
    const queryRunner = dataSource.createQueryRunner();
    const schema = dialect.normalize(await dialect.inspect(queryableOf(queryRunner), { schemas: [] }));
    await queryRunner.release();
    return { ...schema, tables: schema.tables.filter((found) => !/^limbeck_|^typeorm_/.test(found.name)) };
  });
}
