import * as fc from "../arbitrary/fast-check";
import type { DialectName } from "../../src/dialects/dialect";
import { LimbeckError } from "../../src/errors";
import { compact } from "../../src/model/equal";
import { parseName } from "../../src/model/names";
import type { Column, Constraint, Table } from "../../src/model/schema";
import { changedColumn, columnChange } from "../../src/operations/change-column";
import {
  changeFromSpec,
  columnFromSpec,
  constraintFromDrop,
  defaultFromSpec,
  indexFromSpec,
  tableFromSpec,
} from "../../src/operations/from-spec";
import { rowFromLiterals } from "../../src/operations/rows";
import type { ColumnChangeSpec, ColumnSpec, DefaultValue, TableSpec } from "../../src/operations/spec";
import {
  changeToSpec,
  columnToSpec,
  defaultToSpec,
  dropToSpec,
  indexToSpec,
  nameToSpec,
  rowToLiterals,
  tableToSpec,
} from "../../src/operations/to-spec";
import { arbitraryName } from "../arbitrary/names";
import { arbitrarySchema, arbitraryTable } from "../arbitrary/schema";
import { arbitraryColumn } from "../arbitrary/types";

const DIALECTS: readonly DialectName[] = ["sqlite", "postgres", "mysql", "mariadb", "mssql"];

describe.each(DIALECTS)("the words of calls on %s", (dialect) => {
  it("say a column and mean the same column", () => {
    fc.assert(
      fc.property(arbitraryColumn(dialect), (column) => {
        expect(columnFromSpec(columnToSpec(column))).toEqual(column);
      }),
    );
  });

  it("say a table and mean the same table", () => {
    fc.assert(
      fc.property(arbitrarySchema({ dialect }), ({ tables }) => {
        for (const table of tables)
          expect(tableFromSpec(nameToSpec(table), tableToSpec(table))).toEqual(table);
      }),
    );
  });

  it("say the change between two columns and mean the same change", () => {
    fc.assert(
      fc.property(arbitraryColumn(dialect), arbitraryColumn(dialect), (from, to) => {
        const change = columnChange(from, to);
        expect(changeFromSpec(changeToSpec(change))).toEqual(change);
        expect(changedColumn(from, changeFromSpec(changeToSpec(change)))).toEqual(to);
      }),
    );
  });

  it("find an unnamed constraint by what it holds", () => {
    fc.assert(
      fc.property(arbitraryTable(dialect), ({ constraints }) => {
        for (const constraint of constraints) {
          const content = compact<Constraint>({ ...constraint, name: undefined });
          const found = constraintFromDrop(dropToSpec(content));
          // The actions of a foreign key do not tell it from another.
          const actions =
            content.kind === "foreignKey" ? { onDelete: "NO ACTION", onUpdate: "NO ACTION" } : {};
          expect(found).toEqual({ ...content, ...actions });
        }
      }),
    );
  });
});

describe("names", () => {
  it("come back whatever they hold", () => {
    const names = fc.record({ name: arbitraryName, schema: arbitraryName }, { requiredKeys: ["name"] });
    fc.assert(fc.property(names, (name) => expect(parseName(nameToSpec(name))).toEqual({ ...name })));
  });

  it.each([
    [{ name: "account" }, "account"],
    [{ schema: "audit", name: "log" }, "audit.log"],
    [{ name: "a.b" }, { name: "a.b" }],
    [
      { schema: "audit", name: "a.b" },
      { schema: "audit", name: "a.b" },
    ],
    [
      { schema: "a.b", name: "log" },
      { schema: "a.b", name: "log" },
    ],
  ])("%j is said as %j", (name, said) => {
    expect(nameToSpec(name)).toEqual(said);
  });
});

describe("a column", () => {
  const cases: readonly (readonly [string, ColumnSpec, Column])[] = [
    [
      "is not nullable unless said",
      { name: "a", type: "int" },
      { name: "a", type: { name: "int" }, nullable: false },
    ],
    [
      "takes the parts of its type",
      { name: "a", type: "numeric", precision: 12, scale: 2, unsigned: true, nullable: true },
      { name: "a", type: { name: "numeric", precision: 12, scale: 2, unsigned: true }, nullable: true },
    ],
    [
      "may have a named enum type in another schema",
      { name: "a", type: "enum", enumName: "shop.status", default: "new" },
      {
        name: "a",
        type: { name: "enum", enumName: { schema: "shop", name: "status" } },
        nullable: false,
        default: { value: "new" },
      },
    ],
    [
      "counts by identity, by default if not always",
      { name: "a", type: "bigint", generated: "identity" },
      {
        name: "a",
        type: { name: "bigint" },
        nullable: false,
        generated: { kind: "identity", always: false },
      },
    ],
    [
      "is computed anew unless stored",
      { name: "a", type: "int", asExpression: "1 + 1" },
      {
        name: "a",
        type: { name: "int" },
        nullable: false,
        generated: { kind: "computed", sql: "1 + 1", stored: false },
      },
    ],
  ];
  it.each(cases)("%s", (_title, spec, column) => {
    expect(columnFromSpec(spec)).toEqual(column);
  });
});

