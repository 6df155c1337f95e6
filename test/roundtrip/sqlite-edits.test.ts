/**
 * Single edits of an entity on SQLite, with rows in the tables: each is generated, carried out, found by nobody
 * afterwards, taken back, and no row is another one than it should be. A table that refers to the edited one with
 * ON DELETE CASCADE stands beside it. On 1.x through better-sqlite3, on 0.3 through sqlite3 too.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EntitySchema } from "typeorm";
import type { DataSourceOptions, EntitySchemaColumnOptions, EntitySchemaOptions } from "typeorm";
import { sqlite } from "../../src/dialects/sqlite";
import { open } from "../../src/open";
import { queryableOf } from "../../src/runtime/queryable";
import { connected, kinds } from "./databases";

type Shape = Omit<EntitySchemaOptions<unknown>, "name" | "columns"> & {
  readonly columns: Readonly<Record<string, EntitySchemaColumnOptions>>;
};
type Row = Readonly<Record<string, unknown>>;

interface Edit {
  readonly name: string;
  readonly before: Shape;
  readonly after: Shape;
  /** The rows of the table, but for their `id`. */
  readonly rows: readonly Row[];
  /** The rows after the edit, where they are others; those that are the same on both sides are not said. */
  readonly edited?: readonly Row[];
  /** The rows when the edit was taken back, where they are not what they were. */
  readonly back?: readonly Row[];
  /** TypeORM does not double the quotes in values, so it cannot make this table itself. */
  readonly beyondTypeorm?: boolean;
}

const id: EntitySchemaColumnOptions = { type: "integer", primary: true };
const text = (more: Partial<EntitySchemaColumnOptions> = {}): EntitySchemaColumnOptions => ({
  type: "varchar",
  nullable: true,
  ...more,
});
const shape = (a: EntitySchemaColumnOptions, more: Partial<Shape> = {}): Shape => ({
  columns: { id, a },
  ...more,
});
const column = (
  name: string,
  before: EntitySchemaColumnOptions,
  after: EntitySchemaColumnOptions,
  values: readonly unknown[],
  edited = values,
  back = values,
): Edit => ({
  name,
  before: shape(before),
  after: shape(after),
  rows: values.map((a) => ({ a })),
  edited: edited.map((a) => ({ a })),
  back: back.map((a) => ({ a })),
});
const around = (name: string, before: Partial<Shape>, after: Partial<Shape>): Edit => ({
  name,
  before: shape(text(), before),
  after: shape(text(), after),
  rows: [{ a: "x" }, { a: "y" }, { a: null }],
});

