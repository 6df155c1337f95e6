/** Reading and comparing through a recorded connection: what the catalogue views answer, after their manual pages. */
import { diff } from "../../../src/diff/diff";
import { mssql } from "../../../src/dialects/mssql";
import type { Schema } from "../../../src/model/schema";
import { emptySchema, findTable } from "../../../src/model/schema";
import type { Operation } from "../../../src/operations/operation";
import { emptyRegistry } from "../../../src/operations/registry";
import * as everything from "../../../fixtures/entities/everything-mssql";
import { read } from "../../metadata/build";
import { catalogueOf, emptyCatalogue, recorded } from "./catalogue";
import type { Recorded } from "./catalogue";
import type { ColumnRow, IndexRow } from "../../../src/dialects/mssql/inspect-table";

const options = { registry: emptyRegistry, names: "strategy", forwardReferences: false } as const;

async function wanted(entities: readonly unknown[]): Promise<Schema> {
  return mssql.normalize((await read("mssql", entities)).schema);
}

/** What a comparison of `target` with a recorded database finds, and what it asked. */
async function compared(
  target: Schema,
  db: Recorded,
  warnings: string[] = [],
): Promise<readonly Operation[]> {
  const live = mssql.normalize(await mssql.inspect(db, { schemas: target.namespaces }));
  return diff(
    live,
    (await mssql.canonicalize?.(db, target, live, (sentence) => warnings.push(sentence))) ?? target,
    options,
  );
}

test("everything that TypeORM can say, as the catalogue spells it, is what the entities want", async () => {
  const target = await wanted(everything.entities);
  const db = recorded(catalogueOf(target));
  expect(await compared(target, db)).toEqual([]);
  // Ten to read, one for the collation that an entity names; nothing was left for a twin.
  expect(db.asked).toHaveLength(11);
});

test("the number of queries is the same for no table and for many, in one schema and in several", async () => {
  const table = { name: "t", columns: [], constraints: [], indexes: [] };
  const many: Schema = {
    ...emptySchema,
    namespaces: ["a", "b"],
    tables: Array.from({ length: 500 }, (_, index) => ({
      ...table,
      ...(index % 2 === 0 ? {} : { schema: "a" }),
      name: `t${index}`,
    })),
  };
  const [none, full] = [recorded(emptyCatalogue), recorded(catalogueOf(many))];
  await mssql.inspect(none, { schemas: [] });
  expect((await mssql.inspect(full, { schemas: ["a", "b"] })).tables).toHaveLength(500);
  expect([none.asked.length, full.asked.length]).toEqual([10, 10]);
});

test("a schema of another database is refused with a sentence", async () => {
  await expect(mssql.inspect(recorded(emptyCatalogue), { schemas: ["archive.dbo"] })).rejects.toThrow(
    "the schema archive.dbo is in another database than the connection",
  );
});

const column: ColumnRow = {
  schema: null,
  table: "t",
  name: "c",
  type: "int",
  isUserDefined: false,
  typeSchema: "sys",
  length: 4,
  precision: 10,
  scale: 0,
  isNullable: false,
  isIdentity: false,
  collation: null,
  default: null,
  computed: null,
  isPersisted: null,
  comment: null,
};