describe("a change of a column", () => {
  const cases: readonly (readonly [string, ColumnChangeSpec, object])[] = [
    ["says nothing where nothing is said", {}, {}],
    [
      "takes away what is null",
      { default: null, comment: null, generated: null },
      { default: null, comment: null, generated: null },
    ],
    ["replaces the whole type where it names one", { type: "varchar" }, { type: { name: "varchar" } }],
    ["changes a part of the type where it names none", { length: 320 }, { type: { length: 320 } }],
    ["renames", { newName: "full_name" }, { name: "full_name" }],
    ["can take unsigned away", { unsigned: false }, { type: { unsigned: false } }],
  ];
  it.each(cases)("%s", (_title, spec, change) => {
    expect(changeFromSpec(spec)).toEqual(change);
  });
});

describe("a default", () => {
  const cases: readonly (readonly [DefaultValue, object])[] = [
    ["now()", { value: "now()" }],
    [() => "now()", { sql: "now()" }],
    [null, { value: null }],
    [false, { value: false }],
    [{ source: "web" }, { value: { source: "web" } }],
    [{ sql: "DROP TABLE account" }, { value: { sql: "DROP TABLE account" } }],
    [9007199254740993n, { sql: "9007199254740993" }],
    [new Date("2026-11-21T02:45:27.340Z"), { value: "2026-11-21 02:45:27.340" }],
  ];
  it.each(cases)("%p becomes %j", (value, expected) => {
    expect(defaultFromSpec(value)).toEqual(expected);
  });

  it("comes back as it was, SQL as a function", () => {
    const sql = defaultToSpec({ sql: "now()" }) as () => string;
    expect(sql()).toBe("now()");
    expect(defaultToSpec({ value: "it's" })).toBe("it's");
  });

  it("cannot be bytes", () => {
    expect(() => defaultFromSpec(new Uint8Array([1]))).toThrow("bytes cannot be the default of a column");
  });
});

describe("a row", () => {
  it("holds data, and SQL where a function gives it", () => {
    const date = new Date(0);
    const bytes = new Uint8Array([1]);
    const row = { a: 1, b: null, c: date, d: bytes, e: 10n, f: () => "now()", g: { x: [1] } };
    expect(rowFromLiterals(row)).toEqual({ ...row, f: { sql: "now()" } });
    expect(rowFromLiterals({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it("never runs JSON as SQL", () => {
    expect(rowFromLiterals({ payload: { sql: "DROP TABLE account" } })).toEqual({
      payload: '{"sql":"DROP TABLE account"}',
    });
  });

  it("comes back as it was", () => {
    const row = { a: 1, b: "x", f: { sql: "now()" }, g: { x: [1] } };
    expect(rowFromLiterals(rowToLiterals(row))).toEqual(row);
  });
});

describe("an index", () => {
  it("comes back with its parts and its method", () => {
    const index = {
      name: "IDX",
      parts: [
        { column: "a" },
        { column: "b", order: "DESC" },
        { expression: "lower(c)", opclass: "text_ops" },
      ],
      unique: true,
      method: "fulltext",
      parser: "ngram",
      where: "a > 0",
      include: ["d"],
      nullsNotDistinct: true,
    } as const;
    expect(indexFromSpec(indexToSpec(index))).toEqual(index);
    expect(indexToSpec(index).parts[0]).toBe("a");
  });

  it("ascends and is not unique unless said", () => {
    expect(indexFromSpec({ parts: [{ column: "a", order: "ASC" }], unique: false })).toEqual({
      name: "",
      parts: [{ column: "a" }],
    });
  });
});

describe("a call that JavaScript let through", () => {
  const table = (spec: unknown) => () => tableFromSpec("account", spec as TableSpec);
  const columns = [{ name: "id", type: "int" }];
  it.each([
    ["a table without columns", table({}), 'table "account" has no `columns`'],
    ["a table without anything", table(undefined), 'table "account" has no `columns`'],
    ["columns by name", table({ columns: { id: "int" } }), 'table "account" has no `columns`'],
    ["a column without a name", table({ columns: [{ type: "int", default: 1n }] }), "a column has no name"],
    ["no column", table({ columns: [null] }), "a column has no name"],
    ["a column without a type", table({ columns: [{ name: "id" }] }), 'column "id" has no type'],
    [
      "an index with columns for parts",
      table({ columns, indexes: [{ name: "IDX", columns: ["id"] }] }),
      'index "IDX" has no `parts`',
    ],
    [
      "a key with one column for several",
      table({ columns, primaryKey: { columns: "id" } }),
      "the primary key has no `columns`",
    ],
    [
      "a foreign key to nothing",
      table({ columns, foreignKeys: [{ name: "FK", columns: ["id"], references: "other" }] }),
      'foreign key "FK" has no `referencedColumns`',
    ],
  ])("is refused with a clear sentence: %s", (_title, call, message) => {
    expect(call).toThrow(LimbeckError);
    expect(call).toThrow(message);
  });
});

it("a table leaves out what it does not have", () => {
  const table: Table = { name: "a", columns: [], constraints: [], indexes: [] };
  expect(tableToSpec(table)).toStrictEqual({ columns: [] });
});