const EDITS: readonly Edit[] = [
  column("a longer varchar", text({ length: 20 }), text({ length: 200 }), ["x", "ünï 😀", null]),
  column("a shorter varchar", text({ length: 200 }), text({ length: 2 }), ["much longer", null]),
  column("varchar to text", text(), text({ type: "text" }), ["x", "", null]),
  column("integer to bigint", text({ type: "integer" }), text({ type: "bigint" }), [1, -5, null]),
  column("integer to varchar", text({ type: "integer" }), text(), [1, null], ["1", null]),
  column("varchar to integer", text(), text({ type: "integer" }), ["1", "x"], [1, "x"]),
  column(
    "precision and scale",
    text({ type: "numeric", precision: 5, scale: 1 }),
    text({ type: "numeric", precision: 9, scale: 3 }),
    [1.25, null],
  ),
  column("null allowed", text({ nullable: false }), text(), ["x"]),
  column("null refused", text(), text({ nullable: false }), ["x"]),
  column("a default comes", text(), text({ default: "its" }), ["x", null]),
  column("a default goes", text({ default: "it's" }), text(), ["x", null]),
  column(
    "a default becomes SQL",
    text({ type: "datetime", default: "2020-01-01" }),
    text({ type: "datetime", default: () => "CURRENT_TIMESTAMP" }),
    ["2021-02-03 04:05:06", null],
  ),
  column(
    "a number for a default",
    text({ type: "integer", default: 1 }),
    text({ type: "integer", default: -1.5 }),
    [3, null],
  ),
  column("true for a default", text({ type: "boolean" }), text({ type: "boolean", default: true }), [
    0,
    1,
    null,
  ]),
  {
    ...column(
      "a value more in an enum",
      text({ type: "simple-enum", enum: ["a", "b"] }),
      text({ type: "simple-enum", enum: ["a", "b", "it's"] }),
      ["a", null],
    ),
    beyondTypeorm: true,
  },
  {
    ...column("a default with a quote in it", text(), text({ default: "it's" }), ["x", null]),
    beyondTypeorm: true,
  },
  column(
    "a value less in an enum",
    text({ type: "simple-enum", enum: ["a", "b", "c"] }),
    text({ type: "simple-enum", enum: ["a", "b"] }),
    ["a", null],
  ),
  column(
    "an enum with a default",
    text({ type: "simple-enum", enum: ["a", "b"] }),
    text({ type: "simple-enum", enum: ["a", "b"], default: "b" }),
    ["a", null],
  ),
  column("varchar to enum", text(), text({ type: "simple-enum", enum: ["a", "b"] }), ["a", null]),
  column(
    "a default of simple-json",
    text({ type: "simple-json" }),
    text({ type: "simple-json", default: "{}" }),
    ['{"x":[1,null]}', null],
  ),
  column("simple-array to varchar", text({ type: "simple-array" }), text(), ["a,b", null]),
  {
    name: "a column more",
    before: shape(text()),
    after: { columns: { id, a: text(), b: text() } },
    rows: [{ a: "x" }],
    edited: [{ a: "x", b: null }],
  },
  {
    name: "a column more that is never null, with a default",
    before: shape(text()),
    after: { columns: { id, a: text(), b: text({ nullable: false, default: "new" }) } },
    rows: [{ a: "x" }],
    edited: [{ a: "x", b: "new" }],
  },
  {
    name: "a column more with the time of now for a default",
    before: shape(text()),
    after: { columns: { id, a: text(), b: { type: "datetime", createDate: true } } },
    rows: [{ a: "x" }],
    edited: [{ a: "x", b: expect.stringMatching(/^\d{4}-/) }],
  },
  {
    name: "a column less",
    before: {
      columns: { id, a: text(), b: text({ nullable: false }) },
      indices: [{ name: "i", columns: ["b"] }],
    },
    after: shape(text()),
    rows: [{ a: "x", b: "gone" }],
    edited: [{ a: "x" }],
    back: [{ a: "x", b: "" }],
  },
  {
    name: "a column that is computed",
    before: shape(text()),
    after: { columns: { id, a: text(), b: text({ asExpression: "upper(a)", generatedType: "STORED" }) } },
    rows: [{ a: "x" }],
    edited: [{ a: "x", b: "X" }],
  },
  {
    name: "a computed column computes otherwise",
    before: { columns: { id, a: text(), b: text({ asExpression: "upper(a)", generatedType: "VIRTUAL" }) } },
    after: { columns: { id, a: text(), b: text({ asExpression: "a || '!'", generatedType: "VIRTUAL" }) } },
    rows: [{ a: "x" }],
    edited: [{ a: "x", b: "x!" }],
    back: [{ a: "x", b: "X" }],
  },
  around("an index comes", {}, { indices: [{ name: "i", columns: ["a"] }] }),
  around("an index goes", { indices: [{ name: "i", columns: ["a"] }] }, {}),
  around(
    "an index becomes unique",
    { indices: [{ name: "i", columns: ["a"] }] },
    { indices: [{ name: "i", columns: ["a"], unique: true }] },
  ),
  around(
    "an index becomes partial",
    { indices: [{ name: "i", columns: ["a"] }] },
    { indices: [{ name: "i", columns: ["a"], where: "a IS NOT NULL" }] },
  ),
  around(
    "an index has other columns",
    { indices: [{ name: "i", columns: ["a"] }] },
    { indices: [{ name: "i", columns: ["id", "a"] }] },
  ),
  around("a unique constraint comes", {}, { uniques: [{ name: "u", columns: ["a"] }] }),
  around("a unique constraint goes", { uniques: [{ name: "u", columns: ["a"] }] }, {}),
  around(
    "a unique constraint has other columns",
    { uniques: [{ name: "u", columns: ["a"] }] },
    { uniques: [{ name: "u", columns: ["a", "id"] }] },
  ),
  around("a check comes", {}, { checks: [{ name: "k", expression: "a <> 'never'" }] }),
  around("a check goes", { checks: [{ name: "k", expression: "a <> 'never'" }] }, {}),
  around(
    "a check says another thing",
    { checks: [{ name: "k", expression: "a <> 'never'" }] },
    { checks: [{ name: "k", expression: "a IN ('x', 'y')" }] },
  ),
  around("WITHOUT ROWID comes", {}, { withoutRowid: true }),
  around("WITHOUT ROWID goes", { withoutRowid: true }, {}),
];