// sys-columns-transact-sql, sys-types-transact-sql, sys-default-constraints-transact-sql, sys-computed-columns-transact-sql,
// sys-identity-columns-transact-sql and extended-properties-catalog-views-sys-extended-properties.
test.each<[string, Partial<ColumnRow>, object]>([
  ["a whole number", {}, { type: { name: "int" }, nullable: false }],
  ["an identity column", { isIdentity: true }, { generated: { kind: "increment" } }],
  ["nvarchar in bytes", { type: "nvarchar", length: 100 }, { type: { name: "nvarchar", length: 50 } }],
  ["nvarchar(max)", { type: "nvarchar", length: -1 }, { type: { name: "nvarchar", length: "max" } }],
  ["varchar", { type: "varchar", length: 100 }, { type: { name: "varchar", length: 100 } }],
  ["varbinary(max)", { type: "varbinary", length: -1 }, { type: { name: "varbinary", length: "max" } }],
  [
    "decimal",
    { type: "decimal", length: 9, precision: 12, scale: 4 },
    { type: { name: "decimal", precision: 12, scale: 4 } },
  ],
  ["float, which has bits", { type: "float", length: 8, precision: 53 }, { type: { name: "float" } }],
  [
    "datetime2",
    { type: "datetime2", length: 8, precision: 27, scale: 7 },
    { type: { name: "datetime2", precision: 7 } },
  ],
  ["time(0)", { type: "time", length: 3, precision: 8, scale: 0 }, { type: { name: "time", precision: 0 } }],
  ["ntext", { type: "ntext", length: 16 }, { type: { name: "ntext" } }],
  ["vector(3)", { type: "vector", length: 20 }, { type: { name: "vector", length: 3 } }],
  [
    "a type that somebody made",
    { type: "Phone", isUserDefined: true, typeSchema: "hr" },
    { type: { name: "hr.Phone" } },
  ],
  ["the collation of the database", { collation: "SQL_Latin1_General_CP1_CI_AS" }, { collation: undefined }],
  ["another collation", { collation: "Latin1_General_BIN2" }, { collation: "Latin1_General_BIN2" }],
  ["((0))", { default: "((0))" }, { default: { value: 0 } }],
  ["((-7))", { default: "((-7))" }, { default: { value: -7 } }],
  ["((1.5))", { default: "((1.5))" }, { default: { value: 1.5 } }],
  ["(N'it''s')", { default: "(N'it''s')" }, { default: { value: "it's" } }],
  ["('plain')", { default: "('plain')" }, { default: { value: "plain" } }],
  ["(getdate())", { default: "(getdate())" }, { default: { sql: "getdate()" } }],
  ["(NULL)", { default: "(NULL)" }, { default: undefined }],
  [
    "a number of 20 digits",
    { default: "((12345678901234567890))" },
    { default: { sql: "12345678901234567890" } },
  ],
  [
    "(newsequentialid())",
    { default: "(newsequentialid())" },
    { default: undefined, generated: { kind: "uuid" } },
  ],
  [
    "a computed column",
    { computed: "([a]+[b])", isPersisted: true, isNullable: true },
    { generated: { kind: "computed", sql: "[a]+[b]", stored: true }, nullable: true },
  ],
  ["MS_Description", { comment: "what it is" }, { comment: "what it is" }],
])("column: %s", async (_name, row, expected) => {
  const db = recorded({
    ...emptyCatalogue,
    tables: [{ schema: null, name: "t", comment: "a table" }],
    columns: [{ ...column, ...row }],
  });
  const live = mssql.normalize(await mssql.inspect(db, { schemas: [] }));
  const table = findTable(live, { name: "t" });
  expect(table?.comment).toBe("a table");
  const absent = { default: undefined, collation: undefined };
  expect({ ...absent, ...table?.columns[0] }).toEqual(expect.objectContaining(expected));
});

const index: IndexRow = {
  schema: null,
  table: "t",
  name: "i",
  kind: 2,
  isUnique: false,
  isPrimaryKey: false,
  isUniqueConstraint: false,
  where: null,
  column: "a",
  isDescending: false,
  isIncluded: false,
};

// sys-indexes-transact-sql (type, filter_definition), sys-index-columns-transact-sql (is_included_column).
test.each<[string, readonly Partial<IndexRow>[], object]>([
  ["one column", [{}], { name: "i", parts: [{ column: "a" }] }],
  ["descending", [{ isDescending: true }], { name: "i", parts: [{ column: "a", order: "DESC" }] }],
  [
    "included columns, in any order",
    [{}, { column: "z", isIncluded: true }, { column: "b", isIncluded: true }],
    { name: "i", parts: [{ column: "a" }], include: ["b", "z"] },
  ],
  [
    "a filter",
    [{ isUnique: true, where: "([a] IS NOT NULL)" }],
    { name: "i", parts: [{ column: "a" }], unique: true, where: "[a] IS NOT NULL" },
  ],
  ["clustered", [{ kind: 1 }], { name: "i", parts: [{ column: "a" }], method: "clustered" }],
  ["spatial", [{ kind: 4 }], { name: "i", parts: [{ column: "a" }], method: "spatial" }],
  [
    "a columnstore",
    [{ kind: 6, isIncluded: true }],
    { name: "i", parts: [{ column: "a" }], method: "columnstore" },
  ],
  [
    "a clustered columnstore",
    [{ kind: 5, isIncluded: true }],
    { name: "i", parts: [], method: "clustered columnstore" },
  ],
])("index: %s", async (_name, rows, expected) => {
  const db = recorded({
    ...emptyCatalogue,
    tables: [{ schema: null, name: "t", comment: null }],
    indexes: rows.map((row) => ({ ...index, ...row })),
  });
  const live = mssql.normalize(await mssql.inspect(db, { schemas: [] }));
  expect(live.tables[0]?.indexes).toEqual([expected]);
});

