/**
 * Comments by hand on what entities cannot comment on: each survives an edit that takes its object down and puts it back,
 * and comes back with the way down where the edit had to drop it.
 */
import "reflect-metadata";
import type { EntitySchema, EntitySchemaColumnOptions } from "typeorm";
import { EntitySchema as Schema, Index, ViewColumn, ViewEntity } from "typeorm";
import { withRows } from "../../support/edit";
import { insert, numbers, table, thing, TWO_NUMBERS } from "../../support/edit-cases";

interface Case {
  readonly before: readonly EntitySchema[];
  readonly after: readonly EntitySchema[];
  /** Rows, and objects by hand. */
  readonly rows: string;
  /** What is commented on, as it stands after COMMENT ON. */
  readonly on: readonly string[];
  /** What the edit drops: its comment is gone after it, and back with the way down. */
  readonly dropped?: readonly string[];
  readonly rename?: string;
}

const INT: EntitySchemaColumnOptions = { type: "int" };
const colours = (...values: string[]): EntitySchemaColumnOptions => ({
  type: "enum",
  enum: values,
  default: "red",
});
const DEFINITIONS = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER g BEFORE UPDATE OF a ON thing FOR EACH ROW EXECUTE FUNCTION f();
  CREATE POLICY p ON thing USING (a IS NOT NULL); CREATE RULE r AS ON UPDATE TO thing WHERE new.a IS NULL DO INSTEAD NOTHING;
  CREATE STATISTICS s ON id, a FROM thing`;
const ON_DEFINITIONS = ["TRIGGER g ON thing", "POLICY p ON thing", "RULE r ON thing", "STATISTICS s"];

/** A view, a materialized one and its index, over `thing.a`. */
function views(suffix = ""): readonly EntitySchema[] {
  class Summed {
    a?: number;
  }
  ViewEntity({ name: "summed", materialized: true, expression: `SELECT "t"."a" FROM "thing" "t"${suffix}` })(
    Summed,
  );
  ViewColumn()(Summed.prototype, "a");
  Index("by_a", ["a"])(Summed);
  const plain = `SELECT "t"."a", "t"."id" FROM "thing" "t"${suffix}`;
  return [
    Summed as unknown as EntitySchema,
    new Schema({ name: "v", type: "view", expression: plain, columns: {} }),
  ];
}
const ON_VIEWS = [
  "VIEW v",
  "COLUMN v.a",
  "MATERIALIZED VIEW summed",
  "COLUMN summed.a",
  "INDEX by_a",
  "TRIGGER w ON v",
  "RULE vr ON v",
];
const VIEW_PARTS = `CREATE FUNCTION vf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
  CREATE TRIGGER w INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION vf();
  CREATE RULE vr AS ON INSERT TO v DO INSTEAD NOTHING`;

const KEYED = {
  indices: [
    { name: "i", columns: ["a"] },
    { name: "partial", columns: ["id"], where: `"a" > 1` },
  ],
  uniques: [{ name: "u", columns: ["a"] }],
  checks: [{ name: "c", expression: `"a" > 0` }],
  exclusions: [{ name: "e", expression: `USING btree ("a" WITH =)` }],
};
const ON_KEYED = [
  "INDEX i",
  "INDEX partial",
  ...["u", "c", "e"].map((name) => `CONSTRAINT ${name} ON thing`),
];
const COMPUTED = (type: "int" | "bigint") => [
  table(
    "thing",
    { a: { type }, b: { type: "bigint", asExpression: `"a" * 2`, generatedType: "STORED" } },
    {
      indices: [{ name: "i", columns: ["b"] }],
      uniques: [{ name: "u", columns: ["b"] }],
      checks: [{ name: "c", expression: `"b" > 0` }],
    },
  ),
];
const boxes = (type: "int" | "varchar") => [
  new Schema({ name: "box", columns: { id: { type, primary: true } } }),
  new Schema({
    name: "thing",
    columns: { id: { type: "int", primary: true }, box: { type, nullable: true } },
    foreignKeys: [{ name: "fk", target: "box", columnNames: ["box"], referencedColumnNames: ["id"] }],
  }),
];

const cases: Readonly<Record<string, Case>> = {
  "a change of type below keys, checks and indexes": {
    before: numbers(KEYED),
    after: [table("thing", { a: { type: "bigint" }, b: INT }, KEYED)],
    rows: TWO_NUMBERS,
    on: ON_KEYED,
  },
  "a change of type below triggers, policies, rules and statistics": {
    before: numbers(),
    after: [table("thing", { a: { type: "bigint" }, b: INT })],
    rows: `${TWO_NUMBERS}; ${DEFINITIONS}`,
    on: ON_DEFINITIONS,
  },
  "a change of type below a computed column with an index, keys and a policy of its own": {
    before: COMPUTED("int"),
    after: COMPUTED("bigint"),
    rows: `${insert(["1", "2"])}; CREATE POLICY p ON thing USING (b > 1)`,
    on: ["INDEX i", "CONSTRAINT u ON thing", "CONSTRAINT c ON thing", "POLICY p ON thing"],
  },
  "a change of type below views": {
    before: [...numbers(), ...views()],
    after: [table("thing", { a: { type: "bigint" }, b: INT }), ...views()],
    rows: `${TWO_NUMBERS}; ${VIEW_PARTS}`,
    on: ON_VIEWS,
  },
  "other texts of views": {
    before: [...numbers(), ...views()],
    after: [...numbers(), ...views(` WHERE "t"."b" > 1`)],
    rows: `${TWO_NUMBERS}; ${VIEW_PARTS}`,
    on: ON_VIEWS,
  },
  "a change of type on both sides of a foreign key": {
    before: boxes("int"),
    after: boxes("varchar"),
    rows: `INSERT INTO box VALUES ('1'), ('2'); INSERT INTO thing VALUES (1, '1'), (2, NULL)`,
    on: ["CONSTRAINT fk ON thing"],
  },
  "an enum type that is rebuilt below a check, a partial index, a trigger, a policy and a rule": {
    before: thing(
      { a: colours("red", "green") },
      {
        checks: [{ name: "c", expression: `"a" <> 'green' OR "id" > 1` }],
        indices: [{ name: "i", columns: ["id"], where: `"a" = 'red'` }],
      },
    ),
    after: thing(
      { a: colours("green", "red") },
      {
        checks: [{ name: "c", expression: `"a" <> 'green' OR "id" > 1` }],
        indices: [{ name: "i", columns: ["id"], where: `"a" = 'red'` }],
      },
    ),
    rows: `${insert(["'red'", "'green'"])}; ${DEFINITIONS}`,
    on: ["CONSTRAINT c ON thing", "INDEX i", "TYPE thing_a_enum", ...ON_DEFINITIONS],
  },
  "a column that goes with its index, constraints and enum type": {
    before: thing(
      { a: { ...INT, nullable: true }, k: { ...colours("red", "green"), nullable: true } },
      { ...KEYED, checks: [{ name: "c", expression: `"a" > 0` }] },
    ),
    after: thing({}),
    rows: "INSERT INTO thing (id) VALUES (1), (2)",
    on: [...ON_KEYED, "TYPE thing_k_enum"],
    dropped: [...ON_KEYED, "TYPE thing_k_enum"],
  },
  "a table that goes with all that it has": {
    before: [...numbers(KEYED), table("other", {})],
    after: [table("other", {})],
    rows: DEFINITIONS,
    on: [...ON_KEYED, ...ON_DEFINITIONS],
    dropped: [...ON_KEYED, ...ON_DEFINITIONS],
  },
  "views that go": {
    before: [...numbers(), ...views()],
    after: numbers(),
    rows: `${TWO_NUMBERS}; ${VIEW_PARTS}`,
    on: ON_VIEWS,
    dropped: ON_VIEWS,
  },
  "an index and constraints that change under their names": {
    before: numbers(KEYED),
    after: numbers({
      indices: [
        { name: "i", columns: ["a", "b"] },
        { name: "partial", columns: ["id"], where: `"a" > 2` },
      ],
      uniques: [{ name: "u", columns: ["a", "b"] }],
      checks: [{ name: "c", expression: `"a" > 1` }],
      exclusions: [{ name: "e", expression: `USING btree ("a" WITH =, "b" WITH =)` }],
    }),
    rows: TWO_NUMBERS,
    on: ON_KEYED,
  },
  "an index and constraints that go": {
    before: numbers(KEYED),
    after: numbers(),
    rows: TWO_NUMBERS,
    on: ON_KEYED,
    dropped: ON_KEYED,
  },
  "an enum type that moves with its column's new name": {
    before: thing({ a: colours("red", "green") }),
    after: thing({ b: colours("red", "green") }),
    rows: insert(["'red'"]),
    on: ["TYPE thing_a_enum"],
    dropped: ["TYPE thing_a_enum"],
    rename: "thing.a:b",
  },
  "a sequence of a column that becomes an identity": {
    before: [
      new Schema({ name: "thing", columns: { id: { type: "int", primary: true, generated: "increment" } } }),
    ],
    after: [
      new Schema({
        name: "thing",
        columns: { id: { type: "int", primary: true, generated: "identity" } as never },
      }),
    ],
    rows: "INSERT INTO thing DEFAULT VALUES",
    on: ["SEQUENCE thing_id_seq"],
  },
};

const COMMENTS = `SELECT pg_describe_object(classoid, objoid, objsubid) AS object, description FROM pg_description
  WHERE description LIKE 'about %' ORDER BY 1`;

describe("comments by hand stay through", () => {
  test.concurrent.each(Object.entries(cases))("%s", async (_name, { on, dropped = [], rename, ...edit }) => {
    const said = on.map((object) => `COMMENT ON ${object} IS 'about ${object}: it''s \\ here'`);
    await withRows(
      { before: edit.before, rows: [edit.rows, ...said].join("; ") },
      async ({ project, query }) => {
        const before = await query(COMMENTS);
        expect(before).toHaveLength(on.length);
        expect((await (await project(edit.before)).check()).differences).toEqual([]);
        const later = await project(edit.after);
        const renames = rename === undefined ? { noRenames: true } : { renames: [rename] };
        await later.revision({ autogenerate: true, message: "edit", ...renames });
        await later.upgrade();
        expect((await later.check()).differences).toEqual([]);
        const isKept = ({ description }: Readonly<Record<string, unknown>>): boolean =>
          rename !== undefined ||
          !dropped.some((object) => String(description).startsWith(`about ${object}:`));
        const told = (rows: readonly Readonly<Record<string, unknown>>[]) =>
          rows.map(({ description }) => description);
        expect(told(await query(COMMENTS))).toEqual(told(before.filter(isKept)));
        await later.downgrade({ revision: "-1" });
        expect(await query(COMMENTS)).toEqual(before);
      },
    );
  });
});

test("a sequence that goes comes back as it counted, with its comment", async () => {
  const sequence = `CREATE SEQUENCE s AS int INCREMENT BY 5 MINVALUE 3 MAXVALUE 900 START WITH 10 CACHE 2 CYCLE;
    COMMENT ON SEQUENCE s IS 'about s'`;
  const counts = `SELECT seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle, seqtypid::regtype::text,
    obj_description(seqrelid) FROM pg_sequence WHERE seqrelid = 's'::regclass`;
  await withRows({ before: thing({}), rows: sequence }, async ({ project, query }) => {
    const before = await query(counts);
    const later = await project(thing({}));
    await later.revision({ autogenerate: true, message: "edit", includeUnmanaged: true });
    await later.upgrade();
    expect(await query("SELECT to_regclass('s') AS found")).toEqual([{ found: null }]);
    await later.downgrade({ revision: "-1" });
    expect(await query(counts)).toEqual(before);
  });
});