const lite = kinds.filter(({ name }) => name === "better-sqlite3" || name === "sqlite");

describe.each(lite.map((kind) => [kind.name, kind] as const))("on %s", (_name, kind) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limbeck-edit-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(EDITS.map((edit) => [edit.name, edit] as const))("%s", async (_edit, edit) => {
    const { options } = await kind.create(folder, "a");
    const [old, fresh] = [entitiesOf(edit.before), entitiesOf(edit.after)];
    const project = async (entities: DataSourceOptions["entities"]) =>
      await open({ cwd: folder, config: { dataSource: { ...options, entities } } });
    const first = await project(old);
    await first.revision({ autogenerate: true, message: "first" });
    await first.upgrade();
    await insert(options, edit.rows);
    const schema = await schemaOf(options);
    const later = await project(fresh);
    const { file } = await later.revision({ autogenerate: true, message: "edit", noRenames: true });
    expect(file).toBeDefined();
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    if (!edit.beyondTypeorm)
      expect(await typeormFinds(options, fresh, (await kind.create(folder, "b")).options)).toEqual([]);
    expect(await rowsOf(options)).toEqual(numbered(edit.edited ?? edit.rows));
    await later.downgrade({ revision: "-1" });
    expect(await schemaOf(options)).toEqual(schema);
    expect(await rowsOf(options)).toEqual(numbered(edit.back ?? edit.rows));
    await later.upgrade();
    expect((await later.check()).differences).toEqual([]);
    expect(await childrenOf(options)).toBe(edit.rows.length);
  });
});

/** The entity, and one that refers to it with ON DELETE CASCADE. */
function entitiesOf(of: Shape): EntitySchema[] {
  return [
    new EntitySchema<Row>({ ...of, name: "thing" }),
    new EntitySchema<Row>({
      name: "child",
      columns: { id },
      relations: {
        thing: {
          type: "many-to-one",
          target: "thing",
          joinColumn: { name: "thing_id" },
          onDelete: "CASCADE",
        },
      },
    }),
  ];
}

async function insert(options: DataSourceOptions, rows: readonly Row[]): Promise<void> {
  await connected(options, async (dataSource) => {
    for (const [index, row] of rows.entries()) {
      const names = ["id", ...Object.keys(row)].map((name) => `"${name}"`).join(", ");
      const values = [index + 1, ...Object.values(row)];
      const marks = values.map(() => "?").join(", ");
      await dataSource.query(`INSERT INTO "thing" (${names}) VALUES (${marks})`, values);
      await dataSource.query('INSERT INTO "child" ("id", "thing_id") VALUES (?, ?)', [index + 10, index + 1]);
    }
  });
}

function numbered(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, index) => ({ id: index + 1, ...row }));
}

async function rowsOf(options: DataSourceOptions): Promise<readonly Row[]> {
  return await connected(
    options,
    async (dataSource) => await dataSource.query<Row[]>('SELECT * FROM "thing" ORDER BY "id"'),
  );
}

async function childrenOf(options: DataSourceOptions): Promise<number> {
  const [row] = await connected(
    options,
    async (dataSource) =>
      await dataSource.query<{ n: number }[]>(
        'SELECT count(*) AS n FROM "child" JOIN "thing" ON "thing"."id" = "thing_id"',
      ),
  );
  return row?.n ?? 0;
}

async function schemaOf(options: DataSourceOptions) {
  return await connected(options, async (dataSource) => {
    const db = queryableOf(dataSource.createQueryRunner());
    const { tables } = sqlite.normalize(await sqlite.inspect(db, { schemas: [] }));
    return tables.filter(({ name }) => name === "thing" || name === "child");
  });
}

/** What TypeORM's own schema builder would run, but for what it would also run right after itself. */
async function typeormFinds(
  options: DataSourceOptions,
  entities: EntitySchema[],
  scratch: DataSourceOptions,
): Promise<readonly string[]> {
  const log = async (on: DataSourceOptions, synchronize: boolean): Promise<readonly string[]> =>
    await connected({ ...on, entities }, async (dataSource) => {
      if (synchronize) await dataSource.synchronize();
      return (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
    });
  const afterItself = await log(scratch, true);
  return (await log(options, false)).filter((sql) => !afterItself.includes(sql));
}