test("constraints, triggers, views and sequences, in a schema of their own", async () => {
  const owner = { schema: "audit", table: "entry" };
  const heap = { schema: null, table: "heap" };
  const live = await mssql.inspect(
    recorded({
      ...emptyCatalogue,
      namespaces: [{ name: "audit" }],
      tables: [
        { schema: "audit", name: "entry", comment: null },
        { ...heap, name: heap.table, comment: null },
      ],
      // sys-key-constraints-transact-sql by way of sys-indexes-transact-sql.
      indexes: [
        { ...index, ...owner, name: "PK_entry", kind: 1, isUnique: true, isPrimaryKey: true, column: "b" },
        { ...index, ...owner, name: "PK_entry", kind: 1, isUnique: true, isPrimaryKey: true, column: "a" },
        { ...index, ...owner, name: "UQ_entry", isUnique: true, isUniqueConstraint: true, column: "c" },
        // A key whose rows do not lie in its order, and a unique whose rows do (sys-indexes-transact-sql, type).
        { ...index, ...heap, name: "PK_heap", isUnique: true, isPrimaryKey: true, column: "a" },
        {
          ...index,
          ...heap,
          name: "UQ_heap",
          kind: 1,
          isUnique: true,
          isUniqueConstraint: true,
          column: "b",
        },
      ],
      // sys-check-constraints-transact-sql: is_not_trusted after WITH NOCHECK.
      checks: [{ ...owner, name: "CK_entry", definition: "([a]>(0))", isNotTrusted: true }],
      // sys-foreign-keys-transact-sql, sys-foreign-key-columns-transact-sql.
      keys: [
        {
          ...owner,
          name: "FK_entry",
          column: "a",
          referencedSchema: null,
          referencedTable: "customer",
          referencedColumn: "id",
          onDelete: "SET_NULL",
          onUpdate: "NO_ACTION",
          isNotTrusted: false,
        },
      ],
      // sys-triggers-transact-sql, sys-sql-modules-transact-sql.
      triggers: [
        { ...owner, name: "tr", definition: "CREATE TRIGGER tr ON audit.entry AFTER INSERT AS RETURN" },
      ],
      views: [
        {
          schema: "audit",
          name: "v",
          definition: "create or alter view audit.v (one) with schemabinding as\n select 1;",
        },
        { schema: null, name: "hidden", definition: null },
      ],
      // sys-sequences-transact-sql.
      sequences: [{ schema: "audit", name: "q", type: "bigint", start: "10", increment: "5" }],
    }),
    { schemas: ["audit"] },
  );
  expect(live).toEqual({
    ...emptySchema,
    namespaces: ["audit"],
    tables: [
      {
        schema: "audit",
        name: "entry",
        columns: [],
        constraints: [
          { kind: "primaryKey", name: "PK_entry", columns: ["b", "a"] },
          { kind: "unique", name: "UQ_entry", columns: ["c"] },
          { kind: "check", name: "CK_entry", expression: "[a]>(0)", notValid: true },
          {
            kind: "foreignKey",
            name: "FK_entry",
            columns: ["a"],
            references: { name: "customer" },
            referencedColumns: ["id"],
            onDelete: "SET NULL",
            onUpdate: "NO ACTION",
          },
        ],
        indexes: [],
        triggers: [{ name: "tr", sql: "CREATE TRIGGER tr ON audit.entry AFTER INSERT AS RETURN" }],
      },
      {
        name: "heap",
        columns: [],
        constraints: [
          { kind: "primaryKey", name: "PK_heap", columns: ["a"], clustered: false },
          { kind: "unique", name: "UQ_heap", columns: ["b"], clustered: true },
        ],
        indexes: [],
      },
    ],
    views: [{ schema: "audit", name: "v", sql: "select 1" }],
    sequences: [{ schema: "audit", name: "q", type: "bigint", start: "10", increment: "5" }],
  });
});

/** A table with one check, in the spelling of an entity and in another one of the catalogue. */
function withCheck(expression: string): Schema {
  const columns = [{ name: "a", type: { name: "int" }, nullable: false }];
  const constraints = [{ kind: "check", name: "CK", expression } as const];
  return mssql.normalize({ ...emptySchema, tables: [{ name: "t", columns, constraints, indexes: [] }] });
}

describe("a text that tokens leave undecided", () => {
  const target = withCheck("a BETWEEN 1 AND 9");
  const live = withCheck("[a]>=(1) AND [a]<=(9)");
  const twin = (answer: (text: string) => string) => (sql: string) =>
    Promise.resolve([
      { name: "limbeck_twin", definition: "" },
      ...[...sql.matchAll(/ADD CONSTRAINT \[(limbeck_\d+)\] CHECK \((.*)\)'\) END TRY/g)].map(
        ([, name = "", text = ""]) => ({ name, definition: answer(text) }),
      ),
    ]);

  test("is the same when a twin spells both alike", async () => {
    const db = recorded(
      catalogueOf(live),
      twin(() => "([a]>=(1) AND [a]<=(9))"),
    );
    expect(await compared(target, db)).toEqual([]);
    expect(db.asked).toHaveLength(11);
    expect(db.asked.at(-1)).toContain("ROLLBACK TRANSACTION");
  });

  test("is another one when the twin spells them differently", async () => {
    const db = recorded(
      catalogueOf(live),
      twin((text) => `(${text})`),
    );
    expect((await compared(target, db)).map(({ kind }) => kind)).toEqual(["dropConstraint", "addConstraint"]);
  });

  test.each([
    ["the server refuses the batch", () => Promise.reject(new Error("permission denied"))],
    ["CREATE TABLE is refused inside of it", () => Promise.resolve([])],
  ])("is another one, and it is said, where %s", async (_name, answer) => {
    const db = recorded(catalogueOf(live), answer);
    const warnings: string[] = [];
    expect((await compared(target, db, warnings)).map(({ kind }) => kind)).toEqual([
      "dropConstraint",
      "addConstraint",
    ]);
    expect(warnings).toEqual([
      "no table may be made to compare expressions of t, so each that is spelt otherwise counts as changed",
    ]);
  });
});
