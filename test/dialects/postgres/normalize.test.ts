import * as fc from "../../arbitrary/fast-check";
import { normalize } from "../../../src/dialects/postgres/normalize";
import type {
  Column,
  ColumnType,
  Constraint,
  Default,
  Index,
  Schema,
  Sequence,
  Table,
} from "../../../src/model/schema";
import { emptySchema } from "../../../src/model/schema";
import { arbitrarySchema } from "../../arbitrary/schema";

const schemaOf = (table: Partial<Table>): Schema => ({
  ...emptySchema,
  tables: [{ name: "t", columns: [], constraints: [], indexes: [], ...table }],
});
const tableOf = (table: Partial<Table>): Table | undefined => normalize(schemaOf(table)).tables[0];
const columnOf = (column: Partial<Column>, constraints: readonly Constraint[] = []): Column | undefined =>
  tableOf({ columns: [{ name: "c", type: { name: "text" }, nullable: true, ...column }], constraints })
    ?.columns[0];

test("normalising twice is normalising once", () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom("sqlite" as const, "postgres" as const, "mysql" as const)
        .chain((dialect) => arbitrarySchema({ dialect })),
      (schema) => {
        const once = normalize(schema);
        expect(normalize(once)).toEqual(once);
      },
    ),
    { numRuns: 300 },
  );
});

test("the order of tables, constraints, indexes and enum types says nothing", () => {
  fc.assert(
    fc.property(arbitrarySchema({ dialect: "postgres" }), (schema) => {
      const tables = schema.tables.toReversed().map((table) => ({
        ...table,
        constraints: table.constraints.toReversed(),
        indexes: table.indexes.toReversed(),
      }));
      const turned = { ...schema, tables, enums: schema.enums.toReversed() };
      expect(normalize(turned)).toEqual(normalize(schema));
    }),
  );
});

describe("a type", () => {
  test.each<[ColumnType, ColumnType]>([
    [{ name: "int" }, { name: "integer" }],
    [{ name: "INT4" }, { name: "integer" }],
    [{ name: "int8" }, { name: "bigint" }],
    [{ name: "float" }, { name: "double precision" }],
    [
      { name: "decimal", precision: 10 },
      { name: "numeric", precision: 10 },
    ],
    [
      { name: "numeric", precision: 10, scale: 0 },
      { name: "numeric", precision: 10 },
    ],
    [{ name: "numeric", scale: 2 }, { name: "numeric" }],
    [
      { name: "varchar", length: "20" },
      { name: "character varying", length: 20 },
    ],
    [{ name: "varchar", length: "" }, { name: "character varying" }],
    [{ name: "char" }, { name: "character", length: 1 }],
    [{ name: "bit" }, { name: "bit", length: 1 }],
    [{ name: "bool", array: false }, { name: "boolean" }],
    [{ name: "timestamptz", precision: 6 }, { name: "timestamp with time zone" }],
    [
      { name: "timestamp", precision: 0 },
      { name: "timestamp without time zone", precision: 0 },
    ],
    [{ name: "double precision", precision: 3 }, { name: "double precision" }],
    [{ name: "interval", precision: 6 }, { name: "interval" }],
    [{ name: "double  PRECISION" }, { name: "double precision" }],
    [{ name: 'app."E-mail"' }, { name: 'app."E-mail"' }],
    [
      { name: "simple-enum", values: ["a"], enumName: { name: "e" } },
      { name: "enum", enumName: { name: "e" } },
    ],
    [
      { name: "geometry", spatialFeatureType: "point", srid: 4326 },
      { name: "geometry", spatialFeatureType: "Point", srid: 4326 },
    ],
    [{ name: "geometry", spatialFeatureType: "Geometry", srid: 0 }, { name: "geometry" }],
    [
      { name: "geometry", srid: 4326 },
      { name: "geometry", spatialFeatureType: "Geometry", srid: 4326 },
    ],
    [
      { name: "geography", spatialFeatureType: "PointZ", srid: 4326 },
      { name: "geography", spatialFeatureType: "PointZ" },
    ],
    [{ name: "int", unsigned: true, zerofill: true, width: 4 }, { name: "integer" }],
  ])("%j becomes %j", (given, expected) => {
    expect(columnOf({ type: given })?.type).toEqual(expected);
  });
});

