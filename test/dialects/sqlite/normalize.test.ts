import * as fc from "../../arbitrary/fast-check";
import { normalize } from "../../../src/dialects/sqlite/normalize";
import type {
  Column,
  ColumnType,
  Constraint,
  Default,
  Index,
  Schema,
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

test("the order of tables, constraints and indexes says nothing", () => {
  fc.assert(
    fc.property(arbitrarySchema({ dialect: "sqlite" }), (schema) => {
      const turned = schema.tables.toReversed().map((table) => ({
        ...table,
        constraints: table.constraints.toReversed(),
        indexes: table.indexes.toReversed(),
      }));
      expect(normalize({ ...schema, tables: turned }).tables).toEqual(normalize(schema).tables);
    }),
  );
});

describe("a default", () => {
  test.each<[Default, Default | undefined]>([
    [{ sql: "'it''s'" }, { value: "it's" }],
    [{ sql: "('a')" }, { value: "a" }],
    [{ sql: "''" }, { value: "" }],
    [{ sql: "42" }, { value: 42 }],
    [{ sql: "-1.5" }, { value: -1.5 }],
    [{ sql: "((0))" }, { value: 0 }],
    [{ sql: "(datetime('now'))" }, { sql: "(datetime('now'))" }],
    [{ sql: "9e999" }, { sql: "9e999" }],
    [{ sql: "1.0" }, { sql: "1.0" }],
    [{ sql: "'a' || 'b'" }, { sql: "'a' || 'b'" }],
    // TypeORM compares these letter by letter: canonicalize decides, not the spelling.
    [{ sql: "NULL" }, { sql: "NULL" }],
    [{ sql: "current_timestamp" }, { sql: "current_timestamp" }],
    [{ value: true }, { value: 1 }],
    [{ value: false }, { value: 0 }],
    [{ value: null }, undefined],
    [{ value: { a: ["it's"] } }, { value: `{"a":["it's"]}` }],
    [{ value: ["a", 1] }, { value: '["a",1]' }],
    [{ value: "1" }, { value: "1" }],
  ])("%j becomes %j", (given, expected) => {
    expect(columnOf({ default: given })?.default).toEqual(expected);
  });
});

describe("a type", () => {
  test.each<[ColumnType, ColumnType]>([
    [
      { name: " VARCHAR ", length: "20" },
      { name: "varchar", length: 20 },
    ],
    [{ name: "Unsigned  Big\tInt" }, { name: "unsigned big int" }],
    [{ name: "text", length: "" }, { name: "text" }],
    [
      { name: "decimal", precision: 10, scale: 2 },
      { name: "decimal", precision: 10, scale: 2 },
    ],
    [{ name: "decimal", scale: 2 }, { name: "decimal" }],
    [{ name: "int", unsigned: true, zerofill: true, width: 4 }, { name: "int" }],
    [
      { name: "varchar", values: ["a"] },
      { name: "varchar", values: ["a"] },
    ],
    [{ name: "varchar", values: ["a"], array: true }, { name: "varchar" }],
  ])("%j becomes %j", (given, expected) => {
    expect(columnOf({ type: given })?.type).toEqual(expected);
  });
});

test("what SQLite cannot hold is left out of a column", () => {
  expect(
    columnOf({
      comment: "what for",
      charset: "utf8",
      onUpdate: "now()",
      collation: "binary",
      generated: { kind: "uuid" },
    }),
  ).toEqual({ name: "c", type: { name: "text" }, nullable: true });
});

test("only rows are numbered, and a computed column has no default", () => {
  for (const kind of ["increment", "uuid"] as const) {
    expect(columnOf({ generated: { kind } })?.generated).toBeUndefined();
  }
  expect(columnOf({ generated: { kind: "identity", always: true } })?.generated).toBeUndefined();
  const computed = columnOf({
    generated: { kind: "computed", sql: "1", stored: false },
    default: { value: 1 },
  });
  expect(computed).toEqual({
    name: "c",
    type: { name: "text" },
    nullable: true,
    generated: { kind: "computed", sql: "1", stored: false },
  });
});

test.each<[string, readonly string[], boolean]>([
  ["INTEGER", ["c"], false],
  ["text", ["c"], true],
  ["integer", ["c", "d"], true],
])("whether a key of type %s over %j may be null", (name, columns, nullable) => {
  expect(columnOf({ type: { name } }, [{ kind: "primaryKey", columns }])?.nullable).toBe(nullable);
});

describe("a constraint", () => {
  const foreignKey: Constraint = {
    kind: "foreignKey",
    name: "f",
    columns: ["a"],
    references: { name: "u" },
    referencedColumns: ["b"],
    onDelete: "CASCADE",
    onUpdate: "NO ACTION",
    deferrable: "INITIALLY DEFERRED",
  };
  test.each<[string, Constraint, readonly Constraint[]]>([
    [
      "key has no name",
      { kind: "primaryKey", name: "PK", columns: ["a"] },
      [{ kind: "primaryKey", columns: ["a"] }],
    ],
    [
      "unique keeps its name",
      { kind: "unique", name: "u", columns: ["a"], deferrable: "INITIALLY DEFERRED" },
      [{ kind: "unique", name: "u", columns: ["a"] }],
    ],
    [
      "unique without a name stays so",
      { kind: "unique", columns: ["a"] },
      [{ kind: "unique", columns: ["a"] }],
    ],
    [
      "check has no outer parentheses",
      { kind: "check", expression: "((a) > (0))", notValid: true },
      [{ kind: "check", expression: "(a) > (0)" }],
    ],
    ["foreign key stays deferrable", { ...foreignKey, notValid: true }, [foreignKey]],
    ["exclusion is not known", { kind: "exclusion", expression: "using gist" }, []],
  ])("%s", (_, given, expected) => {
    expect(tableOf({ constraints: [given] })?.constraints).toEqual(expected);
  });
});

test("an index keeps what SQLite knows, and no collation that its column has already", () => {
  const index: Index = {
    name: "i",
    parts: [
      { column: "c", collation: "nocase", nulls: "LAST", opclass: "x" },
      { expression: "lower(c)", collation: "Binary", order: "DESC", length: 3 },
      { column: "d", collation: "rtrim" },
    ],
    unique: false,
    where: "(c > 0)",
    method: "gin",
    include: ["d"],
  };
  const columns = [{ name: "c", type: { name: "text" }, nullable: true, collation: "NoCase" }];
  expect(tableOf({ columns, indexes: [index] })?.indexes).toEqual([
    {
      name: "i",
      parts: [
        { column: "c" },
        { expression: "lower(c)", order: "DESC" },
        { column: "d", collation: "RTRIM" },
      ],
      where: "c > 0",
    },
  ]);
});

test("a table keeps its triggers and SQLite's options only", () => {
  const triggers = [{ name: "tr", sql: "CREATE TRIGGER ..." }];
  const table = tableOf({
    comment: "x",
    triggers,
    options: { engine: "InnoDB", strict: true, withoutRowid: false },
  });
  expect(table).toEqual({
    name: "t",
    columns: [],
    constraints: [],
    indexes: [],
    triggers,
    options: { strict: true },
  });
});

test("namespaces, enums and sequences are none, and views store nothing", () => {
  const view = { name: "v", sql: " SELECT 1 ", materialized: true, indexes: [] };
  const schema = normalize({
    ...emptySchema,
    namespaces: ["app"],
    enums: [{ name: "e", values: ["a"] }],
    sequences: [{ name: "s" }],
    extensions: [{ name: "citext" }],
    views: [view],
  });
  expect(schema).toEqual({ ...emptySchema, views: [{ name: "v", sql: "SELECT 1" }] });
});