describe("a default", () => {
  const text: ColumnType = { name: "text" };
  const integer: ColumnType = { name: "integer" };
  const numeric: ColumnType = { name: "numeric" };
  const boolean: ColumnType = { name: "boolean" };
  const jsonb: ColumnType = { name: "jsonb" };
  const texts: ColumnType = { name: "text", array: true };
  const time: ColumnType = { name: "timestamptz" };
  test.each<[ColumnType, Default, Default | undefined]>([
    [text, { sql: "'x'::character varying" }, { value: "x" }],
    [text, { sql: "'it''s'::text" }, { value: "it's" }],
    [text, { sql: "('x'::character varying)::text" }, { value: "x" }],
    [text, { sql: "'abc'::character varying(2)" }, { sql: "'abc'::character varying(2)" }],
    [text, { sql: "''::text" }, { value: "" }],
    [text, { value: 5 }, { value: "5" }],
    [text, { sql: "NULL::character varying" }, undefined],
    [text, { sql: "null" }, undefined],
    [text, { value: null }, undefined],
    [text, { sql: "'a' || 'b'" }, { sql: "'a' || 'b'" }],
    [text, { sql: "'now()'::text" }, { value: "now()" }],
    [text, { value: { a: 1 } }, { value: '{"a":1}' }],
    [integer, { sql: "'-7'::integer" }, { value: -7 }],
    [integer, { sql: "(-7)" }, { value: -7 }],
    [integer, { value: "42" }, { value: 42 }],
    [integer, { sql: "'9007199254740993'::bigint" }, { value: "9007199254740993" }],
    [integer, { sql: "1 + 2" }, { sql: "1 + 2" }],
    [numeric, { sql: "'1.5'::numeric" }, { value: 1.5 }],
    [numeric, { sql: "1.50" }, { value: "1.50" }],
    [numeric, { sql: "'NaN'::numeric" }, { value: "NaN" }],
    [boolean, { value: "false" }, { value: false }],
    [boolean, { sql: "true" }, { value: true }],
    [boolean, { sql: "'t'::boolean" }, { value: true }],
    [jsonb, { sql: `'{"b": 1, "a": [true]}'::jsonb` }, { value: { b: 1, a: [true] } }],
    [jsonb, { value: "{}" }, { value: {} }],
    [jsonb, { value: { a: 1 } }, { value: { a: 1 } }],
    [jsonb, { sql: `'{"a": 1e2}'::jsonb` }, { value: '{"a": 1e2}' }],
    [jsonb, { sql: `'{"a": 1, "a": 2}'::jsonb` }, { value: '{"a": 1, "a": 2}' }],
    [jsonb, { sql: `'"x"'::jsonb` }, { value: '"x"' }],
    [texts, { sql: "'{}'::text[]" }, { value: "{}" }],
    [texts, { value: "{Guild Master,plain}" }, { value: '{"Guild Master",plain}' }],
    [texts, { value: '{ "plain" , NULL , "null" , {a} }' }, { value: '{plain,NULL,"null",{a}}' }],
    [texts, { value: ["a b", "c", null] }, { value: '{"a b",c,NULL}' }],
    [texts, { value: "{broken" }, { value: "{broken" }],
    [texts, { sql: "ARRAY[]::text[]" }, { sql: "ARRAY[]::text[]" }],
    [time, { sql: "CURRENT_TIMESTAMP" }, { sql: "now()" }],
    [time, { sql: "NOW()" }, { sql: "now()" }],
    [time, { sql: "CURRENT_TIMESTAMP(3)" }, { sql: "('now'::text)::timestamp(3) with time zone" }],
    [time, { sql: "('now'::text)::date" }, { sql: "('now'::text)::date" }],
    [time, { sql: "current_date" }, { sql: "('now'::text)::date" }],
    [time, { sql: "LOCALTIME(2)" }, { sql: "('now'::text)::time(2) without time zone" }],
    [time, { sql: "now() + '1 day'::interval" }, { sql: "now() + '1 day'::interval" }],
    [
      { name: "uuid" },
      { value: "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11" },
      { value: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11" },
    ],
  ])("of a column of type %j: %j becomes %j", (type, given, expected) => {
    expect(columnOf({ type, default: given })?.default).toEqual(expected);
  });
});

describe("a column whose value the database makes", () => {
  const uuid: ColumnType = { name: "uuid" };
  const made = { name: "c", type: uuid, nullable: false, generated: { kind: "uuid" } } as const;
  test.each<[Partial<Column>, Column]>([
    [{ type: uuid, nullable: false, default: { sql: "uuid_generate_v4()" } }, made],
    [{ type: uuid, nullable: false, default: { sql: "gen_random_uuid()" } }, made],
    [{ type: uuid, nullable: false, default: { sql: "extensions.uuid_generate_v4()" } }, made],
    [{ type: uuid, nullable: false, generated: { kind: "uuid" } }, made],
    [
      { type: uuid, nullable: false, generated: { kind: "uuid" }, default: { sql: "uuid_nil()" } },
      { name: "c", type: uuid, nullable: false, default: { sql: "uuid_nil()" } },
    ],
    [
      { type: { name: "serial" } },
      { name: "c", type: { name: "integer" }, nullable: false, generated: { kind: "increment" } },
    ],
    [
      { type: { name: "int" }, generated: { kind: "identity", always: true } },
      {
        name: "c",
        type: { name: "integer" },
        nullable: false,
        generated: { kind: "identity", always: true },
      },
    ],
    [
      { generated: { kind: "computed", sql: "lower(a)", stored: true }, default: { value: 1 } },
      {
        name: "c",
        type: { name: "text" },
        nullable: true,
        generated: { kind: "computed", sql: "lower(a)", stored: true },
      },
    ],
  ])("%j becomes %j", (given, expected) => {
    expect(JSON.parse(JSON.stringify(columnOf(given)))).toEqual(JSON.parse(JSON.stringify(expected)));
  });
});

test("what PostgreSQL cannot hold is left out", () => {
  expect(columnOf({ charset: "utf8", onUpdate: "now()", collation: "default", comment: "" })).toEqual({
    name: "c",
    type: { name: "text" },
    nullable: true,
  });
  expect(
    tableOf({
      options: { engine: "x", charset: "y", collation: "z", withoutRowid: true, strict: true },
      comment: "",
    }),
  ).toEqual({ name: "t", columns: [], constraints: [], indexes: [] });
});

test("a unique constraint on the primary key's columns is none of its own", () => {
  const key: Constraint = { kind: "primaryKey", name: "k", columns: ["a", "b"] };
  const other: Constraint = { kind: "unique", name: "o", columns: ["b", "a"] };
  const later: Constraint = {
    kind: "unique",
    name: "l",
    columns: ["a", "b"],
    deferrable: "INITIALLY DEFERRED",
  };
  const same: Constraint = { kind: "unique", name: "s", columns: ["a", "b"] };
  expect(tableOf({ constraints: [same, key, later, other] })?.constraints).toEqual([key, later, other]);
});

test("a comment holds no zero byte", () => {
  expect(columnOf({ comment: "a\0b" })?.comment).toBe("ab");
});

test("a column of the primary key is never null", () => {
  expect(columnOf({ nullable: true }, [{ kind: "primaryKey", columns: ["c"] }])?.nullable).toBe(false);
});

test.each<[Partial<Index>, Omit<Index, "name">]>([
  [{ parts: [{ column: "a" }], method: "BTREE" }, { parts: [{ column: "a" }] }],
  [
    { parts: [{ column: "a" }], where: "((a > 1))" },
    { parts: [{ column: "a" }], where: "a > 1" },
  ],
  [{ parts: [{ expression: "((a + b))" }] }, { parts: [{ expression: "a + b" }] }],
  [{ parts: [{ expression: "(a) + (b)" }] }, { parts: [{ expression: "(a) + (b)" }] }],
  [{ parts: [{ column: "a", nulls: "LAST" }] }, { parts: [{ column: "a" }] }],
  [{ parts: [{ column: "a", order: "DESC", nulls: "FIRST" }] }, { parts: [{ column: "a", order: "DESC" }] }],
  [
    { parts: [{ column: "a", order: "DESC", nulls: "LAST" }] },
    { parts: [{ column: "a", order: "DESC", nulls: "LAST" }] },
  ],
  [{ parts: [{ column: "a" }], unique: false, include: [] }, { parts: [{ column: "a" }] }],
])("an index %j becomes %j", (given, expected) => {
  const index: Index = { name: "i", parts: [], ...given };
  expect(tableOf({ indexes: [index] })?.indexes).toEqual([{ name: "i", ...expected }]);
});

test("names are cut at 63 bytes, between two characters, wherever they stand", () => {
  const long = `${"a".repeat(61)}é${"b".repeat(9)}`;
  const cut = `${"a".repeat(61)}é`;
  const snow = "☃".repeat(30);
  const result = normalize({
    ...schemaOf({
      name: long,
      columns: [{ name: long, type: { name: "enum", enumName: { name: snow } }, nullable: true }],
      constraints: [
        { kind: "unique", name: long, columns: [long] },
        {
          kind: "foreignKey",
          name: snow,
          columns: [long],
          references: { name: long },
          referencedColumns: [long],
          onDelete: "CASCADE",
          onUpdate: "CASCADE",
        },
      ],
      indexes: [{ name: long, parts: [{ column: long }], include: [long] }],
    }),
    enums: [{ name: snow, values: ["a"] }],
  });
  expect(JSON.stringify(result)).not.toContain(long);
  expect(result.enums).toEqual([{ name: "☃".repeat(21), values: ["a"] }]);
  expect(result.tables[0]).toMatchObject({
    name: cut,
    columns: [{ name: cut, type: { enumName: { name: "☃".repeat(21) } } }],
    indexes: [{ name: cut, parts: [{ column: cut }], include: [cut] }],
  });
});

test.each<[Omit<Sequence, "name">, Omit<Sequence, "name">]>([
  [
    { type: "bigint", start: "1", increment: "1", minimum: "1", maximum: "9223372036854775807", cache: "1" },
    {},
  ],
  [
    { type: "int", start: "5", increment: "2", minimum: "1", maximum: "2147483647" },
    { type: "integer", start: "5", increment: "2" },
  ],
  [{ increment: "-1", start: "-1", minimum: "-9223372036854775808", maximum: "-1" }, { increment: "-1" }],
  [{ minimum: "10", start: "10", cycle: false }, { minimum: "10" }],
])("a sequence %j becomes %j", (given, expected) => {
  const { sequences } = normalize({ ...emptySchema, sequences: [{ name: "s", ...given }] });
  expect(sequences).toEqual([{ name: "s", ...expected }]);
});

test("the text of a view has no semicolon, and only a materialized one has indexes", () => {
  const indexes: readonly Index[] = [{ name: "i", parts: [{ column: "a" }] }];
  const { views } = normalize({
    ...emptySchema,
    views: [
      { name: "v", sql: " SELECT 1; ", indexes },
      { name: "m", sql: "SELECT ';'", materialized: true, indexes },
    ],
  });
  expect(views).toEqual([
    { name: "m", sql: "SELECT ';'", materialized: true, indexes },
    { name: "v", sql: "SELECT 1" },
  ]);
});
